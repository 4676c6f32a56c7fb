// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_INTERNAL_REACH_H_
#define STEMMA_GRAPH_INTERNAL_REACH_H_

#include <cstddef>
#include <span>
#include <vector>

#include "stemma/graph/edge.h"
#include "stemma/graph/internal/adjacency.h"
#include "stemma/graph/node_id.h"

// Closures of whole graphs. Nobody knows how to have one in time linear in nodes + edges, so these
// take, at the worst, (nodes + edges) * nodes / 64 steps; each leaves out what it can, so that
// trees, chains and the like are linear. Memory: a table of `max_bytes`, or of 8 bytes for each
// node if that is more. Nothing recurses.
//
// REQUIRES, for all: `order` has each node once, after its targets; no edge is there twice.
namespace stemma::internal {

inline constexpr std::size_t kReachBytes = std::size_t{32} << 20;

// By node: how many nodes can be reached from it by one edge or more.
std::vector<std::size_t> ReachCounts(const Adjacency& edges, std::span<const NodeId> order,
                                     std::size_t max_bytes = kReachBytes);

// By node: how many nodes share with it a node that has no edges and that both can reach (each node
// reaches itself), the node itself among them.
std::vector<std::size_t> SharedEndCounts(const Adjacency& edges, std::span<const NodeId> order,
                                         std::size_t max_bytes = kReachBytes);

// The edges whose target can be reached without them, in ascending order. All of them may be left
// out at once, and the closure stays the same.
std::vector<Edge> RedundantEdges(const Adjacency& edges, std::span<const NodeId> order,
                                 std::size_t max_bytes = kReachBytes);

}  // namespace stemma::internal

#endif  // STEMMA_GRAPH_INTERNAL_REACH_H_
