// SPDX-License-Identifier: Apache-2.0
// The engine, as a game in which the fuzzer's bytes are the dice: graph, policies, inputs and
// times. The referee judges every answer; at the end everybody obeys, and the run must end.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "stemma/supervisor/internal/engine_game.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using stemma::internal::Dice;
  using stemma::internal::EngineGame;
  std::size_t next = 0;
  Dice dice([&](std::size_t sides) -> std::size_t {
    if (sides == 1) return 0;
    // Two bytes where one cannot say it all. Without any: the last side, which is the usual one.
    std::size_t rolled = 0;
    for (std::size_t reach = 1; reach < sides; reach *= 256) {
      if (next == size) return sides - 1;
      rolled = rolled * 256 + data[next++];
    }
    return rolled % sides;
  });
  EngineGame game(dice);
  const bool kept = game.Play(size) && game.Obey(!game.MayEndByItself());
  if (kept && game.Replay()) return 0;
  std::fprintf(stderr, "%s%s\n", game.Transcript().c_str(),
               kept ? "a replay decides otherwise" : game.broken().c_str());
  std::abort();
}
