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
#include "stemma/supervisor/journal.h"
#include "stemma/tools/sources/place.h"

namespace stemma::tools {

struct ReplayRequest {
  // Up to and with this time after the beginning. Default: all of it.
  std::optional<std::chrono::nanoseconds> until = {};
  // Instead of showing it, decide everything again, and compare. Default: false.
  bool verify = false;
};

// What is worth knowing of the journal, or wrong with it.
struct ReplayRemark {
  Place place = {};
  bool is_error = true;
  std::string text = {};  // one line
};

// Where the results and the remarks of a replay go, as they come. What is empty is not called.
struct ReplayOutput {
  std::function<absl::Status(std::string_view)> write;  // results; an error ends the replay
  std::function<void(const ReplayRemark&)> remark;
  std::function<void(const JournalHeader&)> begin;  // for those who want the journal as values
  std::function<void(const JournalEntry&)> entry;   // each that is shown or verified
};

// Shows, or verifies, the journal in `in`.
// Returns: OK; FailedPrecondition if not every decision could be verified: one is another, or lines
// are missing; DataLoss if it is not a journal; of both the reason was given as a remark; NotFound
// if it cannot be read; and the errors of `write`.
absl::Status ReplayJournal(std::istream& in, const ReplayRequest& request,
                           const ReplayOutput& output);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_REPLAY_H_
