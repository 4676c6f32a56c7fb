// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_CHAOS_ROUND_H_
#define STEMMA_TESTING_CHAOS_ROUND_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "stemma/testing/chaos/ledger.h"

namespace stemma::chaos {

// What is scarce, or done to the whole process, while rounds run in it.
enum class Circumstance {
  kPlain,    // nothing: what components, handlers, listeners and operators do is enough
  kThreads,  // the system refuses threads
  kMemory,   // and memory
  kDisk,     // the journal's disk is full, and has room again
  kKill,     // SIGKILL, some time
  kSignals,  // SIGINT, SIGTERM and SIGHUP, for a service that calls stemma::Main
  kCount,
};
std::string_view ToString(Circumstance circumstance);

struct RoundOptions {
  std::uint64_t seed = 0;
  int most_nodes = 12;
  Circumstance circumstance = Circumstance::kPlain;
  std::string journal = {};          // a file; empty: none
  std::string latch = {};            // of kSignals
  std::function<void()> begun = {};  // called when the run has begun
};

// Makes a service as the seed says, runs it while its components fail and its operators give
// commands, and judges what came of it: each loss goes to the ledger.
//
// REQUIRES: for the counts of threads and descriptors, nobody else starts or opens any meanwhile.
void RunRound(const RoundOptions& options, Ledger& ledger);

// As main of a service: a round without operators, in stemma::Main, which judges its decisions
// only. Returns: what main should return.
int RunMain(const RoundOptions& options, Ledger& ledger);

}  // namespace stemma::chaos

#endif  // STEMMA_TESTING_CHAOS_ROUND_H_
