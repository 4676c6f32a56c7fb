// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_GRAPH_DIFFERENCE_H_
#define STEMMA_GRAPH_GRAPH_DIFFERENCE_H_

#include <string>
#include <vector>

#include "stemma/graph/dependency_graph.h"

namespace stemma {

// What changed between two graphs. A node is the same if it has the same name; the order of
// declaration does not count. Everything is by name, and outlives the graphs.
struct GraphDifference {
  struct NamedEdge {
    std::string from = {};  // the dependent
    std::string to = {};    // its dependency
    bool soft = false;

    friend bool operator==(const NamedEdge&, const NamedEdge&) = default;
  };

  std::vector<std::string> added_nodes = {};    // as declared in the new graph
  std::vector<std::string> removed_nodes = {};  // as declared in the old one
  // With the edges of nodes that were added or removed themselves. Each list is in the order of
  // declaration of `from`; for each, first the hard edges, then the soft ones, by that of `to`.
  std::vector<NamedEdge> added_edges = {};
  std::vector<NamedEdge> removed_edges = {};
  std::vector<NamedEdge> changed_edges = {};  // soft and was hard, or hard and was soft

  bool empty() const;  // nothing changed

  friend bool operator==(const GraphDifference&, const GraphDifference&) = default;
};

// Cost: nodes + edges * log(edges of a node). Thread safety: any thread.
GraphDifference Difference(const DependencyGraph& before, const DependencyGraph& after);

}  // namespace stemma

#endif  // STEMMA_GRAPH_GRAPH_DIFFERENCE_H_
