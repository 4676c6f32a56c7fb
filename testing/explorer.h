// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_EXPLORER_H_
#define STEMMA_TESTING_EXPLORER_H_

#include <climits>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "stemma/supervisor/engine.h"

namespace stemma {

// How often things may happen in one run that nobody asked for. What is asked for (ready when
// launched, an end when asked to stop, a verdict when consulted) may always happen next, and may
// always be late.
struct Happenings {
  static constexpr int kAnyNumber = INT_MAX;

  int failures = 0;       // of an incarnation that lives, also of one that has failed already
  int nested_halts = 0;   // the failure that a nested spin halt is (S18)
  int ends = 0;           // clean ones
  int timers = 0;         // time passes until the next deadline, whatever is owed: slow starts,
                          // stops, handlers; backoffs; the bounds of the whole stop
  int pauses = 0;         // a second passes, and nothing is due in it
  int stop_requests = 0;  // RequestStop
  int signals = 0;        // SIGINT, SIGTERM, EndSpinHalt
  int commands = 0;       // of an operator, about any node (S24)
  int additions = 0;      // of a node, below nothing or below any other (S24)
  // What handlers answer. One that throws or is silent is as kShutdown (S9).
  std::vector<ErrorHandlingBehavior> verdicts = {
      ErrorHandlingBehavior::kRestart, ErrorHandlingBehavior::kStop,
      ErrorHandlingBehavior::kStopParents, ErrorHandlingBehavior::kShutdown,
      ErrorHandlingBehavior::kSpinHalt};
};

// What is to be explored. Without jitter in the policies, or no two states are ever the same.
struct Exploration {
  std::shared_ptr<const DependencyGraph> graph;  // REQUIRES: not null
  // Of the nodes, in the order of ids. REQUIRES: as many, valid (S1), the jitter 0. An added node
  // gets the first one's.
  std::vector<NodePolicy> policies = {};
  EngineOptions options = {};
  Happenings happenings = {};
  // The longest run, in inputs. Default: to the end of all runs. That there is one takes limits:
  // of restarts within all time (`window` kNoTimeout), and of what happens.
  std::size_t depth = SIZE_MAX;
};

struct Explored {
  std::size_t states = 0;       // that differ, whatever led there
  std::size_t transitions = 0;  // inputs that were given, and answers that were judged
  bool to_the_end = true;       // false: `depth` cut it short
  std::string broken = {};      // the rule that was; empty if none was, then `trace` is empty too
  // The shortest run that breaks it: the inputs and their times, for Engine::Handle.
  std::vector<std::pair<Input, Engine::Time>> trace = {};
};

// Runs the engine through every order in which all this may happen, and judges each answer of it by
// the contract's rules (docs/proof.md says which), which are written down a second time for it,
// naively and apart from the engine. Also, in every state that is reached: news of a dead
// incarnation changes nothing (S16), and a stop request leads to the end of the run as soon as
// everybody does what is asked (S11, S15).
//
// What was done before in the same state is not done again. Two states are the same when the engine
// and the judge remember the same; times are taken relative to now, and incarnation numbers not at
// all.
//
// Cost: some microseconds for each transition, some hundred bytes for each state.
// Thread safety: runs on the caller's thread; calls at the same time do not meet.
//
// Example:
//   stemma::Explored explored = stemma::Explore({.graph = graph, .policies = policies,
//                                                .happenings = {.failures = 1, .timers = 1}});
//   if (!explored.broken.empty()) std::cout << stemma::Describe(exploration, explored);
Explored Explore(const Exploration& exploration);

// The trace in lines: each input with its time, and the engine's answers below it. Empty for none.
std::string Describe(const Exploration& exploration, const Explored& explored);

// The trace as a journal, for `stemma replay` to show (docs/journal.md). Empty for none.
std::string JournalOf(const Exploration& exploration, const Explored& explored);

}  // namespace stemma

#endif  // STEMMA_TESTING_EXPLORER_H_
