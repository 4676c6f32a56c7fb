// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_HISTORY_CHAIN_H_
#define STEMMA_TOOLS_HISTORY_CHAIN_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include "stemma/tools/history/history.h"

namespace stemma::tools {

// One node on a critical chain: what all the others waited for at that time.
struct ChainStep {
  Row row = kNoRow;
  // From when it could have begun until it did: a restart of a dependency in between, a command, a
  // shutdown delay; mostly none.
  std::chrono::nanoseconds idle = {};
  std::chrono::nanoseconds begin = {};  // of its start: its first launch; of its stop: it was asked
  std::chrono::nanoseconds own = {};    // from then until it was ready, or had ended
  // Of `own`, when it was launched more than once.
  std::chrono::nanoseconds backing_off = {};
  std::size_t launches = 0;
};

// Why does start-up take nine seconds? Because of these, one after the other. Each step begins
// where the one before it ends, so that all of them, idle and own, add up to the whole.
struct Chain {
  std::chrono::nanoseconds begin = {}, end = {};
  std::vector<ChainStep> steps = {};  // in order of time
};

// The chain that ends when `target` was first ready; by default, the node that was so last of all.
// A node that was never ready has none, and a run without any has none.
std::optional<Chain> StartChain(const History& history, std::optional<Row> target = {});

// The chain from when everything began to stop until `target` had ended; by default, the node that
// ended last. Nothing if not everything was to stop, or the node had ended before, or has not yet.
// A completed node has ended when its instance is destroyed, or left behind (S5).
std::optional<Chain> StopChain(const History& history, std::optional<Row> target = {});

// When everything began to go down, the shutdown delay included; nothing: it did not.
std::optional<std::chrono::nanoseconds> StopBegin(const History& history);

// Where the time of a node went, of a start or of a stop. The three parts add up to the whole.
struct NodeTimes {
  Row row = kNoRow;
  // Of a start: from each launch on. Of a stop: while its threads were ending, its handler was
  // asked, or its destructor ran.
  std::chrono::nanoseconds own = {};
  std::chrono::nanoseconds waiting = {};      // for its dependencies, or for its dependents' ends
  std::chrono::nanoseconds backing_off = {};  // between the failures of its start
  std::size_t launches = 0;                   // until it was ready; of a stop 0
  bool is_over = false;                       // it was ready, or had ended
  std::chrono::nanoseconds total() const { return own + waiting + backing_off; }
};

// Of each of `rows`: from the beginning, or when it was added, until it was first ready; or, if it
// never was, until it ended or the journal does. The longest own time first.
std::vector<NodeTimes> StartTimes(const History& history, const std::vector<Row>& rows);

// Of each of `rows` that had not ended before: from StopBegin until it had ended, or the journal
// ends. The longest own time first.
std::vector<NodeTimes> StopTimes(const History& history, const std::vector<Row>& rows);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_HISTORY_CHAIN_H_
