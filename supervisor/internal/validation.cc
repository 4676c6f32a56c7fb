// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/validation.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/internal/nested.h"

namespace stemma::internal {
namespace {

using std::chrono::nanoseconds;

// The end of a sentence about a value; empty when the value is fine.
std::string UnlessPositive(nanoseconds value) {
  if (value > nanoseconds::zero()) return "";
  return absl::StrCat(" must be positive, is ", value.count(), "ns");
}

std::string Subject(const Node& node) { return "node '" + Printable(node.name) + "'"; }

void FieldProblems(const Node& node, NodeId id, std::vector<NodeProblem>& problems) {
  const auto refuse = [&](const char* field, const std::string& what) {
    problems.push_back({id, field, absl::StrCat(Subject(node), ": ", field, what)});
  };
  if (const std::string what = UnlessPositive(node.start_timeout); !what.empty()) {
    refuse("start_timeout", what);
  }
  if (const std::string what = UnlessPositive(node.stop_timeout); !what.empty()) {
    refuse("stop_timeout", what);
  }
  if (const std::string what = UnlessPositive(node.watchdog); !what.empty()) {
    refuse("watchdog", what);
  }
  for (const std::string& what : Problems(node.restart)) refuse("restart", ": " + what);
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

NodePolicy PolicyOf(const Node& node) {
  return {.restart = node.restart,
          .start_timeout = node.start_timeout,
          .stop_timeout = node.stop_timeout,
          .watchdog = node.watchdog,
          .on_completion = node.on_completion,
          .on_dependency_restart = node.on_dependency_restart};
}

std::vector<NodePolicy> PoliciesOf(const std::vector<Node>& nodes) {
  std::vector<NodePolicy> policies;
  policies.reserve(nodes.size());
  for (const Node& node : nodes) policies.push_back(PolicyOf(node));
  return policies;
}

EngineOptions EngineOptionsOf(const SupervisorOptions& options, bool nested) {
  return {.on_stuck = options.on_stuck,
          .shutdown_deadline = options.shutdown_deadline,
          .shutdown_delay = options.shutdown_delay,
          .spin_halt_reminder = options.spin_halt_reminder,
          .latch = !options.spin_halt_latch.empty(),
          .nested = nested};
}

std::vector<NodeProblem> Problems(const std::vector<Node>& nodes) {
  std::vector<NodeProblem> problems;
  for (DependencyGraph::Problem& problem : DependencyGraph::Problems(Declarations(nodes))) {
    problems.push_back({.node = problem.node, .text = std::move(problem.text)});
  }
  for (NodeId id = 0; id < nodes.size(); ++id) FieldProblems(nodes[id], id, problems);
  return problems;
}

// What is wrong with its factory, and with what that makes.
void FactoryProblems(const Node& node, std::vector<std::string>& problems) {
  if (!node.factory) problems.push_back(Subject(node) + ": has no factory");
  if (const auto* inner = node.factory.target<NestedFactory>()) {
    for (const std::string& problem : Problems(*inner->nodes, inner->options, true)) {
      problems.push_back(absl::StrCat(Subject(node), ": in it: ", problem));
    }
  }
}

std::vector<std::string> OwnProblems(const Node& node) {
  std::vector<NodeProblem> of_fields;
  FieldProblems(node, 0, of_fields);
  std::vector<std::string> problems;
  problems.reserve(of_fields.size());
  for (NodeProblem& problem : of_fields) problems.push_back(std::move(problem.text));
  FactoryProblems(node, problems);
  return problems;
}

std::vector<std::string> Problems(const std::vector<Node>& nodes, const SupervisorOptions& options,
                                  bool nested) {
  std::vector<std::string> problems;
  for (NodeProblem& problem : Problems(nodes)) problems.push_back(std::move(problem.text));
  for (const Node& node : nodes) FactoryProblems(node, problems);
  const auto check_positive = [&](const char* field, nanoseconds value) {
    const std::string what = UnlessPositive(value);
    if (!what.empty()) problems.push_back(absl::StrCat("options: ", field, what));
  };
  check_positive("shutdown_deadline", options.shutdown_deadline);
  check_positive("spin_halt_reminder", options.spin_halt_reminder);
  if (nested && options.handle_signals) {
    problems.push_back("options: handle_signals is for the outermost supervisor");
  }
  if (nested && !options.spin_halt_latch.empty()) {
    problems.push_back("options: spin_halt_latch is for the outermost supervisor");
  }
  if (options.shutdown_delay < nanoseconds::zero()) {
    problems.push_back(absl::StrCat("options: shutdown_delay must not be negative, is ",
                                    options.shutdown_delay.count(), "ns"));
  }
  return problems;
}

}  // namespace stemma::internal
