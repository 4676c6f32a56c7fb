// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/benchmark/shapes.h"

#include <algorithm>

namespace stemma::benchmark {
namespace {

constexpr std::size_t kLayers = 10;
constexpr std::size_t kEdges = 4;

}  // namespace

std::optional<Shape> ShapeOf(std::string_view word) {
  if (word == "flat") return Shape::kFlat;
  if (word == "chain") return Shape::kChain;
  if (word == "layered") return Shape::kLayered;
  if (word == "star") return Shape::kStar;
  return std::nullopt;
}

std::vector<std::vector<std::size_t>> DependenciesOf(Shape shape, std::size_t nodes) {
  std::vector<std::vector<std::size_t>> dependencies(nodes);
  const std::size_t layer = std::max(kEdges, nodes / kLayers);  // few nodes have fewer layers
  for (std::size_t node = 1; node < nodes; ++node) {
    switch (shape) {
      case Shape::kFlat:
        break;
      case Shape::kChain:
        dependencies[node] = {node - 1};
        break;
      case Shape::kLayered: {
        const std::size_t below = std::min(node / layer, kLayers - 1) * layer;  // where it ends
        if (below == 0) break;
        for (std::size_t i = 0; i < kEdges; ++i) {
          dependencies[node].push_back(below - layer + (node + i) % layer);
        }
        break;
      }
      case Shape::kStar:
        dependencies[node] = {0};
        break;
    }
  }
  return dependencies;
}

std::vector<std::size_t> WavesOf(Shape shape, std::size_t nodes) {
  std::vector<std::size_t> wave(nodes), sizes;
  const auto dependencies = DependenciesOf(shape, nodes);
  for (std::size_t node = 0; node < nodes; ++node) {
    for (const std::size_t other : dependencies[node]) {
      wave[node] = std::max(wave[node], wave[other] + 1);
    }
    if (wave[node] == sizes.size()) sizes.push_back(0);
    ++sizes[wave[node]];
  }
  return sizes;
}

std::string NameOf(std::size_t node) { return "node-" + std::to_string(node); }

std::vector<DependencyGraph::Declaration> DeclarationsOf(Shape shape, std::size_t nodes) {
  std::vector<DependencyGraph::Declaration> declarations(nodes);
  const auto dependencies = DependenciesOf(shape, nodes);
  for (std::size_t node = 0; node < nodes; ++node) {
    declarations[node].name = NameOf(node);
    for (const std::size_t other : dependencies[node]) {
      declarations[node].dependencies.push_back(NameOf(other));
    }
  }
  return declarations;
}

}  // namespace stemma::benchmark
