// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_CRITICAL_PATH_H_
#define STEMMA_GRAPH_CRITICAL_PATH_H_

#include <chrono>
#include <span>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"

namespace stemma {

// Why does start-up take nine seconds? Because of one path: each of its nodes begins when the one
// before it is ready, and the last one is ready last of all. Only a node on that path is worth
// making faster; any other has slack.
//
// Example:
//   const stemma::CriticalPath start = stemma::CriticalStartPath(graph, start_times);
//   for (stemma::NodeId id : start.path) {
//     const auto& [begin, end, slack] = start.timings[id];
//     std::cout << graph.name(id) << " @" << begin.count() << " +" << (end - begin).count() <<
//     "\n";
//   }
struct CriticalPath {
  // When a node begins and ends if each begins as soon as it may.
  struct Timing {
    std::chrono::nanoseconds begin{0};  // after the beginning of everything
    std::chrono::nanoseconds end{0};    // begin and the node's own time
    std::chrono::nanoseconds slack{0};  // how much more time it may take, alone, for the same total
  };

  std::vector<Timing> timings;        // by id
  std::vector<NodeId> path;           // in order of time; empty for the empty graph
  std::chrono::nanoseconds total{0};  // when everything has ended: the end of the path
};

// Of a start (S2): `durations` has by id how long each node takes from its launch until it is
// ready, and a node begins when its dependencies, hard and soft, are ready.
//
// Of several paths as long, the one with the earlier declared node, compared from the end. The path
// begins at a node without dependencies, even if that takes no time. A duration that is negative,
// or missing at the end of `durations`, counts as 0. Sums saturate. Cost: nodes + edges.
// Thread safety: any thread.
CriticalPath CriticalStartPath(const DependencyGraph& graph,
                               std::span<const std::chrono::nanoseconds> durations);

// Of a stop of everything (S5, S20): `durations` has by id how long each node takes from being
// asked to stop until it has ended (or its stop timeout: then `total` is what an ordered stop may
// take), and a node is asked when its dependents, hard and soft, have ended. Otherwise the same;
// the path begins at a node without dependents.
CriticalPath CriticalStopPath(const DependencyGraph& graph,
                              std::span<const std::chrono::nanoseconds> durations);

}  // namespace stemma

#endif  // STEMMA_GRAPH_CRITICAL_PATH_H_
