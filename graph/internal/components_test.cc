// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/internal/components.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>
#include <vector>

#include "stemma/graph/internal/seed.h"

namespace {

using stemma::NodeId;
using stemma::internal::Adjacency;
using stemma::internal::Edge;
using stemma::internal::StronglyConnectedComponents;
using Ids = std::vector<NodeId>;

TEST_CASE("nodes on one cycle are one component", "[graph]") {
  CHECK(StronglyConnectedComponents(Adjacency(4, std::vector<Edge>{{0, 1}, {1, 2}, {2, 1}})) ==
        Ids{1, 0, 0, 2});
  CHECK(StronglyConnectedComponents(Adjacency(1, std::vector<Edge>{{0, 0}})) == Ids{0});
  CHECK(StronglyConnectedComponents(Adjacency()).empty());
}

TEST_CASE("random graphs: the same component means to reach each other, and edges lead down",
          "[graph]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 2'000; ++round) {
    INFO("round " << round);
    const NodeId size = 1 + static_cast<NodeId>(random() % 10);
    std::vector<Edge> edges;
    for (auto n = random() % (2 * size); n > 0; --n) {
      edges.push_back({static_cast<NodeId>(random() % size), static_cast<NodeId>(random() % size)});
    }
    std::vector<std::vector<bool>> reaches(size, std::vector<bool>(size));
    for (NodeId id = 0; id < size; ++id) reaches[id][id] = true;
    for (const Edge& edge : edges) reaches[edge.from][edge.to] = true;
    for (NodeId k = 0; k < size; ++k) {
      for (NodeId i = 0; i < size; ++i) {
        for (NodeId j = 0; j < size; ++j) {
          if (reaches[i][k] && reaches[k][j]) reaches[i][j] = true;
        }
      }
    }
    const Ids component = StronglyConnectedComponents(Adjacency(size, edges));
    for (NodeId i = 0; i < size; ++i) {
      for (NodeId j = 0; j < size; ++j) {
        REQUIRE((component[i] == component[j]) == (reaches[i][j] && reaches[j][i]));
        if (reaches[i][j]) REQUIRE(component[i] >= component[j]);
      }
    }
    for (NodeId number = 0; number < *std::max_element(component.begin(), component.end());
         ++number) {
      REQUIRE(std::count(component.begin(), component.end(), number) > 0);
    }
  }
}

}  // namespace
