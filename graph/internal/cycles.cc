// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/internal/cycles.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "stemma/graph/internal/components.h"

namespace stemma::internal {
namespace {

constexpr std::size_t kMaxSteps = 4'000'000;

// Breadth-first searches that share their arrays, so that one costs what it visits.
class CycleSearch {
 public:
  CycleSearch(const Adjacency& edges, std::span<const NodeId> component)
      : edges_(edges), component_(component), came_from_(edges.size()), search_(edges.size(), 0) {}

  // Returns a shortest cycle through `start`; empty when there is none of fewer than `limit` nodes.
  std::vector<NodeId> Through(NodeId start, std::size_t limit) {
    ++searches_;
    search_[start] = searches_;
    std::vector<NodeId> level = {start}, next_level;
    for (std::size_t length = 1; length < limit && !level.empty(); ++length) {
      next_level.clear();
      for (NodeId node : level) {
        for (NodeId target : edges_[node]) {
          ++steps_;
          if (target == start && node != start) return PathTo(node, start);
          if (component_[target] != component_[start] || search_[target] == searches_) continue;
          search_[target] = searches_;
          came_from_[target] = node;
          next_level.push_back(target);
        }
      }
      std::swap(level, next_level);
    }
    return {};
  }

  bool tired() const { return steps_ > kMaxSteps; }

 private:
  std::vector<NodeId> PathTo(NodeId node, NodeId start) const {
    std::vector<NodeId> path = {node};
    while (path.back() != start) path.push_back(came_from_[path.back()]);
    std::reverse(path.begin(), path.end());
    return path;
  }

  const Adjacency& edges_;
  const std::span<const NodeId> component_;
  std::vector<NodeId> came_from_;
  std::vector<std::size_t> search_;  // the latest search that came to the node
  std::size_t searches_ = 0;
  std::size_t steps_ = 0;
};

}  // namespace

std::vector<std::vector<NodeId>> ShortestCycles(const Adjacency& edges) {
  const std::vector<NodeId> component = StronglyConnectedComponents(edges);
  std::vector<Edge> membership;
  membership.reserve(edges.size());
  for (NodeId node = 0; node < edges.size(); ++node) {
    membership.push_back({.from = component[node], .to = node});
  }
  const Adjacency members(edges.size(), membership);

  std::vector<std::vector<NodeId>> cycles;
  CycleSearch search(edges, component);
  for (NodeId earliest = 0; earliest < edges.size(); ++earliest) {
    const std::span<const NodeId> nodes = members[component[earliest]];
    if (nodes.size() < 2 || nodes.front() != earliest) continue;
    std::vector<NodeId> shortest = search.Through(earliest, nodes.size() + 1);
    // In ascending order, so a cycle is found from its earliest node, and later ones are taken only
    // if shorter.
    for (NodeId start : nodes.subspan(1)) {
      if (search.tired() || shortest.size() == 2) break;
      std::vector<NodeId> shorter = search.Through(start, shortest.size());
      if (!shorter.empty()) shortest = std::move(shorter);
    }
    cycles.push_back(std::move(shortest));
  }
  return cycles;
}

}  // namespace stemma::internal
