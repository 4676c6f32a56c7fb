// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_BLAST_RADIUS_H_
#define STEMMA_GRAPH_BLAST_RADIUS_H_

#include <cstddef>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"

namespace stemma {

// Blast radius: what a verdict at a node takes down (S4, S6), the node itself included, in
// ascending order. This is for a service of which every node is ready; of one that has completed,
// been stopped or not begun there is less to take down. kShutdown and kSpinHalt take down every
// node, wherever they come from, and so need no function.
//
// Soft edges take nobody down (S20). Thread safety: any thread. REQUIRES: node < graph.size().

// kRestart: the node and the dependents that restart with it, and so on: those with
// on_dependency_restart = kRestart, as `follows` says by id (what is missing at the end is false).
// They are relaunched; their dependents that do not follow keep running. Cost: as Descendants.
std::vector<NodeId> RestartRadius(const DependencyGraph& graph, NodeId node,
                                  const std::vector<bool>& follows);

// kStop: the node and its descendants. Cost: as Descendants.
std::vector<NodeId> StopRadius(const DependencyGraph& graph, NodeId node);

// kStopParents: the node, its ancestors, and the descendants of all of those. Cost: as Descendants.
std::vector<NodeId> StopParentsRadius(const DependencyGraph& graph, NodeId node);

// How many nodes each verdict takes down, by the node that it is given at.
struct BlastRadiusCounts {
  std::vector<std::size_t> restart, stop, stop_parents;
};

// Returns the sizes of all the above. Cost: that of nodes + edges for trees and the like, at the
// worst (nodes + edges) * nodes / 64, which is some seconds for a tangle of 100,000 nodes and
// 400,000 edges; memory: 32 MB, or 8 bytes for each node if that is more.
BlastRadiusCounts CountBlastRadius(const DependencyGraph& graph, const std::vector<bool>& follows);

// By id how many descendants each node has; one less than kStop takes down. Cost: as above.
std::vector<std::size_t> DescendantCounts(const DependencyGraph& graph);

}  // namespace stemma

#endif  // STEMMA_GRAPH_BLAST_RADIUS_H_
