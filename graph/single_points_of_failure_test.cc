// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/single_points_of_failure.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <random>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace {

using stemma::DependencyGraph;
using stemma::NodeId;
using stemma::SinglePointsOfFailure;

std::vector<NodeId> Nodes(const DependencyGraph& graph, double share) {
  std::vector<NodeId> nodes;
  for (const auto& point : SinglePointsOfFailure(graph, share)) nodes.push_back(point.node);
  return nodes;
}

TEST_CASE("the worst comes first, and of equally bad ones the first declared", "[graph][S4]") {
  CHECK(Nodes(stemma::internal::Diamond(), 0) == std::vector<NodeId>{3, 1, 2});
  const auto points = SinglePointsOfFailure(stemma::internal::Diamond(), 0);
  CHECK(points[0].takes_down == 4);
  CHECK(points[0].share == 1.0);
  CHECK(points[1].takes_down == 2);
  CHECK(points[1].share == 0.5);
}

TEST_CASE("a share is exceeded, not reached", "[graph]") {
  CHECK(Nodes(stemma::internal::Diamond(), 0.49) == std::vector<NodeId>{3, 1, 2});
  CHECK(Nodes(stemma::internal::Diamond(), 0.5) == std::vector<NodeId>{3});
  CHECK(Nodes(stemma::internal::Diamond(), 1).empty());
  CHECK(Nodes(stemma::internal::Diamond(), std::numeric_limits<double>::quiet_NaN()).empty());
}

TEST_CASE("a node that takes down itself alone is no single point of failure", "[graph]") {
  CHECK(Nodes(stemma::internal::GraphOf({{.name = "alone"}}), 0).empty());
  CHECK(Nodes(stemma::internal::Star(3), -1) == std::vector<NodeId>{0});
  CHECK(Nodes(DependencyGraph(), 0).empty());
}

TEST_CASE("random graphs: exactly the nodes with enough descendants", "[graph][S4]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 500; ++round) {
    INFO("round " << round);
    const DependencyGraph graph = stemma::internal::RandomGraph(random, 14);
    const double share = std::uniform_real_distribution<double>(0, 1)(random);
    const auto points = SinglePointsOfFailure(graph, share);
    std::size_t expected = 0;
    for (NodeId id = 0; id < graph.size(); ++id) {
      const std::size_t lost = graph.Descendants(id).size() + 1;
      if (lost > 1 && static_cast<double>(lost) > share * static_cast<double>(graph.size())) {
        ++expected;
      }
    }
    REQUIRE(points.size() == expected);
    for (std::size_t i = 0; i < points.size(); ++i) {
      REQUIRE(points[i].takes_down == graph.Descendants(points[i].node).size() + 1);
      if (i == 0) continue;
      REQUIRE((points[i - 1].takes_down > points[i].takes_down ||
               (points[i - 1].takes_down == points[i].takes_down &&
                points[i - 1].node < points[i].node)));
    }
  }
}

}  // namespace
