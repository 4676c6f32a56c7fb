// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_CHAOS_COMPONENT_H_
#define STEMMA_TESTING_CHAOS_COMPONENT_H_

#include <cstdint>
#include <memory>

#include "stemma/lifecycle/component.h"
#include "stemma/lifecycle/reusable_threads.h"
#include "stemma/testing/chaos/temper.h"
#include "stemma/testing/chaos/witness.h"

namespace stemma::chaos {

// What a component of a node may do, beyond its temper.
struct Character {
  std::shared_ptr<Witness> witness;
  Witness::Who who = 0;
  Temper temper = {};
  // Its node has a watchdog: its workers give heartbeats.
  bool watched = false;
  // Its start timeout is short: it may be slow, or never ready.
  bool hurried = false;
  // What its workers run on, from one incarnation to the next; fresh ones if there is nothing.
  std::weak_ptr<const ReusableThreads> threads = {};
};

// Makes one incarnation: a component of 1 to 4 workers that does what the seed says, and tells the
// witness. Or fails to, as the seed says.
absl::StatusOr<std::unique_ptr<Component>> MakeComponent(const Character& character,
                                                         std::uint64_t seed);

}  // namespace stemma::chaos

#endif  // STEMMA_TESTING_CHAOS_COMPONENT_H_
