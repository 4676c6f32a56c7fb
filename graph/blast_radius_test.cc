// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/blast_radius.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace {

using stemma::BlastRadiusCounts;
using stemma::CountBlastRadius;
using stemma::DependencyGraph;
using stemma::NodeId;
using stemma::RestartRadius;
using stemma::StopParentsRadius;
using stemma::StopRadius;
using stemma::internal::GraphOf;
using Counts = std::vector<std::size_t>;
using Ids = std::vector<NodeId>;

TEST_CASE("kStop takes down the node and its descendants", "[graph][S4]") {
  CHECK(StopRadius(stemma::internal::Diamond(), 3) == Ids{0, 1, 2, 3});
  CHECK(StopRadius(stemma::internal::Diamond(), 1) == Ids{0, 1});
  CHECK(StopRadius(stemma::internal::Diamond(), 0) == Ids{0});
}

TEST_CASE("kStopParents takes down the node, its ancestors, and the descendants of all of those",
          "[graph][S4]") {
  const DependencyGraph m = stemma::internal::MShape();
  CHECK(StopParentsRadius(m, 0) == Ids{0, 1, 2, 3});  // x, a, b; by b also y, but not c
  CHECK(StopParentsRadius(m, 2) == Ids{0, 2});        // a has no ancestors
  CHECK(StopParentsRadius(m, 3) == Ids{0, 1, 3});
  CHECK(StopParentsRadius(GraphOf({{.name = "alone"}, {.name = "other"}}), 0) == Ids{0});
}

TEST_CASE("kRestart takes down the node and whoever follows, up to one that does not",
          "[graph][S6]") {
  const DependencyGraph chain = stemma::internal::Chain(4);
  CHECK(RestartRadius(chain, 3, {}) == Ids{3});
  CHECK(RestartRadius(chain, 3, {false, false, true, false}) == Ids{2, 3});
  CHECK(RestartRadius(chain, 3, {true, false, true}) == Ids{2, 3});  // n1 keeps running, so n0 does
  CHECK(RestartRadius(chain, 3, {true, true, true}) == Ids{0, 1, 2, 3});
  CHECK(RestartRadius(chain, 1, {true, true, true}) == Ids{0, 1});
}

TEST_CASE("soft edges take nobody down", "[graph][S20]") {
  const DependencyGraph graph =
      GraphOf({{.name = "api", .soft_dependencies = {"metrics"}}, {.name = "metrics"}});
  CHECK(StopRadius(graph, 1) == Ids{1});
  CHECK(StopParentsRadius(graph, 0) == Ids{0});
  CHECK(RestartRadius(graph, 1, {true, true}) == Ids{1});
  const BlastRadiusCounts counts = CountBlastRadius(graph, {true, true});
  CHECK(counts.restart == Counts{1, 1});
  CHECK(counts.stop == Counts{1, 1});
  CHECK(counts.stop_parents == Counts{1, 1});
}

TEST_CASE("the named shapes have the counts that one would draw", "[graph][S4]") {
  const BlastRadiusCounts m = CountBlastRadius(stemma::internal::MShape(), {false, true});
  CHECK(m.restart == Counts{1, 1, 1, 2, 2});
  CHECK(m.stop == Counts{1, 1, 2, 3, 2});
  CHECK(m.stop_parents == Counts{4, 4, 2, 3, 2});
  CHECK(CountBlastRadius(stemma::internal::Diamond(), {}).stop == Counts{1, 2, 2, 4});
  CHECK(CountBlastRadius(stemma::internal::Star(4), {}).stop == Counts{4, 1, 1, 1});
  CHECK(CountBlastRadius(DependencyGraph(), {}).stop_parents.empty());
}

TEST_CASE("a chain of a million nodes is counted in one go", "[graph]") {
  constexpr std::size_t kSize = 1'000'000;
  const DependencyGraph chain = stemma::internal::Chain(kSize);
  const BlastRadiusCounts counts = CountBlastRadius(chain, std::vector<bool>(kSize, true));
  CHECK(counts.restart == counts.stop);
  CHECK(counts.stop.front() == 1);
  CHECK(counts.stop.back() == kSize);
  CHECK(counts.stop_parents == Counts(kSize, kSize));
  CHECK(StopParentsRadius(chain, kSize / 2).size() == kSize);
}

TEST_CASE("random graphs: the sets are those of the closure, and the counts are their sizes",
          "[graph][S4][S6]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 600; ++round) {
    INFO("round " << round);
    const DependencyGraph graph = stemma::internal::RandomGraph(random, 14);
    const auto reaches = stemma::internal::Closure(graph);
    std::vector<bool> follows(graph.size());
    for (NodeId id = 0; id < graph.size(); ++id) follows[id] = random() % 3 != 0;
    const BlastRadiusCounts counts = CountBlastRadius(graph, follows);
    for (NodeId node = 0; node < graph.size(); ++node) {
      Ids stop, stop_parents;
      for (NodeId other = 0; other < graph.size(); ++other) {
        if (other == node || reaches[other][node]) stop.push_back(other);
        bool falls = false;
        for (NodeId ancestor = 0; ancestor < graph.size(); ++ancestor) {
          if (ancestor != node && !reaches[node][ancestor]) continue;
          falls = falls || other == ancestor || reaches[other][ancestor];
        }
        if (falls) stop_parents.push_back(other);
      }
      // Again and again, whoever follows and has a dependency that restarts.
      std::vector<bool> restarts(graph.size());
      restarts[node] = true;
      for (bool changed = true; std::exchange(changed, false);) {
        for (NodeId other = 0; other < graph.size(); ++other) {
          for (const NodeId dependency : graph.Dependencies(other)) {
            if (restarts[other] || !follows[other] || !restarts[dependency]) continue;
            restarts[other] = changed = true;
          }
        }
      }
      Ids restart;
      for (NodeId other = 0; other < graph.size(); ++other) {
        if (restarts[other]) restart.push_back(other);
      }
      REQUIRE(StopRadius(graph, node) == stop);
      REQUIRE(StopParentsRadius(graph, node) == stop_parents);
      REQUIRE(RestartRadius(graph, node, follows) == restart);
      REQUIRE(counts.stop[node] == stop.size());
      REQUIRE(counts.stop_parents[node] == stop_parents.size());
      REQUIRE(counts.restart[node] == restart.size());
    }
  }
}

}  // namespace
