// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/internal/catch_mutations.h"

#include <string_view>

#include "stemma/testing/internal/mutant_engine.h"
#include "stemma/testing/internal/mutations.h"
#include "stemma/testing/internal/scenarios.h"
#include "stemma/testing/internal/tested_engine.h"

namespace stemma::internal {
namespace {

// "S5: asked in time: a" without the node.
std::string RuleOf(const std::string& broken, const DependencyGraph& graph) {
  const std::size_t colon = broken.rfind(": ");
  if (colon == std::string::npos) return broken;
  const std::string last = broken.substr(colon + 2);
  return graph.Find(last) || last.starts_with("new") ? broken.substr(0, colon) : broken;
}

}  // namespace

Finding CatchMutation(int index, std::size_t most_nodes, std::string_view only) {
  active_mutation = index + 1;
  Finding found;
  for (std::size_t nodes = 1; nodes <= most_nodes && found.rule.empty(); ++nodes) {
    for (const Scenario& scenario : Scenarios()) {
      if (nodes > scenario.most_nodes || (!only.empty() && scenario.name != only)) continue;
      ForEachExploration(scenario, nodes, [&](const Exploration& exploration) {
        const TestedEngineOf<MutantEngine> engine(exploration);
        const Explored explored = ExploreEngine(exploration, engine);
        if (explored.broken.empty()) return true;
        found = {.rule = RuleOf(explored.broken, *exploration.graph),
                 .scenario = scenario.name,
                 .nodes = nodes,
                 .inputs = explored.trace.size(),
                 .trace = DescribeWith(exploration, engine, explored)};
        return false;
      });
      if (!found.rule.empty()) break;
    }
  }
  active_mutation = 0;
  return found;
}

}  // namespace stemma::internal
