// SPDX-License-Identifier: Apache-2.0
// Every small graph, every verdict at every node, every order in which things may happen, judged by
// EngineReferee. More of the same: bazel run -c opt //testing:prove (docs/proof.md).
#include <catch2/catch_test_macros.hpp>
#include <cstddef>

#include "stemma/testing/explorer.h"
#include "stemma/testing/internal/scenarios.h"

namespace stemma::internal {
namespace {

// The largest graphs would take minutes.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::size_t kFewer = 1;
#else
constexpr std::size_t kFewer = 0;
#endif

TEST_CASE("in every small graph, whatever happens in whatever order, every rule is kept",
          "[supervisor][S2][S4][S5][S6][S7][S8][S11][S12][S13][S14][S15][S16][S19][S20][S24]") {
  for (const Scenario& scenario : Scenarios()) {
    for (std::size_t nodes = 1; nodes <= scenario.tested_nodes - kFewer; ++nodes) {
      ForEachExploration(scenario, nodes, [&](const Exploration& exploration) {
        const Explored explored = Explore(exploration);
        INFO(scenario.name << ": " << Describe(exploration, explored));
        REQUIRE(explored.broken.empty());
        REQUIRE(explored.to_the_end);
        return true;
      });
    }
  }
}

}  // namespace
}  // namespace stemma::internal
