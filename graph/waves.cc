// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/waves.h"

#include <algorithm>
#include <cstddef>

namespace stemma {
namespace {

// `order`: every node after those that `before` says of it. Those are called with a node and what
// to do with each of them.
template <class Before>
NodeWaves Waves(std::size_t size, std::span<const NodeId> ids, std::span<const NodeId> order,
                const Before& before) {
  constexpr std::size_t kOutside = static_cast<std::size_t>(-1);
  std::vector<std::size_t> wave(size, kOutside);
  for (const NodeId id : ids) wave[id] = 0;
  NodeWaves waves;
  for (const NodeId id : order) {
    if (wave[id] == kOutside) continue;
    before(id, [&](std::span<const NodeId> others) {
      for (const NodeId other : others) {
        if (wave[other] != kOutside) wave[id] = std::max(wave[id], wave[other] + 1);
      }
    });
    if (waves.size() <= wave[id]) waves.resize(wave[id] + 1);
    waves[wave[id]].push_back(id);
  }
  for (std::vector<NodeId>& ids_of_wave : waves) std::sort(ids_of_wave.begin(), ids_of_wave.end());
  return waves;
}

}  // namespace

NodeWaves StartWaves(const DependencyGraph& graph, std::span<const NodeId> ids, EdgeKinds kinds) {
  return Waves(graph.size(), ids, graph.StartOrder(), [&](NodeId id, const auto& each) {
    each(graph.Dependencies(id));
    if (kinds == EdgeKinds::kHardAndSoft) each(graph.SoftDependencies(id));
  });
}

NodeWaves StopWaves(const DependencyGraph& graph, std::span<const NodeId> ids, EdgeKinds kinds) {
  return Waves(graph.size(), ids, graph.StopOrder(), [&](NodeId id, const auto& each) {
    each(graph.Dependents(id));
    if (kinds == EdgeKinds::kHardAndSoft) each(graph.SoftDependents(id));
  });
}

}  // namespace stemma
