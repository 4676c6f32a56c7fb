// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_JOURNAL_H_
#define STEMMA_SUPERVISOR_JOURNAL_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/supervisor/engine.h"

namespace stemma {

// The journal of a run: everything that its engine was told, when, and what it answered (S17).
//
// The engine decides by its inputs and their times alone. So the header, which has what an engine
// is made of, and the entries, which have what it was told, are enough to arrive at every decision
// again: that is a replay. A supervisor writes its journal to SupervisorOptions::journal, as text
// (docs/journal.md); `stemma replay` shows and verifies it.
//
// Everything here is a plain value, or a function of such.

inline constexpr int kJournalVersion = 1;

// What the engine of the run was made of.
struct JournalHeader {
  std::vector<DependencyGraph::Declaration> declarations = {};  // in the order of the ids
  std::vector<NodePolicy> policies = {};                        // one for each of them
  EngineOptions options = {};
  // When the run began, by the engine's clock and by the calendar: for people. Default: not known.
  std::chrono::nanoseconds at = {};
  std::optional<std::chrono::system_clock::time_point> wall = std::nullopt;
};

// The names of the nodes, which commands change during a run (S24).
class JournalNames {
 public:
  JournalNames() = default;
  explicit JournalNames(const JournalHeader& header);

  // What follows is read, or written, with the names as they are after `action`, an answer to
  // `input`; but kAdded itself has the name that it adds, and kRemoved the one that it takes away.
  void FollowBefore(const Input& input, const Action& action);
  void FollowAfter(const Action& action);

  std::size_t size() const { return names_.size(); }
  // Nothing for an id that is no node's.
  std::optional<std::string_view> Of(NodeId id) const;
  // kNoNode for a name that is no node's.
  NodeId Find(std::string_view name) const;

 private:
  std::vector<std::string> names_;  // by id
  std::map<std::string, NodeId, std::less<>> ids_;
};

// What people want to know of a failure, and the engine does not.
struct FailureDetail {
  absl::StatusCode code = absl::StatusCode::kInternal;
  std::string message = {};
  std::string worker = {};  // empty: none is to blame
  std::string file = {};    // empty: not known
  std::uint_least32_t line = 0;

  friend bool operator==(const FailureDetail&, const FailureDetail&) = default;
};

// What a journal keeps of a failure.
FailureDetail DetailOf(const Failure& failure);

// One input, and what the engine answered.
struct JournalEntry {
  std::chrono::nanoseconds at = {};  // the engine's `now`
  Input input = {};
  std::optional<FailureDetail> detail = std::nullopt;  // of kFailed and kHandlerThrew
  std::vector<Action> actions = {};
};

// Where a journal goes while it is made.
//
// Called by one thread at a time, not always the same: the one that decides, which must not be held
// up. Whatever takes time is for another thread. Must not call the supervisor and must not throw.
class JournalSink {
 public:
  virtual ~JournalSink() = default;
  // Once, first.
  virtual void Begin(const JournalHeader& header) = 0;
  // Each input that the engine has handled, in order, before the actions are performed.
  virtual void Record(const JournalEntry& entry) = 0;
};

// Returns: the header for an engine that has not been told anything yet.
JournalHeader HeaderOf(const Engine& engine);

// Where a replay decided otherwise than the journal says.
struct JournalDifference {
  std::size_t action = 0;               // which of the entry's actions, from 0
  std::optional<Action> recorded = {};  // nothing: the journal has no more
  std::optional<Action> decided = {};   // nothing: the replay has no more
};

// Decides everything again, one entry at a time.
//
// Example:
//   absl::StatusOr<stemma::Replayer> replayer = stemma::Replayer::Create(header);
//   if (!replayer.ok()) return replayer.status();
//   for (const stemma::JournalEntry& entry : entries) {
//     if (const auto difference = replayer->Next(entry)) ...
//   }
class Replayer {
 public:
  // Returns: InvalidArgument when the header's graph or number of policies is none that an engine
  // could have been made of. REQUIRES: policies that are valid by S1.
  static absl::StatusOr<Replayer> Create(const JournalHeader& header);

  // Gives the engine the entry's input, and compares what it answers with what the entry says.
  // Returns: the first difference, after which further entries say little; or nothing. REQUIRES: no
  // earlier than the entry before.
  std::optional<JournalDifference> Next(const JournalEntry& entry);

  const Engine& engine() const { return engine_; }

 private:
  explicit Replayer(Engine engine) : engine_(std::move(engine)) {}

  Engine engine_;
  std::vector<Action> actions_;  // of one entry; kept for its memory
};

// Where, in a whole journal.
struct ReplayDifference {
  std::size_t entry = 0;  // from 0
  JournalDifference difference = {};
};

// Decides a whole journal again.
// Returns: the first difference, or nothing when every decision is the same; InvalidArgument as
// Replayer::Create.
absl::StatusOr<std::optional<ReplayDifference>> Replay(const JournalHeader& header,
                                                       std::span<const JournalEntry> entries);

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_JOURNAL_H_
