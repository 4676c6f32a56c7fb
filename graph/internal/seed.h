// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_INTERNAL_SEED_H_
#define STEMMA_GRAPH_INTERNAL_SEED_H_

#include <cstdlib>
#include <random>
#include <string>

namespace stemma::internal {

// For random tests: STEMMA_SEED from the environment, else a new seed. A test prints it:
//   const unsigned seed = Seed();
//   INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
inline unsigned Seed() {
  const char* given = std::getenv("STEMMA_SEED");
  return given == nullptr ? std::random_device()() : static_cast<unsigned>(std::stoul(given));
}

}  // namespace stemma::internal

#endif  // STEMMA_GRAPH_INTERNAL_SEED_H_
