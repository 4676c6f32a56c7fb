// SPDX-License-Identifier: Apache-2.0
// When a node is looked at, and when it has been silent for too long: S22, the engine's part.
#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "stemma/supervisor/engine.h"
#include "stemma/supervisor/internal/engine_harness.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using namespace internal;  // NOLINT: the test's own vocabulary
using enum ErrorHandlingBehavior;

// A chain whose db has a watchdog of 5 s and whose restarts have no chance in them, all ready.
EngineHarness Watched() {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "db").watchdog = 5s;
  PolicyOf(nodes, "db").restart = Steady();
  EngineHarness run(std::move(nodes));
  run.Start();
  return run;
}

TEST_CASE("without a watchdog nobody is looked at, and nobody woken", "[supervisor][S22][S23]") {
  EngineHarness run(Chain());
  run.Start();
  CHECK_FALSE(run.engine().next_deadline());
}

TEST_CASE("a ready node is looked at when it may have been silent for its watchdog",
          "[supervisor][S22]") {
  EngineHarness run = Watched();
  CHECK(run.Advance(5s - 1ns) == Lines{});
  CHECK(run.Advance(1ns) == Lines{"check db#1"});
  CHECK(run.Advance(1h) == Lines{});  // once, until it has been answered
}

TEST_CASE("a node that was heard of is looked at that much later", "[supervisor][S22]") {
  EngineHarness run = Watched();
  run.Advance(5s);
  CHECK(run.Heartbeat("db", run.now() - 2s) == Lines{});
  CHECK(run.Advance(3s - 1ns) == Lines{});
  CHECK(run.Advance(1ns) == Lines{"check db#1"});
  CHECK(run.Heartbeat("db", run.now()) == Lines{});
  CHECK(run.Advance(5s) == Lines{"check db#1"});
}

TEST_CASE("a node that was not heard of for its watchdog has failed", "[supervisor][S22]") {
  EngineHarness run = Watched();
  run.Advance(5s);
  CHECK(run.Heartbeat("db", run.now() - 5s) == Lines{"ask db#1", "consult db#1 Watchdog"});
  CHECK(run.state("db") == NodeState::kDeciding);
  run.Verdict("db", kRestart);
  run.Cooperate();
  CHECK(run.Advance(1s) == Lines{"launch db#4"});
  run.Ready("db");
  CHECK(run.Advance(5s) == Lines{"check db#4"});
}

TEST_CASE("a node is watched neither before it is ready nor after", "[supervisor][S22]") {
  std::vector<TestNode> nodes = {{.name = "db"}};
  nodes[0].policy.watchdog = 5s;
  nodes[0].policy.start_timeout = kNoTimeout;
  nodes[0].policy.stop_timeout = kNoTimeout;
  EngineHarness run(nodes);
  run.Begin();
  SECTION("while it starts") { CHECK_FALSE(run.engine().next_deadline()); }
  SECTION("while it decides") {
    run.Ready("db");
    run.Fail("db");
    CHECK_FALSE(run.engine().next_deadline());
  }
  SECTION("while it stops") {
    run.Ready("db");
    run.RequestStop();
    CHECK_FALSE(run.engine().next_deadline());
  }
  SECTION("once it has completed") {
    run.Ready("db");
    run.Done("db");
    CHECK_FALSE(run.engine().next_deadline());
  }
  SECTION("when the answer comes too late") {
    run.Ready("db");
    CHECK(run.Advance(5s) == Lines{"check db#1"});
    run.RequestStop();
    CHECK(run.Heartbeat("db", run.now() - 5s) == Lines{});
    CHECK(run.state("db") == NodeState::kStopping);
  }
}

TEST_CASE("the heartbeat of a dead incarnation is not the live one's", "[supervisor][S22][S16]") {
  EngineHarness run = Watched();
  run.FailWith("db", kRestart);
  run.Cooperate();
  run.Advance(1s);
  run.Ready("db");
  CHECK(run.Send({.kind = Input::Kind::kHeartbeat, .node = run.id("db"), .incarnation = 1}) ==
        Lines{});
  CHECK(run.state("db") == NodeState::kReady);
}

TEST_CASE("a node that waits for its dependents to end is watched still", "[supervisor][S22]") {
  EngineHarness run = Watched();
  run.RequestStop();
  CHECK(run.state("db") == NodeState::kReady);
  run.Done("web"), run.Gone("web");
  CHECK(run.Advance(5s) == Lines{"check db#1"});
  CHECK(run.Heartbeat("db", run.now() - 5s) == Lines{"ask db#1", "consult db#1 Watchdog"});
}

TEST_CASE("a watchdog's arithmetic saturates", "[supervisor][S22][S1]") {
  std::vector<TestNode> nodes = {{.name = "db"}};
  nodes[0].policy.watchdog = kNoTimeout - 1ns;
  EngineHarness run(nodes);
  run.Start();
  CHECK_FALSE(run.engine().next_deadline());
  CHECK(run.Heartbeat("db", run.now()) == Lines{});
  CHECK_FALSE(run.engine().next_deadline());
}

}  // namespace
}  // namespace stemma
