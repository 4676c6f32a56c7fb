// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_SUPERVISOR_EVENT_H_
#define STEMMA_SUPERVISOR_SUPERVISOR_EVENT_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "stemma/supervisor/engine_types.h"

namespace stemma {

// Something that happened in a supervisor, as its listeners are told (S16). A plain value.
struct SupervisorEvent {
  enum class Kind : std::uint8_t {
    kTransition,        // `node` went from `from` to `to`
    kFailure,           // `node` failed: `text` says how
    kVerdict,           // the handler of `node` answered `verdict`
    kHandlerFault,      // the handler of `node` threw, answered outside the enum or was silent (S9)
    kRestartRefused,    // a restart of `node` is over its limit or impossible: `verdict` instead
    kSecondaryFailure,  // an incarnation that had failed before reported once more
    kStuck,             // `node` has not ended within its stop timeout (S12)
    kLateEnd,           // an abandoned incarnation ended after all
    kAllReady,          // every node has been ready
    kStartupFailed,     // `node` ended without ever having been ready
    kStopDelayed,       // a stop was requested: "not ready" from now on (S11)
    kStopping,          // everything is going down
    kStopIgnored,       // a stop request or SIGINT during a spin halt (S14)
    kSpinHalt,        // everything has stopped and the process stays (S14); again at each reminder
    kSpinHaltEnding,  // a spin halt will end once everything has stopped
    kLatchFailed,     // a spin halt is not latched: `text` says why (S21)
    kAdded,           // `node` is a node now (S24)
    kRemoved,         // `node` is none any more
    kEnded,           // last: everything has ended; `text` tells the outcome and why
    kGap,             // this listener was too slow: `missed` events were dropped for it
  };
  Kind kind = Kind::kTransition;
  // Counts a supervisor's events from 1, without gaps.
  std::uint64_t number = 0;
  // By the supervisor's clock.
  std::chrono::nanoseconds monotonic = {};
  std::chrono::system_clock::time_point wall = {};
  // Empty when it concerns no node in particular.
  std::string node = {};
  Incarnation incarnation = 0;
  NodeState from = NodeState::kWaiting;
  NodeState to = NodeState::kWaiting;
  ErrorHandlingBehavior verdict = ErrorHandlingBehavior::kRestart;
  Cause cause = {};
  // The cause, or the failure, in one line for people.
  std::string text = {};
  std::uint64_t missed = 0;
};

// The kind in one or two words: "transition", "handler fault".
std::string_view ToString(SupervisorEvent::Kind kind);

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_SUPERVISOR_EVENT_H_
