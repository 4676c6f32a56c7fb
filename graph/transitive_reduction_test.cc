// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/transitive_reduction.h"

#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "stemma/graph/blast_radius.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace {

using stemma::DependencyGraph;
using stemma::Edge;
using stemma::NodeId;
using stemma::RedundantEdges;
using stemma::RedundantSoftEdges;
using stemma::TransitiveReduction;
using stemma::internal::GraphOf;
using Edges = std::vector<Edge>;

// api -> cache -> db, and api -> db.
DependencyGraph Triangle() {
  return GraphOf({{.name = "api", .dependencies = {"cache", "db"}},
                  {.name = "cache", .dependencies = {"db"}},
                  {.name = "db"}});
}

TEST_CASE("an edge beside a longer path is redundant", "[graph]") {
  CHECK(RedundantEdges(Triangle()) == Edges{{0, 2}});
  CHECK(TransitiveReduction(Triangle()).edge_count() == 2);
  CHECK(TransitiveReduction(Triangle()).Descendants(2) == std::vector<NodeId>{0, 1});
}

TEST_CASE("a diamond, an M, a star and a chain have no redundant edge", "[graph]") {
  CHECK(RedundantEdges(stemma::internal::Diamond()).empty());
  CHECK(RedundantEdges(stemma::internal::MShape()).empty());
  CHECK(RedundantEdges(stemma::internal::Star(5)).empty());
  CHECK(RedundantEdges(stemma::internal::Chain(5)).empty());
  CHECK(RedundantEdges(DependencyGraph()).empty());
}

TEST_CASE("soft edges are not redundant, and make no other edge so", "[graph][S20]") {
  const DependencyGraph graph =
      GraphOf({{.name = "api", .dependencies = {"db"}, .soft_dependencies = {"cache"}},
               {.name = "cache", .dependencies = {"db"}, .soft_dependencies = {"log"}},
               {.name = "db", .dependencies = {"log"}},
               {.name = "log"}});
  CHECK(RedundantEdges(graph).empty());
  CHECK(TransitiveReduction(graph).edge_count() == graph.edge_count());
}

TEST_CASE("a soft edge beside a path of hard edges is redundant; a soft path makes none so",
          "[graph][S20]") {
  const DependencyGraph graph =
      GraphOf({{.name = "api", .dependencies = {"cache"}, .soft_dependencies = {"db", "log"}},
               {.name = "cache", .dependencies = {"db"}},
               {.name = "db", .soft_dependencies = {"log"}},
               {.name = "log"}});
  CHECK(RedundantSoftEdges(graph) == Edges{{0, 2}});
  CHECK(RedundantSoftEdges(Triangle()).empty());
}

TEST_CASE("random graphs: a soft edge is redundant if its ends are joined without it",
          "[graph][S20]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    const DependencyGraph graph = stemma::internal::RandomGraph(random, 20);
    const stemma::internal::Matrix reaches = stemma::internal::Closure(graph);
    Edges expected;
    for (NodeId id = 0; id < graph.size(); ++id) {
      for (const NodeId to : graph.SoftDependencies(id)) {
        if (reaches[id][to]) expected.push_back({id, to});
      }
    }
    CHECK(RedundantSoftEdges(graph) == expected);
  }
}

TEST_CASE("an edge by which a node restarts with its dependency is not redundant", "[graph][S6]") {
  CHECK(RedundantEdges(Triangle(), {true}).empty());                  // cache keeps running
  CHECK(RedundantEdges(Triangle(), {false, true}) == Edges{{0, 2}});  // api keeps running
  CHECK(RedundantEdges(Triangle(), {true, true}) == Edges{{0, 2}});
}

TEST_CASE("a chain of 200,000 nodes with a short cut over every second node is reduced",
          "[graph]") {
  constexpr std::size_t kSize = 200'000;
  stemma::internal::Declarations declarations = stemma::internal::Chain(kSize).Declarations();
  for (std::size_t i = 0; i + 2 < kSize; i += 2) {
    declarations[i].dependencies.push_back("n" + std::to_string(i + 2));
  }
  const std::vector<Edge> redundant = RedundantEdges(GraphOf(std::move(declarations)));
  REQUIRE(redundant.size() == kSize / 2 - 1);
  CHECK(redundant.front() == Edge{0, 2});
}

TEST_CASE(
    "random graphs: what is redundant has another path, what is left is needed, and every "
    "verdict takes down the same",
    "[graph][S4][S6]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 1'000; ++round) {
    INFO("round " << round);
    const DependencyGraph graph = stemma::internal::RandomGraph(random, 14);
    const auto reaches = stemma::internal::Closure(graph);
    Edges expected;
    for (NodeId from = 0; from < graph.size(); ++from) {
      for (const NodeId to : graph.Dependencies(from)) {
        bool is_redundant = false;
        for (const NodeId via : graph.Dependencies(from)) is_redundant |= bool{reaches[via][to]};
        if (is_redundant) expected.push_back({from, to});
      }
    }
    REQUIRE(RedundantEdges(graph) == expected);

    std::vector<bool> follows(graph.size());
    for (NodeId id = 0; id < graph.size(); ++id) follows[id] = random() % 2 == 0;
    const DependencyGraph reduced = TransitiveReduction(graph, follows);
    REQUIRE(reduced.edge_count() == graph.edge_count() - RedundantEdges(graph, follows).size());
    REQUIRE(RedundantEdges(reduced, follows).empty());
    REQUIRE(stemma::internal::Closure(reduced) == reaches);
    for (NodeId id = 0; id < graph.size(); ++id) {
      REQUIRE(RestartRadius(reduced, id, follows) == RestartRadius(graph, id, follows));
    }
  }
}

}  // namespace
