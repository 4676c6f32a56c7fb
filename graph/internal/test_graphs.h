// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_INTERNAL_TEST_GRAPHS_H_
#define STEMMA_GRAPH_INTERNAL_TEST_GRAPHS_H_

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"

// Graphs for tests: the named shapes, large ones, random ones, and the closure of a graph by a way
// that is too simple to be wrong.
namespace stemma::internal {

using Declarations = std::vector<DependencyGraph::Declaration>;

// REQUIRES: Create does not refuse it.
inline DependencyGraph GraphOf(Declarations declarations) {
  return DependencyGraph::Create(std::move(declarations)).value();
}

// top -> left, right; left -> bottom; right -> bottom. Ids in this order: 0 top, 1 left, 2 right, 3
// bottom.
inline DependencyGraph Diamond() {
  return GraphOf({{.name = "top", .dependencies = {"left", "right"}},
                  {.name = "left", .dependencies = {"bottom"}},
                  {.name = "right", .dependencies = {"bottom"}},
                  {.name = "bottom"}});
}

// Two tops on three bottoms: 0 x and 1 y on 2 a, 3 b, 4 c; both on b.
inline DependencyGraph MShape() {
  return GraphOf({{.name = "x", .dependencies = {"a", "b"}},
                  {.name = "y", .dependencies = {"b", "c"}},
                  {.name = "a"},
                  {.name = "b"},
                  {.name = "c"}});
}

// n0 depends on n1, that on n2, and so on.
inline DependencyGraph Chain(std::size_t size) {
  Declarations declarations(size);
  for (std::size_t i = 0; i < size; ++i) {
    declarations[i].name = "n" + std::to_string(i);
    if (i + 1 < size) declarations[i].dependencies = {"n" + std::to_string(i + 1)};
  }
  return GraphOf(std::move(declarations));
}

// n1 and all that follow depend on n0.
inline DependencyGraph Star(std::size_t size) {
  Declarations declarations(size);
  for (std::size_t i = 0; i < size; ++i) {
    declarations[i].name = "n" + std::to_string(i);
    if (i > 0) declarations[i].dependencies = {"n0"};
  }
  return GraphOf(std::move(declarations));
}

// Fewer than `end` nodes, named n0, n1 and so on, with edges from later to earlier ones of a random
// order, few or many, some of them soft.
inline DependencyGraph RandomGraph(std::mt19937& random, std::size_t end) {
  Declarations declarations(random() % end);
  std::vector<std::size_t> order(declarations.size());
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), random);
  std::bernoulli_distribution has_edge(std::uniform_real_distribution<double>(0, 0.6)(random));
  std::bernoulli_distribution is_soft(0.2);
  for (std::size_t i = 0; i < order.size(); ++i) {
    auto& [name, dependencies, soft_dependencies] = declarations[order[i]];
    name = "n" + std::to_string(order[i]);
    for (std::size_t j = 0; j < i; ++j) {
      if (!has_edge(random)) continue;
      (is_soft(random) ? soft_dependencies : dependencies)
          .push_back("n" + std::to_string(order[j]));
    }
  }
  return GraphOf(std::move(declarations));
}

using Matrix = std::vector<std::vector<bool>>;

// [a][b]: a path of one hard edge or more leads from a to b. By Warshall.
inline Matrix Closure(const DependencyGraph& graph) {
  const std::size_t size = graph.size();
  Matrix reaches(size, std::vector<bool>(size));
  for (NodeId id = 0; id < size; ++id) {
    for (const NodeId to : graph.Dependencies(id)) reaches[id][to] = true;
  }
  for (std::size_t k = 0; k < size; ++k) {
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < size; ++j) {
        if (reaches[i][k] && reaches[k][j]) reaches[i][j] = true;
      }
    }
  }
  return reaches;
}

}  // namespace stemma::internal

#endif  // STEMMA_GRAPH_INTERNAL_TEST_GRAPHS_H_
