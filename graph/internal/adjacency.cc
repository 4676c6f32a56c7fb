// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/internal/adjacency.h"

namespace stemma::internal {
namespace {

// From how many targets each node has, one place further on, to where its targets begin.
void SumUp(std::vector<std::uint32_t>& begins) {
  for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
}

}  // namespace

Adjacency::Adjacency(std::size_t nodes, std::span<const Edge> edges)
    : begins_(nodes + 1, 0), targets_(edges.size()) {
  for (const Edge& edge : edges) ++begins_[edge.from + std::size_t{1}];
  SumUp(begins_);
  std::vector<std::uint32_t> next = begins_;
  for (const Edge& edge : edges) targets_[next[edge.from]++] = edge.to;
}

Adjacency Adjacency::Reversed() const {
  Adjacency reversed;
  reversed.begins_.resize(begins_.size());
  reversed.targets_.resize(targets_.size());
  for (const NodeId to : targets_) ++reversed.begins_[to + std::size_t{1}];
  SumUp(reversed.begins_);
  std::vector<std::uint32_t> next = reversed.begins_;
  for (NodeId from = 0; from < size(); ++from) {
    for (const NodeId to : (*this)[from]) reversed.targets_[next[to]++] = from;
  }
  return reversed;
}

}  // namespace stemma::internal
