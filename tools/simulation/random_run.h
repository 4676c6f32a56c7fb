// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SIMULATION_RANDOM_RUN_H_
#define STEMMA_TOOLS_SIMULATION_RANDOM_RUN_H_

#include <random>

#include "stemma/supervisor/simulation.h"

namespace stemma::tools {

// For tests of what is made of a journal: a run of a random graph of up to `most` nodes, in which
// nodes are slow, fail in every way, end, hang and fall silent, operators give commands, add nodes
// and remove them, and mostly somebody stops it at last. The same state of `random` gives the same
// run.
Simulation RandomRun(std::mt19937& random, std::size_t most);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SIMULATION_RANDOM_RUN_H_
