// SPDX-License-Identifier: Apache-2.0
// What follows from a verdict, a limit or a stop request for the nodes and for the run.
#include <algorithm>
#include <utility>

#include "stemma/supervisor/engine.h"

namespace stemma {
namespace {

// Uniform in [0, 1), from the seed and the incarnation alone, so that a replay draws the same
// (splitmix64: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
double UnitRandom(std::uint64_t seed, std::uint64_t incarnation) {
  std::uint64_t z = seed + incarnation * 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  z ^= z >> 31;
  return static_cast<double>(z >> 11) * 0x1.0p-53;
}

}  // namespace

void Engine::Apply(NodeId id, ErrorHandlingBehavior verdict, const Cause& given) {
  if (verdict == ErrorHandlingBehavior::kRestart) {
    if (nodes_[id].goal == Goal::kDown) return;
    const Refusal refusal = Restart(id, given);
    if (refusal != Refusal::kNone) RefuseRestart(id, given, refusal);
    return;
  }
  Cause cause = given;
  cause.verdict = verdict;
  Lose(id, cause);
  switch (verdict) {
    case ErrorHandlingBehavior::kStopParents:
      return TakeDownWithAncestors(id, cause);
    case ErrorHandlingBehavior::kShutdown:
      return StopEverything(cause, Outcome::kShutdown);
    case ErrorHandlingBehavior::kSpinHalt:
      BeginSpinHalt(cause);
      return StopEverything(cause, Outcome::kSpinHalt);
    default:  // kStop
      return TakeDown(id, cause);
  }
}

// S8, S12: what happens instead of a restart that is over its limit or impossible.
void Engine::RefuseRestart(NodeId id, const Cause& cause, Refusal refusal) {
  const ErrorHandlingBehavior limit = policies_[id].restart.on_limit;
  Publish(EngineEvent::Kind::kRestartRefused, id, cause, limit);
  actions_->back().event.refusal = refusal;
  nodes_[id].verdict = limit;
  nodes_[id].failed = true;  // also one that only ended, or is stopped for its dependency
  Apply(id, limit, cause);
}

// Returns: why not, or kNone.
Refusal Engine::Restart(NodeId id, const Cause& cause) {
  Node& node = nodes_[id];
  if (node.leak) return Refusal::kAbandoned;
  if (node.budget.exhausted(now_)) return Refusal::kOverLimit;
  Cycle(id, node.budget.Restart(now_, UnitRandom(options_.jitter_seed, node.incarnation)), cause);
  return Refusal::kNone;
}

void Engine::Cycle(NodeId id, Time delay, const Cause& cause) {
  Change(id, [&](Node& node) {
    node.goal = Goal::kCycle;
    node.restart_delay = delay;
    node.cause = cause;
  });
  LetFollow(id);
}

// S6: what a restart of the node brings along: the dependents that asked for it, and those who
// follow them.
void Engine::LetFollow(NodeId id) {
  stack_.assign(1, id);
  while (!stack_.empty()) {
    const NodeId from = stack_.back();
    stack_.pop_back();
    for (const NodeId dependent : graph_->Dependents(from)) {
      const Node& node = nodes_[dependent];
      if (policies_[dependent].on_dependency_restart != OnDependencyRestart::kRestart ||
          !node.has_instance || node.goal != Goal::kRun || node.state == NodeState::kCompleted) {
        continue;
      }
      Change(dependent, [&](Node& changed) {
        changed.goal = Goal::kCycle;
        changed.restart_delay = Time::zero();
        changed.cause = {.kind = Cause::Kind::kDependencyRestart,
                         .node = from,
                         .incarnation = nodes_[from].incarnation};
      });
      stack_.push_back(dependent);
    }
  }
}

void Engine::TakeDown(NodeId id, const Cause& cause) {
  ++visit_;
  std::size_t taken = 0;
  const auto mark = [&](NodeId node) {
    const bool down = nodes_[node].goal == Goal::kDown;
    if ((down && down_is_closed_) || std::exchange(nodes_[node].visit, visit_) == visit_) return;
    if (!down) {
      ++taken;
      Change(node, [&](Node& changed) {
        changed.goal = Goal::kDown;
        if (!IsTerminal(changed.state)) changed.cause = cause;
      });
    }
    stack_.push_back(node);
  };
  stack_.clear();
  mark(id);
  while (!stack_.empty()) {
    const NodeId from = stack_.back();
    stack_.pop_back();
    for (const NodeId dependent : graph_->Dependents(from)) mark(dependent);
  }
  // Most are told to stop, and published as stopping, in this answer: it is not to grow step by
  // step.
  const std::size_t expected = actions_->size() + 2 * taken;
  if (expected > actions_->capacity()) {
    actions_->reserve(std::max(expected, 2 * actions_->capacity()));
  }
}

void Engine::TakeDownWithAncestors(NodeId id, const Cause& cause) {
  ++visit_;
  std::vector<NodeId> found{id};
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const NodeId dependency : graph_->Dependencies(found[i])) {
      if (std::exchange(nodes_[dependency].visit, visit_) != visit_) found.push_back(dependency);
    }
  }
  for (const NodeId node : found) TakeDown(node, cause);
}

void Engine::BeginSpinHalt(const Cause& cause) {
  if (std::exchange(spin_halt_, true)) return;
  if (options_.nested) Emit(Action::Kind::kTellOuter, kNoNode, cause, FailureKind::kNestedSpinHalt);
  if (!options_.latch) return;
  latching_ = true;
  timers_.Set(kLatchLimit, In(kLatchPatience));
  Emit(Action::Kind::kLatch, kNoNode, cause);
}

void Engine::StopEverything(const Cause& cause, Outcome outcome) {
  Raise(outcome, cause);
  if (stopping_) return;
  stopping_ = true;
  if (!std::exchange(delaying_, false)) timers_.Set(kDeadline, In(options_.shutdown_deadline));
  timers_.Cancel(kDelay);
  Publish(EngineEvent::Kind::kStopping, kNoNode, cause);
  for (NodeId id = 0; id < nodes_.size(); ++id) TakeDown(id, cause);
}

void Engine::Raise(Outcome outcome, const Cause& cause) {
  if (outcome < outcome_ || (outcome == outcome_ && outcome_cause_.kind != Cause::Kind::kNone))
    return;
  outcome_ = outcome;
  outcome_cause_ = cause;
}

void Engine::Lose(NodeId id, const Cause& cause) {
  Node& node = nodes_[id];
  if (node.loss.kind != Cause::Kind::kNone) return;
  node.loss = cause;
  node.losses_before = losses_++;
}

// S15: not of those that are gone, or were started again (S24): what the run says of its end can be
// seen in its nodes.
const Engine::Node* Engine::FirstLost() const {
  const Node* first = nullptr;
  for (const Node& node : nodes_) {
    if (node.state != NodeState::kFailed && node.state != NodeState::kAbandoned) continue;
    if (first == nullptr || node.losses_before < first->losses_before) first = &node;
  }
  return first;
}

void Engine::FinishIfOver() {
  if (!begun_ || ended_ != nodes_.size() || pending_verdicts_ != 0) return;
  if (!stopping_ && operator_stopped_ != 0) return;  // S24: they may be started again
  if (spin_halt_ && !options_.nested) {
    if (latching_) return;
    if (!std::exchange(announced_, true)) {
      Emit(Action::Kind::kAnnounceSpinHalt, kNoNode, outcome_cause_);
      timers_.Cancel(kDeadline);
      ArmReminder();
    }
    if (!terminate_seen_ && !end_spin_halt_) return;
  }
  const Node* const lost = FirstLost();
  if (!stopping_ && lost != nullptr) Raise(Outcome::kFailed, lost->loss);
  finished_ = true;
  if (options_.nested && (outcome_ == Outcome::kFailed || outcome_ == Outcome::kShutdown)) {
    Emit(Action::Kind::kTellOuter, kNoNode, outcome_cause_, FailureKind::kNestedShutdown);
  }
  Emit(Action::Kind::kFinish, kNoNode, outcome_cause_);
}

}  // namespace stemma
