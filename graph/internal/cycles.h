// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_INTERNAL_CYCLES_H_
#define STEMMA_GRAPH_INTERNAL_CYCLES_H_

#include <vector>

#include "stemma/graph/internal/adjacency.h"
#include "stemma/graph/node_id.h"

namespace stemma::internal {

// Returns one cycle for each strongly connected component of two or more nodes: a shortest one,
// which begins at the earliest of its nodes and follows the edges (its end, which is its beginning,
// is not repeated). The cycles come in the order of the components' earliest nodes. An edge from a
// node to itself is ignored.
//
// Finding a shortest cycle takes time with the square of a component. Beyond some millions of steps
// the search is content with the shortest so far, which for each component is at least a shortest
// through its earliest node. So the cost is that of nodes + edges and a constant. Nothing recurses.
std::vector<std::vector<NodeId>> ShortestCycles(const Adjacency& edges);

}  // namespace stemma::internal

#endif  // STEMMA_GRAPH_INTERNAL_CYCLES_H_
