// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/simulation/learn.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stemma/supervisor/simulation.h"
#include "stemma/tools/history/history.h"
#include "stemma/tools/simulation/script.h"

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;
using Rule = Script::Rule;

std::vector<Node> Shop() {
  return {{.name = "db"}, {.name = "api", .dependencies = {"db"}}, {.name = "log"}};
}

History HistoryOf(const Simulation& simulation) {
  History history(simulation.header());
  for (const JournalEntry& entry : simulation.entries()) history.Add(entry);
  history.Close();
  return history;
}

// The rule of that kind for the node; nothing: none was learned.
std::optional<Rule> RuleOf(const Simulation& simulation, Rule::Kind kind, const char* node) {
  const DependencyGraph& graph = simulation.engine().graph();
  for (const Rule& rule : Learned(HistoryOf(simulation), graph)) {
    if (rule.kind == kind && rule.nodes == std::vector{*graph.Find(node)}) return rule;
  }
  return std::nullopt;
}

TEST_CASE("what a run took its time for is learned, and what its handlers answered", "[learn]") {
  Simulation simulation = Simulation::Create(Shop()).value();
  simulation.Behave("db", {.start = 3s, .stop = 2s});
  simulation.Begin();
  REQUIRE(simulation.Advance(10s).ok());
  REQUIRE(simulation.Fail("api", ErrorHandlingBehavior::kStop).ok());
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  CHECK(RuleOf(simulation, Rule::Kind::kStart, "db")->time == 3s);
  CHECK(RuleOf(simulation, Rule::Kind::kStop, "db")->time == 2s);
  CHECK(RuleOf(simulation, Rule::Kind::kHandler, "api")->verdict == ErrorHandlingBehavior::kStop);
  // What took no time, or was not asked, needs no rule.
  CHECK_FALSE(RuleOf(simulation, Rule::Kind::kStart, "log").has_value());
  CHECK_FALSE(RuleOf(simulation, Rule::Kind::kStop, "api").has_value());
  CHECK_FALSE(RuleOf(simulation, Rule::Kind::kHandler, "db").has_value());
}

TEST_CASE("of several times the last counts", "[learn]") {
  Simulation simulation = Simulation::Create(Shop()).value();
  simulation.Behave("db", {.start = 3s});
  simulation.Begin();
  REQUIRE(simulation.Advance(10s).ok());
  simulation.Behave("db", {.start = 5s});
  REQUIRE(simulation.RestartNode("db").ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(RuleOf(simulation, Rule::Kind::kStart, "db")->time == 5s);
}

TEST_CASE("what was left behind did not stop in that time", "[learn][S12]") {
  Simulation simulation = Simulation::Create(Shop()).value();
  simulation.Behave("db", {.stop = kNever});
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  CHECK_FALSE(RuleOf(simulation, Rule::Kind::kStop, "db").has_value());
}

TEST_CASE("a run by what was learned of another takes as long", "[learn]") {
  Simulation simulation = Simulation::Create(Shop()).value();
  simulation.Behave("db", {.start = 3s});
  simulation.Behave("api", {.start = 1s, .stop = 4s});
  simulation.Begin();
  REQUIRE(simulation.Advance(10s).ok());
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  Script script = {.steps = {{.text = "stop", .kind = Script::Step::Kind::kStop, .at = 10s}}};
  script.rules = Learned(HistoryOf(simulation), simulation.engine().graph());
  const absl::StatusOr<SimulatedRun> again = RunScript(Shop(), {}, script);
  REQUIRE(again.ok());
  CHECK(again->simulation.now() == simulation.now());
  CHECK(again->simulation.entries().size() == simulation.entries().size());
}

}  // namespace
}  // namespace stemma::tools
