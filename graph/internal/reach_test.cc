// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/internal/reach.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <random>
#include <vector>

#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace {

using stemma::DependencyGraph;
using stemma::Edge;
using stemma::NodeId;
using stemma::internal::Adjacency;
using Counts = std::vector<std::size_t>;

Adjacency HardEdges(const DependencyGraph& graph) {
  std::vector<Edge> edges;
  for (NodeId id = 0; id < graph.size(); ++id) {
    for (const NodeId to : graph.Dependencies(id)) edges.push_back({id, to});
  }
  return Adjacency(graph.size(), edges);
}

TEST_CASE("no nodes and no edges are fine", "[graph]") {
  CHECK(stemma::internal::ReachCounts(Adjacency(), {}).empty());
  CHECK(stemma::internal::SharedEndCounts(Adjacency(), {}).empty());
  CHECK(stemma::internal::RedundantEdges(Adjacency(), {}).empty());
  const std::vector<NodeId> order = {1, 0};
  CHECK(stemma::internal::ReachCounts(Adjacency(2, {}), order) == Counts{0, 0});
  CHECK(stemma::internal::SharedEndCounts(Adjacency(2, {}), order) == Counts{1, 1});
  CHECK(stemma::internal::RedundantEdges(Adjacency(2, {}), order).empty());
}

TEST_CASE("random graphs of many blocks: all is as in the closure", "[graph]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 60; ++round) {
    INFO("round " << round);
    const DependencyGraph graph = stemma::internal::RandomGraph(random, round % 2 == 0 ? 15 : 220);
    const auto reaches = stemma::internal::Closure(graph);
    const std::size_t max_bytes = random() % 2 == 0 ? 1 : graph.size() * 16;  // 64 or 128 columns

    Counts reached(graph.size()), shared(graph.size());
    std::vector<NodeId> ends;
    for (NodeId id = 0; id < graph.size(); ++id) {
      if (graph.Dependencies(id).empty()) ends.push_back(id);
    }
    const auto ends_at = [&](NodeId id, NodeId end) { return id == end || reaches[id][end]; };
    for (NodeId id = 0; id < graph.size(); ++id) {
      for (NodeId other = 0; other < graph.size(); ++other) {
        if (reaches[id][other]) ++reached[id];
        shared[id] += std::any_of(ends.begin(), ends.end(), [&](NodeId end) {
          return ends_at(id, end) && ends_at(other, end);
        });
      }
    }
    std::vector<Edge> redundant;
    for (NodeId from = 0; from < graph.size(); ++from) {
      for (const NodeId to : graph.Dependencies(from)) {
        const auto vias = graph.Dependencies(from);
        if (std::any_of(vias.begin(), vias.end(), [&](NodeId via) { return reaches[via][to]; })) {
          redundant.push_back({from, to});
        }
      }
    }
    const Adjacency edges = HardEdges(graph);
    const auto order = graph.StartOrder();
    REQUIRE(stemma::internal::ReachCounts(edges, order, max_bytes) == reached);
    REQUIRE(stemma::internal::SharedEndCounts(edges, order, max_bytes) == shared);
    REQUIRE(stemma::internal::RedundantEdges(edges, order, max_bytes) == redundant);
  }
}

}  // namespace
