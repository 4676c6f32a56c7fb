// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/blast_radius.h"

#include <algorithm>
#include <iterator>

#include "stemma/graph/edge.h"
#include "stemma/graph/internal/adjacency.h"
#include "stemma/graph/internal/reach.h"

namespace stemma {
namespace {

std::vector<NodeId> WithNode(std::vector<NodeId> ids, NodeId node) {
  const auto at = std::lower_bound(ids.begin(), ids.end(), node);
  if (at == ids.end() || *at != node) ids.insert(at, node);
  return ids;
}

bool Follows(const std::vector<bool>& follows, NodeId id) {
  return id < follows.size() && follows[id];
}

// By node, how many nodes the edges to its dependents lead to, without those to dependents that
// `counts` leaves out.
template <class Counts>
std::vector<std::size_t> CountDependents(const DependencyGraph& graph, const Counts& counts) {
  std::vector<Edge> edges;
  for (NodeId id = 0; id < graph.size(); ++id) {
    for (const NodeId dependent : graph.Dependents(id)) {
      if (counts(dependent)) edges.push_back({id, dependent});
    }
  }
  return internal::ReachCounts(internal::Adjacency(graph.size(), edges), graph.StopOrder());
}

std::vector<std::size_t> WithThemselves(std::vector<std::size_t> counts) {
  for (std::size_t& count : counts) ++count;
  return counts;
}

}  // namespace

std::vector<NodeId> RestartRadius(const DependencyGraph& graph, NodeId node,
                                  const std::vector<bool>& follows) {
  std::vector<bool> seen(graph.size());
  std::vector<NodeId> found = {node};
  for (std::size_t i = 0; i < found.size(); ++i) {
    for (const NodeId dependent : graph.Dependents(found[i])) {
      if (seen[dependent] || !Follows(follows, dependent)) continue;
      seen[dependent] = true;
      found.push_back(dependent);
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<NodeId> StopRadius(const DependencyGraph& graph, NodeId node) {
  return WithNode(graph.Descendants(node), node);
}

std::vector<NodeId> StopParentsRadius(const DependencyGraph& graph, NodeId node) {
  // What the ancestors' descendants leave out are ancestors without dependencies.
  const std::vector<NodeId> going = WithNode(graph.Ancestors(node), node);
  const std::vector<NodeId> descendants = graph.Descendants(going);
  std::vector<NodeId> all;
  std::set_union(going.begin(), going.end(), descendants.begin(), descendants.end(),
                 std::back_inserter(all));
  return all;
}

BlastRadiusCounts CountBlastRadius(const DependencyGraph& graph, const std::vector<bool>& follows) {
  std::vector<Edge> edges;
  for (NodeId id = 0; id < graph.size(); ++id) {
    for (const NodeId dependency : graph.Dependencies(id)) edges.push_back({id, dependency});
  }
  // What kStopParents takes down: whoever depends on one of the nodes without dependencies that the
  // node depends on.
  return {.restart = WithThemselves(
              CountDependents(graph, [&](NodeId id) { return Follows(follows, id); })),
          .stop = WithThemselves(DescendantCounts(graph)),
          .stop_parents = internal::SharedEndCounts(internal::Adjacency(graph.size(), edges),
                                                    graph.StartOrder())};
}

std::vector<std::size_t> DescendantCounts(const DependencyGraph& graph) {
  return CountDependents(graph, [](NodeId) { return true; });
}

}  // namespace stemma
