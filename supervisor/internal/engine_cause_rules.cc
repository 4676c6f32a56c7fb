// SPDX-License-Identifier: Apache-2.0
// The book of rules, continued: why things happen (S16), and what the run is to blame for its
// outcome (S15).
#include <algorithm>

#include "stemma/supervisor/internal/engine_referee.h"

namespace stemma::internal {

Cause EngineReferee::FailureOf(NodeId id, ErrorHandlingBehavior verdict) const {
  return {.kind = Cause::Kind::kFailure,
          .verdict = verdict,
          .node = id,
          .incarnation = lives_[id].incarnation};
}

Cause EngineReferee::EndOf(NodeId id) const {
  return {.kind = Cause::Kind::kCompletion, .node = id, .incarnation = lives_[id].incarnation};
}

Cause EngineReferee::Asked() const {
  switch (input_.kind) {
    case Input::Kind::kStopRequested:
      return {.kind = Cause::Kind::kStopRequest};
    case Input::Kind::kInterrupt:
      return {.kind = Cause::Kind::kInterrupt};
    case Input::Kind::kTerminate:
      return {.kind = Cause::Kind::kTerminate};
    case Input::Kind::kStopNode:
    case Input::Kind::kStartNode:
    case Input::Kind::kRestartNode:
    case Input::Kind::kRemoveNode:
      return {.kind = Cause::Kind::kOperator, .node = input_.node};
    case Input::Kind::kAddNode:
      return {.kind = Cause::Kind::kOperator};
    default:
      return {};
  }
}

void EngineReferee::Blame(NodeId id, const Cause& cause) {
  lives_[id].why = cause;
  lives_[id].led_by.clear();
}

bool EngineReferee::IsWhy(NodeId id, const Cause& said) {
  const std::vector<Cause>& led_by = lives_[id].led_by;
  if (std::find(led_by.begin(), led_by.end(), said) != led_by.end()) Blame(id, said);
  return lives_[id].why == said;
}

bool EngineReferee::IsWhyOrDeadline(NodeId id, const Cause& said) {
  return IsWhy(id, said) ||
         (DeadlineDue() && said == Cause{.kind = Cause::Kind::kShutdownDeadline});
}

// --- The outcome

void EngineReferee::Raise(Outcome outcome, const Cause& cause) {
  const bool first = outcome == outcome_ && raised_by_ == Cause{};
  if (outcome < outcome_ || (outcome == outcome_ && !first)) return;
  outcome_ = outcome;
  raised_by_ = cause;
}

void EngineReferee::Lose(NodeId id, const Cause& cause) {
  const bool known = std::any_of(losses_.begin(), losses_.end(),
                                 [&](const auto& loss) { return loss.first == id; });
  if (!known) losses_.emplace_back(id, cause);
}

void EngineReferee::RaiseIfLost() {
  if (stopping_) return;
  for (const auto& [id, cause] : losses_) {
    const NodeState state = lives_[id].state;
    if (state != NodeState::kFailed && state != NodeState::kAbandoned) continue;
    return Raise(Outcome::kFailed, cause);
  }
}

void EngineReferee::ForgetCauses(NodeId removed) {
  const auto renumber = [&](NodeId& id) {
    if (id == kNoNode || id < removed) return;
    id = id == removed ? kNoNode : id - 1;
  };
  std::erase_if(losses_, [&](const auto& loss) { return loss.first == removed; });
  for (auto& [id, cause] : losses_) {
    renumber(id);
    renumber(cause.node);
  }
  for (Life& life : lives_) {
    renumber(life.why.node);
    for (Cause& cause : life.led_by) renumber(cause.node);
  }
}

// --- What is said

void EngineReferee::ExpectCause(bool rule, std::string_view text, NodeId id) {
  if (rule || !misblamed_.empty()) return;
  misblamed_ = std::string(text);
  if (id < graph_->size()) misblamed_ += ": " + graph_->name(id);
}

void EngineReferee::CheckCause(const Action& action) {
  const NodeId id = action.node;
  const Cause& cause = action.cause;
  switch (action.kind) {
    case Action::Kind::kRequestStop:
      return ExpectCause(
          lives_[id].state == NodeState::kDeciding ? cause == FailureOf(id) : IsWhy(id, cause),
          "S16: asked for what takes it down", id);
    case Action::Kind::kAskHandler:
      return ExpectCause(cause == FailureOf(id), "S16: asked about its failure", id);
    case Action::Kind::kAbandon:
      return ExpectCause(IsWhy(id, cause), "S16: abandoned for what took it down", id);
    case Action::Kind::kAbort:
      return ExpectCause(IsWhyOrDeadline(id, cause), "S16: aborted for what took it down", id);
    case Action::Kind::kForceExit:
      return ExpectCause(cause == Asked(), "S13: which signal forces the exit");
    case Action::Kind::kTellOuter:
    case Action::Kind::kFinish:
      if (action.failure != FailureKind::kNestedSpinHalt) RaiseIfLost();
      [[fallthrough]];
    case Action::Kind::kLatch:
    case Action::Kind::kAnnounceSpinHalt:
      return ExpectCause(cause == raised_by_, "S15: the end is blamed on what raised the outcome");
    default:
      return ExpectCause(cause == Cause{}, "S16: no cause is made up", id);
  }
}

void EngineReferee::CheckCause(const EngineEvent& event) {
  using Kind = EngineEvent::Kind;
  const NodeId id = event.node;
  const Cause& cause = event.cause;
  switch (event.kind) {
    case Kind::kTransition: {
      const Life& life = lives_[id];
      if (event.to == NodeState::kStarting) Blame(id, {});
      if (event.to == NodeState::kDeciding && !life.down && !life.cycling) Blame(id, FailureOf(id));
      if (event.to == NodeState::kStopping) {
        // S12: it should still have waited for those before it.
        if (DeadlineDue() && !life.asked && !life.done && !MayEnd(id)) {
          Blame(id, {.kind = Cause::Kind::kShutdownDeadline});
        }
        // S19: what follows from its end comes after it.
        const bool ended = input_.kind == Input::Kind::kDone && input_.node == id;
        if (ended && event.from == NodeState::kReady)
          return ExpectCause(cause == EndOf(id), "S16: every transition has its cause", id);
      }
      return ExpectCause(IsWhy(id, cause), "S16: every transition has its cause", id);
    }
    case Kind::kStartupFailed:
      return ExpectCause(IsWhy(id, cause), "S16: why the startup failed", id);
    case Kind::kStuck:
      return ExpectCause(IsWhyOrDeadline(id, cause), "S16: why what is stuck goes down", id);
    case Kind::kVerdict:
    case Kind::kHandlerFault:
      return ExpectCause(cause == FailureOf(id, event.verdict), "S16: a verdict on its failure",
                         id);
    case Kind::kStopDelayed:
    case Kind::kStopIgnored:
    case Kind::kSpinHaltEnding:
      return ExpectCause(cause == Asked(), "S16: who asks for a stop");
    case Kind::kLatchFailed:
      return ExpectCause(cause == raised_by_, "S16: what was to be latched");
    case Kind::kRestartRefused:  // as they are seen
    case Kind::kStopping:
      return;
    default:
      return ExpectCause(cause == Cause{}, "S16: no cause is made up", id);
  }
}

}  // namespace stemma::internal
