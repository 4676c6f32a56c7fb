// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/stop_budget.h"

#include <algorithm>
#include <cstddef>
#include <span>

#include "stemma/graph/critical_path.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/questions/names.h"
#include "stemma/tools/questions/table.h"

namespace stemma::tools {

using std::chrono::nanoseconds;

namespace {

nanoseconds Sum(nanoseconds a, nanoseconds b) { return a > kNoTimeout - b ? kNoTimeout : a + b; }

}  // namespace

nanoseconds StopBudget::TotalAfter(nanoseconds shutdown_delay) const {
  return Sum(shutdown_delay, total);
}

bool StopBudget::FitsInto(nanoseconds grace, nanoseconds shutdown_delay) const {
  if (total == kNoTimeout) return grace == kNoTimeout;
  return TotalAfter(shutdown_delay) <= grace;
}

StopBudget StopBudgetOf(const std::vector<Node>& nodes, const DependencyGraph& graph) {
  std::vector<nanoseconds> timeouts;
  for (const Node& node : nodes) timeouts.push_back(node.stop_timeout);
  const CriticalPath critical = CriticalStopPath(graph, timeouts);
  StopBudget budget = {.total = critical.total};
  for (const NodeId id : critical.path) {
    budget.path.push_back({.node = id, .stop_timeout = timeouts[id]});
  }
  return budget;
}

std::string StepLines(const StopBudget& budget, const DependencyGraph& graph, std::size_t most) {
  using Steps = std::span<const StopBudget::Step>;
  std::vector<std::vector<std::string>> lines;
  const auto add = [&](Steps steps) {
    for (const auto& [node, timeout] : steps) {
      lines.push_back({Shown(graph.name(node)), ManifestDuration(timeout)});
    }
  };
  const Steps all = budget.path;
  if (all.size() <= most) {
    add(all);
  } else {
    const std::size_t head = most / 2, tail = most - head;
    const Steps middle = all.subspan(head, all.size() - most);
    nanoseconds sum{0};
    for (const StopBudget::Step& step : middle) sum = Sum(sum, step.stop_timeout);
    add(all.first(head));
    lines.push_back({"(" + Grouped(middle.size()) + " more)", ManifestDuration(sum)});
    add(all.last(tail));
  }
  return Table(lines, {Alignment::kLeft, Alignment::kRight});
}

}  // namespace stemma::tools
