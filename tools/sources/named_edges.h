// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SOURCES_NAMED_EDGES_H_
#define STEMMA_TOOLS_SOURCES_NAMED_EDGES_H_

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "stemma/supervisor/node.h"

namespace stemma::tools {

// Nodes and edges as a text mentions them, in any order and any number of times.
//
// Thread safety: none; one thread at a time.
class NamedEdges {
 public:
  // The position of the node of that name: a new one when it is mentioned for the first time.
  std::size_t NodeOf(std::string_view name);

  // `offset`: where it is mentioned. REQUIRES: both are positions of nodes.
  void Add(std::size_t dependent, std::size_t dependency, bool is_soft, std::size_t offset = 0);

  std::size_t size() const { return names_.size(); }  // nodes

  // The nodes, in the order of their first mention. Each edge is there once, in the order of its
  // first mention; a soft one is left out where there is a hard one.
  std::vector<Node> Nodes() const;

  // By node, where each of its (hard) dependencies is mentioned first, in their order.
  std::vector<std::vector<std::size_t>> Offsets() const;

 private:
  struct Edge {
    std::size_t dependency;
    bool is_soft;
    std::size_t offset;
  };

  // Calls `take` with each dependent and each edge of it that Nodes has.
  template <class Take>
  void ForEachEdge(const Take& take) const;

  std::deque<std::string> names_;  // stays where it is: by_name_ views it
  std::unordered_map<std::string_view, std::size_t> by_name_;
  std::vector<std::vector<Edge>> edges_;  // by dependent
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SOURCES_NAMED_EDGES_H_
