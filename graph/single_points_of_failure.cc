// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/single_points_of_failure.h"

#include <algorithm>

#include "stemma/graph/blast_radius.h"

namespace stemma {

std::vector<SinglePointOfFailure> SinglePointsOfFailure(const DependencyGraph& graph,
                                                        double share) {
  const std::vector<std::size_t> descendants = DescendantCounts(graph);
  std::vector<SinglePointOfFailure> points;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const std::size_t takes_down = descendants[id] + 1;
    const double own = static_cast<double>(takes_down) / static_cast<double>(graph.size());
    if (takes_down > 1 && own > share) points.push_back({id, takes_down, own});
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const SinglePointOfFailure& a, const SinglePointOfFailure& b) {
                     return a.takes_down > b.takes_down;
                   });
  return points;
}

}  // namespace stemma
