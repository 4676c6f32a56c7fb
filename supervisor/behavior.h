// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_BEHAVIOR_H_
#define STEMMA_SUPERVISOR_BEHAVIOR_H_

#include <chrono>
#include <optional>

#include "stemma/lifecycle/failure.h"

namespace stemma {

// For how long something takes that never ends.
inline constexpr std::chrono::nanoseconds kNever = std::chrono::nanoseconds::max();

// How the component of a node behaves in a simulation, in each incarnation anew. The default is a
// component without flaws: ready at once, it runs until it is asked to stop, and then ends at once.
struct Behavior {
  // From its launch until it is ready. Default: 0. REQUIRES: here and below, not negative.
  std::chrono::nanoseconds start = {};
  // With this it fails at the end of `start`, instead of being ready. Default: none.
  std::optional<Failure> start_failure = std::nullopt;
  // From then on until it ends by itself. Default: kNever.
  std::chrono::nanoseconds run = kNever;
  // With this it fails at the end of `run`. Default: none: the end is a clean one.
  std::optional<Failure> run_failure = std::nullopt;
  // From when it is asked to stop, or fails, until all its threads have ended. Default: 0.
  std::chrono::nanoseconds stop = {};
  // How long its destructor takes. Default: 0.
  std::chrono::nanoseconds destroy = {};
  // How long its handler takes to answer; kNever: it is silent (S9). Default: 0.
  std::chrono::nanoseconds answer = {};
};

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_BEHAVIOR_H_
