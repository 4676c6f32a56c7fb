// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_PAGE_JOURNAL_H_
#define STEMMA_TOOLS_VIEWS_PAGE_JOURNAL_H_

#include <nlohmann/json.hpp>
#include <vector>

#include "stemma/supervisor/node.h"
#include "stemma/tools/sources/journal.h"

namespace stemma::tools {

// A journal as the page replays it; what is written here is read by page/replay.js:
//
//   begin     the number of each node's state before anything happened; one more than the last
//             state if an operator adds the node later (S24)
//   moments   of each line of the journal that something follows from: seconds since the beginning,
//             what happened, the changes (node, state, incarnation, why), and other news
//   texts     of which a moment has the numbers. All are printable
//
// `nodes`: those that are drawn, by the page's ids. What concerns other nodes is left out.
nlohmann::ordered_json PageJournal(const Journal& journal, const std::vector<Node>& nodes);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_PAGE_JOURNAL_H_
