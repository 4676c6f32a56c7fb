// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_SUBGRAPH_H_
#define STEMMA_GRAPH_SUBGRAPH_H_

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/edge.h"
#include "stemma/graph/node_id.h"

namespace stemma {

// A large graph is looked at in parts: choose nodes with Around or Between (or NodesMatching), then
// make a graph of them with InducedSubgraph. Ids are returned in ascending order.
//
// Thread safety: any thread. REQUIRES: every id < graph.size(). An id that is given twice counts
// once. Cost: nodes + edges.
//
// Example:
//   // db with what it needs and what needs it directly
//   const std::vector<stemma::NodeId> nodes = stemma::Around(graph, {&db, 1}, {.depth = 1});
//   std::cout << stemma::ToText(stemma::InducedSubgraph(graph, nodes).graph);

struct Neighbourhood {
  bool ancestors = true;
  bool descendants = true;
  std::size_t depth = std::numeric_limits<std::size_t>::max();  // edges away. Default: all
  EdgeKinds kinds = EdgeKinds::kHard;
};

// The nodes themselves, their ancestors and their descendants, up to that many edges away. (Not the
// descendants of the ancestors: those are on no path through one of the nodes.)
std::vector<NodeId> Around(const DependencyGraph& graph, std::span<const NodeId> ids,
                           const Neighbourhood& neighbourhood = {});

// The nodes on the paths by which one of `from` depends on one of `to`, both ends included; a node
// that is in both is such a path by itself.
std::vector<NodeId> Between(const DependencyGraph& graph, std::span<const NodeId> from,
                            std::span<const NodeId> to, EdgeKinds kinds = EdgeKinds::kHard);

struct Subgraph {
  DependencyGraph graph = {};
  std::vector<NodeId> originals = {};  // by id in `graph`, the id in the graph that it is a part of
};

// The nodes with all the edges, hard and soft, that have both ends among them, in the same order of
// declaration. An edge through a node that is left out is left out with it.
Subgraph InducedSubgraph(const DependencyGraph& graph, std::span<const NodeId> ids);

}  // namespace stemma

#endif  // STEMMA_GRAPH_SUBGRAPH_H_
