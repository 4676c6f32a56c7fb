// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_HISTORY_EXPLANATION_H_
#define STEMMA_TOOLS_HISTORY_EXPLANATION_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/tools/history/history.h"

namespace stemma::tools {

// One link in a chain of causes.
struct Reason {
  enum class Kind : std::uint8_t {
    kState,              // what is to be explained: a node is in a state
    kWaits,              // it waits for others
    kDependencyReady,    // the last thing that it waited for
    kAbandoned,          // it did not end in time
    kVerdict,            // what a handler answered
    kRestartRefused,     // and why it came to something else
    kDependencyRestart,  // a dependency got a fresh incarnation
    kShutdownDeadline,   // the time for the whole stop was over
    // Roots: what nobody decided, but came from outside.
    kFailure,
    kCompletion,  // a node ended by itself
    kCommand,     // an operator's
    kStopRequest,
    kInterrupt,
    kTerminate,
    kBegin,    // the run began
    kMissing,  // the journal does not tell: a gap, or its end came first
  };
  Kind kind = Kind::kState;
  Row row = kNoRow;  // kNoRow: no node in particular
  Incarnation incarnation = 0;
  std::chrono::nanoseconds at = {};
  std::string text = {};  // a sentence without its full stop, in which a name begins it
};

// True for those that end a chain.
constexpr bool IsRoot(Reason::Kind kind) { return kind >= Reason::Kind::kFailure; }

// The kind in a word or two, for programs: "dependency restart".
std::string_view ToString(Reason::Kind kind);

// Why a node is, or was, in the state that it is in.
struct Explanation {
  Row row = kNoRow;
  Span span = {};                       // what is explained
  bool is_current = false;              // it is the last that the journal tells
  std::vector<Reason> chain = {};       // from the state to its root; never empty
  std::vector<std::string> notes = {};  // what else is worth knowing, a sentence each
};

// For people: a sentence on each line, "because ..." from the second.
std::string TextOf(const Explanation& explanation);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_HISTORY_EXPLANATION_H_
