// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_QUESTIONS_STOP_BUDGET_H_
#define STEMMA_TOOLS_QUESTIONS_STOP_BUDGET_H_

#include <chrono>
#include <string>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"
#include "stemma/supervisor/node.h"

namespace stemma::tools {

// How long an ordered stop of everything may take, by the stop timeouts (S5, S12): a node is asked
// when its dependents, hard and soft, have ended, and has its stop timeout to end in. So it is the
// longest path that counts, by the sum of its timeouts. Not in it: a destructor, or a handler's
// answer to a failure during the stop, each of which has as long again (S11, S9); and what waits on
// where the supervisor neither abandons nor aborts (OnStuck::kWait).
struct StopBudget {
  struct Step {
    NodeId node = 0;
    std::chrono::nanoseconds stop_timeout{0};
  };
  std::vector<Step> path = {};        // in the order of the stop
  std::chrono::nanoseconds total{0};  // kNoTimeout: there is no bound

  // Whether a stop that first waits for `shutdown_delay` (S11) is over within `grace`.
  bool FitsInto(std::chrono::nanoseconds grace, std::chrono::nanoseconds shutdown_delay) const;
  // With that delay; saturating.
  std::chrono::nanoseconds TotalAfter(std::chrono::nanoseconds shutdown_delay) const;
};

// `nodes` have `graph`, by the same ids. Cost: nodes + edges.
StopBudget StopBudgetOf(const std::vector<Node>& nodes, const DependencyGraph& graph);

// One line for each step, indented by two: "  http   25s". Of a path longer than `most` the middle
// is left out, with its sum. REQUIRES: most >= 2.
std::string StepLines(const StopBudget& budget, const DependencyGraph& graph, std::size_t most);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_QUESTIONS_STOP_BUDGET_H_
