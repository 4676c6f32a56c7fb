// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/impact.h"

#include <catch2/catch_test_macros.hpp>

namespace stemma::tools {
namespace {

using Verdict = ErrorHandlingBehavior;

// 0 api -> 1 cache -> 2 db; 3 web on api, softly on 4 log; 5 alone.
const DependencyGraph kShop = *DependencyGraph::Create(
    {{.name = "api", .dependencies = {"cache"}},
     {.name = "cache", .dependencies = {"db"}},
     {.name = "db"},
     {.name = "web", .dependencies = {"api"}, .soft_dependencies = {"log"}},
     {.name = "log"},
     {.name = "alone"}});

TEST_CASE("a stop takes down the descendants, from the top", "[questions][S4][S5]") {
  const Impact impact = ImpactOf(kShop, {}, 1, Verdict::kStop);
  CHECK(impact.goes_down == NodeWaves{{3}, {0}, {1}});
  CHECK(impact.comes_back.empty());
  CHECK(impact.count() == 3);
  CHECK(impact.in_order() == std::vector<NodeId>{3, 0, 1});
}

TEST_CASE("what has stop_parents takes ancestors and theirs down", "[questions][S4]") {
  CHECK(ImpactOf(kShop, {}, 1, Verdict::kStopParents).goes_down == NodeWaves{{3}, {0}, {1}, {2}});
}

TEST_CASE("a shutdown takes down everything, soft edges in order", "[questions][S4][S20]") {
  for (const Verdict verdict : {Verdict::kShutdown, Verdict::kSpinHalt}) {
    const Impact impact = ImpactOf(kShop, {}, 1, verdict);
    CHECK(impact.goes_down == NodeWaves{{3, 5}, {0, 4}, {1}, {2}});
    CHECK(impact.comes_back.empty());
  }
}

TEST_CASE("a restart brings back what it took down", "[questions][S6]") {
  const Impact alone = ImpactOf(kShop, {}, 2, Verdict::kRestart);
  CHECK(alone.goes_down == NodeWaves{{2}});
  CHECK(alone.comes_back == NodeWaves{{2}});
  const Impact together =
      ImpactOf(kShop, {true, true, false, false, false, false}, 2, Verdict::kRestart);
  CHECK(together.goes_down == NodeWaves{{0}, {1}, {2}});
  CHECK(together.comes_back == NodeWaves{{2}, {1}, {0}});
}

TEST_CASE("nodes follow as their policy says", "[questions][S6]") {
  CHECK(FollowsOf({{.name = "a"},
                   {.name = "b", .on_dependency_restart = OnDependencyRestart::kRestart}}) ==
        std::vector<bool>{false, true});
}

}  // namespace
}  // namespace stemma::tools
