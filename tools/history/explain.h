// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_HISTORY_EXPLAIN_H_
#define STEMMA_TOOLS_HISTORY_EXPLAIN_H_

#include <cstddef>

#include "stemma/tools/history/explanation.h"
#include "stemma/tools/history/history.h"

namespace stemma::tools {

// Explains `span` of the node, by its place among its spans.
//
// The chain begins with the state and ends with a root; each link is there because of the next.
// Cost: the journal's nodes, edges and lines.
Explanation Explain(const History& history, Row row, std::size_t span);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_HISTORY_EXPLAIN_H_
