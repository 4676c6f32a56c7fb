// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/waves.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <map>
#include <numeric>
#include <random>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace {

using stemma::DependencyGraph;
using stemma::EdgeKinds;
using stemma::NodeId;
using stemma::NodeWaves;
using stemma::StartWaves;
using stemma::StopWaves;
using stemma::internal::Chain;
using stemma::internal::Diamond;
using stemma::internal::GraphOf;

std::vector<NodeId> AllOf(const DependencyGraph& graph) {
  std::vector<NodeId> ids(graph.size());
  std::iota(ids.begin(), ids.end(), NodeId{0});
  return ids;
}

TEST_CASE("the waves of a diamond: its bottom starts first and ends last", "[graph][S2][S5]") {
  const DependencyGraph graph = Diamond();
  CHECK(StartWaves(graph, AllOf(graph)) == NodeWaves{{3}, {1, 2}, {0}});
  CHECK(StopWaves(graph, AllOf(graph)) == NodeWaves{{0}, {1, 2}, {3}});
}

TEST_CASE("of nobody there are no waves", "[graph]") {
  CHECK(StartWaves(Diamond(), {}).empty());
  CHECK(StopWaves(DependencyGraph(), {}).empty());
}

TEST_CASE("nodes wait only for those that start or end with them", "[graph][S5]") {
  const DependencyGraph graph = Chain(3);  // 0 -> 1 -> 2
  const std::vector<NodeId> ends = {0, 2};
  CHECK(StopWaves(graph, ends) == NodeWaves{{0, 2}});
  CHECK(StartWaves(graph, ends) == NodeWaves{{0, 2}});
}

TEST_CASE("soft edges order what goes down for good, not what restarts", "[graph][S20]") {
  const DependencyGraph graph =
      GraphOf({{.name = "api", .soft_dependencies = {"log"}}, {.name = "log"}});
  CHECK(StopWaves(graph, AllOf(graph)) == NodeWaves{{0}, {1}});
  CHECK(StopWaves(graph, AllOf(graph), EdgeKinds::kHard) == NodeWaves{{0, 1}});
  CHECK(StartWaves(graph, AllOf(graph)) == NodeWaves{{1}, {0}});
  CHECK(StartWaves(graph, AllOf(graph), EdgeKinds::kHard) == NodeWaves{{0, 1}});
}

TEST_CASE("a chain of 200,000 nodes has as many waves", "[graph]") {
  const DependencyGraph graph = Chain(200'000);
  CHECK(StartWaves(graph, AllOf(graph)).size() == graph.size());
  CHECK(StopWaves(graph, AllOf(graph)).size() == graph.size());
}

TEST_CASE("random graphs: every node is in the first wave that its edges allow", "[graph]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    const DependencyGraph graph = stemma::internal::RandomGraph(random, 20);
    CHECK(StartWaves(graph, AllOf(graph)) == graph.Waves());

    std::vector<NodeId> ids = AllOf(graph);
    std::erase_if(ids, [&](NodeId) { return random() % 3 == 0; });
    const NodeWaves waves = StopWaves(graph, ids);
    std::map<NodeId, std::size_t> wave_of;
    for (std::size_t wave = 0; wave < waves.size(); ++wave) {
      CHECK(!waves[wave].empty());
      for (const NodeId id : waves[wave]) CHECK(wave_of.emplace(id, wave).second);
    }
    REQUIRE(wave_of.size() == ids.size());
    for (const auto& [id, wave] : wave_of) {
      std::size_t first = 0;
      for (const auto& dependents : {graph.Dependents(id), graph.SoftDependents(id)}) {
        for (const NodeId dependent : dependents) {
          const auto at = wave_of.find(dependent);
          if (at != wave_of.end()) first = std::max(first, at->second + 1);
        }
      }
      CHECK(wave == first);
    }
  }
}

}  // namespace
