// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/benchmark/shapes.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

namespace stemma::benchmark {
namespace {

TEST_CASE("every shape of every size is a graph, and its waves are that graph's", "[benchmark]") {
  for (const char* const word : {"flat", "chain", "layered", "star"}) {
    const auto shape = ShapeOf(word);
    REQUIRE(shape);
    for (const std::size_t size : {1u, 2u, 7u, 10u, 11u, 99u, 100u, 1000u}) {
      const auto graph = DependencyGraph::Create(DeclarationsOf(*shape, size));
      REQUIRE(graph.ok());
      std::vector<std::size_t> waves;
      for (const auto& wave : graph->Waves()) waves.push_back(wave.size());
      CHECK(WavesOf(*shape, size) == waves);
    }
  }
  CHECK_FALSE(ShapeOf("round"));
}

TEST_CASE("the layers are ten, and each node depends on four of the layer below", "[benchmark]") {
  const auto graph = *DependencyGraph::Create(DeclarationsOf(Shape::kLayered, 1000));
  CHECK(graph.Waves().size() == 10);
  for (NodeId id = 100; id < 1000; ++id) REQUIRE(graph.Dependencies(id).size() == 4);
}

TEST_CASE("few nodes have fewer layers, and depend on four all the same", "[benchmark]") {
  const auto graph = *DependencyGraph::Create(DeclarationsOf(Shape::kLayered, 10));
  CHECK(graph.Waves().size() == 3);
  for (NodeId id = 4; id < 10; ++id) CHECK(graph.Dependencies(id).size() == 4);
}

}  // namespace
}  // namespace stemma::benchmark
