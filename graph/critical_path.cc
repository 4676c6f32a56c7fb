// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/critical_path.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <utility>

namespace stemma {
namespace {

using std::chrono::nanoseconds;

nanoseconds SaturatingSum(nanoseconds a, nanoseconds b) {  // REQUIRES: neither is negative
  return a > nanoseconds::max() - b ? nanoseconds::max() : a + b;
}

// `order` has every node after those that `before` gives for it, which are in ascending order in
// each of two lists.
template <class Before>
CriticalPath Compute(std::span<const NodeId> order, const Before& before,
                     std::span<const nanoseconds> durations) {
  const auto duration = [&](NodeId id) {
    return id < durations.size() ? std::max(durations[id], nanoseconds(0)) : nanoseconds(0);
  };
  CriticalPath result;
  result.timings.resize(order.size());
  std::vector<CriticalPath::Timing>& timings = result.timings;
  for (const NodeId id : order) {
    CriticalPath::Timing& own = timings[id];
    for (const std::span<const NodeId> list : before(id)) {
      for (const NodeId earlier : list) own.begin = std::max(own.begin, timings[earlier].end);
    }
    own.end = SaturatingSum(own.begin, duration(id));
    result.total = std::max(result.total, own.end);
  }

  // Backwards: when each has to end at the latest.
  std::vector<nanoseconds> latest(order.size(), result.total);
  for (std::size_t i = order.size(); i-- > 0;) {
    const NodeId id = order[i];
    // Below 0 only where a sum was saturated.
    timings[id].slack = std::max(latest[id] - timings[id].end, nanoseconds(0));
    const nanoseconds latest_begin = std::max(latest[id] - duration(id), nanoseconds(0));
    for (const std::span<const NodeId> list : before(id)) {
      for (const NodeId earlier : list) latest[earlier] = std::min(latest[earlier], latest_begin);
    }
  }

  // Backwards from the node that ends last, to whoever it waited for.
  constexpr NodeId kNone = std::numeric_limits<NodeId>::max();
  NodeId next = kNone;
  const auto consider = [&](NodeId id) {
    if (next == kNone || timings[id].end > timings[next].end ||
        (timings[id].end == timings[next].end && id < next)) {
      next = id;
    }
  };
  for (NodeId id = 0; id < order.size(); ++id) consider(id);
  while (next != kNone) {
    const NodeId id = std::exchange(next, kNone);
    result.path.push_back(id);
    for (const std::span<const NodeId> list : before(id)) {
      for (const NodeId earlier : list) consider(earlier);
    }
  }
  std::reverse(result.path.begin(), result.path.end());
  return result;
}

}  // namespace

CriticalPath CriticalStartPath(const DependencyGraph& graph,
                               std::span<const nanoseconds> durations) {
  const auto before = [&](NodeId id) {
    return std::array{graph.Dependencies(id), graph.SoftDependencies(id)};
  };
  return Compute(graph.StartOrder(), before, durations);
}

CriticalPath CriticalStopPath(const DependencyGraph& graph,
                              std::span<const nanoseconds> durations) {
  const auto before = [&](NodeId id) {
    return std::array{graph.Dependents(id), graph.SoftDependents(id)};
  };
  return Compute(graph.StopOrder(), before, durations);
}

}  // namespace stemma
