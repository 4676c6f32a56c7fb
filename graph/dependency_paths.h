// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_DEPENDENCY_PATHS_H_
#define STEMMA_GRAPH_DEPENDENCY_PATHS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/edge.h"
#include "stemma/graph/node_id.h"

namespace stemma {

// Why does A depend on B? Every path from A along its dependencies to B is a reason. There may be
// more of them than anyone can list, so they are counted without being listed, and listed up to a
// limit. No path leads from a node to itself.
//
// Thread safety: any thread. REQUIRES: from and to < graph.size().

// Returns how many paths lead from `from` to `to`; the largest std::uint64_t stands for that many
// or more. Cost: nodes + edges.
std::uint64_t CountPaths(const DependencyGraph& graph, NodeId from, NodeId to,
                         EdgeKinds kinds = EdgeKinds::kHard);

// Returns the first `limit` paths, or all if there are fewer: the ones with the fewest nodes first,
// equally long ones in an order that depends on the graph alone. A path has both its ends in it.
// Cost: nodes + edges, and the edges from the nodes of what is returned.
//
// Example:
//   for (const auto& path : stemma::ShortestPaths(graph, api, db, 10)) {
//     for (stemma::NodeId id : path) std::cout << " -> " << graph.name(id);
//   }
std::vector<std::vector<NodeId>> ShortestPaths(const DependencyGraph& graph, NodeId from, NodeId to,
                                               std::size_t limit,
                                               EdgeKinds kinds = EdgeKinds::kHard);

}  // namespace stemma

#endif  // STEMMA_GRAPH_DEPENDENCY_PATHS_H_
