// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/error_handling_behavior.h"

namespace stemma {

std::string_view ToString(ErrorHandlingBehavior verdict) {
  switch (verdict) {
    case ErrorHandlingBehavior::kRestart:
      return "Restart";
    case ErrorHandlingBehavior::kStop:
      return "Stop";
    case ErrorHandlingBehavior::kStopParents:
      return "StopParents";
    case ErrorHandlingBehavior::kShutdown:
      return "Shutdown";
    case ErrorHandlingBehavior::kSpinHalt:
      return "SpinHalt";
  }
  return "unknown verdict";
}

bool IsValid(ErrorHandlingBehavior verdict) {
  return verdict >= ErrorHandlingBehavior::kRestart && verdict <= ErrorHandlingBehavior::kSpinHalt;
}

}  // namespace stemma
