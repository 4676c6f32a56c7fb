// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/supervisor_event.h"

namespace stemma {

std::string_view ToString(SupervisorEvent::Kind kind) {
  switch (kind) {
    case SupervisorEvent::Kind::kTransition:
      return "transition";
    case SupervisorEvent::Kind::kFailure:
      return "failure";
    case SupervisorEvent::Kind::kVerdict:
      return "verdict";
    case SupervisorEvent::Kind::kHandlerFault:
      return "handler fault";
    case SupervisorEvent::Kind::kRestartRefused:
      return "restart refused";
    case SupervisorEvent::Kind::kSecondaryFailure:
      return "secondary failure";
    case SupervisorEvent::Kind::kStuck:
      return "stuck";
    case SupervisorEvent::Kind::kLateEnd:
      return "late end";
    case SupervisorEvent::Kind::kAllReady:
      return "all ready";
    case SupervisorEvent::Kind::kStartupFailed:
      return "startup failed";
    case SupervisorEvent::Kind::kStopDelayed:
      return "stop delayed";
    case SupervisorEvent::Kind::kStopping:
      return "stopping";
    case SupervisorEvent::Kind::kStopIgnored:
      return "stop ignored";
    case SupervisorEvent::Kind::kSpinHalt:
      return "spin halt";
    case SupervisorEvent::Kind::kSpinHaltEnding:
      return "spin halt ending";
    case SupervisorEvent::Kind::kLatchFailed:
      return "latch failed";
    case SupervisorEvent::Kind::kAdded:
      return "added";
    case SupervisorEvent::Kind::kRemoved:
      return "removed";
    case SupervisorEvent::Kind::kEnded:
      return "ended";
    case SupervisorEvent::Kind::kGap:
      return "gap";
  }
  return "unknown";
}

}  // namespace stemma
