// SPDX-License-Identifier: Apache-2.0
// Fresh incarnations: S6, S8, and the end that is not meant to be (S19).
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

std::vector<TestNode> SteadyChain() {
  std::vector<TestNode> nodes = Chain();
  for (TestNode& node : nodes) node.policy.restart = Steady();
  return nodes;
}

// Fails, restarts and is ready again. Returns: how long the backoff was.
std::chrono::nanoseconds Restart(EngineHarness& run, std::string_view name) {
  run.FailWith(name, kRestart);
  run.End(name);
  const Engine::Time gone = run.now();
  while (run.state(name) == NodeState::kBackingOff) {
    run.Advance(*run.engine().next_deadline() - run.now());
  }
  run.Ready(name);
  return run.now() - gone;
}

// --- S6

TEST_CASE("running dependents keep running while a dependency is between incarnations",
          "[supervisor][S6]") {
  EngineHarness run(SteadyChain());
  run.Start();
  CHECK(run.FailWith("db", kRestart) == Lines{"ask db#1", "consult db#1 Thrown"});
  CHECK(run.Cooperate() == Lines{"destroy db#1"});
  CHECK(run.Advance(1s) == Lines{"launch db#4"});
  CHECK(run.state("api") == NodeState::kReady);
  CHECK(run.Ready("db") == Lines{});
  CHECK(run.engine().all_ready());
}

TEST_CASE("nodes that have not started yet wait while a dependency is between incarnations",
          "[supervisor][S6][trap24]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "web").on_dependency_restart =
      GENERATE(OnDependencyRestart::kKeep, OnDependencyRestart::kRestart);
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("web", kRestart);
  run.End("web");
  run.Fail("api");  // deciding, stopping, backing off, starting again: none of it is ready
  CHECK(run.Advance(1s) == Lines{});
  CHECK(run.state("web") == NodeState::kWaiting);
  CHECK(run.Verdict("api", kRestart) == Lines{});
  CHECK(run.End("api") == Lines{"destroy api#2"});
  CHECK(run.Advance(1s) == Lines{"launch api#4"});
  CHECK(run.Advance(1s) == Lines{});
  CHECK(run.Ready("api") == Lines{"launch web#5"});
}

TEST_CASE("a starting dependent goes on starting while its dependency restarts",
          "[supervisor][S6]") {
  EngineHarness run(SteadyChain());
  run.Begin();
  run.Ready("db");
  run.FailWith("db", kRestart);
  CHECK(run.Ready("api") == Lines{"launch web#3"});
}

TEST_CASE("with kRestart a dependent is stopped first and relaunched once the dependency is ready",
          "[supervisor][S6][S5]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  PolicyOf(nodes, "api").restart.max_restarts = 0;  // no budget is used
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.Fail("db") == Lines{"ask db#1", "consult db#1 Thrown"});
  CHECK(run.state("api") == NodeState::kReady);  // not before the verdict
  CHECK(run.Verdict("db", kRestart) == Lines{"ask api#2"});
  CHECK(run.cause("api") ==
        Cause{.kind = Cause::Kind::kDependencyRestart, .node = run.id("db"), .incarnation = 1});
  CHECK(run.Done("db") == Lines{});  // the old instance is there as long as its user
  CHECK(run.Done("api") == Lines{"destroy api#2"});  // and no handler is asked
  CHECK(run.Gone("api") == Lines{"destroy db#1"});
  CHECK(run.state("api") == NodeState::kWaiting);  // no backoff
  CHECK(run.Gone("db") == Lines{});
  CHECK(run.Advance(1s) == Lines{"launch db#4"});
  CHECK(run.state("web") == NodeState::kReady);  // web sees api as between incarnations
  CHECK(run.Ready("db") == Lines{"launch api#5"});
}

TEST_CASE("the dependency's fresh incarnation is launched after those dependents have ended",
          "[supervisor][S6]") {
  std::vector<TestNode> nodes = Star();
  for (TestNode& node : nodes) {
    node.policy.restart.initial = 0s;
    node.policy.on_dependency_restart = OnDependencyRestart::kRestart;
  }
  PolicyOf(nodes, "s2").on_dependency_restart = OnDependencyRestart::kKeep;
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.FailWith("hub", kRestart) ==
        Lines{"ask hub#1", "consult hub#1 Thrown", "ask s1#2", "ask s3#4"});
  CHECK(run.Done("hub") == Lines{});
  CHECK(run.End("s3") == Lines{"destroy s3#4"});
  CHECK(run.End("s1") == Lines{"destroy s1#2", "destroy hub#1"});
  CHECK(run.Gone("hub") == Lines{"launch hub#5"});
  CHECK(run.Ready("hub") == Lines{"launch s1#6", "launch s3#7"});
}

TEST_CASE("kRestart passes on to dependents that want it too, and stops at one that does not",
          "[supervisor][S6]") {
  std::vector<TestNode> nodes = Chain();
  nodes.push_back({.name = "ui", .dependencies = {"web"}});
  PolicyOf(nodes, "db").restart.initial = 0s;
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  PolicyOf(nodes, "web").on_dependency_restart = OnDependencyRestart::kRestart;
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.FailWith("db", kRestart) == Lines{"ask db#1", "consult db#1 Thrown", "ask web#3"});
  CHECK(run.Cooperate() ==
        Lines{"destroy web#3", "ask api#2", "destroy api#2", "destroy db#1", "launch db#5"});
  CHECK(run.state("ui") == NodeState::kReady);
  CHECK(run.Ready("db") == Lines{"launch api#6"});
  CHECK(run.Ready("api") == Lines{"launch web#7"});

  // api keeps running, so web has no reason to restart with db.
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kKeep;
  EngineHarness other(nodes);
  other.Start();
  CHECK(other.FailWith("db", kRestart) == Lines{"ask db#1", "consult db#1 Thrown"});
}

TEST_CASE("a ready node that is about to restart with its dependency launches nobody",
          "[supervisor][S6][S2]") {
  std::vector<TestNode> nodes = SteadyChain();
  nodes.push_back({.name = "ui", .dependencies = {"api"}});
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  PolicyOf(nodes, "ui").on_dependency_restart = OnDependencyRestart::kRestart;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("web", kRestart);
  run.End("web");
  CHECK(run.FailWith("db", kRestart) == Lines{"ask db#1", "consult db#1 Thrown", "ask ui#4"});
  CHECK(run.state("api") == NodeState::kReady);  // waits for ui to end
  CHECK(run.Advance(1s) == Lines{});             // web's backoff is over
  CHECK(run.state("web") == NodeState::kWaiting);
}

TEST_CASE("a dependent that fails while it is stopped for its dependency asks its handler",
          "[supervisor][S6][S7][trap1]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("db", kRestart);
  CHECK(run.Fail("api") == Lines{"consult api#2 Thrown"});
  SECTION("and goes down if it says so") {
    CHECK(run.Verdict("api", kStop) == Lines{"ask web#3"});
    CHECK(run.Cooperate() == Lines{"destroy web#3", "destroy api#2", "destroy db#1"});
    CHECK(run.state("api") == NodeState::kFailed);
  }
  SECTION("and has its own backoff if it says kRestart") {
    CHECK(run.Verdict("api", kRestart) == Lines{});
    CHECK(run.Cooperate() == Lines{"destroy api#2", "destroy db#1"});
    CHECK(run.state("api") == NodeState::kBackingOff);
  }
}

TEST_CASE("a dependent that fails for good during its dependency's restart does not hold it up",
          "[supervisor][S6][trap14]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  EngineHarness run(nodes);
  run.Start();
  run.FailWith("db", kRestart);
  run.FailWith("api", kStop);
  run.Cooperate();
  CHECK(run.Advance(1s) == Lines{"launch db#4"});
  CHECK(run.Ready("db") == Lines{});
}

TEST_CASE("a dependent that completed is not run again by its dependency's restart",
          "[supervisor][S6][S19]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  EngineHarness run(nodes);
  run.Start();
  run.Done("api");
  run.FailWith("db", kRestart);
  CHECK(run.End("db") == Lines{"destroy db#1"});
  run.Advance(1s);
  CHECK(run.Ready("db") == Lines{});
  CHECK(run.state("api") == NodeState::kCompleted);
}

TEST_CASE("a dependent that completes while it waits to be asked is not run again",
          "[supervisor][S6][S19]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  PolicyOf(nodes, "web").on_dependency_restart = OnDependencyRestart::kRestart;
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.FailWith("db", kRestart) == Lines{"ask db#1", "consult db#1 Thrown", "ask web#3"});
  CHECK(run.Done("api") == Lines{});
  CHECK(run.End("web") == Lines{"destroy web#3", "launch web#4"});  // on what api has done
  CHECK(run.state("api") == NodeState::kCompleted);
}

// --- S8

TEST_CASE("the backoff grows up to its bound and starts when the instance is gone",
          "[supervisor][S8]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "db").restart.max = 5s;
  PolicyOf(nodes, "db").restart.max_restarts = kUnlimitedRestarts;
  EngineHarness run(nodes);
  run.Start();
  CHECK(Restart(run, "db") == 1s);
  CHECK(Restart(run, "db") == 2s);
  CHECK(Restart(run, "db") == 4s);
  CHECK(Restart(run, "db") == 5s);
  CHECK(Restart(run, "db") == 5s);
}

TEST_CASE("the backoff resets after the node has been ready for reset_after, and not before",
          "[supervisor][S8][trap10]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "db").restart.reset_after = 10s;
  EngineHarness run(nodes);
  run.Start();
  CHECK(Restart(run, "db") == 1s);
  run.Advance(10s - 1ns);
  CHECK(Restart(run, "db") == 2s);
  run.Advance(10s);
  CHECK(Restart(run, "db") == 1s);
}

TEST_CASE("the time that a start takes does not count as ready", "[supervisor][S8][trap10]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "db").restart.reset_after = 10s;
  EngineHarness run(nodes);
  run.Start();
  Restart(run, "db");
  run.FailWith("db", kRestart);
  run.End("db");
  CHECK(run.Advance(2s) == Lines{"launch db#5"});
  run.Advance(25s);  // starting
  CHECK(Restart(run, "db") == 4s);
}

TEST_CASE("the backoff also resets when a healthy node was restarted for its dependency",
          "[supervisor][S8][S6][trap10]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  PolicyOf(nodes, "api").restart.reset_after = 10s;
  EngineHarness run(nodes);
  run.Start();
  CHECK(Restart(run, "api") == 1s);
  run.Advance(1min);  // as healthy as can be
  run.FailWith("db", kRestart);
  run.End("api");
  run.End("db");
  run.Advance(1s);
  run.Ready("db");
  run.Ready("api");
  CHECK(Restart(run, "api") == 1s);
}

TEST_CASE("jitter only shortens a pause, and the same seed draws the same",
          "[supervisor][S8][S17]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "db").restart.jitter = 0.5;
  PolicyOf(nodes, "db").restart.multiplier = 1;
  PolicyOf(nodes, "db").restart.max_restarts = kUnlimitedRestarts;
  EngineHarness run(nodes, {.jitter_seed = 7}), same(nodes, {.jitter_seed = 7}),
      other(nodes, {.jitter_seed = 8});
  run.Start();
  same.Start();
  other.Start();
  bool differs = false, varies = false;
  std::chrono::nanoseconds previous{};
  for (int i = 0; i < 20; ++i) {
    const auto pause = Restart(run, "db");
    CHECK(pause <= 1s);
    CHECK(pause >= 500ms);
    CHECK(pause == Restart(same, "db"));
    differs |= pause != Restart(other, "db");
    varies |= i > 0 && pause != previous;
    previous = pause;
  }
  CHECK(differs);
  CHECK(varies);
}

TEST_CASE("a backoff pauses the node that failed and nobody else", "[supervisor][S8][trap11]") {
  EngineHarness run([] {
    std::vector<TestNode> nodes = M();
    for (TestNode& node : nodes) node.policy.restart = Steady();
    return nodes;
  }());
  run.Start();
  run.FailWith("a", kRestart);
  run.End("a");
  run.Advance(500ms);
  run.FailWith("c", kRestart);
  run.End("c");
  CHECK(run.Advance(500ms) == Lines{"launch a#6"});
  CHECK(run.Advance(500ms) == Lines{"launch c#7"});
}

TEST_CASE("one restart more than max_restarts within window turns into on_limit",
          "[supervisor][S8][trap8]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "db").restart.max_restarts = 2;
  EngineHarness run(nodes);
  run.Start();
  Restart(run, "db");
  Restart(run, "db");
  run.TakeEvents();
  run.FailWith("db", kRestart);
  CHECK(run.TakeEvents() == Lines{"db: ready -> deciding", "verdict db#5 Restart",
                                  "restart refused db#5 Shutdown: over limit", "stopping",
                                  "db: deciding -> stopping", "web: ready -> stopping"});
  CHECK(run.Cooperate().back() == "finish");
  CHECK(run.state("db") == NodeState::kFailed);
  CHECK(run.engine().outcome() == Outcome::kShutdown);
  CHECK(run.engine().outcome_cause() == Cause{.kind = Cause::Kind::kFailure,
                                              .verdict = kShutdown,
                                              .node = run.id("db"),
                                              .incarnation = 5});
}

TEST_CASE("restarts that have left the window do not count", "[supervisor][S8]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "db").restart.max_restarts = 1;
  PolicyOf(nodes, "db").restart.window = 1min;
  EngineHarness run(nodes);
  run.Start();
  Restart(run, "db");
  run.Advance(1min);
  Restart(run, "db");
  CHECK_FALSE(run.engine().stopping());
  Restart(run, "db");
  CHECK(run.engine().stopping());
}

TEST_CASE("on_limit is any verdict, and dependents are told", "[supervisor][S8][trap14]") {
  const auto limit = GENERATE(kStop, kStopParents, kShutdown, kSpinHalt);
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "api").restart.max_restarts = 0;
  PolicyOf(nodes, "api").restart.on_limit = limit;
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.FailWith("api", kRestart) == Lines{"ask api#2", "consult api#2 Thrown", "ask web#3"});
  run.Cooperate();
  CHECK(run.state("api") == NodeState::kFailed);
  CHECK(run.state("web") == NodeState::kStopped);
  CHECK((run.state("db") == NodeState::kReady) == (limit == kStop));
  if (limit == kShutdown) CHECK(run.engine().outcome() == Outcome::kShutdown);
  if (limit == kSpinHalt) CHECK(run.engine().outcome() == Outcome::kSpinHalt);
}

TEST_CASE("without a limit there is none", "[supervisor][S8]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "db").restart = RestartPolicy::Unlimited();
  EngineHarness run(nodes);
  run.Start();
  for (int i = 0; i < 1000; ++i) Restart(run, "db");
  CHECK(run.engine().all_ready());
}

TEST_CASE("a node that waits in backoff stops at once when asked", "[supervisor][S8][trap12]") {
  EngineHarness run({{.name = "db"}});
  run.Start();
  run.FailWith("db", kRestart);
  run.Cooperate();
  CHECK(run.RequestStop() == Lines{"finish"});
  CHECK(run.state("db") == NodeState::kStopped);
}

// --- S19

TEST_CASE("an end that should never be is a restart, under the restart policy",
          "[supervisor][S19][S8]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "db").on_completion = OnCompletion::kRestart;
  PolicyOf(nodes, "db").restart.max_restarts = 1;
  PolicyOf(nodes, "db").restart.on_limit = kStop;
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.Done("db") == Lines{"destroy db#1"});  // no handler is asked
  CHECK(run.state("db") == NodeState::kStopping);
  CHECK(run.cause("db") ==
        Cause{.kind = Cause::Kind::kCompletion, .node = run.id("db"), .incarnation = 1});
  run.Gone("db");
  CHECK(run.Advance(1s) == Lines{"launch db#4"});
  run.Ready("db");
  CHECK(run.Done("db") == Lines{"ask web#3"});  // at the limit
  CHECK(run.Cooperate() ==
        Lines{"destroy web#3", "ask api#2", "destroy api#2", "destroy db#4", "finish"});
  CHECK(run.state("db") == NodeState::kFailed);
  CHECK(run.engine().outcome() == Outcome::kFailed);
  CHECK(run.engine().outcome_cause().node == run.id("db"));
}

TEST_CASE("such an end before ready is a failure like any other", "[supervisor][S19][S3]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "db").on_completion = OnCompletion::kRestart;
  EngineHarness run(nodes);
  run.Begin();
  CHECK(run.Done("db") == Lines{"consult db#1 EndedBeforeReady"});
}

TEST_CASE("such an end restarts the dependents that asked for it", "[supervisor][S19][S6]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "db").on_completion = OnCompletion::kRestart;
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.Done("db") == Lines{"ask api#2"});
  CHECK(run.End("api") == Lines{"destroy api#2", "destroy db#1"});
}

TEST_CASE("such an end while the node is restarted anyway is no restart more",
          "[supervisor][S19][S8]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "db").on_completion = OnCompletion::kRestart;
  PolicyOf(nodes, "db").restart.max_restarts = 0;
  PolicyOf(nodes, "api").on_dependency_restart = OnDependencyRestart::kRestart;
  EngineHarness run(nodes);
  run.Start();
  CHECK(run.Restart("db") == Lines{"answer db#1 accepted", "ask api#2"});
  CHECK(run.Done("db") == Lines{});  // it has not been asked yet: api is still there
  CHECK(run.cause("db").kind == Cause::Kind::kCompletion);
  CHECK(run.End("api") == Lines{"destroy api#2", "destroy db#1"});
  CHECK(run.Gone("db") == Lines{"launch db#4"});  // without a pause
}

TEST_CASE("such an end during a stop is a completion", "[supervisor][S19][S7]") {
  std::vector<TestNode> nodes = SteadyChain();
  PolicyOf(nodes, "db").on_completion = OnCompletion::kRestart;
  EngineHarness run(nodes);
  run.Start();
  run.RequestStop();
  run.Done("db");
  CHECK(run.state("db") == NodeState::kCompleted);
}

}  // namespace
}  // namespace stemma
