// SPDX-License-Identifier: Apache-2.0
// How long a large graph takes, beside what any program would have to do with as many edges:
//
//   bazel run --compilation_mode=opt //graph:graph_benchmark [-- NODES EDGES]
//
// Prints for each question the best of five runs in milliseconds, and how many times as long that
// is as sorting the edges by name. The ratio can be compared between machines.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/graph/blast_radius.h"
#include "stemma/graph/critical_path.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/dependency_paths.h"
#include "stemma/graph/dominators.h"
#include "stemma/graph/graph_difference.h"
#include "stemma/graph/transitive_reduction.h"

namespace {

using stemma::DependencyGraph;
using stemma::NodeId;
using Declarations = std::vector<DependencyGraph::Declaration>;

// Edges from each node to later ones, as many to near ones as to any. No edge twice.
Declarations RandomDeclarations(std::size_t nodes, std::size_t edges) {
  std::mt19937 random(1);
  Declarations declarations(nodes);
  for (std::size_t i = 0; i < nodes; ++i) declarations[i].name = "node-" + std::to_string(i);
  std::unordered_set<std::size_t> seen;
  while (seen.size() < edges) {
    const std::size_t from = random() % (nodes - 1);
    const std::size_t ahead = nodes - 1 - from;
    const std::size_t reach = random() % 2 == 0 ? std::min<std::size_t>(ahead, 100) : ahead;
    const std::size_t to = from + 1 + random() % reach;
    if (!seen.insert(from * nodes + to).second) continue;
    declarations[from].dependencies.push_back(declarations[to].name);
  }
  return declarations;
}

double Milliseconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

// `prepare` is not timed.
double BestOfFive(const std::function<void()>& prepare, const std::function<void()>& work) {
  double best = 0;
  for (int i = 0; i < 5; ++i) {
    prepare();
    const double taken = Milliseconds(work);
    best = i == 0 ? taken : std::min(best, taken);
  }
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t nodes = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
  const std::size_t edges = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 400'000;
  if (nodes < 2 || edges > nodes * (nodes - 1) / 4) {
    std::fputs("usage: graph_benchmark [NODES EDGES], EDGES at most a quarter of all pairs\n",
               stderr);
    return 64;
  }
  const Declarations declarations = RandomDeclarations(nodes, edges);
  std::vector<std::pair<std::string, std::string>> by_name;
  for (const auto& [name, dependencies, soft_dependencies] : declarations) {
    for (const std::string& to : dependencies) by_name.emplace_back(name, to);
  }
  std::shuffle(by_name.begin(), by_name.end(), std::mt19937(2));

  std::vector<std::pair<std::string, std::string>> sorted;
  const double sorting =
      BestOfFive([&] { sorted = by_name; }, [&] { std::sort(sorted.begin(), sorted.end()); });
  std::printf("%zu nodes, %zu edges\n%-46s%10s%8s\n", nodes, edges, "", "ms", "ratio");
  const auto print = [&](const char* what, double taken) {
    std::printf("%-46s%10.1f%8.2f\n", what, taken, taken / sorting);
  };
  print("std::sort of the edges by name", sorting);

  Declarations copy;
  absl::StatusOr<DependencyGraph> created = DependencyGraph();
  print("Create: checked, built, ordered",
        BestOfFive([&] { copy = declarations; },
                   [&] { created = DependencyGraph::Create(std::move(copy)); }));
  if (!created.ok()) {
    std::fprintf(stderr, "%s\n", created.status().ToString().c_str());
    return 70;
  }
  const DependencyGraph& graph = *created;
  std::size_t used = 0;  // so that no answer can be left out
  const auto measure = [&](const char* what, const std::function<std::size_t()>& work) {
    print(what, BestOfFive([] {}, [&] { used += work(); }));
  };
  const NodeId last = static_cast<NodeId>(nodes - 1);
  const std::vector<std::chrono::nanoseconds> durations(nodes, std::chrono::milliseconds(1));
  std::vector<bool> follows(nodes);
  for (std::size_t i = 0; i < nodes; i += 2) follows[i] = true;
  measure("Waves", [&] { return graph.Waves().size(); });
  measure("Descendants of one node", [&] { return graph.Descendants(last).size(); });
  measure("CriticalStartPath",
          [&] { return stemma::CriticalStartPath(graph, durations).path.size(); });
  measure("DominatorsOf", [&] { return stemma::DominatorsOf(graph).dominated[last]; });
  measure("CountPaths", [&] { return std::size_t{stemma::CountPaths(graph, 0, last) > 0}; });
  measure("ShortestPaths, the first 100",
          [&] { return stemma::ShortestPaths(graph, 0, last, 100).size(); });
  measure("Difference", [&] { return stemma::Difference(graph, graph).added_edges.size(); });
  measure("RedundantEdges", [&] { return stemma::RedundantEdges(graph).size(); });
  measure("DescendantCounts", [&] { return stemma::DescendantCounts(graph)[last]; });
  measure("CountBlastRadius: restart, stop, stop parents",
          [&] { return stemma::CountBlastRadius(graph, follows).stop_parents[last]; });
  return used == 0 ? 70 : 0;
}
