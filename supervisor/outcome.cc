// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/outcome.h"

namespace stemma {

std::string_view ToString(Outcome outcome) {
  switch (outcome) {
    case Outcome::kRefused:
      return "refused";
    case Outcome::kCompleted:
      return "completed";
    case Outcome::kStopRequested:
      return "stop requested";
    case Outcome::kFailed:
      return "failed";
    case Outcome::kShutdown:
      return "shutdown";
    case Outcome::kSpinHalt:
      return "spin halt";
  }
  return "unknown";
}

}  // namespace stemma
