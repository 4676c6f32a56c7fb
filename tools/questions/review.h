// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_QUESTIONS_REVIEW_H_
#define STEMMA_TOOLS_QUESTIONS_REVIEW_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/graph_difference.h"
#include "stemma/lifecycle/error_handling_behavior.h"
#include "stemma/supervisor/node.h"

namespace stemma::tools {

// One of two graphs that are compared.
struct ReviewSide {
  const std::vector<Node>& nodes;
  const DependencyGraph& graph;  // of the nodes, by the same ids
  bool has_policies = true;      // what the nodes say of them was chosen by someone
  bool has_verdicts = true;      // `on_error` is known: not of a journal
};

// What changed from one graph of a service to another, and what follows from it. A node is the same
// if it has the same name. Everything is by name and outlives the graphs.
struct Review {
  // A policy of a node that both have, in the words of a manifest.
  struct PolicyChange {
    std::string node = {};
    std::string field = {};  // "restart.window"
    std::string before = {};
    std::string after = {};
  };
  // How much a verdict at a node that both have takes down (S4, S6).
  struct RadiusChange {
    std::string node = {};
    ErrorHandlingBehavior verdict = {};
    std::size_t before = 0;
    std::size_t after = 0;
    // Who, in ascending order of names; of graphs that are too large for that, nobody.
    std::vector<std::string> gained = {};
    std::vector<std::string> lost = {};
  };
  // How much the failure of a node takes down whose handler always answers something else now.
  struct OwnRadiusChange {
    std::string node = {};
    ErrorHandlingBehavior verdict_before = {}, verdict_after = {};
    std::size_t before = 0, after = 0;
  };
  // How long an ordered stop may take (stop_budget.h).
  struct StopChange {
    std::chrono::nanoseconds before{0}, after{0};
    std::vector<std::string> path_after = {};  // in the order of the stop
  };

  std::size_t nodes_before = 0, nodes_after = 0, edges_before = 0, edges_after = 0;
  GraphDifference graph = {};
  bool has_policies = true;  // both have: they are compared
  std::vector<PolicyChange> policies = {};
  // By kRestart, kStop and kStopParents; the others take down everything. By verdict, then as
  // declared in the new graph.
  std::vector<RadiusChange> radii = {};
  bool names_radii = true;  // `gained` and `lost` are known
  std::vector<OwnRadiusChange> own_radii = {};
  std::optional<StopChange> stop = {};  // nothing: it is as before, or there are no policies

  bool is_same() const;  // nothing changed
};

// Cost: nodes + edges, and that of CountBlastRadius; who is in a radius is found out for graphs of
// up to some 2,000 nodes, at nodes * (nodes + edges).
Review ReviewOf(const ReviewSide& before, const ReviewSide& after);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_QUESTIONS_REVIEW_H_
