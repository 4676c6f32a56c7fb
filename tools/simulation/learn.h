// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SIMULATION_LEARN_H_
#define STEMMA_TOOLS_SIMULATION_LEARN_H_

#include "stemma/graph/dependency_graph.h"
#include "stemma/tools/history/history.h"
#include "stemma/tools/simulation/script.h"

namespace stemma::tools {

// What a run tells of how its nodes behave, for another run of the same graph: a rule for each node
// that took its time to start, or to stop, and one for what its handler answered, each as of the
// last time.
std::vector<Script::Rule> Learned(const History& history, const DependencyGraph& graph);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SIMULATION_LEARN_H_
