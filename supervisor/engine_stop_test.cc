// SPDX-License-Identifier: Apache-2.0
// Requested stops, what is stuck, and the two that end a stop early: S11, S12 and S13.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <chrono>

#include "stemma/supervisor/engine.h"
#include "stemma/supervisor/internal/engine_harness.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using namespace internal;  // NOLINT: the test's own vocabulary
using enum ErrorHandlingBehavior;

// --- S11

TEST_CASE("a requested stop is the outcome, and RequestStop may come any number of times",
          "[supervisor][S11][S15]") {
  EngineHarness run(Chain());
  run.Start();
  CHECK(run.RequestStop() == Lines{"ask web#3"});
  CHECK(run.RequestStop() == Lines{});
  CHECK(run.Cooperate().back() == "finish");
  CHECK(run.engine().outcome() == Outcome::kStopRequested);
  CHECK(run.engine().outcome_cause() == Cause{.kind = Cause::Kind::kStopRequest});
  CHECK(run.cause("db") == Cause{.kind = Cause::Kind::kStopRequest});
}

TEST_CASE("a stop that is requested before the beginning launches nothing", "[supervisor][S11]") {
  EngineHarness run(Chain(), {.shutdown_delay = 5s});
  CHECK(run.RequestStop() == Lines{});
  CHECK(run.Begin() == Lines{"finish"});
  CHECK(run.state("db") == NodeState::kStopped);
  CHECK(run.engine().outcome() == Outcome::kStopRequested);
}

TEST_CASE("a requested stop is not ready for shutdown_delay first, and serves on meanwhile",
          "[supervisor][S11]") {
  EngineHarness run(Chain(), {.shutdown_delay = 5s});
  run.Start();
  run.TakeEvents();
  CHECK(run.RequestStop() == Lines{});
  CHECK(run.TakeEvents() == Lines{"stop delayed"});
  CHECK_FALSE(run.engine().all_ready());
  CHECK_FALSE(run.engine().stopping());
  CHECK(run.RequestStop() == Lines{});  // does not start the delay anew
  CHECK(run.Advance(5s - 1ns) == Lines{});
  CHECK(run.state("web") == NodeState::kReady);
  CHECK(run.Advance(1ns) == Lines{"ask web#3"});
}

TEST_CASE("a signal is a requested stop and is delayed as one", "[supervisor][S11][S13]") {
  EngineHarness run(Chain(), {.shutdown_delay = 5s});
  run.Start();
  CHECK(run.Interrupt() == Lines{});
  CHECK(run.Advance(5s) == Lines{"ask web#3"});
  CHECK(run.engine().outcome() == Outcome::kStopRequested);
  CHECK(run.cause("web") == Cause{.kind = Cause::Kind::kInterrupt});
}

TEST_CASE("a verdict is not delayed, and cuts a delay short", "[supervisor][S11]") {
  EngineHarness run(Chain(), {.shutdown_delay = 5s});
  run.Start();
  const bool requested = GENERATE(true, false);
  if (requested) run.RequestStop();
  CHECK(run.FailWith("db", kShutdown) == Lines{"ask db#1", "consult db#1 Thrown", "ask web#3"});
  CHECK(run.engine().outcome() == Outcome::kShutdown);
  CHECK(run.Cooperate().back() == "finish");
}

TEST_CASE("a failure during the delay is restarted as ever", "[supervisor][S11][S8]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "db").restart = Steady();
  EngineHarness run(nodes, {.shutdown_delay = 5s});
  run.Start();
  run.RequestStop();
  run.FailWith("db", kRestart);
  run.End("db");
  CHECK(run.Advance(1s) == Lines{"launch db#4"});
}

TEST_CASE("a service that ends by itself during the delay was asked to stop all the same",
          "[supervisor][S11][S15][S19]") {
  std::vector<TestNode> nodes = {{.name = "db"}};
  const auto choice = GENERATE(OnCompletion::kComplete, OnCompletion::kShutdown);
  PolicyOf(nodes, "db").on_completion = choice;
  EngineHarness run(nodes, {.shutdown_delay = 5s});
  run.Start();
  run.RequestStop();
  CHECK(run.Done("db") == Lines{"destroy db#1"});
  CHECK_FALSE(run.engine().all_ready());
  CHECK(run.Gone("db") == Lines{"finish"});
  CHECK(run.engine().outcome() == Outcome::kStopRequested);
}

TEST_CASE("a node's stop clock starts when it is asked", "[supervisor][S11][trap17][trap21]") {
  EngineHarness run(Chain());
  run.Start();
  run.RequestStop();
  run.Advance(9s);
  CHECK(run.End("web") == Lines{"destroy web#3", "ask api#2"});
  CHECK(run.Advance(9s) == Lines{});  // 18 s after the request
  CHECK(run.End("api") == Lines{"destroy api#2", "ask db#1"});
  CHECK(run.Advance(10s) == Lines{"abandon db#1", "finish"});
}

TEST_CASE("a failed node's stop clock starts at its failure", "[supervisor][S11][trap21]") {
  EngineHarness run(Chain());
  run.Start();
  run.Fail("web");
  run.Advance(6s);
  run.Verdict("web", kStop);
  CHECK(run.Advance(4s - 1ns) == Lines{});
  CHECK(run.Advance(1ns) == Lines{"abandon web#3"});
}

TEST_CASE("a failure after the request to stop does not start the stop clock anew",
          "[supervisor][S11]") {
  EngineHarness run({{.name = "db"}});
  run.Start();
  run.RequestStop();
  run.Advance(6s);
  run.FailWith("db", kStop);
  CHECK(run.Advance(4s) == Lines{"abandon db#1", "finish"});
}

// --- S12

TEST_CASE("what is stuck is named, and abandoned; the stop goes on without it",
          "[supervisor][S12][trap19]") {
  EngineHarness run(Chain());
  run.Start();
  run.RequestStop();
  run.TakeEvents();
  CHECK(run.Advance(10s) == Lines{"abandon web#3", "ask api#2"});
  CHECK(run.TakeEvents() ==
        Lines{"stuck web#3", "web: stopping -> abandoned", "api: ready -> stopping"});
  CHECK(run.cause("web").kind == Cause::Kind::kStopRequest);
}

TEST_CASE("the ancestors of an abandoned instance stop, and are not destroyed",
          "[supervisor][S12]") {
  EngineHarness run(M());
  run.Start();
  run.RequestStop();
  CHECK(run.End("right") == Lines{"destroy right#5", "ask c#3"});
  CHECK(run.End("c") == Lines{"destroy c#3"});  // not an ancestor of left
  CHECK(run.Advance(10s) == Lines{"abandon left#4", "ask a#1", "ask b#2"});
  CHECK(run.End("a") == Lines{"leak a#1"});
  CHECK(run.End("b") == Lines{"leak b#2", "finish"});
  CHECK(run.state("a") == NodeState::kStopped);
}

TEST_CASE("a stuck node that is waited for is named, once", "[supervisor][S12]") {
  EngineHarness run(Chain(), {.on_stuck = OnStuck::kWait});
  run.Start();
  run.RequestStop();
  run.TakeEvents();
  CHECK(run.Advance(1h) == Lines{});
  CHECK(run.TakeEvents() == Lines{"stuck web#3"});
  CHECK(run.state("web") == NodeState::kStopping);
  CHECK_FALSE(run.engine().next_deadline());
  CHECK(run.End("web") == Lines{"destroy web#3", "ask api#2"});
  CHECK(run.Cooperate().back() == "finish");
}

TEST_CASE("kAbort leaves the process for the first that is stuck", "[supervisor][S12]") {
  EngineHarness run(Chain(), {.on_stuck = OnStuck::kAbort});
  run.Start();
  run.RequestStop();
  CHECK(run.Advance(10s) == Lines{"abort web#3"});
}

TEST_CASE("a stop timeout of none waits for as long as it takes", "[supervisor][S12][S18]") {
  std::vector<TestNode> nodes = {{.name = "inner"}};
  PolicyOf(nodes, "inner").stop_timeout = kNoTimeout;
  EngineHarness run(nodes);
  run.Start();
  run.RequestStop();
  CHECK_FALSE(run.engine().next_deadline());
  CHECK(run.End("inner") == Lines{"destroy inner#1", "finish"});
}

TEST_CASE("a destructor has stop_timeout of its own, and is abandoned after it",
          "[supervisor][S12]") {
  EngineHarness run(Chain());
  run.Start();
  run.RequestStop();
  run.Advance(9s);
  CHECK(run.Done("web") == Lines{"destroy web#3"});
  CHECK(run.Advance(10s - 1ns) == Lines{});
  CHECK(run.Advance(1ns) == Lines{"abandon web#3", "ask api#2"});
  CHECK(run.Cooperate() == Lines{"leak api#2", "ask db#1", "leak db#1", "finish"});
}

TEST_CASE("the stuck destructor of a node that had completed is an abandoned node too",
          "[supervisor][S12][S15]") {
  EngineHarness run({{.name = "job"}});
  run.Start();
  CHECK(run.Done("job") == Lines{"destroy job#1"});
  CHECK(run.Advance(10s) == Lines{"abandon job#1", "finish"});
  CHECK(run.state("job") == NodeState::kAbandoned);
  CHECK(run.engine().outcome() == Outcome::kFailed);
  CHECK(run.engine().outcome_cause().node == run.id("job"));
}

TEST_CASE("a late end of an abandoned instance is an event only", "[supervisor][S12]") {
  EngineHarness run(Chain());
  run.Start();
  run.FailWith("web", kStop);
  CHECK(run.Advance(10s) == Lines{"abandon web#3"});
  run.TakeEvents();
  CHECK(run.Done("web") == Lines{});
  CHECK(run.TakeEvents() == Lines{"late end web#3"});
  CHECK(run.Fail("web") == Lines{});
  CHECK(run.TakeEvents() == Lines{"secondary failure web#3"});
  CHECK(run.state("web") == NodeState::kAbandoned);
}

TEST_CASE("who was left behind may say what it likes", "[supervisor][S12][S4]") {
  EngineHarness run(Chain());
  run.Start();
  run.Stop("web");
  CHECK(run.Advance(10s) == Lines{"abandon web#3"});
  run.TakeEvents();
  CHECK(run.Fail("web") == Lines{});  // its first failure, and too late to ask anybody
  CHECK(run.LeftBehind("web") == Lines{});
  CHECK(run.TakeEvents() == Lines{"secondary failure web#3"});
}

TEST_CASE("threads that an ended instance says it has left are none", "[supervisor][S12][S18]") {
  EngineHarness run(Chain());
  run.Start();
  run.Stop("web");
  run.Done("web");
  run.LeftBehind("web");
  run.Gone("web");
  CHECK(run.state("web") == NodeState::kStopped);
  run.Stop("db");
  CHECK(run.Cooperate() == Lines{"destroy api#2", "ask db#1", "destroy db#1"});
}

TEST_CASE("an abandoned node is not restarted: the verdict becomes on_limit",
          "[supervisor][S12][S8]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "api").restart.on_limit = kStop;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("api", kRestart);
  run.TakeEvents();
  CHECK(run.Advance(10s) == Lines{"abandon api#2", "ask web#3"});
  CHECK(run.TakeEvents() == Lines{"stuck api#2", "api: stopping -> abandoned",
                                  "restart refused api#2 Stop: abandoned",
                                  "web: ready -> stopping"});
  CHECK(run.Cooperate() == Lines{"destroy web#3"});
  CHECK(run.state("db") == NodeState::kReady);
}

TEST_CASE("an ancestor of an abandoned node is not restarted either", "[supervisor][S12][S8]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "db").restart.on_limit = kStop;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("web", kStop);
  run.Advance(10s);
  run.TakeEvents();
  CHECK(run.FailWith("db", kRestart) == Lines{"ask db#1", "consult db#1 Thrown", "ask api#2"});
  CHECK(run.Cooperate() == Lines{"leak api#2", "leak db#1", "finish"});
  CHECK(run.state("db") == NodeState::kFailed);
}

TEST_CASE("a restart under way comes to nothing when a descendant is abandoned meanwhile",
          "[supervisor][S12][S6]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  PolicyOf(nodes, "api").restart.on_limit = kStop;
  PolicyOf(nodes, "db").restart.on_limit = kStop;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("db", kRestart);
  CHECK(run.Done("db") == Lines{});
  CHECK(run.Advance(10s) == Lines{"abandon api#2", "leak db#1", "ask web#3"});
  CHECK(run.Cooperate() == Lines{"destroy web#3", "finish"});
  CHECK(run.state("db") == NodeState::kFailed);
  CHECK(run.state("web") == NodeState::kStopped);
}

TEST_CASE("the run does not end before an abandoned node's handler has answered",
          "[supervisor][S12][S7]") {
  EngineHarness run({{.name = "db"}});
  run.Start();
  run.RequestStop();
  run.Advance(5s);
  run.Fail("db");
  CHECK(run.Advance(5s) == Lines{"abandon db#1"});
  CHECK(run.Verdict("db", kShutdown) == Lines{"finish"});
  CHECK(run.engine().outcome() == Outcome::kShutdown);
}

TEST_CASE("a run that fails only by an abandoned node has failed", "[supervisor][S12][S15]") {
  std::vector<TestNode> nodes = {{.name = "db"}};
  PolicyOf(nodes, "db").restart.on_limit = kStop;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("db", kRestart);
  CHECK(run.Advance(10s) == Lines{"abandon db#1", "finish"});
  CHECK(run.engine().outcome() == Outcome::kFailed);
  CHECK(run.engine().outcome_cause().node == run.id("db"));
}

TEST_CASE("at shutdown_deadline all that remains is asked at once and then abandoned",
          "[supervisor][S12][trap17]") {
  const auto on_stuck = GENERATE(OnStuck::kAbandon, OnStuck::kWait);
  EngineHarness run(Chain(), {.on_stuck = on_stuck, .shutdown_deadline = 4s});
  run.Start();
  run.RequestStop();
  CHECK(run.Advance(4s - 1ns) == Lines{});
  CHECK(run.Advance(1ns) ==
        Lines{"ask db#1", "ask api#2", "abandon db#1", "abandon api#2", "abandon web#3", "finish"});
  CHECK(run.cause("db") == Cause{.kind = Cause::Kind::kShutdownDeadline});
  CHECK(run.cause("web") == Cause{.kind = Cause::Kind::kStopRequest});
  CHECK(run.engine().outcome() == Outcome::kStopRequested);
}

TEST_CASE("at shutdown_deadline kAbort leaves the process", "[supervisor][S12]") {
  EngineHarness run({{.name = "db"}}, {.on_stuck = OnStuck::kAbort, .shutdown_deadline = 4s});
  run.Start();
  run.RequestStop();
  CHECK(run.Advance(4s) == Lines{"abort db#1"});
}

TEST_CASE("shutdown_deadline does not abandon what has ended and waits for others to",
          "[supervisor][S12]") {
  EngineHarness run(Chain(), {.shutdown_deadline = 4s});
  run.Start();
  run.FailWith("db", kShutdown);
  run.Done("db");
  run.Done("api");
  CHECK(run.Advance(4s) == Lines{"abandon web#3", "leak api#2", "leak db#1", "finish"});
  CHECK(run.state("db") == NodeState::kFailed);
  CHECK(run.state("api") == NodeState::kCompleted);
}

TEST_CASE("shutdown_deadline abandons an instance that is being destroyed", "[supervisor][S12]") {
  EngineHarness run({{.name = "db"}}, {.shutdown_deadline = 4s});
  run.Start();
  run.RequestStop();
  CHECK(run.Done("db") == Lines{"destroy db#1"});
  CHECK(run.Advance(4s) == Lines{"abandon db#1", "finish"});
}

TEST_CASE("shutdown_deadline does not wait for handlers", "[supervisor][S12][S9]") {
  EngineHarness run({{.name = "db"}}, {.shutdown_deadline = 4s});
  run.Start();
  run.RequestStop();
  run.Fail("db");
  run.TakeEvents();
  CHECK(run.Advance(4s) == Lines{"abandon db#1", "finish"});
  CHECK(run.TakeEvents()[0] == "handler fault db#1");
  CHECK(run.engine().outcome() == Outcome::kShutdown);
}

TEST_CASE("shutdown_deadline counts from the stop, or from the request that is being delayed",
          "[supervisor][S12][S11]") {
  EngineHarness run({{.name = "db"}}, {.shutdown_deadline = 4s, .shutdown_delay = 3s});
  run.Start();
  SECTION("from the request") {
    run.RequestStop();
    CHECK(run.Advance(3s) == Lines{"ask db#1"});
    CHECK(run.Advance(1s) == Lines{"abandon db#1", "finish"});
  }
  SECTION("also when a verdict cuts the delay short") {
    run.RequestStop();
    run.Advance(2s);
    run.FailWith("db", kShutdown);
    CHECK(run.Advance(2s) == Lines{"abandon db#1", "finish"});
  }
  SECTION("from the verdict") {
    run.FailWith("db", kShutdown);
    CHECK(run.Advance(4s) == Lines{"abandon db#1", "finish"});
  }
}

TEST_CASE("a shutdown_deadline within shutdown_delay ends both", "[supervisor][S12][S11]") {
  EngineHarness run({{.name = "db"}}, {.shutdown_deadline = 2s, .shutdown_delay = 3s});
  run.Start();
  run.RequestStop();
  CHECK(run.Advance(2s) == Lines{"ask db#1", "abandon db#1", "finish"});
}

// --- S13

TEST_CASE("the first signal stops in order, the second forces the exit",
          "[supervisor][S13][trap19]") {
  const bool terminate = GENERATE(true, false);
  EngineHarness run(Chain());
  run.Start();
  CHECK((terminate ? run.Terminate() : run.Interrupt()) == Lines{"ask web#3"});
  CHECK(run.Interrupt() == Lines{"force exit"});
  CHECK(run.last(Action::Kind::kForceExit).cause.kind == Cause::Kind::kInterrupt);
  CHECK(run.Terminate() == Lines{"force exit"});
  CHECK(run.last(Action::Kind::kForceExit).cause.kind == Cause::Kind::kTerminate);
}

TEST_CASE("the first signal after a request by other means is still the first",
          "[supervisor][S13][S11]") {
  EngineHarness run(Chain());
  run.Start();
  run.RequestStop();
  CHECK(run.Interrupt() == Lines{});
  CHECK(run.Terminate() == Lines{"force exit"});
}

TEST_CASE("a second signal forces the exit during the delay too", "[supervisor][S13][S11]") {
  EngineHarness run(Chain(), {.shutdown_delay = 5s});
  run.Start();
  run.Interrupt();
  CHECK(run.Interrupt() == Lines{"force exit"});
}

TEST_CASE("a signal during a shutdown by verdict raises nothing", "[supervisor][S13][S15]") {
  EngineHarness run(Chain());
  run.Start();
  run.FailWith("db", kShutdown);
  CHECK(run.Terminate() == Lines{});
  CHECK(run.Cooperate().back() == "finish");
  CHECK(run.engine().outcome() == Outcome::kShutdown);
}

}  // namespace
}  // namespace stemma
