// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_INTERNAL_MUTATIONS_H_
#define STEMMA_TESTING_INTERNAL_MUTATIONS_H_

#include <string_view>

namespace stemma::internal {

// A way to break the engine, to see that the explorer notices. The build makes a copy of the
// engine's sources, MutantEngine, that contains all of them (mutate.cc); which of them it has at
// run time is active_mutation. The engine itself knows nothing of this.
struct Mutation {
  enum Form { kStatement, kExpression };
  std::string_view name;
  // The rule that is broken first.
  std::string_view rule;
  // The first of Scenarios() in which it shows, in a graph of as few nodes as can be.
  std::string_view scenario;
  Form form;
  std::string_view was;      // the engine's text, which occurs exactly once, or the build fails
  std::string_view becomes;  // ";" for nothing
};

inline constexpr Mutation kMutations[] = {
    {"a launch before the dependencies are ready",
     "S6: launched when every dependency is ready or completed",
     "an addition, a command, a failure", Mutation::kExpression, "node.unsatisfied == 0", "true"},
    {"a soft dependency ignored", "S6: launched when every dependency is ready or completed",
     "soft edges: a failure, a stop request", Mutation::kExpression, "node.unsatisfied_soft == 0",
     "true"},
    {"a stale ready accepted", "S16: news of a dead incarnation change nothing", "a failure",
     Mutation::kStatement, "if (current) OnReady(id);", "if (id < nodes_.size()) OnReady(id);"},
    {"a start timeout that goes on when the node is ready",
     "S23: woken when something is due, and for nothing else", "a failure", Mutation::kStatement,
     "Arm(id, kLife, policies_[id].watchdog);", ";"},
    {"a cascade that forgets a node", "S5: what goes down ends", "a failure", Mutation::kStatement,
     "for (const NodeId dependent : graph_->Dependents(from)) mark(dependent);",
     "if (!graph_->Dependents(from).empty()) mark(graph_->Dependents(from).front());"},
    {"kStopParents without the ancestors' descendants", "S5: what goes down ends",
     "an addition, a command, a failure", Mutation::kStatement,
     "for (const NodeId node : found) TakeDown(node, cause);",
     "for (const NodeId node : found) Change(node, [](Node& one) { one.goal = Goal::kDown; });"},
    {"the stop order reversed", "S5: asked in time", "an addition, a command, a failure",
     Mutation::kStatement, "if (!node.asked && !node.done && MayEnd(node)) Ask(id);",
     "if (!node.asked && !node.done && node.goal != Goal::kRun && (node.holding != 0 || "
     "graph_->Dependents(id).empty())) Ask(id);"},
    {"an instance destroyed before its dependents have ended", "S5: destroyed when nobody uses it",
     "an addition, a clean end, a clock that rings first", Mutation::kStatement,
     "if (node.state == NodeState::kCompleted) return node.unended == 0;",
     "if (node.state == NodeState::kCompleted) return true;"},
    {"two verdicts for one incarnation", "S4: one verdict per incarnation", "two failures",
     Mutation::kExpression, "node.failed || node.done || !node.has_instance",
     "node.done || !node.has_instance"},
    {"a severity lost", "S15: the outcome is the severest", "a failure, a stop request",
     Mutation::kStatement, "Raise(outcome, cause);\n  if (stopping_) return;",
     "if (stopping_) return;\n  Raise(outcome, cause);"},
    {"a verdict not waited for at the end", "S15: finished when all has ended",
     "a failure, a stop request, a pause, a clock that rings first", Mutation::kExpression,
     "ended_ != nodes_.size() || pending_verdicts_ != 0", "ended_ != nodes_.size()"},
    {"a restart over the limit", "S8: a restart over the limit is said to be refused",
     "two failures", Mutation::kStatement,
     "if (node.budget.exhausted(now_)) return Refusal::kOverLimit;", ";"},
    {"a restart that does not bring along who asked for it",
     "S5: asked after its dependents have ended", "an addition, a command, a failure",
     Mutation::kStatement, "LetFollow(id);", ";"},
    {"a silent handler waited for", "S23: woken when something is due, and for nothing else",
     "a failure", Mutation::kStatement, "Arm(id, kVerdict, policies_[id].stop_timeout);", ";"},
    {"a missed deadline: stop_timeout", "S23: woken when something is due, and for nothing else",
     "a failure", Mutation::kStatement,
     "Arm(id, kStop, policies_[id].stop_timeout);\n"
     "  Emit(Action::Kind::kRequestStop, id, nodes_[id].cause);",
     "Emit(Action::Kind::kRequestStop, id, nodes_[id].cause);"},
    {"ancestors of the abandoned destroyed", "S12: ancestors of the abandoned are never destroyed",
     "an addition, a clean end, a clock that rings first", Mutation::kStatement,
     "for (const NodeId ancestor : graph_->Ancestors(id)) nodes_[ancestor].leak = true;", ";"},
    {"a second signal ignored", "S13: the second signal forces the exit", "a failure, two signals",
     Mutation::kStatement,
     "if (++signals_ > 1) return Emit(Action::Kind::kForceExit, kNoNode, cause);", ";"},
    {"a spin halt ended by SIGINT", "S14: a spin halt stays until SIGTERM",
     "a failure, two signals", Mutation::kStatement,
     "if (!terminate) return Publish(EngineEvent::Kind::kStopIgnored, kNoNode, cause);",
     "if (!terminate) end_spin_halt_ = true;\n"
     "if (!terminate) return Publish(EngineEvent::Kind::kStopIgnored, kNoNode, cause);"},
    {"a nested spin halt that a handler may forgive", "S9: the verdict is the handler's",
     "a nested spin halt, a failure", Mutation::kStatement,
     "if (nodes_[id].nested_spin_halt) verdict = ErrorHandlingBehavior::kSpinHalt;", ";"},
    {"an operator's stop undone by kRestart", "S16: every transition has its cause", "a failure",
     Mutation::kStatement, "if (nodes_[id].goal == Goal::kDown) return;", ";"},
    {"an end of the run although an operator has stopped a node",
     "S15: finished when all has ended", "soft edges: a clean end, two commands",
     Mutation::kStatement, "if (!stopping_ && operator_stopped_ != 0) return;", ";"},
    {"StartNode without the ancestors", "S16: and so is its cause",
     "an addition, a command, a failure", Mutation::kStatement,
     "for (const NodeId ancestor : ancestors) Revive(ancestor, cause);", ";"},
    {"a node added below a stopped one that does not begin as stopped", "S16: and so is its cause",
     "an addition, a command, a failure", Mutation::kStatement, "lost |= NeedsStart(other);", ";"},
    {"live dependents of an abandoned node left alone", "S5: asked in time",
     "an addition, a clean end, a clock that rings first", Mutation::kStatement,
     "TakeDown(id, why);", ";"},
    {"a launch that remembers why the last one ended", "S16: every transition has its cause",
     "a failure", Mutation::kStatement, "node.cause = {};", ";"},
    {"a later cascade that changes why a node goes down", "S16: every transition has its cause",
     "two failures", Mutation::kExpression, "node.goal != Goal::kDown", "true"},
    {"a run that fails of its first node instead of its first failure",
     "S15: the end is blamed on what raised the outcome", "a failure, two clocks that ring first",
     Mutation::kExpression, "node.losses_before < first->losses_before", "false"},
    {"a forgiven failure that a run still fails of",
     "S15: the end is blamed on what raised the outcome", "two failures, a command",
     Mutation::kStatement, "node.loss = {};", ";"},
    {"a removal while everything goes down", "S7: at the end all are there to be reported",
     "a failure, two commands", Mutation::kStatement,
     "if (stopping_) return;  // S7: all are there at the end, to be reported", ";"},
};

// 0: none, and the copy is the engine; else one more than an index of kMutations.
inline int active_mutation = 0;

}  // namespace stemma::internal

#endif  // STEMMA_TESTING_INTERNAL_MUTATIONS_H_
