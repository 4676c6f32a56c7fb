// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/history/launch.h"

#include <algorithm>
#include <vector>

namespace stemma::tools {
namespace {

// Since when the node let those go on who were launched on that line; nothing: it did not.
std::optional<std::size_t> LettingGoOn(const NodeHistory& node, std::size_t line, bool is_soft) {
  const auto after =
      std::upper_bound(node.spans.begin(), node.spans.end(), line,
                       [](std::size_t given, const Span& span) { return given < span.line; });
  auto i = static_cast<std::size_t>(after - node.spans.begin());
  // On the same line it may already have come to something else.
  while (i > 0 && !LetsGoOn(node.spans[i - 1].state, is_soft)) --i;
  if (i == 0) return std::nullopt;
  while (i > 1 && LetsGoOn(node.spans[i - 2].state, is_soft)) --i;
  return i - 1;
}

}  // namespace

bool LetsGoOn(NodeState state, bool is_soft) {
  return state == NodeState::kReady || state == NodeState::kCompleted ||
         (is_soft && IsTerminal(state));
}

std::optional<LastDependency> LastDependencyOf(const History& history, Row row,
                                               const Span& launch) {
  std::optional<LastDependency> last;
  const auto consider = [&](const std::vector<Row>& others, bool is_soft) {
    for (const Row other : others) {
      const std::vector<Span>& spans = history[other].spans;
      const std::optional<std::size_t> since = LettingGoOn(history[other], launch.line, is_soft);
      if (!since.has_value()) continue;
      if (last.has_value() && spans[*since].line <= history[last->row].spans[last->span].line) {
        continue;
      }
      last = {other, *since};
    }
  };
  consider(history[row].dependencies, false);
  consider(history[row].soft_dependencies, true);
  return last;
}

}  // namespace stemma::tools
