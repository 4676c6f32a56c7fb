// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_VALIDATION_H_
#define STEMMA_SUPERVISOR_INTERNAL_VALIDATION_H_

#include <string>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/options.h"

namespace stemma::internal {

// What the graph needs to know of the nodes.
std::vector<DependencyGraph::Declaration> Declarations(const std::vector<Node>& nodes);

// Returns: everything for which Supervisor::Create refuses, one sentence each (S1).
std::vector<std::string> Problems(const std::vector<Node>& nodes, const SupervisorOptions& options);

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_VALIDATION_H_
