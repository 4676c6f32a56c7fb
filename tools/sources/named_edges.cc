// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/named_edges.h"

#include <cstdint>

namespace stemma::tools {

std::size_t NamedEdges::NodeOf(std::string_view name) {
  if (const auto known = by_name_.find(name); known != by_name_.end()) return known->second;
  names_.emplace_back(name);
  by_name_.emplace(names_.back(), names_.size() - 1);
  edges_.emplace_back();
  return names_.size() - 1;
}

void NamedEdges::Add(std::size_t dependent, std::size_t dependency, bool is_soft,
                     std::size_t offset) {
  edges_[dependent].push_back({dependency, is_soft, offset});
}

template <class Take>
void NamedEdges::ForEachEdge(const Take& take) const {
  // The last node that has been seen to depend on another, so that a repeated edge is found in
  // constant time. Hard edges come first: a soft one is dropped for a hard one too.
  std::vector<std::size_t> mentioned_by(names_.size(), SIZE_MAX);
  for (std::size_t i = 0; i < names_.size(); ++i) {
    for (const bool is_soft : {false, true}) {
      for (const Edge& edge : edges_[i]) {
        if (edge.is_soft != is_soft || mentioned_by[edge.dependency] == i) continue;
        mentioned_by[edge.dependency] = i;
        take(i, edge);
      }
    }
  }
}

std::vector<Node> NamedEdges::Nodes() const {
  std::vector<Node> nodes(names_.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i].name = names_[i];
  ForEachEdge([&](std::size_t dependent, const Edge& edge) {
    Node& node = nodes[dependent];
    (edge.is_soft ? node.soft_dependencies : node.dependencies).push_back(names_[edge.dependency]);
  });
  return nodes;
}

std::vector<std::vector<std::size_t>> NamedEdges::Offsets() const {
  std::vector<std::vector<std::size_t>> offsets(names_.size());
  ForEachEdge([&](std::size_t dependent, const Edge& edge) {
    if (!edge.is_soft) offsets[dependent].push_back(edge.offset);
  });
  return offsets;
}

}  // namespace stemma::tools
