// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/review.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"
#include "stemma/tools/questions/impact.h"
#include "stemma/tools/questions/review_dot.h"
#include "stemma/tools/questions/review_text.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;
using namespace std::chrono_literals;  // NOLINT: the literals are all there is in it
using Verdict = ErrorHandlingBehavior;

DependencyGraph GraphOf(const std::vector<Node>& nodes) {
  std::vector<DependencyGraph::Declaration> declarations;
  for (const Node& node : nodes) {
    declarations.push_back({node.name, node.dependencies, node.soft_dependencies});
  }
  return DependencyGraph::Create(std::move(declarations)).value();
}

Review Compare(const std::vector<Node>& before, const std::vector<Node>& after,
               bool has_policies = true) {
  const DependencyGraph old = GraphOf(before), now = GraphOf(after);
  return ReviewOf({.nodes = before, .graph = old, .has_policies = has_policies},
                  {.nodes = after, .graph = now});
}

std::vector<Node> Before() {
  return {{.name = "api", .dependencies = {"db"}, .soft_dependencies = {"log"}},
          {.name = "db", .on_error = Always(Verdict::kStop)},
          {.name = "log"},
          {.name = "legacy", .dependencies = {"db"}}};
}

std::vector<Node> After() {
  return {{.name = "db", .on_error = Always(Verdict::kShutdown), .stop_timeout = 30s},
          {.name = "log"},
          {.name = "cache", .dependencies = {"db"}},
          {.name = "api", .dependencies = {"cache", "log"}}};
}

TEST_CASE("a graph is the same as itself, in any order of declaration", "[questions]") {
  std::vector<Node> other = Before();
  std::swap(other[0], other[2]);
  const Review review = Compare(Before(), other);
  CHECK(review.is_same());
  CHECK(review.radii.empty());
  CHECK_FALSE(review.stop.has_value());
  CHECK(ReviewText(review, false) == "no difference: 4 nodes, 3 edges\n");
  CHECK(ReviewMarkdown(review) == "### The component graph: no difference\n");
  CHECK(Compare({}, {}).is_same());
}

TEST_CASE("what changed is told, and what follows from it", "[questions][S4]") {
  const Review review = Compare(Before(), After());
  CHECK_FALSE(review.is_same());
  CHECK(ReviewText(review, false) ==
        "nodes\n"
        "  + cache\n"
        "  - legacy\n"
        "dependencies\n"
        "  + cache on db\n"
        "  + api on cache\n"
        "  - api on db\n"
        "  - legacy on db\n"
        "  ~ api on log: was soft, is hard\n"
        "policies\n"
        "  ~ db: on_error: stop to shutdown\n"
        "  ~ db: stop_timeout: 10s to 30s\n"
        "what a failure takes down\n"
        "  ~ db by its own verdict, stop before and now shutdown: 3 to 4 nodes\n"
        "  ~ stop at db: 3 nodes; now also cache; no longer legacy\n"
        "  ~ stop at log: 1 to 2 nodes; now also api\n"
        "  ~ stop_parents at db: 3 nodes; now also cache; no longer legacy\n"
        "  ~ stop_parents at log: 1 to 2 nodes; now also api\n"
        "  ~ stop_parents at api: 3 to 4 nodes; now also cache, log; no longer legacy\n"
        "how long an ordered stop may take\n"
        "  ~ 20s to 50s, 30s more: api, cache, db\n"
        "in all: 4 nodes, 3 edges\n");
}

TEST_CASE("a review is Markdown, of any names", "[questions]") {
  std::vector<Node> after = Before();
  after.push_back({.name = "<b>|`x`\n", .dependencies = {"db"}});
  after[1].watchdog = 5s;
  CHECK(ReviewMarkdown(Compare(Before(), after)) ==
        "### The component graph: 4 to 5 nodes, 3 to 4 edges\n"
        "\n| | nodes |\n| --- | --- |\n"
        "| added | &#60;b&#62;&#124;&#96;x&#96;&#92;n |\n"
        "\n| | dependencies |\n| --- | --- |\n"
        "| added | &#60;b&#62;&#124;&#96;x&#96;&#92;n on db |\n"
        "\n| | policies |\n| --- | --- |\n"
        "| changed | db: watchdog: none to 5s |\n"
        "\n| | what a failure takes down |\n| --- | --- |\n"
        "| changed | stop at db: 3 to 4 nodes; now also &#60;b&#62;&#124;&#96;x&#96;&#92;n |\n"
        "| changed | stop&#95;parents at api, db, legacy: now also "
        "&#60;b&#62;&#124;&#96;x&#96;&#92;n |\n");
}

TEST_CASE("a review in color says the same", "[questions]") {
  const std::string text = ReviewText(Compare(Before(), After()), true);
  CHECK_THAT(text, ContainsSubstring("\x1b[32m  + cache\x1b[0m\n") &&
                       ContainsSubstring("\x1b[31m  - legacy\x1b[0m\n"));
}

TEST_CASE("policies that nobody chose are not compared", "[questions]") {
  std::vector<Node> after = Before();
  after[1].stop_timeout = 1s;
  after[0].on_dependency_restart = OnDependencyRestart::kRestart;
  const Review review = Compare(Before(), after, false);
  CHECK(review.is_same());
  CHECK(review.radii.empty());
  CHECK_THAT(ReviewText(review, false),
             ContainsSubstring("policies are not compared: one side has none\n"));
}

TEST_CASE("verdicts that are not known are not compared", "[questions]") {
  std::vector<Node> after = Before();
  after[1].on_error = Always(Verdict::kSpinHalt);
  const std::vector<Node> before = Before();
  const DependencyGraph old = GraphOf(before), now = GraphOf(after);
  CHECK(ReviewOf({.nodes = before, .graph = old, .has_verdicts = false},
                 {.nodes = after, .graph = now})
            .is_same());
}

TEST_CASE("every policy is compared", "[questions]") {
  std::vector<Node> after = Before();
  Node& node = after[0];
  node.on_error = [](const Failure&) { return Verdict::kStop; };
  node.restart = {.initial = 1s,
                  .max = 2s,
                  .multiplier = 1.5,
                  .jitter = 0.25,
                  .reset_after = 3s,
                  .max_restarts = kUnlimitedRestarts,
                  .window = 4s,
                  .on_limit = Verdict::kStop};
  node.start_timeout = 5s;
  node.stop_timeout = 6s;
  node.watchdog = 7s;
  node.on_completion = OnCompletion::kRestart;
  node.on_dependency_restart = OnDependencyRestart::kRestart;
  std::map<std::string, std::string> found;
  for (const auto& [name, field, was, is] : Compare(Before(), after).policies) {
    CHECK(name == "api");
    found[field] = was + " " + is;
  }
  CHECK(found == std::map<std::string, std::string>{{"on_error", "restart handler"},
                                                    {"restart.initial", "100ms 1s"},
                                                    {"restart.max", "30s 2s"},
                                                    {"restart.multiplier", "2 1.5"},
                                                    {"restart.jitter", "0.2 0.25"},
                                                    {"restart.reset_after", "1m 3s"},
                                                    {"restart.max_restarts", "5 unlimited"},
                                                    {"restart.window", "1m 4s"},
                                                    {"restart.on_limit", "shutdown stop"},
                                                    {"start_timeout", "30s 5s"},
                                                    {"stop_timeout", "10s 6s"},
                                                    {"watchdog", "none 7s"},
                                                    {"on_completion", "complete restart"},
                                                    {"on_dependency_restart", "keep restart"}});
}

TEST_CASE("the drawing has both graphs, and says what changed in words", "[questions]") {
  const std::vector<Node> before = Before(), after = After();
  const std::string dot = ReviewDot(GraphOf(before), GraphOf(after), Compare(before, after));
  CHECK_THAT(dot, ContainsSubstring("[label=\"+ cache\", style=\"filled,bold\"") &&
                      ContainsSubstring("[label=\"- legacy\", style=\"filled,dotted\"") &&
                      ContainsSubstring("[label=\"~ db\\non_error: stop to shutdown\\n"
                                        "stop_timeout: 10s to 30s\", style=\"filled\"") &&
                      ContainsSubstring("label=\"~ now hard\"") &&
                      ContainsSubstring("style=dotted, color=\"#cf222e\", fontcolor=\"#cf222e\", "
                                        "label=\"-\"") &&
                      ContainsSubstring("[label=\"log\", color"));
  // An edge that was turned round makes a cycle of the two, which is no error here.
  const std::vector<Node> turned = {{.name = "a\"\\&", .dependencies = {"b"}}, {.name = "b"}};
  const std::vector<Node> back = {{.name = "a\"\\&"}, {.name = "b", .dependencies = {"a\"\\&"}}};
  const std::string cycle = ReviewDot(GraphOf(turned), GraphOf(back), Compare(turned, back));
  CHECK_THAT(cycle, ContainsSubstring("n0 -> n1") && ContainsSubstring("n1 -> n0") &&
                        ContainsSubstring("label=\"a\\\"\\\\&amp;\""));
}

TEST_CASE("a large graph has its radii counted, and its answer stays short", "[questions]") {
  std::vector<Node> before;
  for (int i = 0; i < 5000; ++i) {
    before.push_back({.name = "n" + std::to_string(i)});
    if (i > 0) before.back().dependencies = {"n" + std::to_string(i - 1)};
  }
  std::vector<Node> after = before;
  after.push_back({.name = "new", .dependencies = {"n4999"}});
  const Review review = Compare(before, after);
  CHECK_FALSE(review.names_radii);
  CHECK(review.radii.size() == 10'000);
  const std::string text = ReviewText(review, false);
  CHECK(text.size() < 5000);
  CHECK_THAT(text, ContainsSubstring("~ and 9,970 more\n"));
}

TEST_CASE("random graphs: a radius changed if its set of names did", "[questions][S4][S6]") {
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  const auto random_nodes = [&] {
    std::vector<Node> nodes;
    for (DependencyGraph::Declaration& declaration :
         internal::RandomGraph(random, 9).Declarations()) {
      nodes.push_back({.name = std::move(declaration.name),
                       .dependencies = std::move(declaration.dependencies),
                       .soft_dependencies = std::move(declaration.soft_dependencies)});
      if (random() % 3 == 0) {
        nodes.back().on_dependency_restart = OnDependencyRestart::kRestart;
      }
    }
    return nodes;
  };
  const auto names_of = [](const std::vector<Node>& nodes, const DependencyGraph& graph,
                           const std::string& name, Verdict verdict) {
    std::set<std::string> names;
    const Impact impact = ImpactOf(graph, FollowsOf(nodes), *graph.Find(name), verdict);
    for (const NodeId id : impact.in_order()) names.insert(graph.name(id));
    return names;
  };
  for (int round = 0; round < 200; ++round) {
    const std::vector<Node> before = random_nodes(), after = random_nodes();
    const DependencyGraph old = GraphOf(before), now = GraphOf(after);
    const Review review = Compare(before, after);
    std::map<std::pair<std::string, Verdict>, const Review::RadiusChange*> found;
    for (const Review::RadiusChange& change : review.radii) {
      CHECK(found.emplace(std::pair(change.node, change.verdict), &change).second);
    }
    for (const std::string& name : now.names()) {
      if (!old.Find(name)) continue;
      for (const Verdict verdict : {Verdict::kRestart, Verdict::kStop, Verdict::kStopParents}) {
        const std::set<std::string> was = names_of(before, old, name, verdict);
        std::set<std::string> is = names_of(after, now, name, verdict);
        const auto change = found.find({name, verdict});
        REQUIRE((change == found.end()) == (was == is));
        if (change == found.end()) continue;
        CHECK(change->second->before == was.size());
        CHECK(change->second->after == is.size());
        for (const std::string& lost : change->second->lost) CHECK(is.insert(lost).second);
        for (const std::string& gained : change->second->gained) CHECK(is.erase(gained) == 1);
        CHECK(is == was);
      }
    }
  }
}

}  // namespace
}  // namespace stemma::tools
