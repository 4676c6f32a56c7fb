// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_OUTCOME_H_
#define STEMMA_SUPERVISOR_OUTCOME_H_

#include <cstdint>
#include <string_view>

namespace stemma {

// How a run of a supervisor ended (S15), in rising order: what happens later can only raise it.
enum class Outcome : std::uint8_t {
  kRefused,    // Run did not start anything: a second Run, no thread to be had, or a latch (S21)
  kCompleted,  // every node ended by itself, or one whose end is the service's end completed (S19)
  kStopRequested,  // a stop was requested, and everything stopped in order
  kFailed,    // every node has ended, at least one failed or was abandoned, nothing else ended the
              // run
  kShutdown,  // a verdict, or a restart limit, took everything down
  kSpinHalt,  // a verdict took everything down and held the process until SIGTERM (S14)
};

// The outcome in one or two words: "stop requested".
std::string_view ToString(Outcome outcome);

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_OUTCOME_H_
