// SPDX-License-Identifier: Apache-2.0
// The book of rules, continued: what operator commands mean (S24).
#include <algorithm>
#include <set>

#include "stemma/supervisor/internal/engine_referee.h"

namespace stemma::internal {

void EngineReferee::TakeCommand(const Input& input) {
  owed_answer_ = Answer(input);
  if (owed_answer_->first != Refusal::kNone) return;
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
      lives_[input.node].removing = true;
      return TakeDown(input.node, Asked());
  }
}

// --- What is answered

std::pair<Refusal, NodeId> EngineReferee::Answer(const Input& input) const {
  if (stopping_ || delay_) return {Refusal::kStopping, kNoNode};
  if (input.kind == Input::Kind::kAddNode) {
    const DependencyGraph::Declaration& declaration = input.addition->declaration;
    if (!IsValid(declaration)) return {Refusal::kInvalid, kNoNode};
    for (NodeId id = 0; id < size(); ++id) {
      const auto& names = declaration.dependencies;
      const bool depends = std::find(names.begin(), names.end(), graph_->name(id)) != names.end();
      if (depends && lives_[id].removing) return {Refusal::kRemoving, id};
    }
    return {Refusal::kNone, kNoNode};
  }
  const NodeId id = input.node;
  if (id >= size()) return {Refusal::kUnknown, kNoNode};
  switch (input.kind) {
    case Input::Kind::kRemoveNode:
      for (NodeId other = 0; other < size(); ++other) {
        const auto dependencies = graph_->Dependencies(other);
        if (std::find(dependencies.begin(), dependencies.end(), id) != dependencies.end())
          return {Refusal::kHasDependents, other};
      }
      if (lives_[id].state == NodeState::kAbandoned) return {Refusal::kAbandoned, id};
      break;
    case Input::Kind::kStartNode:
    case Input::Kind::kRestartNode: {
      if (lives_[id].removing) return {Refusal::kRemoving, id};
      const bool restart = input.kind == Input::Kind::kRestartNode;
      if (IsLost(id) && (restart || NeedsStart(id))) return {Refusal::kAbandoned, id};
      // A completed one that a cascade has passed needs its ancestors to run again.
      if (!NeedsStart(id) && !(restart && lives_[id].down)) break;
      for (NodeId other = 0; other < size(); ++other) {
        if (!Descends(id, other) || !NeedsStart(other)) continue;
        if (IsLost(other)) return {Refusal::kAbandoned, other};
      }
      break;
    }
    default:
      break;
  }
  return {Refusal::kNone, id};
}

// S1. Nothing depends on a new node, so it makes no cycle but with itself.
bool EngineReferee::IsValid(const DependencyGraph::Declaration& declaration) const {
  std::set<std::string> known;
  for (NodeId id = 0; id < size(); ++id) known.insert(graph_->name(id));
  if (declaration.name.empty() || known.count(declaration.name) != 0) return false;
  for (const auto* names : {&declaration.dependencies, &declaration.soft_dependencies}) {
    for (const std::string& name : *names) {
      if (known.erase(name) == 0) return false;  // unknown, given twice, or hard and soft
    }
  }
  return true;
}

// It is down, or on its way there, and will not come back by itself.
bool EngineReferee::NeedsStart(NodeId id) const {
  const Life& life = lives_[id];
  return life.state != NodeState::kCompleted && (life.down || IsTerminal(life.state));
}

bool EngineReferee::IsLost(NodeId id) const {
  return lives_[id].tainted || lives_[id].state == NodeState::kAbandoned;
}

// --- What it means

void EngineReferee::StopNode(NodeId id) {
  for (NodeId node = 0; node < size(); ++node) {
    if (node != id && !Descends(node, id)) continue;
    lives_[node].operator_stopped |= !IsTerminal(lives_[node].state);
  }
  TakeDown(id, Asked());
}

void EngineReferee::StartNode(NodeId id) {
  if (!NeedsStart(id)) {
    if (lives_[id].state == NodeState::kBackingOff) lives_[id].pause = Time::zero();
    return;
  }
  for (NodeId node = 0; node < size(); ++node) {
    if (node == id || Descends(id, node)) Revive(node, Asked());
  }
  Follow();
}

void EngineReferee::Revive(NodeId id, const Cause& cause) {
  Life& life = lives_[id];
  const bool ended = life.state == NodeState::kStopped || life.state == NodeState::kFailed;
  if (!life.down && !ended) return;
  life.down = life.operator_stopped = false;
  if (life.state == NodeState::kCompleted) return;
  Blame(id, cause);
  std::erase_if(losses_, [&](const auto& loss) { return loss.first == id; });
  if (!life.exists) {
    life.failed = false;
    life.reviving = ended;
    life.attempt = 0;
    life.restarts.clear();
    life.pause = Time::zero();
  } else if (life.asked || life.done) {
    // It ends first, and then comes back: its failure has been forgiven.
    life.verdict = ErrorHandlingBehavior::kRestart;
    life.cycling = true;
    life.pause = Time::zero();
  }
}

void EngineReferee::RestartNode(NodeId id) {
  Life& life = lives_[id];
  const NodeState state = life.state;
  if (NeedsStart(id) || state == NodeState::kWaiting || state == NodeState::kBackingOff)
    return StartNode(id);
  if (state == NodeState::kCompleted) {
    if (life.down) {
      for (NodeId node = 0; node < size(); ++node) {
        if (Descends(id, node)) Revive(node, Asked());
      }
    }
    life.down = false;
    life.reviving = true;
    life.after_followers = !life.exists;
  }
  life.cycling = true;
  life.pause = Time::zero();
  Blame(id, Asked());
  Follow();
  life.cycling = life.exists;
}

void EngineReferee::AddNode(const Addition& addition) {
  std::vector<NodePolicy> policies = *policies_;
  policies.push_back(addition.policy);
  Redraw(*graph_->With(addition.declaration), std::move(policies));
  const NodeId id = static_cast<NodeId>(lives_.size());
  lives_.emplace_back();
  for (const NodeId dependency : graph_->Dependencies(id)) {
    lives_[id].down |= NeedsStart(dependency);
  }
  if (lives_[id].down) Blame(id, Asked());
  added_ = true;
}

// --- What the engine answers

void EngineReferee::SeeAnswer(const Action& action) {
  Expect(owed_answer_.has_value(), "S24: one answer to one command", action.node);
  if (!owed_answer_) return;
  Expect(action.refusal == owed_answer_->first, "S24: accepted, or refused, for cause",
         action.node);
  Expect(action.node == owed_answer_->second, "S24: the answer names the node", action.node);
  owed_answer_.reset();
}

void EngineReferee::SeeRemoved(NodeId id) {
  const Life& life = lives_[id];
  Expect(life.removing && IsTerminal(life.state) && !life.exists && !life.pending,
         "S24: removed on command, when it has ended", id);
  Expect(life.state != NodeState::kAbandoned, "S12: the abandoned stay to be reported", id);
  Expect(!stopping_, "S7: at the end all are there to be reported", id);
  if (!broken_.empty()) return;
  std::vector<NodePolicy> policies = *policies_;
  policies.erase(policies.begin() + id);
  Redraw(graph_->Without(id), std::move(policies));
  lives_.erase(lives_.begin() + id);
  ForgetCauses(id);
}

void EngineReferee::CheckCommands() {
  Expect(!owed_answer_, "S24: every command is answered");
  Expect(!added_, "S24: what is added is said to be");
  const bool start = input_.kind == Input::Kind::kStartNode ||  //
                     input_.kind == Input::Kind::kRestartNode;
  for (NodeId id = 0; id < size(); ++id) {
    Life& life = lives_[id];
    if (life.state == NodeState::kAbandoned) life.removing = false;
    Expect(!life.reviving, "S24: started at once", id);
    Expect(life.state != NodeState::kBackingOff || life.pause > Time::zero() || !start,
           "S24: a backoff is over at once", id);
    Expect(!begun_ || stopping_ || !life.removing || !IsTerminal(life.state) || life.exists ||
               life.pending,
           "S24: removed in time", id);
  }
}

}  // namespace stemma::internal
