// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_BENCHMARK_SHAPES_H_
#define STEMMA_TESTING_BENCHMARK_SHAPES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/graph/dependency_graph.h"

namespace stemma::benchmark {

// The graphs that are measured.
enum class Shape {
  kFlat,     // no edges
  kChain,    // each node depends on the one before
  kLayered,  // ten layers, fewer of less than 40 nodes; each depends on four of the layer below
  kStar,     // all depend on the first
};

// Nothing for a word that is none of "flat", "chain", "layered" and "star".
std::optional<Shape> ShapeOf(std::string_view word);

// The positions of each node's dependencies, all of which are smaller than its own.
std::vector<std::vector<std::size_t>> DependenciesOf(Shape shape, std::size_t nodes);

// How many nodes come up side by side, step by step, when each step waits for the one before.
std::vector<std::size_t> WavesOf(Shape shape, std::size_t nodes);

// "node-7".
std::string NameOf(std::size_t node);

std::vector<DependencyGraph::Declaration> DeclarationsOf(Shape shape, std::size_t nodes);

}  // namespace stemma::benchmark

#endif  // STEMMA_TESTING_BENCHMARK_SHAPES_H_
