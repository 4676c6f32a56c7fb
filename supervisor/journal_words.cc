// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/journal_words.h"

#include "stemma/supervisor/manifest_words.h"

namespace stemma {
namespace {

// The words that a value has elsewhere, in logs and manifests; none for what is not an enumerator.
JournalForm Known(std::string_view word) {
  if (word.starts_with("unknown")) return {};
  return {.word = word};
}

}  // namespace

JournalForm FormOf(Input::Kind kind) {
  switch (kind) {
    case Input::Kind::kBegin:
      return {"begin"};
    case Input::Kind::kReady:
      return {"ready", kNodeField};
    case Input::Kind::kFailed:
      return {"failed", kNodeField | kFailureField};
    case Input::Kind::kDone:
      return {"done", kNodeField};
    case Input::Kind::kGone:
      return {"gone", kNodeField};
    case Input::Kind::kVerdict:
      return {"verdict", kNodeField | kVerdictField};
    case Input::Kind::kHandlerThrew:
      return {"handler threw", kNodeField};
    case Input::Kind::kHeartbeat:
      return {"heartbeat", kNodeField | kHeardField};
    case Input::Kind::kLeftBehind:
      return {"left behind", kNodeField};
    case Input::Kind::kLatchWritten:
      return {"latch written"};
    case Input::Kind::kLatchFailed:
      return {"latch failed"};
    case Input::Kind::kStopRequested:
      return {"stop requested"};
    case Input::Kind::kInterrupt:
      return {"interrupt"};
    case Input::Kind::kTerminate:
      return {"terminate"};
    case Input::Kind::kEndSpinHalt:
      return {"end spin halt"};
    case Input::Kind::kTick:
      return {"tick"};
    case Input::Kind::kStopNode:
      return {"stop node", kNodeField};
    case Input::Kind::kStartNode:
      return {"start node", kNodeField};
    case Input::Kind::kRestartNode:
      return {"restart node", kNodeField};
    case Input::Kind::kAddNode:
      return {"add node", kAdditionField};
    case Input::Kind::kRemoveNode:
      return {"remove node", kNodeField};
  }
  return {};
}

JournalForm FormOf(Action::Kind kind) {
  switch (kind) {
    case Action::Kind::kLaunch:
      return {"launch", kNodeField};
    case Action::Kind::kRequestStop:
      return {"request stop", kNodeField};
    case Action::Kind::kAskHandler:
      return {"ask handler", kNodeField | kFailureField};
    case Action::Kind::kDestroy:
      return {"destroy", kNodeField};
    case Action::Kind::kAbandon:
      return {"abandon", kNodeField};
    case Action::Kind::kLeak:
      return {"leak", kNodeField};
    case Action::Kind::kCheckHeartbeat:
      return {"check heartbeat", kNodeField};
    case Action::Kind::kTellOuter:
      return {"tell outer", kFailureField};
    case Action::Kind::kLatch:
      return {"latch"};
    case Action::Kind::kPublish:
      return {};
    case Action::Kind::kAnnounceSpinHalt:
      return {"announce spin halt"};
    case Action::Kind::kForceExit:
      return {"force exit"};
    case Action::Kind::kAbort:
      return {"abort", kNodeField};
    case Action::Kind::kAnswer:
      return {"answer", kRefusalField};
    case Action::Kind::kAdded:
      return {"added", kNodeField};
    case Action::Kind::kRemoved:
      return {"removed", kNodeField};
    case Action::Kind::kFinish:
      return {"finish"};
  }
  return {};
}

JournalForm FormOf(EngineEvent::Kind kind) {
  switch (kind) {
    case EngineEvent::Kind::kTransition:
      return {"transition", kNodeField | kStatesField};
    case EngineEvent::Kind::kVerdict:
      return {"verdict", kNodeField | kVerdictField};
    case EngineEvent::Kind::kHandlerFault:
      return {"handler fault", kNodeField | kVerdictField};
    case EngineEvent::Kind::kRestartRefused:
      return {"restart refused", kNodeField | kVerdictField | kRefusalField};
    case EngineEvent::Kind::kSecondaryFailure:
      return {"secondary failure", kNodeField};
    case EngineEvent::Kind::kStuck:
      return {"stuck", kNodeField};
    case EngineEvent::Kind::kLateEnd:
      return {"late end", kNodeField};
    case EngineEvent::Kind::kAllReady:
      return {"all ready"};
    case EngineEvent::Kind::kStartupFailed:
      return {"startup failed", kNodeField};
    case EngineEvent::Kind::kStopDelayed:
      return {"stop delayed"};
    case EngineEvent::Kind::kStopping:
      return {"stopping"};
    case EngineEvent::Kind::kStopIgnored:
      return {"stop ignored"};
    case EngineEvent::Kind::kSpinHaltEnding:
      return {"spin halt ending"};
    case EngineEvent::Kind::kLatchFailed:
      return {"latch failed"};
  }
  return {};
}

JournalForm FormOf(Cause::Kind kind) {
  switch (kind) {
    case Cause::Kind::kNone:
      return {};
    case Cause::Kind::kFailure:
      return {"failure", kNodeField};
    case Cause::Kind::kStopRequest:
      return {"stop request"};
    case Cause::Kind::kInterrupt:
      return {"interrupt"};
    case Cause::Kind::kTerminate:
      return {"terminate"};
    case Cause::Kind::kCompletion:
      return {"completion", kNodeField};
    case Cause::Kind::kDependencyRestart:
      return {"dependency restart", kNodeField};
    case Cause::Kind::kOperator:
      return {"operator", kNodeField};
    case Cause::Kind::kShutdownDeadline:
      return {"shutdown deadline"};
  }
  return {};
}

JournalForm FormOf(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone:
      return {"accepted"};
    case Refusal::kStopping:
      return {"stopping"};
    case Refusal::kUnknown:
      return {"unknown"};
    case Refusal::kAbandoned:
      return {"abandoned"};
    case Refusal::kHasDependents:
      return {"has dependents"};
    case Refusal::kRemoving:
      return {"removing"};
    case Refusal::kInvalid:
      return {"invalid"};
    case Refusal::kOverLimit:
      return {"over limit"};
  }
  return {};
}

JournalForm FormOf(FailureKind kind) { return Known(ToString(kind)); }
JournalForm FormOf(NodeState state) { return Known(ToString(state)); }
JournalForm FormOf(ErrorHandlingBehavior verdict) { return Known(ManifestWord(verdict)); }
JournalForm FormOf(OnStuck choice) { return Known(ToString(choice)); }
JournalForm FormOf(OnCompletion choice) { return Known(ToString(choice)); }
JournalForm FormOf(OnDependencyRestart choice) { return Known(ToString(choice)); }

}  // namespace stemma
