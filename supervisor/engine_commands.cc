// SPDX-License-Identifier: Apache-2.0
// The engine's operator commands (S24).
#include <algorithm>
#include <utility>

#include "stemma/supervisor/engine.h"

namespace stemma {
namespace {

// What a cause says of a node after `removed` is none any more.
void Renumber(Cause& cause, NodeId removed) {
  if (cause.node == kNoNode || cause.node < removed) return;
  cause.node = cause.node == removed ? kNoNode : cause.node - 1;
}

}  // namespace

void Engine::OnCommand(const Input& input) {
  const auto [refusal, node] = Check(input);
  Emit(Action::Kind::kAnswer, node);
  actions_->back().refusal = refusal;
  if (refusal != Refusal::kNone) return;
  switch (input.kind) {
    case Input::Kind::kStopNode:
      return StopNode(input.node);
    case Input::Kind::kStartNode:
      return StartNode(input.node);
    case Input::Kind::kRestartNode:
      return RestartNode(input.node);
    case Input::Kind::kAddNode:
      return AddNode(*input.addition);
    default:
      if (nodes_[input.node].removing) return;
      nodes_[input.node].removing = true;
      removing_.push_back(input.node);
      return TakeDown(input.node, {.kind = Cause::Kind::kOperator, .node = input.node});
  }
}

// It will not be there for its dependents, unless somebody starts it.
bool Engine::NeedsStart(const Node& node) {
  return node.goal == Goal::kDown && node.state != NodeState::kCompleted;
}

std::pair<Refusal, NodeId> Engine::Check(const Input& input) const {
  if (stopping_ || delaying_) return {Refusal::kStopping, kNoNode};
  if (input.kind == Input::Kind::kAddNode) {
    const auto grown = graph_->With(input.addition->declaration);
    if (!grown.ok()) return {Refusal::kInvalid, kNoNode};
    for (const NodeId dependency : grown->Dependencies(static_cast<NodeId>(nodes_.size()))) {
      if (nodes_[dependency].removing) return {Refusal::kRemoving, dependency};
    }
    return {Refusal::kNone, kNoNode};
  }
  const NodeId id = input.node;
  if (id >= nodes_.size()) return {Refusal::kUnknown, kNoNode};
  const Node& node = nodes_[id];
  if (input.kind == Input::Kind::kStopNode) return {Refusal::kNone, id};
  if (input.kind == Input::Kind::kRemoveNode) {
    if (!graph_->Dependents(id).empty()) {
      return {Refusal::kHasDependents, graph_->Dependents(id).front()};
    }
    // Its threads still run, and the result of the run has to say so.
    if (node.state == NodeState::kAbandoned) return {Refusal::kAbandoned, id};
    return {Refusal::kNone, id};
  }
  if (node.removing) return {Refusal::kRemoving, id};
  // S12: what was abandoned does not come back, nor what the abandoned may still use.
  const auto lost = [](const Node& one) { return one.state == NodeState::kAbandoned || one.leak; };
  if (lost(node) && (NeedsStart(node) || input.kind == Input::Kind::kRestartNode)) {
    return {Refusal::kAbandoned, id};
  }
  const bool again = input.kind == Input::Kind::kRestartNode &&
                     node.state == NodeState::kCompleted && node.goal == Goal::kDown;
  if (!NeedsStart(node) && !again) return {Refusal::kNone, id};
  for (const NodeId ancestor : graph_->Ancestors(id)) {
    if (!NeedsStart(nodes_[ancestor])) continue;
    if (lost(nodes_[ancestor])) return {Refusal::kAbandoned, ancestor};
  }
  return {Refusal::kNone, id};
}

void Engine::StopNode(NodeId id) {
  std::vector<NodeId> stopped = graph_->Descendants(id);
  stopped.push_back(id);
  for (const NodeId node : stopped) {
    if (IsTerminal(nodes_[node].state) || nodes_[node].operator_stopped) continue;
    nodes_[node].operator_stopped = true;
    ++operator_stopped_;
  }
  TakeDown(id, {.kind = Cause::Kind::kOperator, .node = id});
}

void Engine::StartNode(NodeId id) {
  const Cause cause{.kind = Cause::Kind::kOperator, .node = id};
  if (!NeedsStart(nodes_[id])) {
    if (nodes_[id].state != NodeState::kBackingOff) return;  // it is on its way, or there
    Disarm(id, kLife);
    return Change(id, [](Node& node) { node.state = NodeState::kWaiting; });
  }
  ReviveWithAncestors(id, cause);
}

void Engine::ReviveWithAncestors(NodeId id, const Cause& cause) {
  const std::vector<NodeId> ancestors = graph_->Ancestors(id);
  for (const NodeId ancestor : ancestors) Revive(ancestor, cause);
  Revive(id, cause);
  // S6: those of them that have not been asked yet follow those that come back.
  for (const NodeId ancestor : ancestors) {
    if (nodes_[ancestor].goal == Goal::kCycle) LetFollow(ancestor);
  }
}

// The node is to run again, as far as it is not running. Of a completed one only the way is cleared
// that cascades take.
void Engine::Revive(NodeId id, const Cause& cause) {
  if (nodes_[id].goal != Goal::kDown) return;
  if (nodes_[id].operator_stopped) --operator_stopped_;
  nodes_[id].operator_stopped = false;
  Change(id, [&](Node& node) {
    node.goal = Goal::kRun;
    if (node.state == NodeState::kCompleted) return;
    node.cause = cause;
    node.loss = {};
    if (!node.has_instance) {
      node.state = NodeState::kWaiting;
      node.failed = false;
      node.budget = RestartBudget(policies_[id].restart);
    } else if (node.asked || node.done) {  // it must end first; a failure of it is forgiven
      node.goal = Goal::kCycle;
      node.verdict = ErrorHandlingBehavior::kRestart;
      node.restart_delay = Time::zero();
    }
  });
}

// As a kRestart verdict, without budget or backoff.
void Engine::RestartNode(NodeId id) {
  if (NeedsStart(nodes_[id])) return StartNode(id);
  const Cause cause{.kind = Cause::Kind::kOperator, .node = id};
  switch (nodes_[id].state) {
    case NodeState::kWaiting:
      return;
    case NodeState::kBackingOff:
      return StartNode(id);
    case NodeState::kCompleted:
      // Where a cascade has passed, it needs its ancestors.
      if (nodes_[id].goal == Goal::kDown) ReviveWithAncestors(id, cause);
      Change(id, [&](Node& node) {
        node.state = node.has_instance ? NodeState::kStopping : NodeState::kWaiting;
        node.after_followers = !node.has_instance;
        node.goal = Goal::kRun;
        node.cause = cause;
      });
      break;
    default:
      break;
  }
  const bool gone = !nodes_[id].has_instance;
  Cycle(id, Time::zero(), cause);
  if (gone) Change(id, [](Node& node) { node.goal = Goal::kRun; });
}

void Engine::AddNode(const Addition& addition) {
  graph_ = std::make_shared<const DependencyGraph>(*graph_->With(addition.declaration));
  const auto id = static_cast<NodeId>(nodes_.size());
  policies_.push_back(addition.policy);
  Node& node = nodes_.emplace_back();
  node.budget = RestartBudget(addition.policy.restart);
  work_.Resize(nodes_.size());
  timers_.Resize(kGlobalTimers + nodes_.size() * kTimersPerNode);
  bool lost = false;
  for (const NodeId dependency : graph_->Dependencies(id)) {
    Node& other = nodes_[dependency];
    ++other.unended;
    if (!FactsOf(other).satisfies) ++node.unsatisfied;
    lost |= NeedsStart(other);
    if (other.goal == Goal::kDown && !NeedsStart(other)) down_is_closed_ = false;
  }
  for (const NodeId dependency : graph_->SoftDependencies(id)) {
    if (!FactsOf(nodes_[dependency]).satisfies_soft) ++node.unsatisfied_soft;
  }
  Emit(Action::Kind::kAdded, id);
  if (lost) {
    Change(id, [](Node& added) {
      added.goal = Goal::kDown;
      added.cause = {.kind = Cause::Kind::kOperator};
    });
  }
  Queue(id);
}

void Engine::RemoveEnded() {
  if (stopping_) return;  // S7: all are there at the end, to be reported
  for (std::size_t i = 0; i < removing_.size();) {
    const NodeId id = removing_[i];
    // S12: what was abandoned on the way stays, to be reported.
    const bool stays = nodes_[id].state == NodeState::kAbandoned;
    if (!stays && !FactsOf(nodes_[id]).ended) {
      ++i;
      continue;
    }
    removing_.erase(removing_.begin() + static_cast<std::ptrdiff_t>(i));
    if (stays) {
      nodes_[id].removing = false;
    } else {
      Remove(id);
    }
  }
}

void Engine::Remove(NodeId id) {
  Emit(Action::Kind::kRemoved, id);
  const Node& node = nodes_[id];
  const Facts facts = FactsOf(node);
  if (facts.satisfies) --satisfied_;
  --ended_;
  if (node.ever_ready) --ever_ready_;
  if (node.operator_stopped) --operator_stopped_;

  // It has ended and nobody depends on it, so no count of a neighbour includes it.
  TimerQueue timers;
  timers.Resize(kGlobalTimers + (nodes_.size() - 1) * kTimersPerNode);
  for (TimerQueue::Key key = 0; key < kGlobalTimers + nodes_.size() * kTimersPerNode; ++key) {
    const auto at = timers_.Get(key);
    if (at) timers.Set(key < KeyOf(id, {}) ? key : key - kTimersPerNode, *at);
  }
  timers_ = std::move(timers);
  graph_ = std::make_shared<const DependencyGraph>(graph_->Without(id));
  nodes_.erase(nodes_.begin() + id);
  policies_.erase(policies_.begin() + id);
  work_.Resize(nodes_.size());
  for (Node& other : nodes_) {
    Renumber(other.cause, id);
    Renumber(other.loss, id);
  }
  for (NodeId& other : removing_) other -= other > id ? 1 : 0;
  SayIfAllReady();
}

}  // namespace stemma
