// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_TRANSITIVE_REDUCTION_H_
#define STEMMA_GRAPH_TRANSITIVE_REDUCTION_H_

#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/edge.h"

namespace stemma {

// Returns the hard edges that say nothing new, in ascending order: with api -> cache -> db, the
// edge api -> db. All of them may be left out at once: ancestors and descendants, the order of
// start and stop, and what every verdict takes down stay the same. Soft edges are neither returned
// nor do they make another edge redundant.
//
// `follows`: by id, whether the node has on_dependency_restart = kRestart; what is missing at the
// end is false. Such a node restarts with its own dependencies and with those of dependencies that
// follow too (S6), so an edge from it is redundant only if a path on which every dependent follows
// replaces it.
//
// Cost: that of nodes + edges where no two paths meet; at the worst (nodes + edges) * nodes / 64.
// Thread safety: any thread.
std::vector<Edge> RedundantEdges(const DependencyGraph& graph,
                                 const std::vector<bool>& follows = {});

// Returns the soft edges whose two ends a path of hard edges joins already, in ascending order:
// with api -> cache -> db, the soft edge of api on db. Order and blast radii stay the same without
// them. Cost: as above.
std::vector<Edge> RedundantSoftEdges(const DependencyGraph& graph);

// Returns the graph without the edges of RedundantEdges. The ids are the same.
DependencyGraph TransitiveReduction(const DependencyGraph& graph,
                                    const std::vector<bool>& follows = {});

}  // namespace stemma

#endif  // STEMMA_GRAPH_TRANSITIVE_REDUCTION_H_
