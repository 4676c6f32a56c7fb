// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/dominators.h"

#include <span>
#include <utility>

namespace stemma {
namespace {

// A tree that grows by leaves and knows the lowest node above any two in logarithmic time: beside
// its parent each node has one jump to a node far above, at distances such that a few of them lead
// anywhere (skew binary numbers). Node `root` is there from the start.
class JumpTree {
 public:
  JumpTree(std::size_t size, NodeId root) : nodes_(size) { nodes_[root] = {root, root, 0}; }

  void Add(NodeId leaf, NodeId above) {
    const Node& up = nodes_[above];
    const Node& far = nodes_[up.jump];
    const bool doubles = up.depth - far.depth == far.depth - nodes_[far.jump].depth;
    nodes_[leaf] = {above, doubles ? far.jump : above, up.depth + 1};
  }

  NodeId above(NodeId node) const { return nodes_[node].above; }

  NodeId LowestAbove(NodeId a, NodeId b) const {  // a itself if that is above b
    if (nodes_[a].depth < nodes_[b].depth) std::swap(a, b);
    while (nodes_[a].depth > nodes_[b].depth) {
      a = nodes_[nodes_[a].jump].depth >= nodes_[b].depth ? nodes_[a].jump : nodes_[a].above;
    }
    while (a != b) {  // of the same depth, so that their jumps are as long
      const bool jumps = nodes_[a].jump != nodes_[b].jump;
      a = jumps ? nodes_[a].jump : nodes_[a].above;
      b = jumps ? nodes_[b].jump : nodes_[b].above;
    }
    return a;
  }

 private:
  struct Node {
    NodeId above = 0;
    NodeId jump = 0;
    std::size_t depth = 0;
  };
  std::vector<Node> nodes_;
};

}  // namespace

// The dominators are a tree: each node is below the lowest that is above all its dependencies. The
// root is one more node, on which those without dependencies stand.
Dominators DominatorsOf(const DependencyGraph& graph) {
  const NodeId root = static_cast<NodeId>(graph.size());
  JumpTree tree(graph.size() + 1, root);
  for (const NodeId id : graph.StartOrder()) {
    const std::span<const NodeId> dependencies = graph.Dependencies(id);
    NodeId above = dependencies.empty() ? root : dependencies.front();
    for (const NodeId dependency : dependencies) above = tree.LowestAbove(above, dependency);
    tree.Add(id, above);
  }
  Dominators result;
  result.immediate.resize(graph.size());
  result.dominated.resize(graph.size());
  for (const NodeId id : graph.StopOrder()) {
    const NodeId above = tree.above(id);
    if (above == root) continue;
    result.immediate[id] = above;
    result.dominated[above] += result.dominated[id] + 1;
  }
  return result;
}

}  // namespace stemma
