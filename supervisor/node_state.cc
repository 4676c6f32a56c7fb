// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/node_state.h"

namespace stemma {

std::string_view ToString(NodeState state) {
  switch (state) {
    case NodeState::kWaiting:
      return "waiting";
    case NodeState::kStarting:
      return "starting";
    case NodeState::kReady:
      return "ready";
    case NodeState::kDeciding:
      return "deciding";
    case NodeState::kStopping:
      return "stopping";
    case NodeState::kBackingOff:
      return "backing off";
    case NodeState::kCompleted:
      return "completed";
    case NodeState::kStopped:
      return "stopped";
    case NodeState::kFailed:
      return "failed";
    case NodeState::kAbandoned:
      return "abandoned";
  }
  return "unknown";
}

}  // namespace stemma
