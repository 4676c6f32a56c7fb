// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/internal/adjacency.h"

#include <catch2/catch_test_macros.hpp>
#include <utility>
#include <vector>

namespace {

using stemma::NodeId;
using stemma::internal::Adjacency;
using stemma::internal::Edge;

std::vector<NodeId> Targets(const Adjacency& edges, NodeId id) {
  return {edges[id].begin(), edges[id].end()};
}

TEST_CASE("a node has the targets of its edges, in the order given", "[graph]") {
  const Adjacency edges(4, std::vector<Edge>{{2, 3}, {0, 2}, {2, 1}, {0, 1}});
  CHECK(edges.size() == 4);
  CHECK(edges.edge_count() == 4);
  CHECK(Targets(edges, 0) == std::vector<NodeId>{2, 1});
  CHECK(Targets(edges, 1).empty());
  CHECK(Targets(edges, 2) == std::vector<NodeId>{3, 1});
  CHECK(Targets(edges, 3).empty());
}

TEST_CASE("reversed, a node has the sources of the edges to it, in ascending order", "[graph]") {
  const Adjacency edges =
      Adjacency(4, std::vector<Edge>{{2, 3}, {0, 3}, {2, 1}, {0, 1}, {1, 3}}).Reversed();
  CHECK(edges.edge_count() == 5);
  CHECK(Targets(edges, 0).empty());
  CHECK(Targets(edges, 1) == std::vector<NodeId>{0, 2});
  CHECK(Targets(edges, 2).empty());
  CHECK(Targets(edges, 3) == std::vector<NodeId>{0, 1, 2});
}

TEST_CASE("no nodes and no edges are fine", "[graph]") {
  CHECK(Adjacency().size() == 0);
  CHECK(Adjacency().Reversed().size() == 0);
  CHECK(Adjacency(0, {}).size() == 0);
  CHECK(Adjacency(2, {}).edge_count() == 0);
  CHECK(Targets(Adjacency(2, {}), 1).empty());
}

TEST_CASE("an adjacency that was moved from can be used again", "[graph]") {
  Adjacency edges(2, std::vector<Edge>{{0, 1}});
  const Adjacency taken = std::move(edges);
  CHECK(Targets(taken, 0) == std::vector<NodeId>{1});
  edges = taken;
  CHECK(Targets(edges, 0) == std::vector<NodeId>{1});
}

}  // namespace
