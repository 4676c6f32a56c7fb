// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/internal/unknown_node.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "stemma/graph/nearest_name.h"

namespace stemma::internal {

std::optional<std::string> UnknownNode(std::string_view node, const DependencyGraph& at_first,
                                       const std::vector<SupervisorEvent>& events) {
  if (node.empty() || at_first.Find(node)) return std::nullopt;
  std::vector<std::string_view> names(at_first.names().begin(), at_first.names().end());
  for (const SupervisorEvent& event : events) {
    if (event.kind == SupervisorEvent::Kind::kAdded) names.push_back(event.node);
  }
  if (std::find(names.begin(), names.end(), node) != names.end()) return std::nullopt;
  return absl::StrCat("there is no node '", std::string(node), "'", DidYouMean(node, names));
}

}  // namespace stemma::internal
