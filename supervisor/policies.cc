// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/policies.h"

namespace stemma {

std::string_view ToString(OnCompletion choice) {
  switch (choice) {
    case OnCompletion::kComplete:
      return "complete";
    case OnCompletion::kRestart:
      return "restart";
    case OnCompletion::kShutdown:
      return "shutdown";
  }
  return "unknown";
}

std::string_view ToString(OnDependencyRestart choice) {
  switch (choice) {
    case OnDependencyRestart::kKeep:
      return "keep";
    case OnDependencyRestart::kRestart:
      return "restart";
  }
  return "unknown";
}

std::string_view ToString(OnStuck choice) {
  switch (choice) {
    case OnStuck::kWait:
      return "wait";
    case OnStuck::kAbandon:
      return "abandon";
    case OnStuck::kAbort:
      return "abort";
  }
  return "unknown";
}

}  // namespace stemma
