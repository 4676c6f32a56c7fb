// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/lint.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "stemma/graph/internal/seed.h"
#include "stemma/lifecycle/restart_budget.h"
#include "stemma/supervisor/internal/validation.h"

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;  // NOLINT: the literals are all there is in it
using Verdict = ErrorHandlingBehavior;
using Lines = std::vector<std::string>;

DependencyGraph GraphOf(const std::vector<Node>& nodes) {
  return DependencyGraph::Create(internal::Declarations(nodes)).value();
}

// Each remark as "name at field: text".
Lines RemarksOn(const std::vector<Node>& nodes, bool has_policies = true) {
  Lines lines;
  for (const Remark& remark : LintOf(nodes, GraphOf(nodes), has_policies).remarks) {
    std::string line = std::string(ToString(remark.lint)) + " at " + remark.field;
    if (remark.element.has_value()) line += "[" + std::to_string(*remark.element) + "]";
    lines.push_back(line + ": " + remark.text);
  }
  return lines;
}

// A node beside another one, so that it is no graph of one.
std::vector<Node> Pair(Node node) {
  node.name = "api";
  node.dependencies = {"db"};
  return {std::move(node), {.name = "db"}};
}

TEST_CASE("nothing is remarked on nodes as most are", "[questions]") {
  CHECK(RemarksOn({}).empty());
  CHECK(RemarksOn({{.name = "alone"}}).empty());
  CHECK(RemarksOn({{.name = "one"}, {.name = "other"}}).empty());
  CHECK(RemarksOn(Pair({.on_error = Always(Verdict::kStop)})).empty());
  CHECK(RemarksOn(Pair({.restart = RestartPolicy::Unlimited()})).empty());
  CHECK(RemarksOn(Pair({.restart = {.initial = 1s, .max_restarts = 3, .window = 5min}})).empty());
}

TEST_CASE("a restart policy that nothing asks for is remarked on", "[questions][S4][S8][S19]") {
  const RestartPolicy own = {.max_restarts = 3};
  CHECK(RemarksOn(Pair({.on_error = Always(Verdict::kStop), .restart = own})) ==
        Lines{"unused-restart at restart: node 'api': its restart policy is never used: on_error "
              "is always stop, on_completion complete"});
  // A clean end asks, and so may a handler of the service's own.
  CHECK(RemarksOn(Pair({.on_error = Always(Verdict::kStop),
                        .restart = own,
                        .on_completion = OnCompletion::kRestart}))
            .empty());
  CHECK(RemarksOn(Pair({.on_error = [](const Failure&) { return Verdict::kStop; }, .restart = own}))
            .empty());
  // S12: on_limit may come without.
  CHECK(
      RemarksOn(Pair({.on_error = Always(Verdict::kStop), .restart = {.on_limit = Verdict::kStop}}))
          .empty());
}

TEST_CASE("pauses before restarts that are all refused are remarked on", "[questions][S8]") {
  CHECK(RemarksOn(Pair({.restart = {.initial = 1s, .max_restarts = 0}})) ==
        Lines{"unused-restart at restart: node 'api': its pauses are never used: max_restarts is "
              "0, which refuses all"});
  CHECK(RemarksOn(Pair({.restart = {.max_restarts = 0}})).empty());
}

TEST_CASE("a limit that pauses keep out of reach is remarked on", "[questions][S8]") {
  const auto is_remarked_on = [](const RestartPolicy& policy) {
    const Lines remarks = RemarksOn(Pair({.restart = policy}));
    REQUIRE(remarks.size() <= 1);
    return !remarks.empty() && remarks[0].starts_with("limit-out-of-reach at restart: node 'api'");
  };
  const RestartPolicy steady = {
      .initial = 20s, .multiplier = 1, .jitter = 0, .reset_after = 1h, .max_restarts = 3};
  CHECK(is_remarked_on(steady));  // the first of 3 is exactly one window old, and does not count
  RestartPolicy policy = steady;
  policy.initial = 19s;
  CHECK_FALSE(is_remarked_on(policy));
  policy = steady;
  policy.jitter = 0.1;  // pauses may be of 18 s
  CHECK_FALSE(is_remarked_on(policy));
  policy = steady;
  policy.initial = 15s;
  policy.multiplier = 2;  // 15 + 30
  policy.max_restarts = 2;
  CHECK_FALSE(is_remarked_on(policy));
  policy.max_restarts = 3;
  CHECK(is_remarked_on(policy));
  policy.reset_after = 10s;  // and 15 s again, if it was ready for so long between
  CHECK_FALSE(is_remarked_on(policy));
  policy.window = std::chrono::nanoseconds::max();
  CHECK_FALSE(is_remarked_on(policy));
  CHECK(is_remarked_on({.max = 1s, .max_restarts = 1'000'000'000}));
}

TEST_CASE("random policies: a limit that is out of reach is never reached", "[questions][S8]") {
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  int out_of_reach = 0;
  for (int round = 0; round < 2000; ++round) {
    RestartPolicy policy;
    policy.initial = std::chrono::milliseconds(random() % 3000);
    policy.max = policy.initial + std::chrono::milliseconds(random() % 20000);
    policy.multiplier = 1.0 + 0.5 * static_cast<double>(random() % 4);
    policy.jitter = 0.25 * static_cast<double>(random() % 5);
    policy.reset_after = std::chrono::seconds(random() % 30);
    policy.max_restarts = static_cast<int>(1 + random() % 8);
    policy.window = std::chrono::seconds(1 + random() % 20);
    const bool remarked = LintOf(Pair({.restart = policy}), GraphOf(Pair({})), true)
                              .found.contains(Lint::kLimitOutOfReach);
    out_of_reach += remarked;
    // The shortest pauses that there are, with and without a time of health now and then.
    bool reached = false;
    for (const unsigned healthy : {0u, 1u, 2u, 3u}) {
      RestartBudget budget(policy);
      std::chrono::nanoseconds now = 1h;
      for (int i = 0; i < 100 && !reached; ++i) {
        if (healthy != 0 && i % static_cast<int>(healthy) == 0) {
          now += policy.reset_after;
          budget.RecordReadyFor(policy.reset_after);
        }
        reached = budget.exhausted(now);
        if (!reached) now += budget.Restart(now, 0.999999);
      }
    }
    if (remarked) CHECK_FALSE(reached);
    // Without such times nothing is left open.
    if (!remarked && policy.reset_after >= policy.window && policy.jitter == 0) CHECK(reached);
  }
  CHECK(out_of_reach > 100);
}

TEST_CASE("restarts without pause and limit are remarked on", "[questions][S8][trap8]") {
  RestartPolicy policy = RestartPolicy::Unlimited();
  policy.initial = 0s;
  CHECK(RemarksOn(Pair({.restart = policy})) ==
        Lines{"busy-restart at restart: node 'api': neither a pause nor a limit: if it fails at "
              "once, it is restarted as fast as can be"});
}

TEST_CASE("a stop_parents that takes down everything is remarked on", "[questions][S4]") {
  std::vector<Node> nodes = Pair({.on_error = Always(Verdict::kStopParents)});
  CHECK(RemarksOn(nodes) == Lines{"stop-parents-is-shutdown at on_error: node 'api': its "
                                  "stop_parents takes down all 2 nodes, as shutdown does"});
  CHECK(RemarksOn(Pair({.restart = {.on_limit = Verdict::kStopParents}})) ==
        Lines{"stop-parents-is-shutdown at restart.on_limit: node 'api': on its limit, "
              "stop_parents takes down all 2 nodes, as shutdown does"});
  nodes.push_back({.name = "log"});
  nodes.push_back({.name = "web", .dependencies = {"log"}});
  CHECK(RemarksOn(nodes).empty());
  CHECK(RemarksOn({{.name = "alone", .on_error = Always(Verdict::kStopParents)}}).empty());
}

TEST_CASE("edges that follow from others are remarked on, with the path", "[questions][S20]") {
  std::vector<Node> nodes = {
      {.name = "api", .dependencies = {"cache", "db"}, .soft_dependencies = {"log"}},
      {.name = "cache", .dependencies = {"db"}},
      {.name = "db", .dependencies = {"log"}},
      {.name = "log"}};
  const std::string soft =
      "redundant-soft-dependency at soft_dependencies[0]: node 'api': the soft dependency on 'log' "
      "follows from api -> db -> log";
  CHECK(RemarksOn(nodes, false) ==
        Lines{"redundant-dependency at dependencies[1]: node 'api': the dependency on 'db' follows "
              "from api -> cache -> db",
              soft});
  // S6: it restarts with db, which cache does not.
  nodes[0].on_dependency_restart = OnDependencyRestart::kRestart;
  CHECK(RemarksOn(nodes) == Lines{soft});
}

TEST_CASE("a restart with dependencies that are not there is remarked on", "[questions][S6]") {
  CHECK(RemarksOn({{.name = "api",
                    .soft_dependencies = {"db"},
                    .on_dependency_restart = OnDependencyRestart::kRestart},
                   {.name = "db"}}) ==
        Lines{"unused-follow at on_dependency_restart: node 'api': on_dependency_restart is "
              "restart, and it has no dependency to restart with; soft ones do not count"});
}

TEST_CASE("a node without edges among others is remarked on", "[questions]") {
  std::vector<Node> nodes = Pair({});
  nodes.push_back({.name = "lost\n"});
  CHECK(RemarksOn(nodes, false) ==
        Lines{"orphan at : node 'lost\\n': it depends on nothing, and nothing depends on it"});
}

TEST_CASE("policies that nobody chose are not remarked on", "[questions]") {
  CHECK(RemarksOn(Pair({.on_error = Always(Verdict::kStopParents)}), false).empty());
}

TEST_CASE("of many remarks of a kind the first are told, and all are counted", "[questions]") {
  std::vector<Node> nodes = Pair({});
  for (int i = 0; i < 7; ++i) nodes.push_back({.name = "lost" + std::to_string(i)});
  const LintReport report = LintOf(nodes, GraphOf(nodes), true, 3);
  CHECK(report.remarks.size() == 3);
  CHECK(report.found.at(Lint::kOrphan) == 7);
}

}  // namespace
}  // namespace stemma::tools
