// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/telling.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace stemma::internal {
namespace {

SupervisorEvent::Kind KindOf(EngineEvent::Kind kind) {
  switch (kind) {
    case EngineEvent::Kind::kTransition:
      return SupervisorEvent::Kind::kTransition;
    case EngineEvent::Kind::kVerdict:
      return SupervisorEvent::Kind::kVerdict;
    case EngineEvent::Kind::kHandlerFault:
      return SupervisorEvent::Kind::kHandlerFault;
    case EngineEvent::Kind::kRestartRefused:
      return SupervisorEvent::Kind::kRestartRefused;
    case EngineEvent::Kind::kSecondaryFailure:
      return SupervisorEvent::Kind::kSecondaryFailure;
    case EngineEvent::Kind::kStuck:
      return SupervisorEvent::Kind::kStuck;
    case EngineEvent::Kind::kLateEnd:
      return SupervisorEvent::Kind::kLateEnd;
    case EngineEvent::Kind::kAllReady:
      return SupervisorEvent::Kind::kAllReady;
    case EngineEvent::Kind::kStartupFailed:
      return SupervisorEvent::Kind::kStartupFailed;
    case EngineEvent::Kind::kStopDelayed:
      return SupervisorEvent::Kind::kStopDelayed;
    case EngineEvent::Kind::kStopping:
      return SupervisorEvent::Kind::kStopping;
    case EngineEvent::Kind::kStopIgnored:
      return SupervisorEvent::Kind::kStopIgnored;
    case EngineEvent::Kind::kSpinHaltEnding:
      return SupervisorEvent::Kind::kSpinHaltEnding;
    case EngineEvent::Kind::kLatchFailed:
      return SupervisorEvent::Kind::kLatchFailed;
  }
  return SupervisorEvent::Kind::kTransition;
}

}  // namespace

SupervisorEvent EventOf(const EngineEvent& event, const Chronicle& chronicle) {
  SupervisorEvent told;
  told.kind = KindOf(event.kind);
  if (event.node != kNoNode) told.node = chronicle[event.node].node->name;
  told.incarnation = event.incarnation;
  told.from = event.from;
  told.to = event.to;
  told.verdict = event.verdict;
  told.cause = event.cause;
  told.text = chronicle.CauseText(event.cause);
  switch (event.kind) {
    case EngineEvent::Kind::kHandlerFault:
      if (chronicle[event.node].failures->handler_threw == event.incarnation) break;
      told.text = chronicle[event.node].failures->latest_text;
      break;
    case EngineEvent::Kind::kSecondaryFailure:
      told.text = chronicle[event.node].failures->latest_text;
      break;
    case EngineEvent::Kind::kStopping:
    case EngineEvent::Kind::kStopDelayed:
      if (event.cause.kind == Cause::Kind::kInterrupt ||
          event.cause.kind == Cause::Kind::kTerminate) {
        told.text += "; a second signal forces the exit";  // S13
      }
      break;
    default:
      break;
  }
  return told;
}

SupervisorEvent FailureEventOf(const Action& ask, const Chronicle& chronicle) {
  SupervisorEvent event;
  event.kind = SupervisorEvent::Kind::kFailure;
  event.node = chronicle[ask.node].node->name;
  event.incarnation = ask.incarnation;
  event.cause = ask.cause;
  event.text = chronicle[ask.node].failures->asked_text;
  return event;
}

SupervisorEvent SpinHaltEventOf(const Action& announce, const Chronicle& chronicle) {
  SupervisorEvent event;
  event.kind = SupervisorEvent::Kind::kSpinHalt;
  event.cause = announce.cause;
  event.text = absl::StrCat("everything has stopped; this process stays until SIGTERM, because ",
                            chronicle.CauseText(announce.cause));
  return event;
}

SupervisorEvent EndEventOf(const Engine& engine, const Chronicle& chronicle) {
  SupervisorEvent event;
  event.kind = SupervisorEvent::Kind::kEnded;
  event.cause = engine.outcome_cause();
  event.text = std::string(ToString(engine.outcome()));
  if (const std::string why = chronicle.CauseText(event.cause); !why.empty()) {
    absl::StrAppend(&event.text, ", because ", why);
  }
  return event;
}

}  // namespace stemma::internal
