// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/validation.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"

namespace stemma::internal {
namespace {

using std::chrono::nanoseconds;

void CheckPositive(std::string_view owner, std::string_view field, nanoseconds value,
                   std::vector<std::string>& problems) {
  if (value > nanoseconds::zero()) return;
  problems.push_back(absl::StrCat(std::string(owner), ": ", std::string(field), " is ",
                                  value.count(), " ns; expected more than 0, or kNoTimeout"));
}

}  // namespace

std::vector<DependencyGraph::Declaration> Declarations(const std::vector<Node>& nodes) {
  std::vector<DependencyGraph::Declaration> declarations;
  declarations.reserve(nodes.size());
  for (const Node& node : nodes) {
    declarations.push_back({node.name, node.dependencies, node.soft_dependencies});
  }
  return declarations;
}

std::vector<std::string> Problems(const std::vector<Node>& nodes,
                                  const SupervisorOptions& options) {
  std::vector<std::string> problems = DependencyGraph::Problems(Declarations(nodes));
  for (const Node& node : nodes) {
    const std::string name = absl::StrCat("node '", std::string(Printable(node.name)), "'");
    if (!node.factory) problems.push_back(absl::StrCat(name, ": has no factory"));
    CheckPositive(name, "start_timeout", node.start_timeout, problems);
    CheckPositive(name, "stop_timeout", node.stop_timeout, problems);
    for (const std::string& problem : stemma::Problems(node.restart)) {
      problems.push_back(absl::StrCat(name, ": restart: ", problem));
    }
  }
  CheckPositive("options", "shutdown_deadline", options.shutdown_deadline, problems);
  CheckPositive("options", "spin_halt_reminder", options.spin_halt_reminder, problems);
  if (options.shutdown_delay < nanoseconds::zero()) {
    problems.push_back(absl::StrCat("options: shutdown_delay is ", options.shutdown_delay.count(),
                                    " ns; expected 0 or more"));
  }
  return problems;
}

}  // namespace stemma::internal
