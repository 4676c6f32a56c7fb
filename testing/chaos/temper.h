// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_CHAOS_TEMPER_H_
#define STEMMA_TESTING_CHAOS_TEMPER_H_

#include <cstdint>

#include "stemma/supervisor/policies.h"
#include "stemma/testing/chaos/dice.h"

namespace stemma::chaos {

// What one round is like. A plain value, which its seed decides.
struct Temper {
  // Of the outermost supervisor. Default: at most 12 are drawn.
  int nodes = 1;
  // Something goes wrong with one incarnation, or worker, in this many.
  int luck = 10;
  // Handlers answer up to this verdict: 0 is kRestart only, 4 is all of them.
  int harshness = 0;
  // Some things outlast their timeouts, which are short then.
  bool stuck = false;
  OnStuck on_stuck = OnStuck::kAbandon;
  // The clock jumps ahead.
  bool jumps = false;
  // Operators give so many commands.
  int commands = 0;
  // Workers take all the memory there is. Threads are refused.
  bool scarce_memory = false, scarce_threads = false;

  // A node that has done nothing wrong may be abandoned: the time was too short, or jumped.
  bool impatient() const { return stuck || jumps; }
};

inline Temper DrawTemper(Dice& dice, int most_nodes) {
  Temper temper{.nodes = 1 + dice.Below(most_nodes),
                .luck = dice.OneOf({3, 10, 40, 300}),
                .harshness = dice.Below(5),
                .stuck = dice.OneIn(4),
                .jumps = dice.OneIn(4),
                .commands = dice.OneIn(2) ? dice.Below(40) : 0};
  if (dice.OneIn(3)) temper.on_stuck = OnStuck::kWait;
  return temper;
}

}  // namespace stemma::chaos

#endif  // STEMMA_TESTING_CHAOS_TEMPER_H_
