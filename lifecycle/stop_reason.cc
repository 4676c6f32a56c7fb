// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/stop_reason.h"

namespace stemma {

std::string_view ToString(StopReason::Kind kind) {
  switch (kind) {
    case StopReason::Kind::kNone:
      return "None";
    case StopReason::Kind::kRequested:
      return "Requested";
    case StopReason::Kind::kSignal:
      return "Signal";
    case StopReason::Kind::kFailure:
      return "Failure";
    case StopReason::Kind::kCascade:
      return "Cascade";
    case StopReason::Kind::kShutdown:
      return "Shutdown";
    case StopReason::Kind::kSpinHalt:
      return "SpinHalt";
    case StopReason::Kind::kOperator:
      return "Operator";
    case StopReason::Kind::kRestart:
      return "Restart";
    case StopReason::Kind::kDestroyed:
      return "Destroyed";
  }
  return "unknown stop reason";
}

}  // namespace stemma
