// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/internal/components.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace stemma::internal {
namespace {

constexpr NodeId kNone = std::numeric_limits<NodeId>::max();

}  // namespace

// Tarjan's algorithm, with its own stack.
std::vector<NodeId> StronglyConnectedComponents(const Adjacency& edges) {
  struct Visit {
    NodeId node;
    std::size_t next_edge;
  };
  const std::size_t size = edges.size();
  std::vector<NodeId> component(size, kNone);
  std::vector<NodeId> index(size, kNone);  // the order of discovery
  std::vector<NodeId> low(size, kNone);    // the least known index of an open node it reaches
  std::vector<NodeId> open;                // discovered, and without a component yet
  std::vector<Visit> path;
  NodeId discovered = 0, components = 0;
  for (NodeId root = 0; root < size; ++root) {
    if (index[root] != kNone) continue;
    path.push_back({root, 0});
    while (!path.empty()) {
      Visit& visit = path.back();
      const NodeId node = visit.node;
      if (visit.next_edge == 0) {
        index[node] = low[node] = discovered++;
        open.push_back(node);
      }
      if (visit.next_edge < edges[node].size()) {
        const NodeId target = edges[node][visit.next_edge++];
        if (index[target] == kNone) {
          path.push_back({target, 0});
        } else if (component[target] == kNone) {
          low[node] = std::min(low[node], index[target]);
        }
        continue;
      }
      path.pop_back();
      if (!path.empty()) low[path.back().node] = std::min(low[path.back().node], low[node]);
      if (low[node] != index[node]) continue;
      NodeId last = kNone;
      do {
        last = open.back();
        open.pop_back();
        component[last] = components;
      } while (last != node);
      ++components;
    }
  }
  return component;
}

}  // namespace stemma::internal
