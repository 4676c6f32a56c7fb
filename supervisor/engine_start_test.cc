// SPDX-License-Identifier: Apache-2.0
// How a graph comes up: S1 (the engine's part), S2, S3, S16 and S20.
#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "stemma/supervisor/engine.h"
#include "stemma/supervisor/internal/engine_harness.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using namespace internal;  // NOLINT: the test's own vocabulary
using enum ErrorHandlingBehavior;

TEST_CASE("an empty graph is all ready and finishes at once", "[supervisor][S1][trap27]") {
  EngineHarness run({});
  CHECK(run.Begin() == Lines{"finish"});
  CHECK(run.TakeEvents() == Lines{"all ready"});
  CHECK(run.engine().finished());
  CHECK(run.engine().outcome() == Outcome::kCompleted);
  CHECK_FALSE(run.engine().next_deadline());
}

TEST_CASE("nothing happens before the beginning", "[supervisor][S2]") {
  EngineHarness run(Chain());
  CHECK(run.Advance(1h) == Lines{});
  CHECK(run.Send({.kind = Input::Kind::kTick}) == Lines{});
  CHECK_FALSE(run.engine().finished());
}

TEST_CASE("after the finish nothing happens any more", "[supervisor][S15]") {
  EngineHarness run({});
  run.Begin();
  CHECK(run.Begin() == Lines{});
  CHECK(run.RequestStop() == Lines{});
  CHECK(run.Interrupt() == Lines{});
  CHECK(run.engine().outcome() == Outcome::kCompleted);
}

TEST_CASE("a node is launched when its dependency is ready, not when it has merely started",
          "[supervisor][S2][trap24]") {
  EngineHarness run(Chain());
  CHECK(run.Begin() == Lines{"launch db#1"});
  CHECK(run.state("db") == NodeState::kStarting);
  CHECK(run.state("api") == NodeState::kWaiting);
  CHECK(run.Ready("db") == Lines{"launch api#2"});
  CHECK(run.state("db") == NodeState::kReady);
  CHECK(run.Ready("api") == Lines{"launch web#3"});
  CHECK(run.Ready("web") == Lines{});
  CHECK(run.engine().all_ready());
}

TEST_CASE("every dependency has to be ready", "[supervisor][S2]") {
  EngineHarness run(Diamond());
  CHECK(run.Begin() == Lines{"launch base#1"});
  CHECK(run.Ready("base") == Lines{"launch left#2", "launch right#3"});
  CHECK(run.Ready("right") == Lines{});
  CHECK(run.Ready("left") == Lines{"launch top#4"});
}

TEST_CASE("independent nodes start side by side, in the order of their declaration",
          "[supervisor][S2]") {
  EngineHarness m(M());
  CHECK(m.Begin() == Lines{"launch a#1", "launch b#2", "launch c#3"});
  CHECK(m.Ready("c") == Lines{});
  CHECK(m.Ready("b") == Lines{"launch right#4"});
  CHECK(m.Ready("a") == Lines{"launch left#5"});

  EngineHarness star(Star());
  star.Begin();
  CHECK(star.Ready("hub") == Lines{"launch s1#2", "launch s2#3", "launch s3#4"});
}

TEST_CASE("a dependency that completed after having been ready satisfies",
          "[supervisor][S2][S19]") {
  EngineHarness run(
      {{.name = "migrate"}, {.name = "db"}, {.name = "api", .dependencies = {"migrate", "db"}}});
  run.Begin();
  run.Ready("migrate");
  CHECK(run.Done("migrate") == Lines{});  // api may still want what it left
  CHECK(run.state("migrate") == NodeState::kCompleted);
  CHECK(run.Ready("db") == Lines{"launch api#3"});
}

TEST_CASE("a dependency that ended before it was ready does not satisfy",
          "[supervisor][S2][trap24]") {
  EngineHarness run(Chain());
  run.Begin();
  CHECK(run.Done("db") == Lines{"consult db#1 EndedBeforeReady"});
  CHECK(run.Verdict("db", kStop) == Lines{"destroy db#1"});
  CHECK(run.state("api") == NodeState::kStopped);
  CHECK(run.state("web") == NodeState::kStopped);
  CHECK(run.Gone("db") == Lines{"finish"});
  CHECK(run.incarnation("api") == 0);
}

TEST_CASE("observers are told of each transition, with node, incarnation and cause",
          "[supervisor][S16]") {
  EngineHarness run(Chain());
  run.Start();
  CHECK(run.TakeEvents() == Lines{"db: waiting -> starting", "db: starting -> ready",
                                  "api: waiting -> starting", "api: starting -> ready",
                                  "web: waiting -> starting", "web: starting -> ready",
                                  "all ready"});
  run.FailWith("api", kStop);
  CHECK(run.TakeEvents() == Lines{"api: ready -> deciding", "verdict api#2 Stop",
                                  "api: deciding -> stopping", "web: ready -> stopping"});
  const EngineEvent& event = run.last(Action::Kind::kPublish).event;
  CHECK(event.node == run.id("web"));
  CHECK(event.incarnation == 3);
  CHECK(event.cause == Cause{.kind = Cause::Kind::kFailure,
                             .verdict = kStop,
                             .node = run.id("api"),
                             .incarnation = 2});
}

TEST_CASE("all ready is said once, when the last node has been ready for the first time",
          "[supervisor][S16]") {
  std::vector<TestNode> nodes = Chain();
  for (TestNode& node : nodes) node.policy.restart = Steady();
  EngineHarness run(nodes);
  run.Start();
  run.TakeEvents();
  run.FailWith("db", kRestart);
  CHECK_FALSE(run.engine().all_ready());
  run.Cooperate();
  run.Advance(1s);
  run.Ready("db");
  CHECK(run.engine().all_ready());
  for (const std::string& line : run.TakeEvents()) CHECK(line != "all ready");
}

TEST_CASE("a node that will never be ready is said to have failed the start-up, once",
          "[supervisor][S16]") {
  EngineHarness run(Chain());
  run.Begin();
  run.Ready("db");
  run.TakeEvents();
  run.FailWith("api", kStop);
  run.Cooperate();
  CHECK(run.TakeEvents() == Lines{"api: starting -> deciding", "verdict api#2 Stop",
                                  "api: deciding -> stopping", "web: waiting -> stopped",
                                  "startup failed web", "api: stopping -> failed"});
}

TEST_CASE("not ready within start_timeout is a failure", "[supervisor][S3][trap23]") {
  EngineHarness run(Chain());
  run.Begin();
  CHECK(run.Advance(30s - 1ns) == Lines{});
  CHECK(run.Advance(1ns) == Lines{"ask db#1", "consult db#1 StartTimeout"});
  CHECK(run.state("db") == NodeState::kDeciding);
}

TEST_CASE("the start clock starts when the dependencies are satisfied",
          "[supervisor][S3][trap21]") {
  EngineHarness run(Chain());
  run.Begin();
  run.Advance(20s);
  run.Ready("db");
  CHECK(run.Advance(30s - 1ns) == Lines{});
  CHECK(run.Advance(1ns) == Lines{"ask api#2", "consult api#2 StartTimeout"});
}

TEST_CASE("a clock may begin before zero", "[supervisor][S1][S3]") {
  EngineHarness run({{.name = "db"}});
  run.Skip(-2h);
  run.Begin();
  CHECK(run.engine().next_deadline() == -1h + 30s);
  CHECK(run.Advance(30s) == Lines{"ask db#1", "consult db#1 StartTimeout"});
}

TEST_CASE("each incarnation has a start clock of its own", "[supervisor][S3]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "db").restart = Steady();
  EngineHarness run(nodes);
  run.Begin();
  run.Advance(29s);
  run.FailWith("db", kRestart);
  run.Cooperate();
  CHECK(run.Advance(1s) == Lines{"launch db#2"});
  CHECK(run.Advance(30s - 1ns) == Lines{});
  CHECK(run.Advance(1ns) == Lines{"ask db#2", "consult db#2 StartTimeout"});
}

TEST_CASE("a start timeout of none never comes", "[supervisor][S3]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "db").start_timeout = kNoTimeout;
  EngineHarness run(nodes);
  run.Begin();
  CHECK_FALSE(run.engine().next_deadline());
}

TEST_CASE("ready after the start timeout comes too late", "[supervisor][S3][trap18]") {
  EngineHarness run(Chain());
  run.Begin();
  run.Advance(30s);
  CHECK(run.Ready("db") == Lines{});
  CHECK(run.state("db") == NodeState::kDeciding);
  CHECK(run.Verdict("db", kRestart) == Lines{});
  CHECK(run.Ready("db") == Lines{});
  CHECK(run.state("db") == NodeState::kStopping);
}

TEST_CASE("nothing is launched in place of a timed-out start before its call has returned",
          "[supervisor][S3][trap18]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "db").restart.initial = 0s;
  EngineHarness run(nodes, {.on_stuck = OnStuck::kWait});
  run.Begin();
  run.Advance(30s);
  CHECK(run.Verdict("db", kRestart) == Lines{});
  CHECK(run.Advance(1h) == Lines{});
  CHECK(run.Done("db") == Lines{"destroy db#1"});
  CHECK(run.Advance(1h) == Lines{});
  CHECK(run.Gone("db") == Lines{"launch db#2"});
}

TEST_CASE("an end before ready is a failure, and there is nothing to ask to stop",
          "[supervisor][S3][trap23]") {
  EngineHarness run(Chain());
  run.Begin();
  CHECK(run.Done("db") == Lines{"consult db#1 EndedBeforeReady"});
  CHECK(run.state("db") == NodeState::kDeciding);
  CHECK(run.Advance(5s) == Lines{});  // the start clock stands still
}

TEST_CASE("a failed factory or Start asks the handler like any other failure",
          "[supervisor][S3][trap3]") {
  for (const FailureKind kind : {FailureKind::kFactory, FailureKind::kStart}) {
    EngineHarness run(Chain());
    run.Begin();
    CHECK(run.Fail("db", kind) == Lines{"ask db#1", "consult db#1 " + std::string(ToString(kind))});
    CHECK(run.Done("db") == Lines{});
    CHECK(run.state("api") == NodeState::kWaiting);
    CHECK(run.Verdict("db", kStop) == Lines{"destroy db#1"});
    CHECK(run.Gone("db") == Lines{"finish"});
    CHECK(run.state("db") == NodeState::kFailed);
    CHECK(run.incarnation("api") == 0);
  }
}

TEST_CASE("a partial start is rolled back in order", "[supervisor][S3][trap28]") {
  EngineHarness run(Chain());
  run.Begin();
  run.Ready("db");
  CHECK(run.FailWith("api", kStopParents) == Lines{"ask api#2", "consult api#2 Thrown"});
  CHECK(run.Cooperate() == Lines{"destroy api#2", "ask db#1", "destroy db#1", "finish"});
}

TEST_CASE("a stop does not wait behind a node that is not ready yet", "[supervisor][S3][trap25]") {
  EngineHarness run(Chain());
  run.Begin();
  run.Ready("db");
  CHECK(run.RequestStop() == Lines{"ask api#2"});
  CHECK(run.Cooperate() == Lines{"destroy api#2", "ask db#1", "destroy db#1", "finish"});
}

TEST_CASE("ready after the request to stop changes nothing", "[supervisor][S3][trap25]") {
  EngineHarness run(Chain());
  run.Begin();
  run.RequestStop();
  CHECK(run.Ready("db") == Lines{});
  CHECK(run.state("db") == NodeState::kStopping);
  CHECK(run.Advance(9s) == Lines{});  // nor does the start clock go on
}

TEST_CASE("news of a dead incarnation is not taken for the live one's", "[supervisor][S16]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "db").restart.initial = 0s;
  EngineHarness run(nodes);
  run.Begin();
  run.FailWith("db", kRestart);
  CHECK(run.Cooperate() == Lines{"destroy db#1", "launch db#2"});
  run.TakeEvents();
  for (const Input::Kind kind :
       {Input::Kind::kReady, Input::Kind::kFailed, Input::Kind::kDone, Input::Kind::kGone,
        Input::Kind::kVerdict, Input::Kind::kHandlerThrew, Input::Kind::kHeartbeat,
        Input::Kind::kLeftBehind}) {
    for (const Incarnation incarnation : {Incarnation{0}, Incarnation{1}, Incarnation{3}}) {
      CHECK(run.Send({.kind = kind,
                      .verdict = kShutdown,
                      .node = run.id("db"),
                      .incarnation = incarnation}) == Lines{});
      CHECK(run.TakeEvents() == Lines{});
      CHECK(run.state("db") == NodeState::kStarting);
    }
  }
  CHECK(run.Ready("db") == Lines{"launch api#3"});
}

TEST_CASE("inputs that make no sense for the live incarnation change nothing",
          "[supervisor][S16]") {
  EngineHarness run(Chain());
  run.Start();
  run.TakeEvents();
  CHECK(run.Ready("db") == Lines{});
  CHECK(run.Gone("db") == Lines{});
  CHECK(run.Verdict("db", kShutdown) == Lines{});
  CHECK(run.HandlerThrew("db") == Lines{});
  CHECK(run.Send({.kind = Input::Kind::kReady, .node = 77, .incarnation = 1}) == Lines{});
  CHECK(run.Send({.kind = Input::Kind::kReady, .node = kNoNode, .incarnation = 1}) == Lines{});
  CHECK(run.Send({.kind = static_cast<Input::Kind>(200)}) == Lines{});
  CHECK(run.TakeEvents() == Lines{});
  CHECK(run.engine().all_ready());
}

TEST_CASE("incarnation numbers are unique in the supervisor and never reused",
          "[supervisor][S16]") {
  std::vector<TestNode> nodes = M();
  for (TestNode& node : nodes) node.policy.restart.initial = 0s;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("a", kRestart);
  run.FailWith("c", kRestart);
  CHECK(run.Cooperate() == Lines{"destroy a#1", "destroy c#3", "launch a#6", "launch c#7"});
}

// --- S20

TEST_CASE("a node waits for a soft dependency to be ready", "[supervisor][S20]") {
  EngineHarness run({{.name = "metrics"}, {.name = "api", .soft_dependencies = {"metrics"}}});
  CHECK(run.Begin() == Lines{"launch metrics#1"});
  CHECK(run.Ready("metrics") == Lines{"launch api#2"});
}

TEST_CASE("a node waits for a soft dependency to be ready or ended, and backing off is not ended",
          "[supervisor][S20]") {
  std::vector<TestNode> nodes{{.name = "metrics"},
                              {.name = "api", .soft_dependencies = {"metrics"}}};
  PolicyOf(nodes, "metrics").restart = Steady();
  EngineHarness run(nodes);
  run.Begin();
  CHECK(run.FailWith("metrics", kRestart) == Lines{"ask metrics#1", "consult metrics#1 Thrown"});
  CHECK(run.Cooperate() == Lines{"destroy metrics#1"});
  CHECK(run.state("metrics") == NodeState::kBackingOff);
  CHECK(run.state("api") == NodeState::kWaiting);
  CHECK(run.Advance(1s) == Lines{"launch metrics#2"});
  run.FailWith("metrics", kStop);
  CHECK(run.Cooperate() == Lines{"destroy metrics#2", "launch api#3"});
}

TEST_CASE("a soft dependency that goes down leaves the node as it is", "[supervisor][S20][S4]") {
  EngineHarness run({{.name = "metrics"}, {.name = "api", .soft_dependencies = {"metrics"}}});
  run.Start();
  run.FailWith("metrics", kStop);
  CHECK(run.Cooperate() == Lines{"destroy metrics#1"});
  CHECK(run.state("api") == NodeState::kReady);
  CHECK(run.FailWith("api", kStopParents) == Lines{"ask api#2", "consult api#2 Thrown"});
}

TEST_CASE("kStopParents does not climb soft edges", "[supervisor][S20][S4]") {
  EngineHarness run({{.name = "metrics"}, {.name = "api", .soft_dependencies = {"metrics"}}});
  run.Start();
  run.FailWith("api", kStopParents);
  CHECK(run.Cooperate() == Lines{"destroy api#2"});
  CHECK(run.state("metrics") == NodeState::kReady);
}

TEST_CASE("when both go down the node ends before its soft dependency", "[supervisor][S20][S5]") {
  EngineHarness run({{.name = "metrics"}, {.name = "api", .soft_dependencies = {"metrics"}}});
  run.Start();
  CHECK(run.RequestStop() == Lines{"ask api#2"});
  CHECK(run.Cooperate() == Lines{"destroy api#2", "ask metrics#1", "destroy metrics#1", "finish"});
}

TEST_CASE("a soft dependency that restarts does not wait for the node", "[supervisor][S20][S6]") {
  std::vector<TestNode> nodes{{.name = "metrics"},
                              {.name = "api", .soft_dependencies = {"metrics"}}};
  PolicyOf(nodes, "metrics").restart.initial = 0s;
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("metrics", kRestart);
  CHECK(run.Cooperate() == Lines{"destroy metrics#1", "launch metrics#3"});
  CHECK(run.state("api") == NodeState::kReady);
}

TEST_CASE("a soft dependency that restarts does not wait for a node that goes down",
          "[supervisor][S20]") {
  std::vector<TestNode> nodes{{.name = "metrics"},
                              {.name = "api", .soft_dependencies = {"metrics"}}};
  PolicyOf(nodes, "metrics").restart.initial = 0s;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("metrics", kRestart);
  run.FailWith("api", kStop);
  CHECK(run.Done("metrics") == Lines{"destroy metrics#1"});
  CHECK(run.Gone("metrics") == Lines{"launch metrics#3"});
}

}  // namespace
}  // namespace stemma
