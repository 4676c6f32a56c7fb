// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SOURCES_JOURNAL_H_
#define STEMMA_TOOLS_SOURCES_JOURNAL_H_

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "stemma/supervisor/journal.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/tools/sources/journal_reader.h"
#include "stemma/tools/sources/place.h"

namespace stemma::tools {

// A whole journal (docs/journal.md).
struct Journal {
  JournalHeader header = {};
  std::vector<JournalLine> lines = {};  // entries, gaps, what was added in gaps
  bool is_torn = false;  // of one more line only a part was written: a crash, or a run that goes on
};

struct JournalReading {
  std::optional<Journal> journal = {};  // nothing: the text is no journal, for this reason:
  Problem problem = {};
};

// Reads all of it. Any text will do, hostile ones too: what is read can be replayed.
JournalReading ReadJournal(std::string_view text);

// How a node is at some moment of a run.
struct NodeStatus {
  NodeState state = NodeState::kWaiting;
  Incarnation incarnation = 0;          // the current one, or the last; 0: not launched yet
  std::chrono::nanoseconds since = {};  // when it came into this state, by the journal's clock
};

// A run at the end of its journal: what its last line left.
struct JournalEnd {
  // By the engine's ids: those of the header and those that commands added, but for those that
  // commands removed (S24). What a handler answers is not in a journal: each `on_error` is some
  // function of which IsAlways knows nothing.
  std::vector<Node> nodes = {};
  std::vector<NodeStatus> states = {};  // of each
};

// Follows what the journal says was decided; nothing is decided again. Past a gap it is a guess:
// what is missing there is not known.
JournalEnd EndOf(const Journal& journal);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SOURCES_JOURNAL_H_
