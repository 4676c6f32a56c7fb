// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_QUESTIONS_IMPACT_H_
#define STEMMA_TOOLS_QUESTIONS_IMPACT_H_

#include <cstddef>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"
#include "stemma/graph/waves.h"
#include "stemma/lifecycle/error_handling_behavior.h"
#include "stemma/supervisor/node.h"

namespace stemma::tools {

inline constexpr ErrorHandlingBehavior kVerdicts[] = {
    ErrorHandlingBehavior::kRestart, ErrorHandlingBehavior::kStop,
    ErrorHandlingBehavior::kStopParents, ErrorHandlingBehavior::kShutdown,
    ErrorHandlingBehavior::kSpinHalt};

// What happens when a node of a service fails of which every node is ready: who goes down, and who
// comes back (S4, S5, S6, S20).
struct Impact {
  // Who ends, in waves: a node when those of an earlier wave that depend on it have ended. The
  // workers of the node that failed are stopped at the failure; as all others it has ended when it
  // is destroyed, which is in its wave.
  NodeWaves goes_down = {};
  // Who is launched again, in waves: the node that failed after its backoff, and then those that
  // restart with it. Of kRestart only.
  NodeWaves comes_back = {};

  std::size_t count() const;             // how many go down
  std::vector<NodeId> in_order() const;  // those
};

// By id, whether a node restarts with its dependencies (S6).
std::vector<bool> FollowsOf(const std::vector<Node>& nodes);

// Cost: nodes + edges. REQUIRES: node < graph.size().
Impact ImpactOf(const DependencyGraph& graph, const std::vector<bool>& follows, NodeId node,
                ErrorHandlingBehavior verdict);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_QUESTIONS_IMPACT_H_
