// SPDX-License-Identifier: Apache-2.0
// What comes down with a failure, and in which order: S4, S5 and S7.
#include <catch2/catch_test_macros.hpp>
#include <chrono>

#include "stemma/supervisor/engine.h"
#include "stemma/supervisor/internal/engine_harness.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using namespace internal;  // NOLINT: the test's own vocabulary
using enum ErrorHandlingBehavior;

// The nodes in this state, by name.
Lines In(NodeState state, const EngineHarness& run) {
  Lines names;
  for (NodeId id = 0; id < run.engine().graph().size(); ++id) {
    if (run.engine().state(id) == state) names.push_back(run.engine().graph().name(id));
  }
  return names;
}

// Two shapes side by side, so that there is something that only kShutdown and kSpinHalt reach.
std::vector<TestNode> MAndChain() {
  std::vector<TestNode> nodes = M();
  for (TestNode& node : Chain()) nodes.push_back(node);
  return nodes;
}

// --- S4: what a verdict takes down

TEST_CASE("kStop takes down the node and its descendants", "[supervisor][S4]") {
  EngineHarness run(MAndChain());
  run.Start();
  run.FailWith("b", kStop);
  run.Cooperate();
  CHECK(In(NodeState::kReady, run) == Lines{"a", "c", "db", "api", "web"});
  CHECK(In(NodeState::kFailed, run) == Lines{"b"});
  CHECK(In(NodeState::kStopped, run) == Lines{"left", "right"});
  CHECK_FALSE(run.engine().finished());
}

TEST_CASE("kStop reaches descendants through every path", "[supervisor][S4]") {
  EngineHarness run(Diamond());
  run.Start();
  run.FailWith("base", kStop);
  CHECK(run.Cooperate().back() == "finish");
  CHECK(In(NodeState::kStopped, run) == Lines{"left", "right", "top"});
}

TEST_CASE("kStop of a leaf takes down nothing else", "[supervisor][S4]") {
  EngineHarness run(MAndChain());
  run.Start();
  run.FailWith("left", kStop);
  CHECK(run.Cooperate() == Lines{"destroy left#5"});
  CHECK(In(NodeState::kFailed, run) == Lines{"left"});
  CHECK(In(NodeState::kStopped, run) == Lines{});
}

TEST_CASE("kStopParents takes down the node, its ancestors, and the descendants of all of those",
          "[supervisor][S4][S6]") {
  EngineHarness run(MAndChain());
  run.Start();
  run.FailWith("left", kStopParents);
  run.Cooperate();
  // right goes down because it depends on b, which is an ancestor of left; c is neither.
  CHECK(In(NodeState::kReady, run) == Lines{"c", "db", "api", "web"});
  CHECK(In(NodeState::kFailed, run) == Lines{"left"});
  CHECK(In(NodeState::kStopped, run) == Lines{"right", "a", "b"});
}

TEST_CASE("kStopParents in the middle of a chain takes down all of it", "[supervisor][S4]") {
  EngineHarness run(MAndChain());
  run.Start();
  run.FailWith("api", kStopParents);
  run.Cooperate();
  CHECK(In(NodeState::kReady, run) == Lines{"left", "right", "a", "b", "c"});
}

TEST_CASE("kStopParents at a root is kStop", "[supervisor][S4]") {
  EngineHarness run(MAndChain());
  run.Start();
  run.FailWith("c", kStopParents);
  run.Cooperate();
  CHECK(In(NodeState::kReady, run) == Lines{"left", "a", "b", "db", "api", "web"});
}

TEST_CASE("a second kStopParents climbs where the first one did not", "[supervisor][S4][S7]") {
  EngineHarness run(M());
  run.Start();
  run.Fail("right");
  run.FailWith("left", kStopParents);
  CHECK(run.cause("c") == Cause{});
  run.Verdict("right", kStopParents);
  CHECK(run.Cooperate().back() == "finish");
  CHECK(In(NodeState::kFailed, run) == Lines{"left", "right"});
}

TEST_CASE("kShutdown takes down everything, and is the outcome", "[supervisor][S4][S15]") {
  EngineHarness run(MAndChain());
  run.Start();
  run.FailWith("left", kShutdown);
  CHECK(run.engine().stopping());
  CHECK(run.Cooperate().back() == "finish");
  CHECK(run.engine().outcome() == Outcome::kShutdown);
  CHECK(run.engine().outcome_cause() == Cause{.kind = Cause::Kind::kFailure,
                                              .verdict = kShutdown,
                                              .node = run.id("left"),
                                              .incarnation = run.incarnation("left")});
  CHECK(In(NodeState::kFailed, run) == Lines{"left"});
}

TEST_CASE("kRestart takes down this incarnation alone", "[supervisor][S4]") {
  EngineHarness run(MAndChain());
  run.Start();
  run.FailWith("b", kRestart);
  CHECK(run.Cooperate() == Lines{"destroy b#2"});
  CHECK(In(NodeState::kReady, run) == Lines{"left", "right", "a", "c", "db", "api", "web"});
  CHECK(In(NodeState::kBackingOff, run) == Lines{"b"});
}

TEST_CASE("the handler is asked at the failure, while the node's own workers are being stopped",
          "[supervisor][S4]") {
  EngineHarness run(Chain());
  run.Start();
  CHECK(run.Fail("db") == Lines{"ask db#1", "consult db#1 Thrown"});
  CHECK(run.state("db") == NodeState::kDeciding);
  CHECK(run.cause("db") ==
        Cause{.kind = Cause::Kind::kFailure, .node = run.id("db"), .incarnation = 1});
}

TEST_CASE("dependents keep running until the verdict", "[supervisor][S4][S6]") {
  EngineHarness run(Chain());
  run.Start();
  run.Fail("db");
  CHECK(run.Done("db") == Lines{});  // the instance waits for its verdict too
  CHECK(run.state("api") == NodeState::kReady);
  CHECK(run.state("web") == NodeState::kReady);
  CHECK(run.Verdict("db", kStop) == Lines{"ask web#3"});
}

TEST_CASE("one verdict per incarnation: what it reports later is secondary", "[supervisor][S4]") {
  EngineHarness run(Chain());
  run.Start();
  run.Fail("db");
  run.TakeEvents();
  CHECK(run.Fail("db") == Lines{});
  CHECK(run.TakeEvents() == Lines{"secondary failure db#1"});
  run.Verdict("db", kRestart);
  CHECK(run.Fail("db") == Lines{});
  run.TakeEvents();
  CHECK(run.Verdict("db", kShutdown) == Lines{});
  CHECK(run.TakeEvents() == Lines{});
  CHECK_FALSE(run.engine().stopping());
}

TEST_CASE("a failure that is reported after the end is secondary", "[supervisor][S4]") {
  EngineHarness run({{.name = "db"}});
  run.Start();
  run.RequestStop();
  CHECK(run.Done("db") == Lines{"destroy db#1"});
  run.TakeEvents();
  CHECK(run.Fail("db") == Lines{});
  CHECK(run.TakeEvents() == Lines{"secondary failure db#1"});
  CHECK(run.Gone("db") == Lines{"finish"});
}

TEST_CASE("a failure and an end that arrive together: the failure wins",
          "[supervisor][S4][trap5][trap7]") {
  EngineHarness run({{.name = "db"}});
  run.Start();
  CHECK(run.Fail("db") == Lines{"ask db#1", "consult db#1 Thrown"});
  CHECK(run.Done("db") == Lines{});
  run.Verdict("db", kStop);
  run.Gone("db");
  CHECK(run.state("db") == NodeState::kFailed);
  CHECK(run.engine().outcome() == Outcome::kFailed);
}

// --- S5: in which order

TEST_CASE("a dependency is asked to stop only after its dependents have ended",
          "[supervisor][S5]") {
  EngineHarness run(Chain());
  run.Start();
  CHECK(run.RequestStop() == Lines{"ask web#3"});
  CHECK(run.Done("web") == Lines{"destroy web#3"});  // ended means destroyed
  CHECK(run.Gone("web") == Lines{"ask api#2"});
  CHECK(run.Done("api") == Lines{"destroy api#2"});
  CHECK(run.Gone("api") == Lines{"ask db#1"});
  CHECK(run.Done("db") == Lines{"destroy db#1"});
  CHECK(run.Gone("db") == Lines{"finish"});
}

TEST_CASE("independent branches go down side by side, and the base waits for both",
          "[supervisor][S5][trap16]") {
  EngineHarness run(Diamond());
  run.Start();
  CHECK(run.RequestStop() == Lines{"ask top#4"});
  CHECK(run.Done("top") == Lines{"destroy top#4"});
  CHECK(run.Gone("top") == Lines{"ask left#2", "ask right#3"});
  CHECK(run.End("right") == Lines{"destroy right#3"});
  CHECK(run.End("left") == Lines{"destroy left#2", "ask base#1"});
}

TEST_CASE("all leaves of a star are asked at once", "[supervisor][S5]") {
  EngineHarness run(Star());
  run.Start();
  CHECK(run.RequestStop() == Lines{"ask s1#2", "ask s2#3", "ask s3#4"});
  run.End("s2");
  run.End("s1");
  CHECK(run.End("s3") == Lines{"destroy s3#4", "ask hub#1"});
}

TEST_CASE("dependents that are starting or deciding are waited for too", "[supervisor][S5]") {
  EngineHarness run(Star());
  run.Begin();
  run.Ready("hub");
  run.Ready("s1");
  run.Fail("s1");  // deciding; s2 and s3 are starting
  CHECK(run.FailWith("s2", kStopParents) == Lines{"ask s2#3", "consult s2#3 Thrown", "ask s3#4"});
  CHECK(run.End("s2") == Lines{"destroy s2#3"});
  CHECK(run.End("s3") == Lines{"destroy s3#4"});
  CHECK(run.Done("s1") == Lines{});
  CHECK(run.Verdict("s1", kRestart) == Lines{"destroy s1#2"});
  CHECK(run.Gone("s1") == Lines{"ask hub#1"});
}

TEST_CASE("a failed node's instance is destroyed only after the dependents that go down with it",
          "[supervisor][S5]") {
  EngineHarness run(Chain());
  run.Start();
  CHECK(run.FailWith("db", kStop) == Lines{"ask db#1", "consult db#1 Thrown", "ask web#3"});
  CHECK(run.Done("db") == Lines{});
  CHECK(run.state("db") == NodeState::kStopping);
  CHECK(run.End("web") == Lines{"destroy web#3", "ask api#2"});
  CHECK(run.End("api") == Lines{"destroy api#2", "destroy db#1"});
  CHECK(run.Gone("db") == Lines{"finish"});
}

TEST_CASE("waiting and backing-off nodes become stopped at once", "[supervisor][S5][trap12]") {
  EngineHarness run(Chain());
  run.Begin();
  run.FailWith("db", kRestart);
  run.Cooperate();
  CHECK(run.state("db") == NodeState::kBackingOff);
  CHECK(run.RequestStop() == Lines{"finish"});
  CHECK(In(NodeState::kStopped, run) == Lines{"db", "api", "web"});
  CHECK(run.engine().outcome() == Outcome::kStopRequested);
}

TEST_CASE("completed nodes stay completed", "[supervisor][S5][S19]") {
  EngineHarness run(Chain());
  run.Start();
  run.Done("api");
  run.RequestStop();
  CHECK(run.Cooperate() ==
        Lines{"destroy web#3", "destroy api#2", "ask db#1", "destroy db#1", "finish"});
  CHECK(In(NodeState::kCompleted, run) == Lines{"api"});
  CHECK(In(NodeState::kStopped, run) == Lines{"db", "web"});
}

TEST_CASE("a completed instance is destroyed only after its dependents have ended",
          "[supervisor][S5]") {
  EngineHarness run(Diamond());
  run.Start();
  CHECK(run.Done("base") == Lines{});
  CHECK(run.Done("left") == Lines{});
  CHECK(run.Done("top") == Lines{"destroy top#4"});  // nobody depends on it
  CHECK(run.Gone("top") == Lines{"destroy left#2"});
  CHECK(run.Gone("left") == Lines{});
  CHECK(run.Done("right") == Lines{"destroy right#3"});
  CHECK(run.Gone("right") == Lines{"destroy base#1"});
  CHECK(run.Gone("base") == Lines{"finish"});
  CHECK(run.engine().outcome() == Outcome::kCompleted);
}

TEST_CASE("a completed instance is kept for a dependent that has still to start",
          "[supervisor][S5]") {
  EngineHarness run(
      {{.name = "migrate"}, {.name = "db"}, {.name = "api", .dependencies = {"migrate", "db"}}});
  run.Begin();
  run.Ready("migrate");
  CHECK(run.Done("migrate") == Lines{});
  CHECK(run.FailWith("db", kStop) == Lines{"ask db#2", "consult db#2 Thrown", "destroy migrate#1"});
  CHECK(run.state("api") == NodeState::kStopped);
  CHECK(run.Cooperate() == Lines{"destroy db#2", "finish"});
}

TEST_CASE("an old instance is destroyed before the factory is called for the next",
          "[supervisor][S5][trap15]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "db").restart.initial = 0s;
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.FailWith("db", kRestart) == Lines{"ask db#1", "consult db#1 Thrown"});
  CHECK(run.Done("db") == Lines{"destroy db#1"});
  CHECK(run.Gone("db") == Lines{"launch db#4"});
}

TEST_CASE("a node that ends by itself while it waits to be asked has completed",
          "[supervisor][S5][S19][trap7]") {
  EngineHarness run(Chain());
  run.Start();
  run.RequestStop();
  CHECK(run.Done("db") == Lines{});
  CHECK(run.state("db") == NodeState::kCompleted);
  CHECK(run.Cooperate() ==
        Lines{"destroy web#3", "ask api#2", "destroy api#2", "destroy db#1", "finish"});
}

// --- S7: several at once

TEST_CASE("what goes down is the union of what each verdict takes down",
          "[supervisor][S7][trap2]") {
  EngineHarness run(Diamond());
  run.Start();
  run.Fail("left");
  run.Fail("top");
  CHECK(run.Verdict("left", kStop) == Lines{});
  CHECK(run.state("right") == NodeState::kReady);
  CHECK(run.Verdict("top", kStopParents) == Lines{});  // which is going down already
  CHECK(run.Cooperate() == Lines{"destroy top#4", "destroy left#2", "ask right#3",
                                 "destroy right#3", "ask base#1", "destroy base#1", "finish"});
  CHECK(In(NodeState::kFailed, run) == Lines{"left", "top"});
  CHECK(In(NodeState::kStopped, run) == Lines{"base", "right"});
}

TEST_CASE("a milder verdict after a severer one takes nothing back", "[supervisor][S7]") {
  EngineHarness run(Chain());
  run.Start();
  run.Fail("db");
  run.Fail("web");
  run.Verdict("web", kShutdown);
  run.Verdict("db", kStop);
  CHECK(run.Cooperate().back() == "finish");
  CHECK(run.engine().outcome() == Outcome::kShutdown);
  CHECK(run.engine().outcome_cause().node == run.id("web"));
  CHECK(In(NodeState::kFailed, run) == Lines{"db", "web"});
}

TEST_CASE("an answer that is no verdict, an exception and silence count as kShutdown",
          "[supervisor][S9]") {
  EngineHarness run(Chain());
  run.Start();
  run.Fail("web");
  run.TakeEvents();
  SECTION("below the enum") { run.Verdict("web", static_cast<ErrorHandlingBehavior>(-1)); }
  SECTION("above the enum") { run.Verdict("web", static_cast<ErrorHandlingBehavior>(5)); }
  SECTION("an exception") { run.HandlerThrew("web"); }
  SECTION("silence for stop_timeout") {
    run.Done("web");
    run.Advance(10s);
  }
  const Lines events = run.TakeEvents();
  REQUIRE(events.size() >= 2);
  CHECK(events[0] == "handler fault web#3");
  CHECK(events[1] == "verdict web#3 Shutdown");
  CHECK(run.engine().outcome() == Outcome::kShutdown);
}

TEST_CASE("a failure during a cascade still asks its handler", "[supervisor][S7][trap1]") {
  EngineHarness run(Chain());
  run.Start();
  run.FailWith("db", kStop);
  CHECK(run.Fail("web") == Lines{"consult web#3 Thrown"});  // asked to stop before
  CHECK(run.state("web") == NodeState::kStopping);
  CHECK(run.Done("web") == Lines{});  // not destroyed before the verdict
  CHECK(run.Verdict("web", kStop) == Lines{"destroy web#3"});
  run.Gone("web");
  CHECK(In(NodeState::kFailed, run) == Lines{"web"});
}

TEST_CASE("a failure during a shutdown still asks its handler, and can raise the severity",
          "[supervisor][S7][trap1][trap2]") {
  EngineHarness run(Chain());
  run.Start();
  run.RequestStop();
  CHECK(run.Fail("web") == Lines{"consult web#3 Thrown"});
  CHECK(run.engine().outcome() == Outcome::kStopRequested);
  CHECK(run.Verdict("web", kShutdown) == Lines{});
  CHECK(run.engine().outcome() == Outcome::kShutdown);
  CHECK(run.Fail("api") == Lines{"ask api#2", "consult api#2 Thrown"});  // it was still to be asked
  CHECK(run.Verdict("api", kSpinHalt) == Lines{});
  CHECK(run.engine().outcome() == Outcome::kSpinHalt);
  CHECK(run.Cooperate().back() == "announce spin halt");
}

TEST_CASE("the run is not over while a handler is still to answer", "[supervisor][S7][trap1]") {
  EngineHarness run({{.name = "db"}});
  run.Start();
  run.RequestStop();
  run.Fail("db");
  CHECK(run.Done("db") == Lines{});
  CHECK(run.Verdict("db", kSpinHalt) == Lines{"destroy db#1"});
  CHECK(run.Gone("db") == Lines{"announce spin halt"});
}

TEST_CASE("kRestart from a node that is going down changes nothing and uses no budget",
          "[supervisor][S7]") {
  std::vector<TestNode> nodes = Chain();
  for (TestNode& node : nodes) node.policy.restart.max_restarts = 0;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("db", kStop);
  run.Fail("web");
  run.TakeEvents();
  CHECK(run.Verdict("web", kRestart) == Lines{});
  CHECK(run.TakeEvents() == Lines{"verdict web#3 Restart"});  // and no refusal
  CHECK(run.End("web") == Lines{"destroy web#3", "ask api#2"});
  CHECK(run.state("web") == NodeState::kStopped);
  CHECK_FALSE(run.engine().stopping());
}

TEST_CASE("during a stop of everything kRestart is no escalation and on_limit is not consulted",
          "[supervisor][S7][trap12]") {
  std::vector<TestNode> nodes = Chain();
  for (TestNode& node : nodes) node.policy.restart.max_restarts = 0;
  EngineHarness run(nodes);
  run.Start();
  run.Fail("db");  // deciding when the stop comes
  run.RequestStop();
  run.FailWith("web", kRestart);
  run.Verdict("db", kRestart);
  CHECK(run.Cooperate().back() == "finish");
  CHECK(run.engine().outcome() == Outcome::kStopRequested);
  CHECK(In(NodeState::kStopped, run) == Lines{"db", "api", "web"});
}

TEST_CASE("a cascade takes a node that is backing off with it",
          "[supervisor][S7][trap12][trap14]") {
  EngineHarness run(Chain());
  run.Start();
  run.FailWith("web", kRestart);
  run.Cooperate();
  CHECK(run.state("web") == NodeState::kBackingOff);
  run.FailWith("api", kStop);
  CHECK(run.state("web") == NodeState::kStopped);
  CHECK(run.Cooperate() == Lines{"destroy api#2"});
  CHECK(run.Advance(1h) == Lines{});
}

TEST_CASE("a node that was restarting when the cascade came ends without a successor",
          "[supervisor][S7][trap12]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "api").restart.initial = 0s;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("api", kRestart);
  run.FailWith("db", kStop);
  CHECK(run.cause("api").node == run.id("db"));
  CHECK(run.Cooperate() == Lines{"destroy web#3", "destroy api#2", "destroy db#1", "finish"});
  CHECK(In(NodeState::kStopped, run) == Lines{"api", "web"});
}

}  // namespace
}  // namespace stemma
