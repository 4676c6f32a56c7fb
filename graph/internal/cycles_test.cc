// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/internal/cycles.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "stemma/graph/internal/seed.h"

namespace {

using stemma::NodeId;
using stemma::internal::Adjacency;
using stemma::internal::Edge;
using stemma::internal::ShortestCycles;

using Cycles = std::vector<std::vector<NodeId>>;

TEST_CASE("a graph without a cycle has none", "[graph][S1]") {
  CHECK(ShortestCycles(Adjacency()).empty());
  CHECK(ShortestCycles(Adjacency(3, {})).empty());
  CHECK(ShortestCycles(Adjacency(4, std::vector<Edge>{{0, 1}, {0, 2}, {1, 3}, {2, 3}})).empty());
}

TEST_CASE("a cycle is given from its earliest node along the edges", "[graph][S1]") {
  CHECK(ShortestCycles(Adjacency(4, std::vector<Edge>{{3, 1}, {1, 2}, {2, 3}, {0, 1}})) ==
        Cycles{{1, 2, 3}});
  CHECK(ShortestCycles(Adjacency(4, std::vector<Edge>{{1, 3}, {3, 2}, {2, 1}, {2, 0}})) ==
        Cycles{{1, 3, 2}});
}

TEST_CASE("of a tangle only a shortest cycle is given, though another begins earlier",
          "[graph][S1]") {
  const std::vector<Edge> tangle = {{0, 1}, {1, 2}, {2, 3}, {3, 0}, {2, 4}, {4, 2}};
  CHECK(ShortestCycles(Adjacency(5, tangle)) == Cycles{{2, 4}});
}

TEST_CASE("cycles side by side are all given, by their earliest nodes", "[graph][S1]") {
  const std::vector<Edge> edges = {{5, 1}, {1, 5}, {4, 0}, {0, 4}, {2, 3}, {3, 2}, {2, 1}};
  CHECK(ShortestCycles(Adjacency(6, edges)) == Cycles{{0, 4}, {1, 5}, {2, 3}});
}

TEST_CASE("an edge from a node to itself is ignored", "[graph][S1]") {
  CHECK(ShortestCycles(Adjacency(1, std::vector<Edge>{{0, 0}})).empty());
  CHECK(ShortestCycles(Adjacency(2, std::vector<Edge>{{0, 0}, {0, 1}, {1, 0}})) == Cycles{{0, 1}});
}

TEST_CASE("a ring of a million nodes is found", "[graph][S1]") {
  constexpr NodeId kSize = 1'000'000;
  std::vector<Edge> ring;
  for (NodeId id = 0; id < kSize; ++id) ring.push_back({id, (id + 1) % kSize});
  const Cycles cycles = ShortestCycles(Adjacency(kSize, ring));
  REQUIRE(cycles.size() == 1);
  CHECK(cycles[0].size() == kSize);
  CHECK(std::is_sorted(cycles[0].begin(), cycles[0].end()));
}

TEST_CASE(
    "random graphs: as many cycles as tangles, each real, shortest and begun at its earliest node",
    "[graph][S1]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  const auto below = [&](NodeId end) { return static_cast<NodeId>(random() % end); };
  for (int round = 0; round < 2'000; ++round) {
    const NodeId size = 1 + below(9);
    std::set<std::pair<NodeId, NodeId>> pairs;
    for (NodeId n = below(2 * size + 1); n > 0; --n) pairs.insert({below(size), below(size)});
    std::vector<Edge> edges;
    for (auto [from, to] : pairs) {
      if (from != to) edges.push_back({from, to});
    }
    // Naive: Floyd and Warshall's distances, where that from a node to itself is its shortest
    // cycle.
    constexpr std::size_t kFar = 1'000;
    std::vector<std::vector<std::size_t>> distance(size, std::vector<std::size_t>(size, kFar));
    for (const Edge& edge : edges) distance[edge.from][edge.to] = 1;
    for (NodeId k = 0; k < size; ++k) {
      for (NodeId i = 0; i < size; ++i) {
        for (NodeId j = 0; j < size; ++j) {
          distance[i][j] = std::min(distance[i][j], distance[i][k] + distance[k][j]);
        }
      }
    }
    std::vector<std::size_t>
        expected;  // for each tangle, by its earliest node, the length of a shortest cycle
    std::vector<bool> seen(size);
    for (NodeId i = 0; i < size; ++i) {
      if (seen[i] || distance[i][i] >= kFar) continue;
      std::size_t shortest = kFar;
      for (NodeId j = 0; j < size; ++j) {
        if (distance[i][j] + distance[j][i] >= kFar) continue;
        seen[j] = true;
        shortest = std::min(shortest, distance[j][j]);
      }
      expected.push_back(shortest);
    }
    const Cycles cycles = ShortestCycles(Adjacency(size, edges));
    std::vector<std::size_t> lengths;
    for (const auto& cycle : cycles) {
      lengths.push_back(cycle.size());
      CHECK(cycle.front() == *std::min_element(cycle.begin(), cycle.end()));
      for (std::size_t i = 0; i < cycle.size(); ++i) {
        CHECK(distance[cycle[i]][cycle[(i + 1) % cycle.size()]] == 1);
      }
    }
    REQUIRE(lengths == expected);
  }
}

}  // namespace
