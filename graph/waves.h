// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_WAVES_H_
#define STEMMA_GRAPH_WAVES_H_

#include <span>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/edge.h"
#include "stemma/graph/node_id.h"

namespace stemma {

// Who starts or ends side by side when some nodes of a graph do, if each takes equally long. Each
// wave is in ascending order. Only edges between those nodes count, as nobody waits for the others.
//
// Cost: nodes + edges of the whole graph. Thread safety: any thread. REQUIRES, for both: each of
// `ids` < graph.size(), none twice.
//
// Example:
//   // What a kStop at `db` takes down, in order.
//   for (const auto& wave : stemma::StopWaves(graph, stemma::StopRadius(graph, db))) ...
using NodeWaves = std::vector<std::vector<NodeId>>;

// A node is in the wave after the latest wave of its dependencies (S2). Of all nodes: as
// DependencyGraph::Waves.
NodeWaves StartWaves(const DependencyGraph& graph, std::span<const NodeId> ids,
                     EdgeKinds kinds = EdgeKinds::kHardAndSoft);

// A node is in the wave after the latest wave of its dependents (S5). What goes down for good waits
// for its soft dependents too (S20); what only restarts does not: kHard.
NodeWaves StopWaves(const DependencyGraph& graph, std::span<const NodeId> ids,
                    EdgeKinds kinds = EdgeKinds::kHardAndSoft);

}  // namespace stemma

#endif  // STEMMA_GRAPH_WAVES_H_
