// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_INTERNAL_ADJACENCY_H_
#define STEMMA_GRAPH_INTERNAL_ADJACENCY_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "stemma/graph/edge.h"
#include "stemma/graph/node_id.h"

namespace stemma::internal {

using stemma::Edge;

// The edges of a graph in two arrays: all the targets, sorted by where they come from, and where
// each node's targets begin. Immutable but for assignment. Thread safety: as a standard container.
class Adjacency {
 public:
  Adjacency() = default;  // no nodes

  // REQUIRES: both ends of every edge are less than `nodes`, and there are fewer than 2^32 edges.
  // Cost: nodes + edges.
  Adjacency(std::size_t nodes, std::span<const Edge> edges);

  std::size_t size() const { return begins_.empty() ? 0 : begins_.size() - 1; }  // nodes
  std::size_t edge_count() const { return targets_.size(); }

  // The targets of the edges from `id`. REQUIRES: id < size().
  std::span<const NodeId> operator[](NodeId id) const {
    return std::span(targets_).subspan(begins_[id], begins_[id + 1] - begins_[id]);
  }

  // The same edges turned round. Each node's targets are in ascending order, whatever their order
  // is here.
  Adjacency Reversed() const;

 private:
  std::vector<std::uint32_t> begins_;  // of each node, then the end; nothing if default constructed
  std::vector<NodeId> targets_;
};

}  // namespace stemma::internal

#endif  // STEMMA_GRAPH_INTERNAL_ADJACENCY_H_
