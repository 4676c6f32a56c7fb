// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_JOURNAL_JSON_H_
#define STEMMA_TOOLS_VIEWS_JOURNAL_JSON_H_

#include <nlohmann/json.hpp>

#include "stemma/supervisor/journal.h"
#include "stemma/supervisor/journal_writer.h"
#include "stemma/tools/history/history.h"

namespace stemma::tools {

// Lines of a journal as JSON for programs: those of docs/journal.md, but that "at" is since the
// beginning of the run, in nanoseconds.
//
// Thread safety: none; one thread at a time.
class JournalJson {
 public:
  explicit JournalJson(const JournalHeader& header);
  // REQUIRES: the next one.
  nlohmann::ordered_json Entry(const JournalEntry& entry);

 private:
  JournalWriter writer_;
  const std::chrono::nanoseconds beginning_;
};

// The states at the end, of each node: {"node", "incarnation", "state", "since"}.
nlohmann::ordered_json StatesJson(const History& history);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_JOURNAL_JSON_H_
