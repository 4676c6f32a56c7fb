// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_HISTORY_LAUNCH_H_
#define STEMMA_TOOLS_HISTORY_LAUNCH_H_

#include <cstddef>
#include <optional>

#include "stemma/supervisor/node_state.h"
#include "stemma/tools/history/history.h"

namespace stemma::tools {

// True for a state in which a node lets those go on that wait for it: those that depend on it, or
// only come after it (S2, S20).
bool LetsGoOn(NodeState state, bool is_soft);

// Who let a node go on.
struct LastDependency {
  Row row = kNoRow;
  std::size_t span = 0;  // of its spans, the one since which it did
};

// Of those that a launch of `row` had to wait for, the one that let it go on last; nothing: there
// was none. REQUIRES: `launch` is a span of the row.
std::optional<LastDependency> LastDependencyOf(const History& history, Row row, const Span& launch);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_HISTORY_LAUNCH_H_
