// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_JOURNAL_SOURCE_H_
#define STEMMA_TOOLS_STEMMA_JOURNAL_SOURCE_H_

#include <CLI/CLI.hpp>
#include <chrono>
#include <istream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/tools/history/history.h"
#include "stemma/tools/stemma/focus.h"
#include "stemma/tools/stemma/session.h"

namespace stemma::tools {

// The part of a command line that names a journal. A journal may be longer than memory is large: it
// is read line by line.
struct JournalSource {
  std::string file = {};  // FILE
};

// Declares FILE. REQUIRES: `source` outlives the parsing.
void DeclareJournalSource(CLI::App& app, JournalSource& source);

// What messages call it; printable.
std::string LabelOf(const JournalSource& source);

// Opens it, or standard input. Returns: NotFound if it cannot be read.
absl::StatusOr<std::shared_ptr<std::istream>> Open(const JournalSource& source);

// Reads all of it, and reports what is wrong with it and where lines are missing or torn.
// Returns: as Open; DataLoss, which was reported, if it is not a journal.
absl::StatusOr<History> LoadHistory(const JournalSource& source, Session& session);

// The node of that name. Returns: InvalidArgument, with the nearest name, if there was none.
absl::StatusOr<Row> FindRow(const History& history, std::string_view name);

// The rows that `focus` chooses, in order; all of them if it chooses nothing. Of nodes that have
// been removed, those of a name that is still there. Returns: as Focused.
absl::StatusOr<std::vector<Row>> FocusedRows(const History& history, const FocusArguments& focus);

// The duration that the command line gives for `option`. Returns: InvalidArgument if it is none, or
// negative.
absl::StatusOr<std::chrono::nanoseconds> ParseTime(std::string_view option, std::string_view text);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_JOURNAL_SOURCE_H_
