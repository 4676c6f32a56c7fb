// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/graph_difference.h"

#include <algorithm>
#include <optional>
#include <span>

#include "stemma/graph/node_id.h"

namespace stemma {
namespace {

// By node of `graph`, the one of that name in `other`.
std::vector<std::optional<NodeId>> Counterparts(const DependencyGraph& graph,
                                                const DependencyGraph& other) {
  std::vector<std::optional<NodeId>> counterparts;
  counterparts.reserve(graph.size());
  for (const std::string& name : graph.names()) counterparts.push_back(other.Find(name));
  return counterparts;
}

bool Has(std::span<const NodeId> ids, NodeId id) {
  return std::binary_search(ids.begin(), ids.end(), id);
}

// Calls `visit(from, to, soft, other)` for each edge, where `other` says which edge there is in the
// other graph: nothing, or whether it is soft.
template <class Visit>
void ForEachEdge(const DependencyGraph& graph, const DependencyGraph& other, const Visit& visit) {
  const std::vector<std::optional<NodeId>> counterparts = Counterparts(graph, other);
  for (NodeId from = 0; from < graph.size(); ++from) {
    for (const bool soft : {false, true}) {
      for (const NodeId to : soft ? graph.SoftDependencies(from) : graph.Dependencies(from)) {
        std::optional<bool> other_soft;
        if (counterparts[from] && counterparts[to]) {
          if (Has(other.Dependencies(*counterparts[from]), *counterparts[to])) other_soft = false;
          if (Has(other.SoftDependencies(*counterparts[from]), *counterparts[to])) {
            other_soft = true;
          }
        }
        visit(from, to, soft, other_soft);
      }
    }
  }
}

}  // namespace

bool GraphDifference::empty() const { return *this == GraphDifference(); }

GraphDifference Difference(const DependencyGraph& before, const DependencyGraph& after) {
  GraphDifference difference;
  for (const std::string& name : after.names()) {
    if (!before.Find(name)) difference.added_nodes.push_back(name);
  }
  for (const std::string& name : before.names()) {
    if (!after.Find(name)) difference.removed_nodes.push_back(name);
  }
  ForEachEdge(after, before, [&](NodeId from, NodeId to, bool soft, std::optional<bool> was_soft) {
    if (was_soft == soft) return;
    (was_soft ? difference.changed_edges : difference.added_edges)
        .push_back({after.name(from), after.name(to), soft});
  });
  ForEachEdge(before, after, [&](NodeId from, NodeId to, bool soft, std::optional<bool> is_soft) {
    if (!is_soft) difference.removed_edges.push_back({before.name(from), before.name(to), soft});
  });
  return difference;
}

}  // namespace stemma
