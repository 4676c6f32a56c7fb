// SPDX-License-Identifier: Apache-2.0
// Operator commands that change the graph: AddNode and RemoveNode (S24).
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

TEST_CASE("a node that is added starts when its dependencies are ready", "[supervisor][S24][S2]") {
  EngineHarness run(Chain());
  run.Begin();
  CHECK(run.Add({.name = "new", .dependencies = {"db"}}) == Lines{"answer accepted", "added new"});
  CHECK(run.Ready("db") == Lines{"launch api#2", "launch new#3"});
  run.Ready("new");
  CHECK(run.FailWith("db", kStop) ==
        Lines{"ask db#1", "consult db#1 Thrown", "ask api#2", "ask new#3"});
}

TEST_CASE("a node that is added below one that is down begins as stopped", "[supervisor][S24]") {
  EngineHarness run(Chain());
  run.Start();
  run.Stop("api");
  run.Cooperate();
  CHECK(run.Add({.name = "new", .dependencies = {"api", "db"}}) ==
        Lines{"answer accepted", "added new"});
  CHECK(run.state("new") == NodeState::kStopped);
  CHECK(run.StartNode("new") == Lines{"answer new#0 accepted", "launch api#4"});
}

TEST_CASE("a node that is added below a completed one runs, and cascades reach it through that",
          "[supervisor][S24][S4]") {
  // job has completed when a cascade passes it; what is added below it then is to go down with
  // job's dependency all the same.
  std::vector<TestNode> nodes = {{.name = "db"},
                                 {.name = "job", .dependencies = {"db"}},
                                 {.name = "left", .dependencies = {"db"}},
                                 {.name = "right", .dependencies = {"db"}},
                                 {.name = "top", .dependencies = {"left", "right"}},
                                 {.name = "aside"}};
  EngineHarness run(nodes);
  run.Start();
  run.End("job");
  run.FailWith("db", kStop);
  run.Cooperate();
  run.End("db");
  CHECK(run.Add({.name = "new", .dependencies = {"job"}}) ==
        Lines{"answer accepted", "added new", "launch new#7"});
  run.Ready("new");
  run.StartNode("top");
  run.Ready("db");
  run.Ready("left");
  run.Ready("right");
  run.Ready("top");
  CHECK(run.FailWith("db", kStop) ==
        Lines{"ask db#8", "consult db#8 Thrown", "ask top#11", "ask new#7"});
}

TEST_CASE("AddNode is refused for what Create would refuse", "[supervisor][S24][S1]") {
  EngineHarness run(Chain());
  run.Start();
  CHECK(run.Add({.name = "db"}) == Lines{"answer invalid"});
  CHECK(run.Add({.name = "new", .dependencies = {"gone"}}) == Lines{"answer invalid"});
  CHECK(run.Add({.name = "new", .dependencies = {"new"}}) == Lines{"answer invalid"});
}

TEST_CASE("RemoveNode stops the node first, and then it is gone", "[supervisor][S24]") {
  EngineHarness run(Star());
  run.Start();
  CHECK(run.Remove("hub") == Lines{"answer s1#2 has dependents"});
  CHECK(run.Remove("s1") == Lines{"answer s1#2 accepted", "ask s1#2"});
  CHECK(run.StartNode("s1") == Lines{"answer s1#2 removing"});
  CHECK(run.Add({.name = "new", .dependencies = {"s1"}}) == Lines{"answer s1#2 removing"});
  CHECK(run.Remove("s1") == Lines{"answer s1#2 accepted"});
  CHECK(run.Done("s1") == Lines{"destroy s1#2"});
  CHECK(run.Gone("s1") == Lines{"removed s1"});
  CHECK(run.Remove("s1") == Lines{"answer unknown"});
  // The others have moved up, with their clocks.
  CHECK(run.FailWith("s3", kStop) == Lines{"ask s3#4", "consult s3#4 Thrown"});
  run.TakeEvents();
  run.Advance(10s);
  CHECK(run.TakeEvents() == Lines{"stuck s3#4", "s3: stopping -> abandoned"});
  CHECK(run.Add({.name = "s1", .dependencies = {"hub"}}) ==
        Lines{"answer accepted", "added s1", "launch s1#5"});
}

TEST_CASE("a clock that runs goes on running for a node that moves up", "[supervisor][S24]") {
  EngineHarness run({{.name = "a"}, {.name = "b"}, {.name = "c"}});
  run.Start();
  run.Fail("c");
  run.Advance(4s);
  run.Remove("a");
  CHECK(run.Cooperate() == Lines{"destroy a#1", "removed a"});
  run.TakeEvents();
  run.Advance(6s - 1ns);
  CHECK(run.TakeEvents() == Lines{});
  run.Advance(1ns);
  CHECK(run.TakeEvents().front() == "handler fault c#3");
}

TEST_CASE("soft dependencies on a node that is removed go with it", "[supervisor][S24][S20]") {
  EngineHarness run({{.name = "a"}, {.name = "b", .soft_dependencies = {"a"}}});
  run.Begin();
  CHECK(run.Remove("a") == Lines{"answer a#1 accepted", "ask a#1"});
  CHECK(run.Cooperate() == Lines{"destroy a#1", "launch b#2", "removed a"});
  CHECK(run.Ready("b") == Lines{});
  CHECK(run.engine().all_ready());
}

TEST_CASE("a run fails of the first failure that stands: not of a node's that is gone, or forgiven",
          "[supervisor][S15][S24]") {
  std::vector<TestNode> nodes = {{.name = "b"}, {.name = "a"}, {.name = "c"}};
  PolicyOf(nodes, "a").on_completion = OnCompletion::kRestart;
  PolicyOf(nodes, "a").restart.max_restarts = 0;
  PolicyOf(nodes, "a").restart.on_limit = kStop;
  EngineHarness run(nodes);
  run.Start();
  const bool ends = GENERATE(false, true);  // cleanly, although it never should
  ends ? run.Done("a") : run.FailWith("a", kStop);
  run.Cooperate();
  REQUIRE(run.state("a") == NodeState::kFailed);
  run.FailWith("c", kStop);  // declared later than b, and failed before
  run.Cooperate();
  SECTION("it is still there") {
    run.FailWith("b", kStop);
    run.Cooperate();
    CHECK(run.engine().outcome_cause().node == run.id("a"));
    CHECK(run.engine().outcome_cause().incarnation == 2);
  }
  SECTION("it has been removed") {
    CHECK(run.Remove("a").back() == "removed a");
    run.FailWith("b", kStop);
    run.Cooperate();
    CHECK(run.engine().outcome_cause() == Cause{.kind = Cause::Kind::kFailure,
                                                .verdict = kStop,
                                                .node = run.id("c"),
                                                .incarnation = 3});
  }
  SECTION("it has been started again") {
    run.StartNode("a");
    run.Ready("a");
    run.FailWith("a", kStop);
    run.FailWith("b", kStop);
    run.Cooperate();
    CHECK(run.engine().outcome_cause().node == run.id("c"));
  }
  SECTION("all of them have been removed") {
    run.Remove("a");
    run.Remove("c");
    run.End("b");
    REQUIRE(run.engine().finished());
    CHECK(run.engine().outcome() == Outcome::kCompleted);
    return;
  }
  REQUIRE(run.engine().finished());
  CHECK(run.engine().outcome() == Outcome::kFailed);
}

TEST_CASE("once everything goes down no node is removed: each is there to be reported",
          "[supervisor][S7][S15][S24]") {
  std::vector<TestNode> nodes = {{.name = "a"}, {.name = "b"}};
  PolicyOf(nodes, "a").on_completion = OnCompletion::kShutdown;
  EngineHarness run(nodes);
  run.Start();
  run.Remove("a");
  Outcome outcome = Outcome::kShutdown;
  SECTION("because of its own failure") { run.FailWith("a", kShutdown); }
  SECTION("because of its own spin halt") {
    run.FailWith("a", kSpinHalt);
    run.EndSpinHalt();
    outcome = Outcome::kSpinHalt;
  }
  SECTION("because of another's") { run.FailWith("b", kShutdown); }
  SECTION("because somebody asked") {
    run.RequestStop();
    outcome = Outcome::kStopRequested;
  }
  const Cause cause = run.engine().outcome_cause();
  run.Cooperate();
  REQUIRE(run.engine().finished());
  CHECK(run.engine().outcome() == outcome);
  CHECK(run.engine().graph().size() == 2);
  CHECK(run.last(Action::Kind::kFinish).cause == cause);
}

TEST_CASE("a node that is added waits for its soft dependencies", "[supervisor][S24][S20]") {
  EngineHarness run({{.name = "a"}, {.name = "b"}});
  run.Begin();
  run.Ready("a");
  CHECK(run.Add({.name = "new", .soft_dependencies = {"a", "b"}}) ==
        Lines{"answer accepted", "added new"});
  CHECK(run.Ready("b") == Lines{"launch new#3"});
}

TEST_CASE("what is added before the beginning begins with the others", "[supervisor][S24]") {
  EngineHarness run({{.name = "a"}});
  CHECK(run.Add({.name = "new"}) == Lines{"answer accepted", "added new"});
  CHECK(run.Begin() == Lines{"launch a#1", "launch new#2"});
}

TEST_CASE("who goes down for an operator's command can say about which node, whatever is removed",
          "[supervisor][S16][S24]") {
  EngineHarness run({{.name = "a"}, {.name = "b"}, {.name = "c", .dependencies = {"b"}}});
  run.Start();
  run.Stop("b");
  CHECK(run.cause("c") == Cause{.kind = Cause::Kind::kOperator, .node = 1});
  run.Remove("a");
  run.End("a");
  CHECK(run.cause("c") == Cause{.kind = Cause::Kind::kOperator, .node = 0});
  run.End("c");
  run.End("b");
  run.Remove("c");
  run.Remove("b");
  CHECK(run.engine().finished());
}

TEST_CASE("who went down for a node that is gone says so by its incarnation",
          "[supervisor][S16][S24]") {
  EngineHarness run({{.name = "db"}, {.name = "api", .dependencies = {"db"}}, {.name = "other"}});
  run.Start();
  run.FailWith("api", kStopParents);
  run.Cooperate();
  run.Remove("api");
  CHECK(run.cause("db") == Cause{.kind = Cause::Kind::kFailure,
                                 .verdict = kStopParents,
                                 .node = kNoNode,
                                 .incarnation = 3});
}

TEST_CASE("nodes that are being removed at the same time go in any order", "[supervisor][S24]") {
  const bool first = GENERATE(true, false);
  EngineHarness run({{.name = "a"}, {.name = "b"}, {.name = "c"}});
  run.Start();
  run.Remove("a");
  run.Remove("c");
  run.End(first ? "a" : "c");
  CHECK(run.End(first ? "c" : "a").back() == (first ? "removed c" : "removed a"));
  CHECK(run.engine().graph().size() == 1);
  CHECK(run.state("b") == NodeState::kReady);
}

TEST_CASE("a clock that runs goes on running when a node declared later is removed",
          "[supervisor][S24]") {
  EngineHarness run({{.name = "a"}, {.name = "b"}});
  run.Start();
  run.FailWith("a", kRestart);
  run.Remove("b");
  run.End("b");
  CHECK(run.Advance(10s) == Lines{"abandon a#1", "finish"});
}

TEST_CASE("a completed node that is removed is no longer one of those that are all ready",
          "[supervisor][S16][S24]") {
  EngineHarness run({{.name = "a"}, {.name = "b"}});
  run.Begin();
  run.Ready("a");
  run.End("a");
  CHECK(run.Remove("a").back() == "removed a");
  CHECK_FALSE(run.engine().all_ready());
  run.TakeEvents();
  run.Ready("b");
  CHECK(run.TakeEvents().back() == "all ready");
  CHECK(run.engine().all_ready());
}

TEST_CASE("what is abandoned on its way out of the graph stays, to be reported",
          "[supervisor][S12][S24]") {
  EngineHarness run({{.name = "a"}, {.name = "b"}});
  run.Start();
  run.Remove("a");
  run.Advance(5s);
  run.Fail("a");
  CHECK(run.Advance(5s) == Lines{"abandon a#1"});  // its handler has not answered yet
  CHECK(run.StartNode("a") == Lines{"answer a#1 abandoned"});  // and not: about to be removed
  CHECK(run.Verdict("a", kStop) == Lines{});
  CHECK(run.Remove("a") == Lines{"answer a#1 abandoned"});
  CHECK(run.engine().graph().size() == 2);
}

}  // namespace
}  // namespace stemma
