// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/subgraph.h"

#include <utility>

namespace stemma {
namespace {

enum class Direction { kAncestors, kDescendants };

// By id, whether the node is one of `starts` or at most `depth` edges away from one.
std::vector<bool> Within(const DependencyGraph& graph, std::span<const NodeId> starts,
                         Direction direction, std::size_t depth, EdgeKinds kinds) {
  std::vector<bool> seen(graph.size());
  std::vector<NodeId> level, next;
  const auto see = [&](std::span<const NodeId> ids) {
    for (const NodeId id : ids) {
      if (seen[id]) continue;
      seen[id] = true;
      next.push_back(id);
    }
  };
  see(starts);
  for (std::size_t distance = 0; distance < depth && !next.empty(); ++distance) {
    level = std::exchange(next, {});
    for (const NodeId id : level) {
      const bool up = direction == Direction::kDescendants;
      see(up ? graph.Dependents(id) : graph.Dependencies(id));
      if (kinds != EdgeKinds::kHardAndSoft) continue;
      see(up ? graph.SoftDependents(id) : graph.SoftDependencies(id));
    }
  }
  return seen;
}

}  // namespace

std::vector<NodeId> Around(const DependencyGraph& graph, std::span<const NodeId> ids,
                           const Neighbourhood& neighbourhood) {
  const auto& [ancestors, descendants, depth, kinds] = neighbourhood;
  const std::vector<bool> below =
      Within(graph, ids, Direction::kAncestors, ancestors ? depth : 0, kinds);
  const std::vector<bool> above =
      Within(graph, ids, Direction::kDescendants, descendants ? depth : 0, kinds);
  std::vector<NodeId> found;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (below[id] || above[id]) found.push_back(id);
  }
  return found;
}

std::vector<NodeId> Between(const DependencyGraph& graph, std::span<const NodeId> from,
                            std::span<const NodeId> to, EdgeKinds kinds) {
  constexpr std::size_t kAll = std::numeric_limits<std::size_t>::max();
  const std::vector<bool> below = Within(graph, from, Direction::kAncestors, kAll, kinds);
  const std::vector<bool> above = Within(graph, to, Direction::kDescendants, kAll, kinds);
  std::vector<NodeId> found;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (below[id] && above[id]) found.push_back(id);
  }
  return found;
}

Subgraph InducedSubgraph(const DependencyGraph& graph, std::span<const NodeId> ids) {
  std::vector<bool> chosen(graph.size());
  for (const NodeId id : ids) chosen[id] = true;
  Subgraph subgraph;
  std::vector<DependencyGraph::Declaration> declarations;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (!chosen[id]) continue;
    subgraph.originals.push_back(id);
    DependencyGraph::Declaration& declaration = declarations.emplace_back();
    declaration.name = graph.name(id);
    for (const NodeId to : graph.Dependencies(id)) {
      if (chosen[to]) declaration.dependencies.push_back(graph.name(to));
    }
    for (const NodeId to : graph.SoftDependencies(id)) {
      if (chosen[to]) declaration.soft_dependencies.push_back(graph.name(to));
    }
  }
  subgraph.graph = DependencyGraph::Create(std::move(declarations)).value();
  return subgraph;
}

}  // namespace stemma
