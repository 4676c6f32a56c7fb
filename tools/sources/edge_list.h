// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SOURCES_EDGE_LIST_H_
#define STEMMA_TOOLS_SOURCES_EDGE_LIST_H_

#include <string_view>

#include "stemma/tools/sources/graph_reading.h"

namespace stemma::tools {

// Reads an edge list (docs/sources.md): on each line
//
//     a b            a depends on b
//     a -> b -> c    likewise, and b on c
//     a              a node
//     # a comment, on a line of its own or at the end of another
//
// A name is in quotes, with the escapes of JSON, or has no white space, quote or "->" in it, does
// not begin with # and does not end in : ; or a comma, as the words of other formats do. Lines may
// end as on Windows. The same edge may be there several times.
//
// The place of a problem with the graph is that of the first edge of its node, or of the node.
//
// Any input will do, hostile ones too. Thread safety: any thread.
GraphReading ReadEdgeList(std::string_view text);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SOURCES_EDGE_LIST_H_
