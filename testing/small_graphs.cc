// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/small_graphs.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <string>
#include <utility>

namespace stemma {
namespace {

// [i * size + j]: how i depends on j: not, hard, soft.
using Matrix = std::vector<char>;

// The same for all graphs that differ in names only: the least of their matrices.
Matrix Canonical(const Matrix& matrix, std::size_t size) {
  std::vector<std::size_t> names(size);
  std::iota(names.begin(), names.end(), 0U);
  Matrix least = matrix, renamed(matrix.size());
  do {
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < size; ++j)
        renamed[names[i] * size + names[j]] = matrix[i * size + j];
    }
    least = std::min(least, renamed);
  } while (std::next_permutation(names.begin(), names.end()));
  return least;
}

}  // namespace

std::vector<std::shared_ptr<const DependencyGraph>> SmallGraphs(std::size_t size, Edges edges) {
  const std::size_t kinds = edges == Edges::kHard ? 2 : 3;  // none, hard, soft
  std::size_t count = 1;
  for (std::size_t pair = 0; pair < size * (size - 1) / 2; ++pair) count *= kinds;
  std::vector<std::shared_ptr<const DependencyGraph>> graphs;
  std::set<Matrix> seen;
  for (std::size_t number = 0; number < count; ++number) {
    // Acyclic, because each node may depend on those before it.
    Matrix matrix(size * size);
    std::size_t rest = number;
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < i; ++j, rest /= kinds)
        matrix[i * size + j] = static_cast<char>(rest % kinds);
    }
    if (!seen.insert(Canonical(matrix, size)).second) continue;
    const auto name = [](std::size_t i) { return std::string(1, static_cast<char>('a' + i)); };
    std::vector<DependencyGraph::Declaration> nodes(size);
    for (std::size_t i = 0; i < size; ++i) {
      nodes[i].name = name(i);
      for (std::size_t j = 0; j < i; ++j) {
        if (matrix[i * size + j] == 1) nodes[i].dependencies.push_back(name(j));
        if (matrix[i * size + j] == 2) nodes[i].soft_dependencies.push_back(name(j));
      }
    }
    // S2's order is that of the declaration, whatever the edges.
    if (graphs.size() % 2 == 1) std::reverse(nodes.begin(), nodes.end());
    graphs.push_back(
        std::make_shared<const DependencyGraph>(*DependencyGraph::Create(std::move(nodes))));
  }
  return graphs;
}

}  // namespace stemma
