// SPDX-License-Identifier: Apache-2.0
// Operator commands about a node: S24, in every state of it and of the supervisor.
#include <algorithm>
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

// --- StopNode

TEST_CASE("StopNode stops the node with its descendants, in order", "[supervisor][S24][S5]") {
  EngineHarness run(Diamond());
  run.Start();
  CHECK(run.Stop("left") == Lines{"answer left#2 accepted", "ask top#4"});
  CHECK(run.End("top") == Lines{"destroy top#4", "ask left#2"});
  run.Cooperate();
  CHECK(run.state("left") == NodeState::kStopped);
  CHECK(run.state("top") == NodeState::kStopped);
  CHECK(run.state("right") == NodeState::kReady);
  CHECK(run.cause("top") == Cause{.kind = Cause::Kind::kOperator, .node = run.id("left")});
}

TEST_CASE("what an operator has stopped does not count as ended for Run's return",
          "[supervisor][S24][S15]") {
  EngineHarness run(Chain());
  run.Start();
  run.Stop("db");
  Lines lines = run.Cooperate();
  CHECK(std::find(lines.begin(), lines.end(), "finish") == lines.end());
  CHECK_FALSE(run.engine().finished());
  CHECK(run.RequestStop() == Lines{"finish"});
  CHECK(run.engine().outcome() == Outcome::kStopRequested);
}

TEST_CASE("operator-stopped beats kRestart: a pending verdict, and a backoff",
          "[supervisor][S24]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "web").restart = Steady();
  EngineHarness run(nodes);
  run.Start();
  run.Fail("web");
  SECTION("while the handler is asked") {
    run.Stop("web");
    run.Verdict("web", kRestart);
    run.Cooperate();
    run.End("web");
  }
  SECTION("while it backs off") {
    run.Verdict("web", kRestart);
    run.End("web");
    REQUIRE(run.state("web") == NodeState::kBackingOff);
    run.Stop("web");
  }
  CHECK(run.state("web") == NodeState::kStopped);
  CHECK(run.Advance(1h) == Lines{});
}

TEST_CASE("a severer verdict still counts while the operator's stop goes on",
          "[supervisor][S7][S24]") {
  EngineHarness run(Chain());
  run.Start();
  run.Stop("web");
  CHECK(run.FailWith("web", kShutdown) == Lines{"consult web#3 Thrown"});
  CHECK(run.engine().outcome() == Outcome::kShutdown);
}

TEST_CASE("cascades leave an operator-stopped node as it is", "[supervisor][S24]") {
  EngineHarness run(Diamond());
  run.Start();
  run.Stop("left");
  run.Cooperate();
  run.TakeEvents();
  run.FailWith("base", kStop);
  run.Cooperate();
  run.End("base");
  CHECK(run.state("left") == NodeState::kStopped);
  CHECK(run.cause("left").kind == Cause::Kind::kOperator);
  CHECK_FALSE(run.engine().finished());  // left and top may be started again, should base be
}

TEST_CASE("StopNode before the beginning: the node is not launched", "[supervisor][S24]") {
  EngineHarness run(Chain());
  CHECK(run.Stop("api") == Lines{"answer api#0 accepted"});
  CHECK(run.Begin() == Lines{"launch db#1"});
  CHECK(run.state("web") == NodeState::kStopped);
  CHECK(run.StartNode("api") == Lines{"answer api#0 accepted"});
  CHECK(run.Ready("db") == Lines{"launch api#2"});
}

TEST_CASE("a node that completes before the operator's stop has reached it counts as ended",
          "[supervisor][S15][S19][S24]") {
  // log is to wait for the end of its soft dependent, and has completed before that.
  EngineHarness run({{.name = "log"}, {.name = "app", .soft_dependencies = {"log"}}});
  run.Start();
  run.FailWith("app", kStop);
  CHECK(run.Stop("log") == Lines{"answer log#1 accepted"});
  CHECK(run.End("log") == Lines{"destroy log#1"});
  CHECK(run.state("log") == NodeState::kCompleted);
  CHECK(run.End("app") == Lines{"destroy app#2", "finish"});
}

// --- StartNode

TEST_CASE("StartNode starts the ancestors that are down, and no descendants", "[supervisor][S24]") {
  EngineHarness run(Chain());
  run.Start();
  run.Stop("db");
  run.Cooperate();
  CHECK(run.StartNode("api") == Lines{"answer api#2 accepted", "launch db#4"});
  CHECK(run.Ready("db") == Lines{"launch api#5"});
  CHECK(run.Ready("api") == Lines{});
  CHECK(run.state("web") == NodeState::kStopped);
  CHECK(run.StartNode("web") == Lines{"answer web#3 accepted", "launch web#6"});
}

TEST_CASE("StartNode of a failed node gives it a fresh budget", "[supervisor][S24][S8]") {
  std::vector<TestNode> nodes = {{.name = "a"}, {.name = "b"}};
  PolicyOf(nodes, "a").restart = Steady();
  PolicyOf(nodes, "a").restart.max_restarts = 0;
  PolicyOf(nodes, "a").restart.on_limit = kStop;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("a", kRestart);
  run.End("a");
  REQUIRE(run.state("a") == NodeState::kFailed);
  CHECK(run.StartNode("a") == Lines{"answer a#1 accepted", "launch a#3"});
  run.Ready("a");
  run.RequestStop();
  run.Cooperate();
  CHECK(run.engine().outcome() == Outcome::kStopRequested);
}

TEST_CASE("what is started while it goes down comes back when it has ended", "[supervisor][S24]") {
  EngineHarness run(Chain());
  run.Start();
  run.Stop("db");
  run.TakeEvents();
  SECTION("it has been asked") {
    CHECK(run.StartNode("web") == Lines{"answer web#3 accepted"});
    // The others had not been asked yet: they stay.
    CHECK(run.Done("web") == Lines{"destroy web#3"});
    CHECK(run.Gone("web") == Lines{"launch web#4"});
    CHECK(run.state("db") == NodeState::kReady);
  }
  SECTION("it has not") {
    CHECK(run.StartNode("db") == Lines{"answer db#1 accepted"});
    run.Cooperate();
    CHECK(run.state("db") == NodeState::kReady);
    CHECK(run.incarnation("db") == 1);
    CHECK(run.state("api") == NodeState::kStopped);
  }
}

TEST_CASE("what was not asked yet follows a dependency that has to come back",
          "[supervisor][S6][S24]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.FailWith("db", kStop) == Lines{"ask db#1", "consult db#1 Thrown", "ask web#3"});
  // api still runs, db has failed and comes back: api is to get a fresh incarnation too.
  SECTION("when it is the one that is started") { run.StartNode("api"); }
  SECTION("when another one needs it") { run.StartNode("web"); }
  CHECK(run.End("web").at(1) == "ask api#2");
  CHECK(run.Done("db") == Lines{});
  run.End("api");
  CHECK(run.incarnation("api") == 2);
  run.Gone("db");
  CHECK(run.Ready("db").front() == "launch api#5");
}

TEST_CASE("the failure of what is started while it goes down is forgiven",
          "[supervisor][S24][S15]") {
  EngineHarness run(Chain());
  run.Start();
  run.FailWith("web", kStop);
  run.StartNode("web");
  SECTION("a stop comes before its end") { run.RequestStop(); }
  SECTION("a stop comes while it waits for its dependency") {
    run.Fail("api");
    run.End("web");
    REQUIRE(run.state("web") == NodeState::kWaiting);
    run.RequestStop();
  }
  run.Cooperate();
  CHECK(run.state("web") == NodeState::kStopped);
}

TEST_CASE("StartNode of a node that backs off starts it now; of one that runs, nothing",
          "[supervisor][S24]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "web").restart = Steady();
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.StartNode("web") == Lines{"answer web#3 accepted"});
  run.FailWith("web", kRestart);
  run.End("web");
  CHECK(run.StartNode("web") == Lines{"answer web#3 accepted", "launch web#4"});
  CHECK(run.Advance(30s) == Lines{"ask web#4", "consult web#4 StartTimeout"});
}

TEST_CASE("what was abandoned is not started, nor what stands on it", "[supervisor][S12][S24]") {
  EngineHarness run(Chain());
  run.Start();
  run.Stop("api");
  run.End("web");
  run.Advance(10s);
  REQUIRE(run.state("api") == NodeState::kAbandoned);
  CHECK(run.StartNode("api") == Lines{"answer api#2 abandoned"});
  CHECK(run.StartNode("web") == Lines{"answer api#2 abandoned"});
  CHECK(run.Restart("db") == Lines{"answer db#1 abandoned"});
  CHECK(run.StartNode("db") == Lines{"answer db#1 accepted"});  // it runs
  CHECK(run.Remove("web") == Lines{"answer web#3 accepted", "removed web"});
  CHECK(run.Remove("api") == Lines{"answer api#2 abandoned"});
}

TEST_CASE("who was started below a completed node goes down when that cannot be destroyed",
          "[supervisor][S6][S12][S24]") {
  EngineHarness run({{.name = "job"}, {.name = "other"}});
  run.Start();
  REQUIRE(run.Done("job") == Lines{"destroy job#1"});
  run.Add({.name = "new", .dependencies = {"job"}});
  run.Add({.name = "later", .dependencies = {"job", "other"}});
  run.Fail("other");  // so that `later` would wait
  REQUIRE(run.state("new") == NodeState::kStarting);
  const Lines lines = run.Advance(10s);
  CHECK(std::find(lines.begin(), lines.end(), "ask new#3") != lines.end());
  CHECK(run.state("later") != NodeState::kWaiting);  // else it would for ever
}

// --- RestartNode

TEST_CASE("RestartNode is a restart without budget or backoff; dependents keep running",
          "[supervisor][S24][S6]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "db").restart = Steady();
  PolicyOf(nodes, "db").restart.max_restarts = 0;
  EngineHarness run(nodes);
  run.Start();
  for (int i = 0; i < 3; ++i) {
    run.Restart("db");
    const Lines lines = run.Cooperate();
    CHECK(lines.back() == "launch db#" + std::to_string(4 + i));
    run.Ready("db");
  }
  CHECK(run.state("web") == NodeState::kReady);
}

TEST_CASE("RestartNode brings the dependents that asked for it along", "[supervisor][S24][S6]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.Restart("db") == Lines{"answer db#1 accepted", "ask api#2"});
  run.End("api");
  run.End("db");
  CHECK(run.Ready("db") == Lines{"launch api#5"});
}

TEST_CASE("RestartNode of a completed node runs it again", "[supervisor][S24][S19]") {
  EngineHarness run(Chain());
  run.Start();
  SECTION("while its instance is kept for its dependents") {
    run.Done("db");
    REQUIRE(run.state("db") == NodeState::kCompleted);
    CHECK(run.Restart("db") == Lines{"answer db#1 accepted", "destroy db#1"});
    CHECK(run.Gone("db") == Lines{"launch db#4"});
    CHECK(run.state("web") == NodeState::kReady);
  }
  SECTION("when that is gone") {
    run.Stop("api");
    run.Cooperate();
    run.Done("db");
    run.Gone("db");
    REQUIRE_FALSE(run.engine().has_instance(run.id("db")));
    CHECK(run.Restart("db") == Lines{"answer db#1 accepted", "launch db#4"});
  }
  CHECK(run.Ready("db") == Lines{});
}

TEST_CASE("RestartNode of a node that is down starts it", "[supervisor][S24]") {
  EngineHarness run(Chain());
  run.Start();
  run.Stop("db");
  run.Cooperate();
  CHECK(run.Restart("web") == Lines{"answer web#3 accepted", "launch db#4"});
}

TEST_CASE("RestartNode of a node that waits changes nothing; of one that backs off, it starts now",
          "[supervisor][S24]") {
  EngineHarness run(Chain());
  run.Begin();
  CHECK(run.Restart("web") == Lines{"answer web#0 accepted"});
  CHECK(run.state("web") == NodeState::kWaiting);
  run.FailWith("db", kRestart);
  run.End("db");
  REQUIRE(run.state("db") == NodeState::kBackingOff);
  CHECK(run.Restart("db") == Lines{"answer db#1 accepted", "launch db#2"});
}

TEST_CASE("a completed node is run again after those that follow it have ended",
          "[supervisor][S24][S6]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  EngineHarness run(nodes);
  run.Start();
  run.Stop("api");
  run.Cooperate();
  run.End("db");  // nobody uses its instance, so it is destroyed
  run.StartNode("api");
  run.Ready("api");
  CHECK(run.Restart("db") == Lines{"answer db#1 accepted", "ask api#4"});
  CHECK(run.state("db") == NodeState::kWaiting);
  CHECK(run.Done("api") == Lines{"destroy api#4"});
  CHECK(run.Gone("api") == Lines{"launch db#5"});
  CHECK(run.Ready("db") == Lines{"launch api#6"});
}

TEST_CASE("a completed node that a cascade has passed comes back with its ancestors",
          "[supervisor][S24][S4]") {
  std::vector<TestNode> nodes = Chain();
  nodes.push_back({.name = "other"});  // else the run would be over
  EngineHarness run(nodes);
  run.Start();
  run.Done("api");
  run.FailWith("db", kStop);
  REQUIRE(run.state("api") == NodeState::kCompleted);
  SECTION("while they end") {
    CHECK(run.Restart("api") == Lines{"answer api#3 accepted"});
    run.Cooperate();
    run.End("web");
  }
  SECTION("when they have ended") {
    run.End("web");
    run.Cooperate();
    CHECK(run.state("db") == NodeState::kFailed);
    run.Restart("api");
  }
  CHECK(run.state("db") == NodeState::kStarting);
  CHECK(run.state("api") == NodeState::kWaiting);
  CHECK(run.Ready("db") == Lines{"launch api#6"});
  CHECK(run.state("web") == NodeState::kStopped);
}

TEST_CASE("StopNode of what is down already, or on its way, changes nothing", "[supervisor][S24]") {
  EngineHarness run(Chain());
  run.Start();
  run.Stop("api");
  CHECK(run.Stop("api") == Lines{"answer api#2 accepted"});
  run.Cooperate();
  CHECK(run.Stop("db") == Lines{"answer db#1 accepted", "ask db#1"});
  CHECK(run.cause("api") == Cause{.kind = Cause::Kind::kOperator, .node = run.id("api")});
  run.Cooperate();
  run.StartNode("db");  // counts for Run's return once, not twice
  run.Ready("db");
  run.StartNode("web");
  run.Ready("api");
  run.Ready("web");
  run.End("web");
  run.End("api");
  run.End("db");
  CHECK(run.engine().finished());
}

TEST_CASE("an end that is none is forgiven, too, by who starts the node again",
          "[supervisor][S19][S24]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "db").on_completion = OnCompletion::kRestart;
  PolicyOf(nodes, "db").restart.max_restarts = 0;
  PolicyOf(nodes, "db").restart.on_limit = kStop;
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.Done("db") == Lines{"ask web#3"});
  run.StartNode("db");
  run.Cooperate();
  CHECK(run.state("db") == NodeState::kStarting);
  CHECK(run.state("api") == NodeState::kStopped);
}

TEST_CASE("a completed dependent is not run again when its dependency is restarted",
          "[supervisor][S6][S24]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  EngineHarness run(nodes);
  run.Start();
  run.Done("api");  // its instance stays, for web
  CHECK(run.Restart("db") == Lines{"answer db#1 accepted", "ask db#1"});
  CHECK(run.state("api") == NodeState::kCompleted);
}

// --- In every state of the supervisor

TEST_CASE("commands are refused once everything is going down", "[supervisor][S24][S14]") {
  EngineHarness run(Chain(), {.shutdown_delay = 5s});
  run.Start();
  const int how = GENERATE(0, 1, 2);
  if (how == 0) run.RequestStop();
  if (how == 1) run.FailWith("db", kShutdown);
  if (how == 2) run.FailWith("db", kSpinHalt);
  CHECK(run.Stop("web") == Lines{"answer stopping"});
  CHECK(run.StartNode("web") == Lines{"answer stopping"});
  CHECK(run.Restart("web") == Lines{"answer stopping"});
  CHECK(run.Add({.name = "new"}) == Lines{"answer stopping"});
  CHECK(run.Remove("web") == Lines{"answer stopping"});
}

TEST_CASE("a command about no node is refused", "[supervisor][S24]") {
  EngineHarness run(Chain());
  run.Start();
  CHECK(run.Stop("gone") == Lines{"answer unknown"});
}

}  // namespace
}  // namespace stemma
