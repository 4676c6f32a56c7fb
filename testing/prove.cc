// SPDX-License-Identifier: Apache-2.0
// The proof by exhaustion, in two tables; see docs/proof.md.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "stemma/testing/internal/catch_mutations.h"
#include "stemma/testing/internal/mutations.h"
#include "stemma/testing/internal/scenarios.h"

namespace {

using stemma::internal::Scenario;

struct Sum {
  std::size_t graphs = 0, states = 0, transitions = 0;
  double seconds = 0;
};

void PrintRow(const std::string& name, std::size_t nodes, const Sum& sum) {
  std::printf("%-66s %5zu %7zu %10zu %12zu %8.1f\n", name.c_str(), nodes, sum.graphs, sum.states,
              sum.transitions, sum.seconds);
  std::fflush(stdout);
}

// Returns: false once a rule has been broken; then its shortest trace has been printed.
bool Prove(const Scenario& scenario, std::size_t nodes, Sum& sum) {
  const auto begin = std::chrono::steady_clock::now();
  bool kept = true;
  sum.graphs = stemma::SmallGraphs(nodes, scenario.edges).size();
  ForEachExploration(scenario, nodes, [&](const stemma::Exploration& exploration) {
    const stemma::Explored explored = stemma::Explore(exploration);
    sum.states += explored.states;
    sum.transitions += explored.transitions;
    kept = explored.broken.empty();
    if (kept) return true;
    std::printf("BROKEN: %s", Describe(exploration, explored).c_str());
    std::printf("As a journal, for stemma replay:\n%s", JournalOf(exploration, explored).c_str());
    return kept;
  });
  sum.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return kept;
}

// Returns: false if a mutation was not caught.
bool CatchMutations() {
  std::printf("\n%-66s %5s %6s  %s\n", "engines that are broken on purpose", "nodes", "inputs",
              "the rule that catches it [what may happen]");
  bool all = true;
  for (std::size_t i = 0; i < std::size(stemma::internal::kMutations); ++i) {
    const auto found = stemma::internal::CatchMutation(static_cast<int>(i), 3);
    std::printf("%-66s %5zu %6zu  %s [%s]\n", stemma::internal::kMutations[i].name.data(),
                found.nodes, found.inputs, found.rule.empty() ? "NOT CAUGHT" : found.rule.c_str(),
                found.scenario.c_str());
    all &= !found.rule.empty();
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t most = 4;
  bool given = false;
  if (argc == 3 && std::string_view(argv[1]) == "--nodes") {
    most = static_cast<std::size_t>(std::strtoul(argv[2], nullptr, 10));
    given = true;
  }
  if ((argc != 1 && !given) || most < 1 || most > 5) {
    std::fprintf(stderr, "usage: prove [--nodes N]    N from 1 to 5, default 4\n");
    return 2;
  }
  std::printf("%-66s %5s %7s %10s %12s %8s\n", "what may happen", "nodes", "graphs", "states",
              "transitions", "seconds");
  std::fflush(stdout);
  Sum all[6];
  for (const Scenario& scenario : stemma::internal::Scenarios()) {
    // Five nodes only where four are the default.
    const std::size_t up_to = scenario.most_nodes == 4 ? most : scenario.most_nodes;
    for (std::size_t nodes = 1; nodes <= up_to && nodes <= most; ++nodes) {
      Sum sum;
      const bool kept = Prove(scenario, nodes, sum);
      PrintRow(scenario.name, nodes, sum);
      if (!kept) return 1;
      all[nodes].graphs += sum.graphs;
      all[nodes].states += sum.states;
      all[nodes].transitions += sum.transitions;
      all[nodes].seconds += sum.seconds;
    }
  }
  std::printf("\n");
  for (std::size_t nodes = 1; nodes <= most; ++nodes) PrintRow("all of it", nodes, all[nodes]);
  return CatchMutations() ? 0 : 1;
}
