// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/parts.h"

namespace stemma::tools {

std::vector<Part> PartsOf(const DependencyGraph& graph) {
  constexpr NodeId kNone = static_cast<NodeId>(-1);
  std::vector<NodeId> part(graph.size(), kNone), local(graph.size());
  std::vector<Part> parts;
  std::vector<NodeId> open;
  for (NodeId root = 0; root < graph.size(); ++root) {
    if (part[root] != kNone) continue;
    const NodeId number = static_cast<NodeId>(parts.size());
    Part& found = parts.emplace_back();
    part[root] = number;
    open.push_back(root);
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      found.nodes.push_back(id);
      for (const auto& beside : {graph.Dependencies(id), graph.SoftDependencies(id),
                                 graph.Dependents(id), graph.SoftDependents(id)}) {
        for (const NodeId other : beside) {
          if (part[other] != kNone) continue;
          part[other] = number;
          open.push_back(other);
        }
      }
    }
    std::sort(found.nodes.begin(), found.nodes.end());
    for (std::size_t i = 0; i < found.nodes.size(); ++i) {
      local[found.nodes[i]] = static_cast<NodeId>(i);
    }
  }
  std::size_t place = 0;
  const auto add = [&](NodeId from, NodeId to, bool soft) {
    Part& home = parts[part[from]];
    home.edges.push_back({.edge = {local[from], local[to]}, .soft = soft});
    home.places.push_back(place++);
  };
  for (NodeId from = 0; from < graph.size(); ++from) {
    for (const NodeId to : graph.Dependencies(from)) add(from, to, false);
    for (const NodeId to : graph.SoftDependencies(from)) add(from, to, true);
  }
  return parts;
}

}  // namespace stemma::tools
