// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_HISTORY_CAUSES_H_
#define STEMMA_TOOLS_HISTORY_CAUSES_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "stemma/supervisor/node_state.h"
#include "stemma/tools/history/explanation.h"
#include "stemma/tools/history/history.h"

namespace stemma::tools {

// Something that was done to a node: why, to which one, towards which state, when.
struct Deed {
  Why why = {};
  Row row = kNoRow;
  NodeState state = NodeState::kWaiting;
  Instant at = {};
};

// That the node came into the state of that span.
inline Deed DeedOf(Row row, const Span& span) {
  return {.why = span.why, .row = row, .state = span.state, .at = {span.begin, span.line}};
}

// Follows causes to their root, and appends a link to a chain for each of them.
//
// Each step goes to an earlier line of the journal, or, on the same line, from a dependent to its
// dependency; so it ends.
//
// Lifetime: of both arguments. Thread safety: none; one thread.
class Causes {
 public:
  Causes(const History& history, std::vector<Reason>& chain) : history_(history), chain_(chain) {}

  // These end the chain, with a root.
  void Follow(Deed deed);
  void TellCompletion(Row row, Incarnation incarnation, const std::string& more = "");
  bool TellAddition(Row row);  // false, and tells nothing: it was there from the beginning
  void TellMissing(Row row, std::chrono::nanoseconds at);  // the journal does not tell
  // Appends one link.
  void Because(Reason::Kind kind, Row row, Incarnation incarnation, std::chrono::nanoseconds at,
               std::string text);

 private:
  const NodeHistory& Node(Row row) const { return history_[row]; }
  std::string Name(Row row, Incarnation incarnation = 0) const;

  // Restarts that came to something else.
  const Moment* RefusalOf(const Deed& deed) const;
  void TellRefusal(const Moment& refusal, Deed& deed);
  // Failures.
  void FollowFailure(const Deed& deed, bool is_refused);
  void TellVerdict(const FailureRecord& failure, const std::string& effect);
  void TellNestedSpinHalt(const Deed& deed);
  // Restarts that others follow (S6).
  Instant FirstOf(const Deed& deed) const;
  std::optional<Deed> FollowDependencies(const Deed& deed);
  void TellFollowing(Row row, Row dependency, Instant at);
  std::optional<Deed> RestartOf(Row row, Instant at) const;
  // What comes from outside.
  void FollowCompletion(const Deed& deed);
  void TellRequest(Reason::Kind kind, const Deed& deed, const std::string& text);
  void TellCommand(const Deed& deed);
  void TellCommandOf(const Moment& moment);

  const History& history_;
  std::vector<Reason>& chain_;
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_HISTORY_CAUSES_H_
