// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/dominators.h"

#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <optional>
#include <random>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace {

using stemma::DependencyGraph;
using stemma::Dominators;
using stemma::DominatorsOf;
using stemma::NodeId;
using Counts = std::vector<std::size_t>;
using Immediate = std::vector<std::optional<NodeId>>;

constexpr std::nullopt_t kNone = std::nullopt;

TEST_CASE("the bottom of a diamond dominates all of it, its sides nobody", "[graph]") {
  const Dominators dominators = DominatorsOf(stemma::internal::Diamond());
  CHECK(dominators.immediate == Immediate{3, 3, 3, kNone});
  CHECK(dominators.dominated == Counts{0, 0, 0, 3});
}

TEST_CASE("in an M nobody dominates", "[graph]") {
  const Dominators dominators = DominatorsOf(stemma::internal::MShape());
  CHECK(dominators.immediate == Immediate(5, kNone));
  CHECK(dominators.dominated == Counts(5, 0));
}

TEST_CASE("the hub of a star dominates the rest", "[graph]") {
  CHECK(DominatorsOf(stemma::internal::Star(4)).immediate == Immediate{kNone, 0, 0, 0});
  CHECK(DominatorsOf(stemma::internal::Star(4)).dominated == Counts{3, 0, 0, 0});
}

TEST_CASE("a short cut past a node takes its domination away", "[graph]") {
  const Dominators dominators =
      DominatorsOf(stemma::internal::GraphOf({{.name = "api", .dependencies = {"cache", "db"}},
                                              {.name = "cache", .dependencies = {"db"}},
                                              {.name = "db", .dependencies = {"disk"}},
                                              {.name = "disk"}}));
  CHECK(dominators.immediate == Immediate{2, 2, 3, kNone});
  CHECK(dominators.dominated == Counts{0, 0, 2, 3});
}

TEST_CASE("soft dependencies do not dominate", "[graph][S20]") {
  CHECK(DominatorsOf(
            stemma::internal::GraphOf({{.name = "a", .soft_dependencies = {"b"}}, {.name = "b"}}))
            .immediate == Immediate{kNone, kNone});
}

TEST_CASE("the empty graph has no dominators", "[graph]") {
  CHECK(DominatorsOf(DependencyGraph()).immediate.empty());
}

TEST_CASE("in a chain of a million nodes each dominates all before it", "[graph]") {
  const Dominators dominators = DominatorsOf(stemma::internal::Chain(1'000'000));
  CHECK(dominators.immediate[0] == NodeId{1});
  CHECK(dominators.dominated.back() == 999'999);
}

TEST_CASE("random graphs: dominators are the nodes without which no end is reached", "[graph]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 1'000; ++round) {
    INFO("round " << round);
    const DependencyGraph graph = stemma::internal::RandomGraph(random, round % 20 == 0 ? 60 : 14);
    std::vector<std::vector<bool>> dominates(graph.size());  // [dominator][node]
    Counts dominators_of(graph.size()), dominated(graph.size());
    for (NodeId without = 0; without < graph.size(); ++without) {
      std::vector<bool> reaches_end(graph.size());
      for (const NodeId id : graph.StartOrder()) {
        if (id == without) continue;
        if (graph.Dependencies(id).empty()) reaches_end[id] = true;
        for (const NodeId to : graph.Dependencies(id)) {
          if (reaches_end[to]) reaches_end[id] = true;
        }
      }
      dominates[without].resize(graph.size());
      for (NodeId id = 0; id < graph.size(); ++id) {
        if (id == without || reaches_end[id]) continue;
        dominates[without][id] = true;
        ++dominators_of[id];
        ++dominated[without];
      }
    }
    const Dominators dominators = DominatorsOf(graph);
    REQUIRE(dominators.dominated == dominated);
    for (NodeId id = 0; id < graph.size(); ++id) {
      std::size_t found = 0;
      for (auto above = dominators.immediate[id]; above; above = dominators.immediate[*above]) {
        REQUIRE(dominates[*above][id]);
        ++found;
      }
      REQUIRE(found == dominators_of[id]);
    }
  }
}

}  // namespace
