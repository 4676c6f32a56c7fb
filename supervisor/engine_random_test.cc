// SPDX-License-Identifier: Apache-2.0
// Random graphs, policies and interleavings, each answer of the engine judged by EngineReferee.
#include <catch2/catch_test_macros.hpp>

#include "stemma/graph/internal/seed.h"
#include "stemma/supervisor/internal/engine_game.h"

namespace stemma::internal {
namespace {

TEST_CASE("whatever it is told, the engine keeps the rules, and the run ends when all obey",
          "[supervisor][S2][S4][S5][S6][S7][S12][S15][S24][trap12]") {
  const unsigned seed = Seed();
  for (unsigned game = 0; game < 10000; ++game) {
    Dice dice(seed + game);  // so that the game that failed is the first when it is run again
    EngineGame run(dice);
    const bool kept = run.Play(250) && run.Obey(!run.MayEndByItself() || dice.Once(2));
    const bool repeats = run.Replay();
    INFO("to run it again: --test_env=STEMMA_SEED=" << seed + game);
    INFO((kept && repeats ? "" : run.Transcript()) << run.broken());
    REQUIRE(kept);
    REQUIRE(repeats);
  }
}

}  // namespace
}  // namespace stemma::internal
