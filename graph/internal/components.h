// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_INTERNAL_COMPONENTS_H_
#define STEMMA_GRAPH_INTERNAL_COMPONENTS_H_

#include <vector>

#include "stemma/graph/internal/adjacency.h"
#include "stemma/graph/node_id.h"

namespace stemma::internal {

// Returns by node the number of its strongly connected component: two nodes have the same number if
// each reaches the other. Numbers begin at 0, none is left out, and an edge leads to the same
// number or a smaller one. Cost: nodes + edges. Nothing recurses.
std::vector<NodeId> StronglyConnectedComponents(const Adjacency& edges);

}  // namespace stemma::internal

#endif  // STEMMA_GRAPH_INTERNAL_COMPONENTS_H_
