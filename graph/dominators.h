// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_DOMINATORS_H_
#define STEMMA_GRAPH_DOMINATORS_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"

namespace stemma {

// A node D dominates another, A, if every path of hard dependencies from A down to a node that has
// none goes through D. Whatever A needs from beyond D it gets through D alone: D is the narrow
// place between A and the rest. So what fails below D reaches A only if D does not withstand it,
// and D is the one place where A can be cut loose. (A goes down with any of its ancestors, whether
// they dominate it or not: that is SinglePointsOfFailure.)
//
//   api -> cache -> db -> disk     db dominates api and cache; disk dominates all three;
//   api -> db                      cache dominates nobody
//
// All of a node's dominators: its immediate one, that one's immediate one, and so on.
struct Dominators {
  // By id, the nearest dominator; nothing if the node has none, as one without dependencies or with
  // dependencies that share nothing.
  std::vector<std::optional<NodeId>> immediate;
  // By id, how many nodes it dominates.
  std::vector<std::size_t> dominated;
};

// Cost: nodes + edges * log(nodes). Thread safety: any thread.
Dominators DominatorsOf(const DependencyGraph& graph);

}  // namespace stemma

#endif  // STEMMA_GRAPH_DOMINATORS_H_
