// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_REPLAY_H_
#define STEMMA_TOOLS_VIEWS_REPLAY_H_

#include <chrono>
#include <functional>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace stemma::tools {

struct ReplayRequest {
  std::string label = {};  // what messages call the journal; printable
  // Up to and with this time after the beginning. Default: all of it.
  std::optional<std::chrono::nanoseconds> until = {};
  // Instead of showing it, decide everything again, and compare. Default: false.
  bool verify = false;
};

// Where the results and the remarks of a replay go, as they come.
struct ReplayOutput {
  std::function<absl::Status(std::string_view)> write;  // results; an error ends the replay
  std::function<void(std::string_view)> tell;           // remarks for people
};

// Shows, or verifies, the journal in `in`.
// Returns: OK; FailedPrecondition, which was told, if not every decision could be verified: one is
// another, or lines are missing; DataLoss if it is not a journal; NotFound if it cannot be read;
// and the errors of `write`.
absl::Status ReplayJournal(std::istream& in, const ReplayRequest& request,
                           const ReplayOutput& output);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_REPLAY_H_
