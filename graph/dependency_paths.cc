// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/dependency_paths.h"

#include <algorithm>
#include <limits>
#include <map>
#include <span>

namespace stemma {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

template <class Visit>
void ForEachDependency(const DependencyGraph& graph, NodeId id, EdgeKinds kinds,
                       const Visit& visit) {
  for (const NodeId to : graph.Dependencies(id)) visit(to);
  if (kinds != EdgeKinds::kHardAndSoft) return;
  for (const NodeId to : graph.SoftDependencies(id)) visit(to);
}

// By node, the number of edges on a shortest path to `to`; kNone where no path leads there.
std::vector<std::size_t> DistancesTo(const DependencyGraph& graph, NodeId to, EdgeKinds kinds) {
  std::vector<std::size_t> distances(graph.size(), kNone);
  distances[to] = 0;
  std::vector<NodeId> found = {to};
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto visit = [&](std::span<const NodeId> dependents) {
      for (const NodeId dependent : dependents) {
        if (distances[dependent] != kNone) continue;
        distances[dependent] = distances[found[i]] + 1;
        found.push_back(dependent);
      }
    };
    const NodeId id = found[i];
    visit(graph.Dependents(id));
    if (kinds == EdgeKinds::kHardAndSoft) visit(graph.SoftDependents(id));
  }
  return distances;
}

}  // namespace

std::uint64_t CountPaths(const DependencyGraph& graph, NodeId from, NodeId to, EdgeKinds kinds) {
  if (from == to) return 0;
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  std::vector<std::uint64_t> counts(graph.size());  // from the node to `to`
  counts[to] = 1;
  for (const NodeId id : graph.StartOrder()) {
    if (id == to) continue;
    ForEachDependency(graph, id, kinds, [&](NodeId dependency) {
      counts[id] += std::min(counts[dependency], kMax - counts[id]);
    });
    if (id == from) break;
  }
  return counts[from];
}

// Beginnings of paths are kept by the length of the shortest path that they can become. A beginning
// of the least such length is extended; one extension at least keeps that length, so that each step
// leads towards a path that is returned. The last one put in is taken out first, so that a path is
// finished before the next one is begun.
std::vector<std::vector<NodeId>> ShortestPaths(const DependencyGraph& graph, NodeId from, NodeId to,
                                               std::size_t limit, EdgeKinds kinds) {
  std::vector<std::vector<NodeId>> paths;
  const std::vector<std::size_t> distances = DistancesTo(graph, to, kinds);
  if (from == to || distances[from] == kNone) return paths;

  struct Beginning {
    NodeId node = 0;         // the last one
    std::size_t before = 0;  // the beginning without it
    std::size_t edges = 0;
  };
  std::vector<Beginning> beginnings = {{.node = from, .before = kNone, .edges = 0}};
  std::map<std::size_t, std::vector<std::size_t>> by_length = {{distances[from], {0}}};
  std::vector<NodeId> next;
  while (!by_length.empty() && paths.size() < limit) {
    const auto shortest = by_length.begin();
    if (shortest->second.empty()) {
      by_length.erase(shortest);
      continue;
    }
    const std::size_t index = shortest->second.back();
    shortest->second.pop_back();
    const Beginning beginning = beginnings[index];
    if (beginning.node == to) {
      std::vector<NodeId>& path = paths.emplace_back();
      for (std::size_t i = index; i != kNone; i = beginnings[i].before) {
        path.push_back(beginnings[i].node);
      }
      std::reverse(path.begin(), path.end());
      continue;
    }
    next.clear();
    ForEachDependency(graph, beginning.node, kinds, [&](NodeId dependency) {
      if (distances[dependency] != kNone) next.push_back(dependency);
    });
    std::sort(next.rbegin(), next.rend());  // the earliest declared is taken out first
    for (const NodeId node : next) {
      const std::size_t edges = beginning.edges + 1;
      by_length[edges + distances[node]].push_back(beginnings.size());
      beginnings.push_back({.node = node, .before = index, .edges = edges});
    }
  }
  return paths;
}

}  // namespace stemma
