// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_POLICIES_H_
#define STEMMA_SUPERVISOR_POLICIES_H_

#include <chrono>
#include <cstdint>
#include <string_view>

namespace stemma {

// For a timeout: none.
inline constexpr std::chrono::nanoseconds kNoTimeout = std::chrono::nanoseconds::max();

// What a clean end of a node means (S19).
enum class OnCompletion : std::uint8_t {
  kComplete,  // it is done, and goes on to satisfy its dependents. Default.
  kRestart,   // it should never end: relaunched under its restart policy
  kShutdown,  // the service's work is done: everything stops in order, outcome completed
};

// What a node does while a dependency of it gets a fresh incarnation (S6).
enum class OnDependencyRestart : std::uint8_t {
  kKeep,     // it keeps running, and reaches the dependency through a Slot. Default.
  kRestart,  // it is stopped first, and relaunched once the dependency is ready again
};

// What becomes of a node that does not end within its stop timeout (S12).
enum class OnStuck : std::uint8_t {
  kWait,     // it is named as stuck, and waited for
  kAbandon,  // it is left behind, undestroyed, and the stop goes on without it. Default.
  kAbort,    // the process exits at once, with code 81
};

// The choice in the words of a manifest: "keep", "abandon", "shutdown".
std::string_view ToString(OnCompletion choice);
std::string_view ToString(OnDependencyRestart choice);
std::string_view ToString(OnStuck choice);

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_POLICIES_H_
