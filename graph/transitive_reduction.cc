// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/transitive_reduction.h"

#include <algorithm>
#include <string>
#include <utility>

#include "stemma/graph/internal/adjacency.h"
#include "stemma/graph/internal/reach.h"
#include "stemma/graph/node_id.h"

namespace stemma {

std::vector<Edge> RedundantEdges(const DependencyGraph& graph, const std::vector<bool>& follows) {
  const auto is_following = [&](NodeId id) { return id < follows.size() && follows[id]; };
  std::vector<Edge> all, followed;
  for (NodeId id = 0; id < graph.size(); ++id) {
    for (const NodeId to : graph.Dependencies(id)) {
      all.push_back({id, to});
      if (is_following(id)) followed.push_back({id, to});
    }
  }
  const auto redundant_among = [&](const std::vector<Edge>& edges) {
    return internal::RedundantEdges(internal::Adjacency(graph.size(), edges), graph.StartOrder());
  };
  std::vector<Edge> redundant = redundant_among(all);
  if (followed.empty()) return redundant;
  const std::vector<Edge> redundant_followed = redundant_among(followed);
  std::erase_if(redundant, [&](const Edge& edge) {
    return is_following(edge.from) &&
           !std::binary_search(redundant_followed.begin(), redundant_followed.end(), edge);
  });
  return redundant;
}

std::vector<Edge> RedundantSoftEdges(const DependencyGraph& graph) {
  // Each soft edge begins at a node of its own, which reaches what its true beginning reaches: so
  // no soft edge makes another one redundant.
  std::vector<Edge> edges, soft;
  std::vector<NodeId> order(graph.StartOrder().begin(), graph.StartOrder().end());
  for (NodeId id = 0; id < graph.size(); ++id) {
    for (const NodeId to : graph.Dependencies(id)) edges.push_back({id, to});
    for (const NodeId to : graph.SoftDependencies(id)) soft.push_back({id, to});
  }
  if (soft.empty()) return {};
  for (const Edge& edge : soft) {
    const NodeId beginning = static_cast<NodeId>(order.size());
    edges.push_back({beginning, edge.from});
    edges.push_back({beginning, edge.to});
    order.push_back(beginning);
  }
  std::vector<Edge> redundant;
  for (const Edge& edge :
       internal::RedundantEdges(internal::Adjacency(order.size(), edges), order)) {
    if (edge.from >= graph.size()) redundant.push_back(soft[edge.from - graph.size()]);
  }
  return redundant;
}

DependencyGraph TransitiveReduction(const DependencyGraph& graph,
                                    const std::vector<bool>& follows) {
  const std::vector<Edge> redundant = RedundantEdges(graph, follows);
  std::vector<DependencyGraph::Declaration> declarations = graph.Declarations();
  auto next = redundant.begin();
  for (NodeId id = 0; id < graph.size(); ++id) {
    std::vector<std::string> kept;
    for (const NodeId to : graph.Dependencies(id)) {
      if (next != redundant.end() && *next == Edge{id, to}) {
        ++next;
      } else {
        kept.push_back(graph.name(to));
      }
    }
    declarations[id].dependencies = std::move(kept);
  }
  return DependencyGraph::Create(std::move(declarations)).value();
}

}  // namespace stemma
