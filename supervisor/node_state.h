// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_NODE_STATE_H_
#define STEMMA_SUPERVISOR_NODE_STATE_H_

#include <cstdint>
#include <string_view>

namespace stemma {

// Where a node of a supervisor is in its life.
//
//     waiting --> starting --> ready --> completed
//        ^            \         /
//        |             deciding ----> stopping --> stopped | failed | abandoned
//        |                               |
//        +-------- backing off <---------+  (a restart)
enum class NodeState : std::uint8_t {
  kWaiting,     // not launched: a dependency is not ready yet
  kStarting,    // launched, not ready yet
  kReady,       // its Ready event is set
  kDeciding,    // failed: its own workers are being stopped, and its handler is being asked
  kStopping,    // asked to stop, or its verdict is known, and its instance has not ended yet
  kBackingOff,  // ended; a fresh incarnation is launched when the backoff is over
  kCompleted,   // ended by itself after having been ready
  kStopped,     // ended because it was asked to
  kFailed,      // ended by a failure, for good
  kAbandoned,   // did not end in time and was left behind (S12)
};

// True for the four states that a node does not leave by itself.
constexpr bool IsTerminal(NodeState state) { return state >= NodeState::kCompleted; }

// The state in the words of the documentation: "backing off".
std::string_view ToString(NodeState state);

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_NODE_STATE_H_
