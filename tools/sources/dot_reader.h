// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SOURCES_DOT_READER_H_
#define STEMMA_TOOLS_SOURCES_DOT_READER_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "stemma/tools/sources/graph_reading.h"

namespace stemma::tools {

// Whether `text` begins as DOT, Graphviz's language, does: after white space and comments with
// "strict", "graph" or "digraph", in any case, and as DOT goes on.
bool IsDot(std::string_view text);

// Reads DOT by whoever wrote it, by asking Graphviz's own parser, the program `dot`.
//
// a -> b reads: a depends on b, and so does a -- b, of which a note tells. A node is called by its
// label, if that is one line of text and no other node has it as its label or name; else by its
// name. Clusters, ports and all that is for the eye are left out; so are the nodes of a subgraph
// called a legend when no edge connects it with the rest, of which a note tells. In what ToDot has
// written, names and soft dependencies, the dashed ones, are those of the graph.
//
// Returns: a reading, of whatever text; Unavailable if there is no `dot`, or it cannot do this:
// show that to the user. REQUIRES: as RunProcess.
absl::StatusOr<GraphReading> ReadDot(std::string_view text);

// The same of what `dot -Tdot_json` made of the text. Thread safety: any thread.
GraphReading ReadDotJson(std::string_view json);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SOURCES_DOT_READER_H_
