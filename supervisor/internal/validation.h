// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_VALIDATION_H_
#define STEMMA_SUPERVISOR_INTERNAL_VALIDATION_H_

#include <string>
#include <string_view>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"
#include "stemma/supervisor/engine_types.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/options.h"

namespace stemma::internal {

// What the graph needs to know of the nodes.
std::vector<DependencyGraph::Declaration> Declarations(const std::vector<Node>& nodes);

// What the engine needs to know of a node besides, and of all of them.
NodePolicy PolicyOf(const Node& node);
std::vector<NodePolicy> PoliciesOf(const std::vector<Node>& nodes);

// What the engine needs to know of the options, but for the seed of the jitter.
EngineOptions EngineOptionsOf(const SupervisorOptions& options, bool nested);

// One reason to refuse a node.
struct NodeProblem {
  NodeId node = 0;              // its position among the nodes
  std::string_view field = {};  // the field of Node whose value is wrong; empty: the node as such
  std::string text = {};        // one line
};

// Returns: everything for which Supervisor::Create refuses the nodes, but for missing factories
// (S1). `stemma check` tells the same of a manifest, which has no factories.
std::vector<NodeProblem> Problems(const std::vector<Node>& nodes);

// Returns: what is wrong with the node in itself, wherever it is in a graph, one line each (S1).
std::vector<std::string> OwnProblems(const Node& node);

// Returns: everything for which Supervisor::Create refuses, one line each (S1).
// `nested`: it is to be a component of another (S18).
std::vector<std::string> Problems(const std::vector<Node>& nodes, const SupervisorOptions& options,
                                  bool nested);

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_VALIDATION_H_
