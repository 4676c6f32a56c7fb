// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/subgraph.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <random>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace {

using stemma::Around;
using stemma::Between;
using stemma::DependencyGraph;
using stemma::EdgeKinds;
using stemma::InducedSubgraph;
using stemma::Neighbourhood;
using stemma::NodeId;
using stemma::Subgraph;
using stemma::internal::GraphOf;
using Ids = std::vector<NodeId>;

TEST_CASE("around a node are its ancestors and descendants, not the rest", "[graph]") {
  CHECK(Around(stemma::internal::Diamond(), Ids{1}) == Ids{0, 1, 3});
  CHECK(Around(stemma::internal::MShape(), Ids{0}) == Ids{0, 2, 3});
  CHECK(Around(stemma::internal::MShape(), Ids{}).empty());
}

TEST_CASE("one side alone, and a depth, can be asked for", "[graph]") {
  const DependencyGraph chain = stemma::internal::Chain(7);
  CHECK(Around(chain, Ids{3}, {.descendants = false}) == Ids{3, 4, 5, 6});
  CHECK(Around(chain, Ids{3}, {.ancestors = false}) == Ids{0, 1, 2, 3});
  CHECK(Around(chain, Ids{3}, {.depth = 2}) == Ids{1, 2, 3, 4, 5});
  CHECK(Around(chain, Ids{3}, {.depth = 0}) == Ids{3});
  CHECK(Around(chain, Ids{5, 1, 1}, {.ancestors = false, .depth = 1}) == Ids{0, 1, 4, 5});
}

TEST_CASE("between two nodes are the paths from one to the other", "[graph]") {
  const DependencyGraph diamond = stemma::internal::Diamond();
  CHECK(Between(diamond, Ids{0}, Ids{3}) == Ids{0, 1, 2, 3});
  CHECK(Between(diamond, Ids{0}, Ids{1}) == Ids{0, 1});
  CHECK(Between(diamond, Ids{1}, Ids{2}).empty());
  CHECK(Between(diamond, Ids{3}, Ids{0}).empty());
  CHECK(Between(diamond, Ids{1}, Ids{1}) == Ids{1});
}

TEST_CASE("soft edges are followed when asked for", "[graph][S20]") {
  const DependencyGraph graph = GraphOf({{.name = "api", .soft_dependencies = {"metrics"}},
                                         {.name = "metrics", .dependencies = {"disk"}},
                                         {.name = "disk"}});
  CHECK(Around(graph, Ids{0}) == Ids{0});
  CHECK(Around(graph, Ids{0}, {.kinds = EdgeKinds::kHardAndSoft}) == Ids{0, 1, 2});
  CHECK(Around(graph, Ids{2}, {.kinds = EdgeKinds::kHardAndSoft}) == Ids{0, 1, 2});
  CHECK(Between(graph, Ids{0}, Ids{2}).empty());
  CHECK(Between(graph, Ids{0}, Ids{2}, EdgeKinds::kHardAndSoft) == Ids{0, 1, 2});
}

TEST_CASE("a subgraph has the edges among its nodes, and knows where they come from", "[graph]") {
  const Subgraph part = InducedSubgraph(stemma::internal::Diamond(), Ids{3, 0, 2, 3});
  CHECK(part.originals == Ids{0, 2, 3});
  CHECK(part.graph.size() == 3);
  CHECK(part.graph.name(1) == "right");
  CHECK(part.graph.edge_count() == 2);  // top -> right -> bottom
  CHECK(InducedSubgraph(stemma::internal::Diamond(), Ids{}).graph.size() == 0);
}

TEST_CASE("a chain of a million nodes has a middle", "[graph]") {
  const DependencyGraph chain = stemma::internal::Chain(1'000'000);
  CHECK(Around(chain, Ids{500'000}).size() == 1'000'000);
  CHECK(Between(chain, Ids{250'000}, Ids{750'000}).size() == 500'001);
}

TEST_CASE("random graphs: as far as the shortest paths say, and every edge among the chosen",
          "[graph]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 1'000; ++round) {
    INFO("round " << round);
    const DependencyGraph graph = stemma::internal::RandomGraph(random, 12);
    const EdgeKinds kinds = random() % 2 == 0 ? EdgeKinds::kHard : EdgeKinds::kHardAndSoft;
    // By Floyd and Warshall.
    constexpr std::size_t kFar = 1'000;
    std::vector<std::vector<std::size_t>> distance(graph.size(),
                                                   std::vector<std::size_t>(graph.size(), kFar));
    for (NodeId id = 0; id < graph.size(); ++id) {
      distance[id][id] = 0;
      for (const NodeId to : graph.Dependencies(id)) distance[id][to] = 1;
      if (kinds == EdgeKinds::kHard) continue;
      for (const NodeId to : graph.SoftDependencies(id)) distance[id][to] = 1;
    }
    for (NodeId k = 0; k < graph.size(); ++k) {
      for (NodeId i = 0; i < graph.size(); ++i) {
        for (NodeId j = 0; j < graph.size(); ++j) {
          distance[i][j] = std::min(distance[i][j], distance[i][k] + distance[k][j]);
        }
      }
    }
    Ids from, to;
    for (NodeId id = 0; id < graph.size(); ++id) {
      if (random() % 4 == 0) from.push_back(id);
      if (random() % 4 == 0) to.push_back(id);
    }
    const Neighbourhood neighbourhood = {.ancestors = random() % 2 == 0,
                                         .descendants = random() % 2 == 0,
                                         .depth = random() % 4,
                                         .kinds = kinds};
    Ids around, between;
    for (NodeId id = 0; id < graph.size(); ++id) {
      bool near = false, below = false, above = false;
      for (const NodeId start : from) {
        near |= start == id;
        near |= neighbourhood.ancestors && distance[start][id] <= neighbourhood.depth;
        near |= neighbourhood.descendants && distance[id][start] <= neighbourhood.depth;
        below |= distance[start][id] < kFar;
      }
      for (const NodeId end : to) above |= distance[id][end] < kFar;
      if (near) around.push_back(id);
      if (below && above) between.push_back(id);
    }
    REQUIRE(Around(graph, from, neighbourhood) == around);
    REQUIRE(Between(graph, from, to, kinds) == between);

    const Subgraph part = InducedSubgraph(graph, from);
    REQUIRE(part.originals == from);
    for (NodeId id = 0; id < part.graph.size(); ++id) {
      REQUIRE(part.graph.name(id) == graph.name(from[id]));
      const auto kept = [&](std::span<const NodeId> original, std::span<const NodeId> now) {
        Ids expected, found;
        for (const NodeId other : original) {
          if (std::binary_search(from.begin(), from.end(), other)) expected.push_back(other);
        }
        for (const NodeId other : now) found.push_back(from[other]);
        return found == expected;
      };
      REQUIRE(kept(graph.Dependencies(from[id]), part.graph.Dependencies(id)));
      REQUIRE(kept(graph.SoftDependencies(from[id]), part.graph.SoftDependencies(id)));
    }
  }
}

}  // namespace
