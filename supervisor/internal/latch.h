// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_LATCH_H_
#define STEMMA_SUPERVISOR_INTERNAL_LATCH_H_

#include <chrono>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace stemma::internal {

// The latch of a spin halt: a file that keeps a service down, across restarts and reboots, until
// somebody has looked and removes it (S21). It is one line of text: who, why and when.
//
// Thread safety: any thread; two that write one latch leave one of the two texts, whole.

// What a latch says. `who` is the node that asked for the halt, `why` its failure.
std::string LatchText(std::string_view who, std::string_view why,
                      std::chrono::system_clock::time_point when);

// Writes the latch, whole or not at all; when this returns OK it outlives a power failure.
// Returns: FailedPrecondition with the reason if it could not be written.
absl::Status WriteLatch(const std::string& path, std::string_view text);

// Returns: what the latch says, in one printable line; NotFound if there is none;
// FailedPrecondition if there is something that cannot be read.
absl::StatusOr<std::string> ReadLatch(const std::string& path);

// Returns: OK if there is no latch, or `path` is empty; else FailedPrecondition: nothing may start,
// why, and what to do about it.
absl::Status CheckLatch(const std::string& path);

// Removes the latch, durably. Returns: NotFound if there is none; InvalidArgument if the file is no
// latch, but something that its owner would miss; FailedPrecondition if it cannot be read;
// Aborted if it cannot be removed.
absl::Status ClearLatch(const std::string& path);

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_LATCH_H_
