// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/simulation.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using std::chrono::nanoseconds;

constexpr auto kStop = ErrorHandlingBehavior::kStop;
constexpr auto kShutdown = ErrorHandlingBehavior::kShutdown;
constexpr auto kSpinHalt = ErrorHandlingBehavior::kSpinHalt;

std::vector<Node> Chain() {
  return {{.name = "web", .dependencies = {"api"}},
          {.name = "api", .dependencies = {"db"}},
          {.name = "db"}};
}

Simulation Begun(std::vector<Node> nodes, EngineOptions options = {}) {
  Simulation simulation = Simulation::Create(std::move(nodes), options).value();
  simulation.Begin();
  return simulation;
}

// When `node` last came into the state that it is in.
nanoseconds Since(const Simulation& simulation, std::string_view node) {
  const NodeId id = *simulation.engine().graph().Find(node);
  nanoseconds since = {};
  for (const JournalEntry& entry : simulation.entries()) {
    for (const Action& action : entry.actions) {
      if (action.kind == Action::Kind::kPublish && action.event.node == id &&
          action.event.kind == EngineEvent::Kind::kTransition) {
        since = entry.at;
      }
    }
  }
  return since;
}

bool ReplaysTheSame(const Simulation& simulation) {
  const auto difference = Replay(simulation.header(), simulation.entries());
  return difference.ok() && !difference->has_value();
}

TEST_CASE("what a supervisor would refuse is refused with all its problems", "[simulation][S1]") {
  const absl::Status refused =
      Simulation::Create({{.name = "a", .dependencies = {"b"}}, {.name = "c", .stop_timeout = 0s}})
          .status();
  CHECK(refused.code() == absl::StatusCode::kInvalidArgument);
  CHECK_THAT(std::string(refused.message()),
             ContainsSubstring("unknown dependency 'b'") && ContainsSubstring("stop_timeout"));
}

TEST_CASE("a chain starts one after the other, and each start takes its time", "[simulation][S2]") {
  Simulation simulation = Simulation::Create(Chain()).value();
  simulation.Behave("db", {.start = 3s});
  simulation.Behave("api", {.start = 2s});
  simulation.Begin();
  REQUIRE(simulation.AdvanceTo(4s).ok());
  CHECK(simulation.State("db") == NodeState::kReady);
  CHECK(simulation.State("api") == NodeState::kStarting);
  CHECK(simulation.State("web") == NodeState::kWaiting);
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.State("web") == NodeState::kReady);
  CHECK(Since(simulation, "db") == 3s);
  CHECK(Since(simulation, "api") == 5s);
  CHECK(simulation.now() == 5s);
  CHECK(simulation.State("nobody") == std::nullopt);
}

TEST_CASE("a failure takes down what its verdict says, and the journal replays the same",
          "[simulation][S4][S17]") {
  Simulation simulation = Begun(Chain());
  REQUIRE(simulation.Settle().ok());
  REQUIRE(simulation.Fail("api", kStop).ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.State("db") == NodeState::kReady);
  CHECK(simulation.State("api") == NodeState::kFailed);
  CHECK(simulation.State("web") == NodeState::kStopped);
  CHECK_FALSE(simulation.over());
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.over());
  CHECK(ReplaysTheSame(simulation));
}

TEST_CASE("without a verdict the handler of the node is asked about the failure",
          "[simulation][S4]") {
  std::vector<Node> nodes = Chain();
  Failure told;
  nodes[2].on_error = [&told](const Failure& failure) {
    told = failure;
    return kShutdown;
  };
  Simulation simulation = Begun(std::move(nodes));
  REQUIRE(simulation.Settle().ok());
  REQUIRE(simulation.Fail("db", {}, {.status = absl::DataLossError("torn"), .worker = "w"}).ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(told.component == "db");
  CHECK(told.status == absl::DataLossError("torn"));
  const RunResult result = simulation.Result();
  CHECK(result.outcome == Outcome::kShutdown);
  CHECK(result.status == absl::DataLossError("torn"));
  CHECK(result.ExitCode() == kExitSoftware);
  REQUIRE(result.nodes.size() == 3);
  CHECK(result.nodes[2].name == "db");
  CHECK(result.nodes[2].state == NodeState::kFailed);
  CHECK(result.nodes[2].incarnations == 1);
  REQUIRE(result.nodes[2].failures.size() == 1);
  CHECK(result.nodes[2].failures[0].worker == "w");
}

TEST_CASE("a handler that throws counts as shutdown", "[simulation][S9]") {
  std::vector<Node> nodes = Chain();
  nodes[0].on_error = [](const Failure&) -> ErrorHandlingBehavior { throw std::logic_error("x"); };
  Simulation simulation = Begun(std::move(nodes));
  REQUIRE(simulation.Settle().ok());
  REQUIRE(simulation.Fail("web").ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.Result().outcome == Outcome::kShutdown);
  CHECK(simulation.Result().nodes[0].failures.size() == 2);
  CHECK(ReplaysTheSame(simulation));
}

TEST_CASE("a handler that never answers counts as shutdown after the stop timeout",
          "[simulation][S9]") {
  Simulation simulation = Simulation::Create(Chain()).value();
  simulation.Behave("web", {.answer = kNever});
  simulation.Begin();
  REQUIRE(simulation.Settle().ok());
  REQUIRE(simulation.Fail("web").ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.Result().outcome == Outcome::kShutdown);
  CHECK(simulation.now() == 10s);
}

TEST_CASE("a node that is never ready fails at its start timeout, again and again up to its limit",
          "[simulation][S3][S8]") {
  std::vector<Node> nodes = {{.name = "db", .start_timeout = 5s}};
  nodes[0].restart.jitter = 0;
  nodes[0].restart.max_restarts = 2;
  Simulation simulation = Simulation::Create(std::move(nodes)).value();
  simulation.Behave("db", {.start = kNever});
  simulation.Begin();
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.over());
  CHECK(simulation.now() == 5s + 100ms + 5s + 200ms + 5s);
  CHECK(simulation.Result().nodes[0].failure_count == 3);
  CHECK(simulation.Result().nodes[0].failures[0].kind == FailureKind::kStartTimeout);
}

TEST_CASE("a crash loop is a run that ends with a failure, in each incarnation",
          "[simulation][S8]") {
  Simulation simulation = Simulation::Create(Chain()).value();
  simulation.Behave("db", {.run = 1s, .run_failure = Simulation::SimulatedFailure()});
  simulation.Begin();
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.Result().outcome == Outcome::kShutdown);
  CHECK(simulation.Result().nodes[2].incarnations == 6);  // at most 5 restarts in a minute
}

TEST_CASE("a factory that fails is not waited for", "[simulation][S3]") {
  std::vector<Node> nodes = Chain();
  nodes[2].on_error = Always(kStop);
  Simulation simulation = Simulation::Create(std::move(nodes)).value();
  simulation.Behave("db", {.start = 1s,
                           .start_failure = Failure{.kind = FailureKind::kFactory,
                                                    .status = absl::UnavailableError("no disk")},
                           .stop = kNever});
  simulation.Begin();
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.now() == 1s);
  CHECK(simulation.State("db") == NodeState::kFailed);
  CHECK(simulation.Result().outcome == Outcome::kFailed);
}

TEST_CASE("what never stops is abandoned at its stop timeout", "[simulation][S12]") {
  Simulation simulation = Simulation::Create(Chain()).value();
  simulation.Behave("api", {.stop = kNever});
  simulation.Begin();
  REQUIRE(simulation.Settle().ok());
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.State("api") == NodeState::kAbandoned);
  CHECK(simulation.State("db") == NodeState::kStopped);
  CHECK(simulation.now() == 10s);
  CHECK(simulation.Result().ExitCode() == kExitLeftBehind);
}

TEST_CASE("an abandoned node may end late, while others are still waited for",
          "[simulation][S12]") {
  Simulation simulation = Simulation::Create(Chain()).value();
  simulation.Behave("web", {.stop = 11s});
  simulation.Behave("api", {.stop = 5s});
  simulation.Begin();
  REQUIRE(simulation.Settle().ok());
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.State("web") == NodeState::kAbandoned);
  bool late = false;
  for (const JournalEntry& entry : simulation.entries()) {
    for (const Action& action : entry.actions) {
      late |= action.kind == Action::Kind::kPublish &&
              action.event.kind == EngineEvent::Kind::kLateEnd && entry.at == 11s;
    }
  }
  CHECK(late);
  CHECK(ReplaysTheSame(simulation));
}

TEST_CASE("a node that is stuck can end the process at once", "[simulation][S12][S15]") {
  Simulation simulation = Simulation::Create(Chain(), {.on_stuck = OnStuck::kAbort}).value();
  simulation.Behave("db", {.stop = kNever});
  simulation.Begin();
  REQUIRE(simulation.Settle().ok());
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.over());
  CHECK(simulation.immediate_exit_code() == kExitAborted);
}

TEST_CASE("a second signal ends the process at once", "[simulation][S13]") {
  Simulation simulation = Simulation::Create(Chain()).value();
  simulation.Behave("web", {.stop = 1s});
  simulation.Begin();
  REQUIRE(simulation.Settle().ok());
  simulation.Interrupt();
  simulation.Terminate();
  CHECK(simulation.over());
  CHECK(simulation.immediate_exit_code() == 128 + 15);
}

TEST_CASE("a stop that waits for nobody is put off by the shutdown delay, and that is no rest",
          "[simulation][S11]") {
  Simulation simulation = Begun(Chain(), {.shutdown_delay = 7s});
  REQUIRE(simulation.Settle().ok());
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.over());
  CHECK(simulation.now() == 7s);
}

TEST_CASE("a spin halt settles when everything has stopped, and a termination ends it",
          "[simulation][S14]") {
  Simulation simulation = Begun(Chain(), {.latch = true});
  REQUIRE(simulation.Settle().ok());
  REQUIRE(simulation.Fail("db", kSpinHalt).ok());
  REQUIRE(simulation.Settle().ok());
  CHECK_FALSE(simulation.over());
  CHECK(simulation.State("web") == NodeState::kStopped);
  const std::size_t inputs = simulation.entries().size();
  REQUIRE(simulation.Advance(5min).ok());
  CHECK(simulation.entries().size() == inputs + 5);  // the reminders
  simulation.Terminate();
  CHECK(simulation.over());
  CHECK(simulation.Result().ExitCode() == kExitSpinHalt);
}

TEST_CASE("heartbeats go on for ever and are no unrest; a silent worker is", "[simulation][S22]") {
  std::vector<Node> nodes = Chain();
  nodes[2].watchdog = 2s;
  nodes[2].on_error = Always(kStop);
  Simulation simulation = Begun(std::move(nodes));
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.now() == 0s);
  REQUIRE(simulation.Advance(11s).ok());
  CHECK(simulation.State("db") == NodeState::kReady);
  REQUIRE(simulation.FallSilent("db").ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.State("db") == NodeState::kFailed);
  CHECK(simulation.Result().nodes[2].failures[0].kind == FailureKind::kWatchdog);
  CHECK(ReplaysTheSame(simulation));
}

TEST_CASE("what hangs without a timeout settles beside a watchdog that goes on for ever",
          "[simulation]") {
  std::vector<Node> nodes = Chain();
  nodes[2].watchdog = 2s;
  nodes[1].start_timeout = kNoTimeout;
  Simulation simulation = Simulation::Create(std::move(nodes)).value();
  simulation.Behave("api", {.start = kNever});
  simulation.Begin();
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.State("api") == NodeState::kStarting);
  CHECK(simulation.now() < 1min);
}

TEST_CASE("an end by itself completes a node, or begins it again", "[simulation][S19]") {
  std::vector<Node> nodes = Chain();
  nodes[0].on_completion = OnCompletion::kRestart;
  Simulation simulation = Begun(std::move(nodes));
  REQUIRE(simulation.Settle().ok());
  REQUIRE(simulation.End("db").ok());
  REQUIRE(simulation.End("web").ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.State("db") == NodeState::kCompleted);
  CHECK(simulation.State("web") == NodeState::kReady);
  CHECK(simulation.engine().incarnation(0) == 4);
}

TEST_CASE("only what runs can fail, end or fall silent", "[simulation]") {
  Simulation simulation = Simulation::Create(Chain()).value();
  simulation.Behave("db", {.start = 1s});
  simulation.Begin();
  const absl::Status waiting = simulation.Fail("api");
  CHECK(waiting.code() == absl::StatusCode::kFailedPrecondition);
  CHECK(waiting.message() == "no component of 'api' runs: it is waiting");
  CHECK(simulation.End("web").code() == absl::StatusCode::kFailedPrecondition);
  const absl::Status unknown = simulation.FallSilent("dv");
  CHECK(unknown.code() == absl::StatusCode::kNotFound);
  CHECK_THAT(std::string(unknown.message()), ContainsSubstring("did you mean 'db'?"));
  CHECK(simulation.Fail("db", kStop).ok());  // while it starts
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.State("db") == NodeState::kFailed);
}

TEST_CASE("operator commands act on the nodes, also on added and removed ones",
          "[simulation][S24]") {
  Simulation simulation = Begun(Chain());
  REQUIRE(simulation.Settle().ok());
  REQUIRE(simulation.StopNode("web").ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.State("web") == NodeState::kStopped);
  CHECK_FALSE(simulation.over());
  CHECK(simulation.RemoveNode("db").code() == absl::StatusCode::kFailedPrecondition);
  REQUIRE(simulation.RemoveNode("web").ok());  // the ids above go down by one
  simulation.Behave("ui", {.start = 1s});
  REQUIRE(simulation.AddNode({.name = "ui", .dependencies = {"api"}}).ok());
  CHECK(simulation.AddNode({.name = "ui"}).code() == absl::StatusCode::kInvalidArgument);
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.State("web") == std::nullopt);
  CHECK(simulation.State("ui") == NodeState::kReady);
  REQUIRE(simulation.RestartNode("db").ok());
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.engine().incarnation(*simulation.engine().graph().Find("db")) == 5);
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  CHECK(simulation.over());
  CHECK(simulation.Result().nodes.size() == 3);
  CHECK(ReplaysTheSame(simulation));
}

TEST_CASE("restarts that take no time and have no limit are ended", "[simulation]") {
  std::vector<Node> nodes = {{.name = "db", .restart = RestartPolicy::Unlimited()}};
  nodes[0].restart.initial = nodes[0].restart.max = 0s;
  Simulation simulation = Simulation::Create(std::move(nodes)).value();
  simulation.Behave("db", {.run = 0s, .run_failure = Simulation::SimulatedFailure()});
  simulation.Begin();
  CHECK(simulation.Settle().code() == absl::StatusCode::kResourceExhausted);
  CHECK(simulation.Advance(1s).code() == absl::StatusCode::kResourceExhausted);
}

TEST_CASE("what is not settled at the limit is said to be so", "[simulation]") {
  Simulation simulation = Simulation::Create(Chain()).value();
  simulation.Behave("db", {.start = 3s});
  simulation.Begin();
  CHECK(simulation.Settle(2s).code() == absl::StatusCode::kDeadlineExceeded);
  CHECK(simulation.now() == 2s);
  CHECK(simulation.Settle(3s).ok());
}

TEST_CASE("a node fails in the way that is asked for, if it can at that moment",
          "[simulation][S3][S22]") {
  std::vector<Node> nodes = {{.name = "db", .start_timeout = 5s, .watchdog = 2s}};
  nodes[0].on_error = Always(kStop);
  const auto fail = [&](FailureKind kind, bool ready) {
    Simulation simulation = Simulation::Create(nodes).value();
    if (!ready) simulation.Behave("db", {.start = 1s});
    simulation.Begin();
    REQUIRE(simulation.Advance(0s).ok());
    const absl::Status failed =
        simulation.Fail("db", {}, {.kind = kind, .status = absl::DataLossError("torn")});
    if (!failed.ok()) return std::string(failed.message());
    REQUIRE(simulation.Settle().ok());
    CHECK(simulation.State("db") == NodeState::kFailed);
    CHECK(simulation.Result().nodes[0].failures.at(0).kind == kind);
    CHECK(ReplaysTheSame(simulation));
    return std::to_string(simulation.now() / 1s) + " s";
  };
  CHECK(fail(FailureKind::kFactory, false) == "0 s");
  CHECK(fail(FailureKind::kStart, false) == "0 s");
  CHECK(fail(FailureKind::kThrown, false) == "0 s");
  CHECK(fail(FailureKind::kEndedBeforeReady, false) == "0 s");
  CHECK(fail(FailureKind::kStartTimeout, false) == "5 s");
  CHECK(fail(FailureKind::kException, true) == "0 s");
  CHECK(fail(FailureKind::kNestedShutdown, true) == "0 s");
  CHECK(fail(FailureKind::kWatchdog, true) == "2 s");
  CHECK(fail(FailureKind::kFactory, true) ==
        "'db' cannot fail (Factory) now: it is ready, not starting");
  CHECK(fail(FailureKind::kWatchdog, false) ==
        "'db' cannot fail (Watchdog) now: it is starting, not ready");
  nodes[0].watchdog = nodes[0].start_timeout = kNoTimeout;
  CHECK(fail(FailureKind::kWatchdog, true) ==
        "'db' cannot fail (Watchdog) now: it has no watchdog");
  CHECK(fail(FailureKind::kStartTimeout, false) ==
        "'db' cannot fail (StartTimeout) now: it has no start timeout");
}

TEST_CASE("what hangs does not end any more, also when its end was on the way",
          "[simulation][S12]") {
  for (const bool on_the_way : {false, true}) {
    Simulation simulation = Begun(Chain());
    REQUIRE(simulation.Settle().ok());
    if (on_the_way) simulation.RequestStop();
    REQUIRE(simulation.Hang("web").ok());
    if (!on_the_way) simulation.RequestStop();
    REQUIRE(simulation.Settle().ok());
    CHECK(simulation.State("web") == NodeState::kAbandoned);
    CHECK(simulation.now() == 10s);
  }
}

TEST_CASE("a listener is told what a supervisor's would be, at the time when it happens",
          "[simulation][S16]") {
  Simulation simulation = Simulation::Create({{.name = "db", .on_error = Always(kStop)}}).value();
  std::vector<std::string> told;
  simulation.SetListener([&](const SupervisorEvent& event) {
    told.push_back(std::to_string(event.monotonic / 1s) + " s: " + event.node + " " +
                   (event.kind == SupervisorEvent::Kind::kTransition
                        ? std::string(ToString(event.to))
                        : std::string(ToString(event.kind))) +
                   (event.text.empty() ? "" : " (" + event.text + ")"));
    CHECK(event.number == told.size());
  });
  simulation.Behave("db", {.start = 3s});
  simulation.Begin();
  REQUIRE(simulation.Settle().ok());
  REQUIRE(simulation.AddNode({.name = "ui"}).ok());
  REQUIRE(simulation.RemoveNode("ui").ok());
  REQUIRE(simulation.Fail("db", {}, {.status = absl::DataLossError("torn")}).ok());
  REQUIRE(simulation.Settle().ok());
  const std::string why = " (db failed (Thrown): DATA_LOSS: torn)";
  CHECK(told == std::vector<std::string>{
                    "0 s: db starting", "3 s: db ready", "3 s:  all ready", "3 s: ui added",
                    "3 s: ui starting", "3 s: ui stopping (an operator's command about 'ui')",
                    "3 s: db deciding" + why, "3 s: db failure" + why, "3 s: db verdict" + why,
                    "3 s: db stopping" + why, "3 s: ui stopped (an operator's command about 'ui')",
                    "3 s: ui removed", "3 s: db failed" + why,
                    "3 s:  ended (failed, because db failed (Thrown): DATA_LOSS: torn)"});
}

TEST_CASE("no nodes make a run that is over at once", "[simulation][S1]") {
  const Simulation simulation = Begun({});
  CHECK(simulation.over());
  CHECK(simulation.Result().outcome == Outcome::kCompleted);
}

}  // namespace
}  // namespace stemma
