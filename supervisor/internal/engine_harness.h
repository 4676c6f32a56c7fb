// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_ENGINE_HARNESS_H_
#define STEMMA_SUPERVISOR_INTERNAL_ENGINE_HARNESS_H_

#include <chrono>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/supervisor/engine.h"

namespace stemma::internal {

// One line per action or event, for tests to compare: "launch db#1", where 1 is the incarnation.
using Lines = std::vector<std::string>;

// A node of a test: its place in the graph and its policy in one declaration.
struct TestNode {
  std::string name = {};
  std::vector<std::string> dependencies = {};
  std::vector<std::string> soft_dependencies = {};
  NodePolicy policy = {};
};

// Shapes. Dependencies are declared before their dependents, but for M, where it is the other way
// round so that declaration order and start order differ.
std::vector<TestNode> Chain();    // web -> api -> db
std::vector<TestNode> Diamond();  // top -> left, right -> base
std::vector<TestNode> M();        // left -> a, b; right -> b, c
std::vector<TestNode> Star();     // s1, s2, s3 -> hub

// The policy of `nodes` with this name, to be changed.
NodePolicy& PolicyOf(std::vector<TestNode>& nodes, std::string_view name);

// A restart policy without chance: pauses of 1 s, 2 s, 4 s and so on.
RestartPolicy Steady();

// "launch db#1", "ask db#1" (to stop), "consult db#1 Thrown" (its handler), "check db#1" (its
// heartbeat), "destroy db#1", "abandon db#1", "leak db#1", "latch", "tell outer NestedShutdown",
// "announce spin halt", "force exit", "abort db#1", "answer db accepted" (to an operator's
// command), "added db", "removed db", "finish"; events as below.
std::string Describe(const DependencyGraph& graph, const Action& action);

// "db: waiting -> starting", "verdict db#1 Stop", "handler fault db#1", "restart refused db#1
// Shutdown", "secondary failure db#1", "stuck db#1", "late end db#1", "all ready", "startup failed
// db", "stop delayed", "stopping", "stop ignored", "spin halt ending", "latch failed".
std::string Describe(const DependencyGraph& graph, const EngineEvent& event);

// "ready db#1", "failed db#1 Thrown", "verdict db#1 Stop", "stop requested", "tick".
std::string Describe(const DependencyGraph& graph, const Input& input);

// An engine, the time, and what it has answered. Each input is given for the current incarnation of
// the node of that name, and returns the actions that came of it, without the events.
class EngineHarness {
 public:
  explicit EngineHarness(std::vector<TestNode> nodes, EngineOptions options = {});

  Lines Begin() { return Send(Input::Kind::kBegin); }
  Lines Ready(std::string_view name) { return Send(Input::Kind::kReady, name); }
  Lines Fail(std::string_view name, FailureKind failure = FailureKind::kThrown);
  Lines Done(std::string_view name) { return Send(Input::Kind::kDone, name); }
  Lines Gone(std::string_view name) { return Send(Input::Kind::kGone, name); }
  Lines Verdict(std::string_view name, ErrorHandlingBehavior verdict);
  Lines HandlerThrew(std::string_view name) { return Send(Input::Kind::kHandlerThrew, name); }
  Lines Heartbeat(std::string_view name, Engine::Time at);
  Lines LeftBehind(std::string_view name) { return Send(Input::Kind::kLeftBehind, name); }
  Lines RequestStop() { return Send(Input::Kind::kStopRequested); }
  Lines Interrupt() { return Send(Input::Kind::kInterrupt); }
  Lines Terminate() { return Send(Input::Kind::kTerminate); }
  Lines LatchWritten() { return Send(Input::Kind::kLatchWritten); }
  Lines LatchFailed() { return Send(Input::Kind::kLatchFailed); }
  Lines EndSpinHalt() { return Send(Input::Kind::kEndSpinHalt); }
  Lines Send(const Input& input);
  // Operator commands (S24).
  Lines Stop(std::string_view name) { return Command(Input::Kind::kStopNode, name); }
  Lines StartNode(std::string_view name) { return Command(Input::Kind::kStartNode, name); }
  Lines Restart(std::string_view name) { return Command(Input::Kind::kRestartNode, name); }
  Lines Remove(std::string_view name) { return Command(Input::Kind::kRemoveNode, name); }
  Lines Add(TestNode node);

  // Lets time pass, with a tick at each deadline on the way and none where there is no deadline.
  Lines Advance(std::chrono::nanoseconds by);
  // Lets it pass unnoticed, so that the next input comes late.
  void Skip(std::chrono::nanoseconds by) { now_ += by; }

  // Begins, and reports everything that is launched as ready.
  Lines Start();
  // Fails, and the handler answers.
  Lines FailWith(std::string_view name, ErrorHandlingBehavior verdict);
  // Done and then gone.
  Lines End(std::string_view name);
  // Everything that has been asked to stop is done and everything that is to be destroyed is gone,
  // until nothing is left to do. Nothing is reported as ready, and no handler answers.
  Lines Cooperate();

  const Engine& engine() const { return engine_; }
  NodeId id(std::string_view name) const { return *engine_.graph().Find(name); }
  NodeState state(std::string_view name) const { return engine_.state(id(name)); }
  Incarnation incarnation(std::string_view name) const { return engine_.incarnation(id(name)); }
  const Cause& cause(std::string_view name) const { return engine_.cause(id(name)); }
  Engine::Time now() const { return now_; }

  // The events since the last call of this.
  Lines TakeEvents();
  // The actions of the last input, with the events.
  const std::vector<Action>& last_actions() const { return last_actions_; }
  // The last of them of this kind. REQUIRES: there is one.
  const Action& last(Action::Kind kind) const;

 private:
  Lines Send(Input::Kind kind, std::string_view name = {});
  Lines Command(Input::Kind kind, std::string_view name);

  Engine engine_;
  Engine::Time now_ = std::chrono::hours(1);
  std::vector<Action> last_actions_;
  Lines events_;
  std::deque<Action> launched_;  // what Start has not reported as ready yet
  std::deque<Action> owed_;      // what Cooperate has not answered yet
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_ENGINE_HARNESS_H_
