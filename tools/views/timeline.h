// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_TIMELINE_H_
#define STEMMA_TOOLS_VIEWS_TIMELINE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/supervisor/journal.h"

namespace stemma::tools {

// A journal for people to read. Every line that is made here ends with a newline, and is safe to
// show on a terminal, whatever the names and messages are.
//
// Thread safety: none; one thread at a time.
class Timeline {
 public:
  explicit Timeline(const JournalHeader& header);

  // "4 nodes, begun 2026-01-31T12:00:00.5+00:00"
  std::string Title() const;

  // The time since the beginning and the input, and below each thing that was decided:
  //
  //      0.001234  db#1 ready
  //                db#1: starting -> ready
  std::string Show(const JournalEntry& entry);

  // In place of lines that got lost.
  std::string ShowGap(std::uint64_t lost) const;

  // The states that the nodes are in after all that was shown, one line for each.
  std::string States() const;

  // What happened: "db#1 failed (Thrown): DATA_LOSS: checksum mismatch [db.cc:81]"
  std::string Describe(const JournalEntry& entry) const;

  // "launch db#1", "db#1: ready -> deciding <- failure of db#1"
  std::string Describe(const Action& action) const;

  // "failure of db#1, verdict stop"; empty if there is none.
  std::string Describe(const Cause& cause) const;

  // The name of a node, which commands may change. Nothing for an id that is no node's.
  std::optional<std::string_view> NameOf(NodeId node) const { return names_.Of(node); }

  // What Show does without showing it. Calls `visit` for each of the entry's actions, in order, at
  // the moment when the names are those with which the action is to be described.
  void Follow(const JournalEntry& entry, const std::function<void(const Action&)>& visit);

 private:
  struct Status {
    NodeState state = NodeState::kWaiting;
    Incarnation incarnation = 0;
    std::chrono::nanoseconds since = {};
  };

  void Follow(const Action& action, std::chrono::nanoseconds at);
  std::string Subject(NodeId node, Incarnation incarnation) const;
  std::string Describe(const Input& input) const;
  std::string Because(const Cause& cause) const;  // with an arrow
  std::string SecondsSinceBeginning(std::chrono::nanoseconds at) const;

  JournalNames names_;
  const std::string title_;
  const std::chrono::nanoseconds beginning_;
  std::vector<Status> statuses_;  // by node
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_TIMELINE_H_
