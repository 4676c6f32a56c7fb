// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_GLOB_H_
#define STEMMA_GRAPH_GLOB_H_

#include <string_view>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"

namespace stemma {

// Returns true if `pattern` describes all of `name`. In a pattern, `*` stands for any characters or
// none, `?` for one character (of UTF-8; a byte that is not part of valid UTF-8 counts as one), and
// a backslash makes the character after it stand for itself. Upper and lower case differ.
//
// Cost: at most the product of the two lengths. Nothing recurses. Thread safety: any thread.
bool MatchesGlob(std::string_view name, std::string_view pattern);

// Returns the nodes whose name matches, in ascending order.
std::vector<NodeId> NodesMatching(const DependencyGraph& graph, std::string_view pattern);

}  // namespace stemma

#endif  // STEMMA_GRAPH_GLOB_H_
