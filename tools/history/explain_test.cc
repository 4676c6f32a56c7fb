// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/history/explain.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "stemma/supervisor/simulation.h"
#include "stemma/tools/history/history.h"

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

// web depends on api, api on db.
std::vector<Node> Chain() {
  return {{.name = "db"},
          {.name = "api", .dependencies = {"db"}},
          {.name = "web", .dependencies = {"api"}}};
}

Simulation Begun(std::vector<Node> nodes, EngineOptions options = {}) {
  Simulation simulation = Simulation::Create(std::move(nodes), options).value();
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  return simulation;
}

History HistoryOf(const Simulation& simulation) {
  History history(simulation.header());
  for (const JournalEntry& entry : simulation.entries()) history.Add(entry);
  history.Close();
  return history;
}

// The explanation of the node's last state.
std::string Why(const Simulation& simulation, std::string_view node) {
  const History history = HistoryOf(simulation);
  const Row row = history.Find(node).value();
  return TextOf(Explain(history, row, history[row].spans.size() - 1));
}

// Of the last time that it was in that state.
std::string Why(const Simulation& simulation, std::string_view node, NodeState state) {
  const History history = HistoryOf(simulation);
  const Row row = history.Find(node).value();
  const std::vector<Span>& spans = history[row].spans;
  for (std::size_t i = spans.size(); i > 0; --i) {
    if (spans[i - 1].state == state) return TextOf(Explain(history, row, i - 1));
  }
  return "";
}

TEST_CASE("a stopped node is explained by the failure that took it down, and how it came there",
          "[explain][S4]") {
  Simulation simulation = Begun(Chain());
  REQUIRE(simulation
              .Fail("db", ErrorHandlingBehavior::kStop,
                    {.kind = FailureKind::kThrown,
                     .status = absl::DataLossError("checksum\nmismatch"),
                     .worker = "flusher"})
              .ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(Why(simulation, "web") ==
        "web#3 is stopped since 1.000000\n"
        "  because the handler of db answered stop, and web depends on db by way of api\n"
        "  because db#1 failed at 1.000000 (Thrown): DATA_LOSS: checksum\\nmismatch (worker "
        "flusher)\n");
}

TEST_CASE("a ready node is explained by what it waited for last", "[explain][S2]") {
  Simulation simulation = Simulation::Create(Chain()).value();
  simulation.Behave("api", {.start = 2s});
  simulation.Begin();
  REQUIRE(simulation.Settle().ok());
  CHECK(Why(simulation, "web") ==
        "web#3 is ready since 2.000000\n"
        "  because web#3 was launched at 2.000000, when api#2 was ready: the last that it waited "
        "for\n"
        "  because the run began at 0.000000\n"
        "note: the journal ends at 2.000000, and the run had not ended then\n");
}

TEST_CASE("a waiting node is explained by whom it waits for, down to the one to blame",
          "[explain][S2][S8]") {
  std::vector<Node> nodes = Chain();
  nodes[0].restart = {.initial = 10s, .max = 10s, .jitter = 0};
  Simulation simulation = Simulation::Create(std::move(nodes)).value();
  simulation.Behave("db", {.start_failure = Failure{.kind = FailureKind::kStart,
                                                    .status = absl::UnavailableError("no disk")}});
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  CHECK(Why(simulation, "web") ==
        "web is waiting since 0.000000\n"
        "  because web waits for api, which is waiting since 0.000000\n"
        "  because api waits for db, which is backing off since 0.000000\n"
        "  because the handler of db answered restart\n"
        "  because db#1 failed at 0.000000 (Start): UNAVAILABLE: no disk\n"
        "note: the journal ends at 0.000000, and the run had not ended then\n");
}

TEST_CASE("what everybody is asked to do is explained by who asked", "[explain][S11][S13]") {
  const auto ended_by = [](void (*stop)(Simulation&), EngineOptions options = {}) {
    Simulation simulation = Begun(Chain(), options);
    stop(simulation);
    REQUIRE(simulation.Settle().ok());
    return Why(simulation, "db");
  };
  CHECK(ended_by([](Simulation& run) { run.Interrupt(); }) ==
        "db#1 is stopped since 1.000000\n  because the process got SIGINT at 1.000000\n");
  CHECK(ended_by([](Simulation& run) { run.Terminate(); }) ==
        "db#1 is stopped since 1.000000\n  because the process got SIGTERM at 1.000000\n");
  // The request, and not the stop that came of it.
  CHECK(ended_by([](Simulation& run) { run.RequestStop(); }, {.shutdown_delay = 3s}) ==
        "db#1 is stopped since 4.000000\n  because a stop was requested at 1.000000\n");
  CHECK_THAT(ended_by([](Simulation& run) { run.RequestStop(); }, {.nested = true}),
             ContainsSubstring("by the outer supervisor or by RequestStop at 1.000000\n"));
}

TEST_CASE("of several commands the one that can have done it is told", "[explain][S24]") {
  Simulation simulation = Simulation::Create(Chain()).value();
  simulation.Behave("web", {.stop = 5s});
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  REQUIRE(simulation.StopNode("db").ok());
  REQUIRE(simulation.Advance(1s).ok());
  REQUIRE(simulation.StartNode("db").ok());
  REQUIRE(simulation.Settle().ok());
  CHECK_THAT(Why(simulation, "api"),
             ContainsSubstring("because an operator gave the command 'stop node' for db at "
                               "1.000000\n"));
  REQUIRE(simulation.RestartNode("db").ok());
  REQUIRE(simulation.Settle().ok());
  CHECK_THAT(Why(simulation, "db"),
             ContainsSubstring("because an operator gave the command 'restart node' for db at "));
}

TEST_CASE("a node that was added where all is ready is there because of that alone",
          "[explain][S24]") {
  Simulation simulation = Begun(Chain());
  REQUIRE(simulation.AddNode({.name = "new", .dependencies = {"db"}}).ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(Why(simulation, "new") ==
        "new#4 is ready since 1.000000\n"
        "  because an operator gave the command 'add node' for new at 1.000000\n"
        "note: the journal ends at 1.000000, and the run had not ended then\n");
}

TEST_CASE("who follows a restart is explained by what was restarted, over several steps",
          "[explain][S6]") {
  std::vector<Node> nodes = Chain();
  nodes[1].on_dependency_restart = nodes[2].on_dependency_restart = OnDependencyRestart::kRestart;
  Simulation simulation = Simulation::Create(std::move(nodes)).value();
  simulation.Behave("web", {.stop = 2s});
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  REQUIRE(simulation.RestartNode("db").ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(Why(simulation, "web", NodeState::kStopping) ==
        "web#3 was stopping from 1.000000 to 3.000000\n"
        "  because web is restarted whenever its dependency api is (on_dependency_restart), and "
        "api#2 was\n"
        "  because api is restarted whenever its dependency db is (on_dependency_restart), and "
        "db#1 was\n"
        "  because an operator gave the command 'restart node' for db at 1.000000\n");
}

TEST_CASE("a restart that was refused is told, with what came of it", "[explain][S8]") {
  std::vector<Node> nodes = Chain();
  nodes[0].restart = {.max_restarts = 0, .on_limit = ErrorHandlingBehavior::kStop};
  Simulation simulation = Begun(std::move(nodes));
  REQUIRE(simulation.Fail("db", ErrorHandlingBehavior::kRestart).ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(Why(simulation, "api") ==
        "api#2 is stopped since 1.000000\n"
        "  because the restart of db#1 was refused at 1.000000 (at most 0 in 1m): stop, and api "
        "depends on db\n"
        "  because the handler of db answered restart\n"
        "  because db#1 failed at 1.000000 (Thrown): INTERNAL: simulated\n");
}

TEST_CASE("what did not end in time was left behind, by its own timeout or by that of the stop",
          "[explain][S12]") {
  const auto left = [](EngineOptions options) {
    Simulation simulation = Simulation::Create(Chain(), options).value();
    simulation.Behave("api", {.stop = kNever});
    simulation.Begin();
    REQUIRE(simulation.Advance(1s).ok());
    simulation.RequestStop();
    REQUIRE(simulation.Settle().ok());
    return Why(simulation, "api");
  };
  CHECK(left({}) ==
        "api#2 is abandoned since 11.000000\n"
        "  because api#2 did not end in time (its stop timeout is 10s) and was left behind\n"
        "  because a stop was requested at 1.000000\n");
  CHECK(left({.shutdown_deadline = 4s}) ==
        "api#2 is abandoned since 5.000000\n"
        "  because api#2 had not ended by then and was left behind\n"
        "  because the time for the whole stop was over at 5.000000 (shutdown_deadline is 4s)\n"
        "  because a stop was requested at 1.000000\n");
}

TEST_CASE("a completed node whose destructor hangs is explained by its end",
          "[explain][S12][S19]") {
  Simulation simulation = Simulation::Create(Chain()).value();
  simulation.Behave("db", {.destroy = kNever});
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  REQUIRE(simulation.End("db").ok());
  REQUIRE(simulation.Advance(1s).ok());
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  CHECK(Why(simulation, "db") ==
        "db#1 is abandoned since 12.000000\n"
        "  because db#1's destructor did not end in time (its stop timeout is 10s) and was left "
        "behind\n"
        "  because db#1 ended by itself at 1.000000\n");
}

TEST_CASE("what is the service's end ends the others", "[explain][S19]") {
  std::vector<Node> nodes = Chain();
  nodes[2].on_completion = OnCompletion::kShutdown;
  Simulation simulation = Begun(std::move(nodes));
  REQUIRE(simulation.End("web").ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(Why(simulation, "web") ==
        "web#3 is completed since 1.000000\n"
        "  because web#3 ended by itself at 1.000000, after having been ready\n");
  CHECK(Why(simulation, "db") ==
        "db#1 is stopped since 1.000000\n"
        "  because web#3 ended by itself at 1.000000, and its on_completion is shutdown\n");
}

TEST_CASE("a state is not explained by what was decided later", "[explain][S4]") {
  Simulation simulation = Simulation::Create(Chain()).value();
  simulation.Behave("db", {.answer = 2s});
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  REQUIRE(simulation.Fail("db", ErrorHandlingBehavior::kShutdown).ok());
  REQUIRE(simulation.Advance(1s).ok());
  CHECK_THAT(Why(simulation, "db"), ContainsSubstring("note: its handler has not answered yet\n"));
  REQUIRE(simulation.Settle().ok());
  CHECK(Why(simulation, "db", NodeState::kDeciding) ==
        "db#1 was deciding from 1.000000 to 3.000000\n"
        "  because db#1 failed at 1.000000 (Thrown): INTERNAL: simulated\n");
  CHECK_THAT(Why(simulation, "db", NodeState::kFailed),
             ContainsSubstring("because the handler of db answered shutdown, which stops "
                               "everything\n"));
}

TEST_CASE("a nested spin halt counts whatever the handler had answered before", "[explain][S18]") {
  Simulation simulation = Simulation::Create(Chain()).value();
  simulation.Behave("db", {.stop = 2s});
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  REQUIRE(simulation.Fail("db", ErrorHandlingBehavior::kRestart).ok());
  REQUIRE(simulation.Advance(1s).ok());
  Failure halt = Simulation::SimulatedFailure();
  halt.kind = FailureKind::kNestedSpinHalt;
  REQUIRE(simulation.Fail("db", {}, std::move(halt)).ok());
  simulation.Terminate();
  REQUIRE(simulation.Settle().ok());
  CHECK(Why(simulation, "web") ==
        "web#3 is stopped since 2.000000\n"
        "  because db#1 reported a nested spin halt at 2.000000, which stops everything\n");
}

TEST_CASE("what is missing in the journal is said to be missing", "[explain][S17]") {
  Simulation simulation = Begun(Chain());
  REQUIRE(simulation.Fail("db", ErrorHandlingBehavior::kStop).ok());
  REQUIRE(simulation.Settle().ok());
  History history(simulation.header());
  const std::vector<JournalEntry>& entries = simulation.entries();
  std::size_t failed = 0;
  while (entries[failed].input.kind != Input::Kind::kFailed) history.Add(entries[failed++]);
  history.Add(JournalLine{.kind = JournalLine::Kind::kGap, .lost = 1});
  for (std::size_t i = failed + 1; i < entries.size(); ++i) history.Add(entries[i]);
  history.Close();
  const Row row = history.Find("web").value();
  CHECK_THAT(TextOf(Explain(history, row, history[row].spans.size() - 1)),
             ContainsSubstring("of something in the part of the journal that is missing\n"));
}

}  // namespace
}  // namespace stemma::tools
