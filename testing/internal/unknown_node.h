// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_INTERNAL_UNKNOWN_NODE_H_
#define STEMMA_TESTING_INTERNAL_UNKNOWN_NODE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/supervisor/supervisor_event.h"

namespace stemma::internal {

// What is wrong with the name of a node, with the nearest one, if it is none of the graph's and
// none that has been added since. Nothing is wrong with the empty name: no node in particular.
std::optional<std::string> UnknownNode(std::string_view node, const DependencyGraph& at_first,
                                       const std::vector<SupervisorEvent>& events);

}  // namespace stemma::internal

#endif  // STEMMA_TESTING_INTERNAL_UNKNOWN_NODE_H_
