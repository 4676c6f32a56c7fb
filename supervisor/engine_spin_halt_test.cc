// SPDX-License-Identifier: Apache-2.0
// The halt that only SIGTERM ends, nested ones, and what a run comes to: S14, S15 and S18.
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

// A chain that has come to its halt.
EngineHarness Halted(EngineOptions options = {}) {
  EngineHarness run(Chain(), options);
  run.Start();
  run.FailWith("db", kSpinHalt);
  run.Cooperate();
  run.TakeEvents();
  return run;
}

// --- S18, of the inner one

TEST_CASE("a nested spin halt is told at the verdict, and nobody waits for SIGTERM",
          "[supervisor][S18]") {
  EngineHarness run(Chain(), {.nested = true});
  run.Start();
  CHECK(run.FailWith("db", kSpinHalt) ==
        Lines{"ask db#1", "consult db#1 Thrown", "tell outer NestedSpinHalt", "ask web#3"});
  CHECK(run.last(Action::Kind::kTellOuter).cause.node == run.id("db"));
  run.TakeEvents();
  CHECK(run.RequestStop() == Lines{});  // the outer one's answer
  CHECK(run.TakeEvents() == Lines{});
  CHECK(run.Cooperate().back() == "finish");
  CHECK(run.engine().outcome() == Outcome::kSpinHalt);
}

TEST_CASE("a nested spin halt is told once", "[supervisor][S18]") {
  EngineHarness run(Chain(), {.nested = true});
  run.Start();
  run.FailWith("db", kSpinHalt);
  run.Fail("api");
  CHECK(run.Verdict("api", kSpinHalt) == Lines{});
}

TEST_CASE("a nested shutdown is told once everything has stopped", "[supervisor][S18]") {
  EngineHarness run(Chain(), {.nested = true});
  run.Start();
  SECTION("by a verdict") {
    CHECK(run.FailWith("api", kShutdown) ==
          Lines{"ask api#2", "consult api#2 Thrown", "ask web#3"});
    const Lines lines = run.Cooperate();
    CHECK(Lines(lines.end() - 2, lines.end()) == Lines{"tell outer NestedShutdown", "finish"});
    CHECK(run.last(Action::Kind::kTellOuter).cause.node == run.id("api"));
  }
  SECTION("by an end of everything of which one failed") {
    run.FailWith("db", kStop);
    const Lines lines = run.Cooperate();
    CHECK(Lines(lines.end() - 2, lines.end()) == Lines{"tell outer NestedShutdown", "finish"});
  }
}

TEST_CASE("a stop that was asked for, and a clean end, are no failures of a nested one",
          "[supervisor][S18]") {
  EngineHarness run(Chain(), {.nested = true});
  run.Start();
  if (GENERATE(true, false)) {
    run.RequestStop();
  } else {
    run.Done("web"), run.Done("api"), run.Done("db");
  }
  const Lines lines = run.Cooperate();
  CHECK(Lines(lines.end() - 2, lines.end()) == Lines{"destroy db#1", "finish"});
}

// --- S18, of the outer one

TEST_CASE("a node that left threads behind is abandoned instead of destroyed",
          "[supervisor][S18]") {
  EngineHarness run(Chain());
  run.Start();
  SECTION("when it is stopped") {
    run.RequestStop();
    run.Done("web"), run.Gone("web");
    CHECK(run.LeftBehind("api") == Lines{});
    CHECK(run.Done("api") == Lines{"abandon api#2", "ask db#1"});
    CHECK(run.Done("db") == Lines{"leak db#1", "finish"});
  }
  SECTION("when it was to be restarted") {
    run.Fail("api", FailureKind::kNestedShutdown);
    run.LeftBehind("api");
    CHECK(run.Verdict("api", kRestart) == Lines{});
    CHECK(run.Done("api") == Lines{"abandon api#2", "ask db#1", "ask web#3"});
    CHECK(run.engine().outcome() == Outcome::kShutdown);  // on_limit
  }
  CHECK(run.state("api") == NodeState::kAbandoned);
  CHECK(run.Done("api") == Lines{});
}

// --- S21

// A chain whose halt is latched, and to whose verdict the engine has answered.
EngineHarness Latching(EngineOptions options = {}) {
  options.latch = true;
  EngineHarness run(Chain(), options);
  run.Start();
  CHECK(run.FailWith("db", kSpinHalt) ==
        Lines{"ask db#1", "consult db#1 Thrown", "latch", "ask web#3"});
  CHECK(run.last(Action::Kind::kLatch).cause.node == run.id("db"));
  run.TakeEvents();
  return run;
}

TEST_CASE("a spin halt is latched at the verdict and announced once that is done",
          "[supervisor][S21]") {
  EngineHarness run = Latching();
  CHECK(run.Cooperate().back() == "destroy db#1");
  CHECK(run.LatchWritten() == Lines{"announce spin halt"});
  CHECK(run.TakeEvents().back() == "db: stopping -> failed");
  CHECK(run.LatchWritten() == Lines{});
}

TEST_CASE("a latch that is written before everything has stopped holds nothing up",
          "[supervisor][S21]") {
  EngineHarness run = Latching();
  CHECK(run.LatchWritten() == Lines{});
  CHECK(run.Cooperate().back() == "announce spin halt");
}

TEST_CASE("SIGTERM does not end a halt before it is latched", "[supervisor][S21][S14]") {
  EngineHarness run = Latching();
  if (GENERATE(true, false)) {
    run.Terminate();
  } else {
    run.EndSpinHalt();
  }
  CHECK(run.Cooperate().back() == "destroy db#1");
  CHECK(run.LatchWritten() == Lines{"announce spin halt", "finish"});
}

TEST_CASE("a latch that cannot be written is told, and the halt goes on", "[supervisor][S21]") {
  EngineHarness run = Latching();
  run.Cooperate();
  run.TakeEvents();
  CHECK(run.LatchFailed() == Lines{"announce spin halt"});
  CHECK(run.TakeEvents() == Lines{"latch failed"});
}

TEST_CASE("a latch is waited for 10 s and no longer", "[supervisor][S21]") {
  EngineHarness run = Latching({.spin_halt_reminder = 0s});
  run.Cooperate();
  run.TakeEvents();
  CHECK(run.Advance(10s - 1ns) == Lines{});
  CHECK(run.Advance(1ns) == Lines{"announce spin halt"});
  CHECK(run.TakeEvents() == Lines{"latch failed"});
  CHECK(run.LatchFailed() == Lines{});  // too late to tell anything new
  CHECK(run.TakeEvents() == Lines{});
  CHECK_FALSE(run.engine().next_deadline());
}

TEST_CASE("only the first verdict of a halt is latched, and nothing else is", "[supervisor][S21]") {
  EngineHarness run = Latching();
  run.Fail("api");
  CHECK(run.Verdict("api", kSpinHalt) == Lines{});
  EngineHarness other(Chain(), {.latch = true});
  other.Start();
  CHECK(other.FailWith("db", kShutdown) == Lines{"ask db#1", "consult db#1 Thrown", "ask web#3"});
  CHECK(other.Cooperate().back() == "finish");
}

// --- S14

TEST_CASE("a spin halt stops everything, is announced once that is done, and stays",
          "[supervisor][S14]") {
  EngineHarness run(Chain());
  run.Start();
  CHECK(run.FailWith("db", kSpinHalt) == Lines{"ask db#1", "consult db#1 Thrown", "ask web#3"});
  CHECK(run.engine().stopping());
  CHECK(run.Cooperate() ==
        Lines{"destroy web#3", "ask api#2", "destroy api#2", "destroy db#1", "announce spin halt"});
  CHECK_FALSE(run.engine().finished());
  CHECK(run.engine().outcome() == Outcome::kSpinHalt);
  CHECK(run.last(Action::Kind::kAnnounceSpinHalt).cause == Cause{.kind = Cause::Kind::kFailure,
                                                                 .verdict = kSpinHalt,
                                                                 .node = run.id("db"),
                                                                 .incarnation = 1});
}

TEST_CASE("a spin halt says so again every spin_halt_reminder", "[supervisor][S14]") {
  EngineHarness run = Halted({.spin_halt_reminder = 10s});
  CHECK(run.Advance(10s - 1ns) == Lines{});
  CHECK(run.Advance(1ns) == Lines{"announce spin halt"});
  CHECK(run.Advance(20s) == Lines{"announce spin halt", "announce spin halt"});
  CHECK(run.Terminate() == Lines{"finish"});
  CHECK_FALSE(run.engine().next_deadline());
}

TEST_CASE("a reminder of zero or none is no reminder", "[supervisor][S14][S23]") {
  EngineHarness run = Halted({.spin_halt_reminder = GENERATE(0ns, kNoTimeout)});
  CHECK_FALSE(run.engine().next_deadline());
}

TEST_CASE("SIGINT and stop requests are ignored from the verdict on", "[supervisor][S14]") {
  EngineHarness run(Chain());
  run.Start();
  run.FailWith("db", kSpinHalt);
  run.TakeEvents();
  CHECK(run.RequestStop() == Lines{});
  CHECK(run.Interrupt() == Lines{});
  CHECK(run.Interrupt() == Lines{});  // a second one forces nothing either
  CHECK(run.TakeEvents() == Lines{"stop ignored", "stop ignored", "stop ignored"});
  CHECK(run.Cooperate().back() == "announce spin halt");
  CHECK(run.RequestStop() == Lines{});
  CHECK(run.Interrupt() == Lines{});
  CHECK_FALSE(run.engine().finished());
}

TEST_CASE("a SIGTERM ends the halt once everything has stopped and it has been announced",
          "[supervisor][S14]") {
  EngineHarness run(Chain());
  run.Start();
  SECTION("before the verdict") {
    run.Terminate();
    run.FailWith("db", kSpinHalt);
  }
  SECTION("between the verdict and the end") {
    run.FailWith("db", kSpinHalt);
    run.TakeEvents();
    CHECK(run.Terminate() == Lines{});
    CHECK(run.TakeEvents() == Lines{"spin halt ending"});
  }
  SECTION("before the verdict by EndSpinHalt") {
    CHECK(run.EndSpinHalt() == Lines{});
    CHECK_FALSE(run.engine().stopping());
    run.FailWith("db", kSpinHalt);
  }
  SECTION("between the verdict and the end by EndSpinHalt") {
    run.FailWith("db", kSpinHalt);
    run.TakeEvents();
    CHECK(run.EndSpinHalt() == Lines{});
    CHECK(run.EndSpinHalt() == Lines{});
    CHECK(run.TakeEvents() == Lines{"spin halt ending"});
  }
  const Lines lines = run.Cooperate();
  REQUIRE(lines.size() >= 2);
  CHECK(Lines(lines.end() - 2, lines.end()) == Lines{"announce spin halt", "finish"});
  CHECK(run.engine().outcome() == Outcome::kSpinHalt);
}

TEST_CASE("a SIGTERM in the halt ends it at once", "[supervisor][S14]") {
  EngineHarness run = Halted();
  CHECK((GENERATE(true, false) ? run.Terminate() : run.EndSpinHalt()) == Lines{"finish"});
  CHECK(run.engine().outcome() == Outcome::kSpinHalt);
}

TEST_CASE("a SIGINT before the verdict does not end the halt", "[supervisor][S14]") {
  EngineHarness run(Chain());
  run.Start();
  run.Interrupt();
  run.FailWith("db", kSpinHalt);
  CHECK(run.Cooperate().back() == "announce spin halt");
  CHECK(run.Terminate() == Lines{"finish"});
}

TEST_CASE("a further SIGTERM forces the exit", "[supervisor][S14][S13]") {
  EngineHarness run(Chain());
  run.Start();
  if (GENERATE(true, false)) {
    run.Terminate();
    run.FailWith("db", kSpinHalt);
  } else {
    run.FailWith("db", kSpinHalt);
    run.Terminate();
  }
  CHECK(run.Terminate() == Lines{"force exit"});
  CHECK(run.last(Action::Kind::kForceExit).cause.kind == Cause::Kind::kTerminate);
}

TEST_CASE("a spin halt is not lost to a stop or a shutdown that came first",
          "[supervisor][S14][S7][trap2]") {
  EngineHarness run(Chain());
  run.Start();
  run.Fail("db");
  if (GENERATE(true, false)) {
    run.RequestStop();
  } else {
    run.FailWith("web", kShutdown);
  }
  run.Verdict("db", kSpinHalt);
  CHECK(run.Cooperate().back() == "announce spin halt");
  CHECK(run.engine().outcome_cause().node == run.id("db"));
}

TEST_CASE("what is stuck does not keep the halt from being announced", "[supervisor][S14][S12]") {
  EngineHarness run(Chain(), {.shutdown_deadline = 15s, .spin_halt_reminder = 0s});
  run.Start();
  run.FailWith("web", kSpinHalt);
  CHECK(run.Advance(10s) == Lines{"abandon web#3", "ask api#2"});
  CHECK(run.Advance(5s) ==
        Lines{"ask db#1", "abandon db#1", "abandon api#2", "announce spin halt"});
  CHECK_FALSE(run.engine().next_deadline());
}

TEST_CASE("the halt outlives shutdown_deadline", "[supervisor][S14][S12]") {
  EngineHarness run = Halted({.shutdown_deadline = 15s, .spin_halt_reminder = 0s});
  CHECK_FALSE(run.engine().next_deadline());
  CHECK(run.Advance(1h) == Lines{});
  CHECK(run.Terminate() == Lines{"finish"});
}

// --- S18

TEST_CASE("a nested spin halt is one whatever the handler says", "[supervisor][S18][S14]") {
  EngineHarness run(Chain());
  run.Start();
  CHECK(run.Fail("web", FailureKind::kNestedSpinHalt) ==
        Lines{"ask web#3", "consult web#3 NestedSpinHalt"});
  CHECK_FALSE(run.engine().stopping());
  SECTION("when it answers") { run.Verdict("web", GENERATE(kRestart, kStop, kShutdown)); }
  SECTION("when it throws") { run.HandlerThrew("web"); }
  SECTION("when it is silent") { run.Advance(10s); }
  CHECK(run.engine().outcome() == Outcome::kSpinHalt);
  CHECK(run.engine().outcome_cause().verdict == kSpinHalt);
  CHECK(run.Cooperate().back() == "announce spin halt");
  CHECK((run.state("web") == NodeState::kFailed || run.state("web") == NodeState::kAbandoned));
}

TEST_CASE("a nested spin halt counts as a later failure of its incarnation too",
          "[supervisor][S18][trap2]") {
  EngineHarness run(Chain());
  run.Start();
  run.Fail("web");
  SECTION("while the handler is still to answer") {
    CHECK(run.Fail("web", FailureKind::kNestedSpinHalt) == Lines{});
    run.Verdict("web", kRestart);
  }
  SECTION("after it has answered") {
    run.Verdict("web", kRestart);
    CHECK(run.Fail("web", FailureKind::kNestedSpinHalt) == Lines{});
    CHECK(run.engine().stopping());
  }
  CHECK(run.engine().outcome() == Outcome::kSpinHalt);
  CHECK(run.Cooperate().back() == "announce spin halt");
  CHECK(run.state("web") == NodeState::kFailed);
}

TEST_CASE("a nested spin halt that is reported after the end is still one", "[supervisor][S18]") {
  EngineHarness run(Chain());
  run.Start();
  run.End("web");
  CHECK(run.Fail("web", FailureKind::kNestedSpinHalt) == Lines{"ask api#2"});
  CHECK(run.state("web") == NodeState::kCompleted);
  CHECK(run.engine().outcome() == Outcome::kSpinHalt);
}

TEST_CASE("the next incarnation of a node does not inherit a nested failure", "[supervisor][S18]") {
  std::vector<TestNode> nodes = {{.name = "inner"}};
  PolicyOf(nodes, "inner").restart.initial = 0s;
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.Fail("inner", FailureKind::kNestedShutdown) ==
        Lines{"ask inner#1", "consult inner#1 NestedShutdown"});
  run.Verdict("inner", kRestart);
  CHECK(run.End("inner") == Lines{"destroy inner#1", "launch inner#2"});
  CHECK_FALSE(run.engine().stopping());
}

// --- S15

TEST_CASE("a run ends by itself when every node has, and has then completed",
          "[supervisor][S15][trap27]") {
  EngineHarness run(Diamond());
  run.Start();
  run.End("base");
  run.End("right");
  run.End("left");
  CHECK(run.Done("top") == Lines{"destroy top#4"});
  CHECK(run.Gone("top") == Lines{"destroy left#2", "destroy right#3"});
  run.Gone("left");
  CHECK(run.Gone("right") == Lines{"destroy base#1"});
  CHECK(run.Gone("base") == Lines{"finish"});
  CHECK(run.engine().outcome() == Outcome::kCompleted);
}

TEST_CASE("a run whose nodes have all ended, one by a failure, has failed with the first",
          "[supervisor][S15]") {
  EngineHarness run({{.name = "a"}, {.name = "b"}, {.name = "c"}});
  run.Start();
  run.FailWith("c", kStop);
  run.FailWith("b", kStopParents);
  run.Done("a");
  CHECK(run.engine().outcome() == Outcome::kCompleted);  // so far
  run.Gone("a");
  CHECK(run.Cooperate().back() == "finish");
  CHECK(run.engine().outcome() == Outcome::kFailed);
  CHECK(run.engine().outcome_cause() == Cause{.kind = Cause::Kind::kFailure,
                                              .verdict = kStop,
                                              .node = run.id("c"),
                                              .incarnation = 3});
}

TEST_CASE("a failure that was restarted is not the failure of the run", "[supervisor][S15]") {
  std::vector<TestNode> nodes = {{.name = "a"}};
  PolicyOf(nodes, "a").restart.initial = 0s;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("a", kRestart);
  run.End("a");
  run.Ready("a");
  CHECK(run.End("a").back() == "finish");
  CHECK(run.engine().outcome() == Outcome::kCompleted);
}

TEST_CASE("a node that had failed does not change what a requested stop is", "[supervisor][S15]") {
  EngineHarness run({{.name = "a"}, {.name = "b"}});
  run.Start();
  run.FailWith("a", kStop);
  run.RequestStop();
  CHECK(run.Cooperate().back() == "finish");
  CHECK(run.engine().outcome() == Outcome::kStopRequested);
}

TEST_CASE("the end that is the service's end stops everything, and is a completion",
          "[supervisor][S15][S19]") {
  std::vector<TestNode> nodes = Chain();
  PolicyOf(nodes, "web").on_completion = OnCompletion::kShutdown;
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.Done("web") == Lines{"destroy web#3"});
  CHECK(run.engine().stopping());
  CHECK(run.Gone("web") == Lines{"ask api#2"});
  CHECK(run.Cooperate().back() == "finish");
  CHECK(run.engine().outcome() == Outcome::kCompleted);
  CHECK(run.engine().outcome_cause() ==
        Cause{.kind = Cause::Kind::kCompletion, .node = run.id("web"), .incarnation = 3});
}

TEST_CASE("outcomes only rise, and of equal ones the first stays", "[supervisor][S15][trap2]") {
  std::vector<TestNode> nodes = {{.name = "a"}, {.name = "b"}, {.name = "c"}, {.name = "d"}};
  PolicyOf(nodes, "a").on_completion = OnCompletion::kShutdown;
  EngineHarness run(nodes);
  run.Start();
  for (const char* name : {"b", "c", "d"}) run.Fail(name);
  run.Done("a");
  CHECK(run.engine().outcome() == Outcome::kCompleted);
  run.RequestStop();
  run.Interrupt();
  CHECK(run.engine().outcome() == Outcome::kStopRequested);
  CHECK(run.engine().outcome_cause().kind == Cause::Kind::kStopRequest);
  run.Verdict("b", kShutdown);
  run.Verdict("c", kShutdown);
  CHECK(run.engine().outcome() == Outcome::kShutdown);
  CHECK(run.engine().outcome_cause().node == run.id("b"));
  run.Verdict("d", kSpinHalt);
  CHECK(run.engine().outcome() == Outcome::kSpinHalt);
}

}  // namespace
}  // namespace stemma
