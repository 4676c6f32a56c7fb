// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/internal/adjacency.h"

namespace stemma::internal {

Adjacency::Adjacency(std::size_t nodes, std::span<const Edge> edges)
    : begins_(nodes + 1, 0), targets_(edges.size()) {
  for (const Edge& edge : edges) ++begins_[edge.from + std::size_t{1}];
  for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
  std::vector<std::size_t> next = begins_;
  for (const Edge& edge : edges) targets_[next[edge.from]++] = edge.to;
}

Adjacency Adjacency::Reversed() const {
  std::vector<Edge> edges;
  edges.reserve(edge_count());
  for (NodeId from = 0; from < size(); ++from) {
    for (NodeId to : (*this)[from]) edges.push_back({.from = to, .to = from});
  }
  return Adjacency(size(), edges);
}

}  // namespace stemma::internal
