// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_SINGLE_POINTS_OF_FAILURE_H_
#define STEMMA_GRAPH_SINGLE_POINTS_OF_FAILURE_H_

#include <cstddef>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"

namespace stemma {

// If this node fails for good, its verdict being kStop, what share of the service goes down?
struct SinglePointOfFailure {
  NodeId node = 0;
  std::size_t takes_down = 0;  // the node and its descendants (S4)
  double share = 0;            // of all nodes, above 0 and at most 1
};

// Returns the nodes that take down more than `share` of all nodes, and at least one beside
// themselves; the worst first, and of equally bad ones the one declared first. With 0: every node
// that has a dependent. Cost: as CountBlastRadius. Thread safety: any thread.
//
// Example:
//   for (const auto& [node, takes_down, share] : stemma::SinglePointsOfFailure(graph, 0.25)) {
//     std::cout << graph.name(node) << " takes down " << 100 * share << " %\n";
//   }
std::vector<SinglePointOfFailure> SinglePointsOfFailure(const DependencyGraph& graph, double share);

}  // namespace stemma

#endif  // STEMMA_GRAPH_SINGLE_POINTS_OF_FAILURE_H_
