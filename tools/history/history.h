// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_HISTORY_HISTORY_H_
#define STEMMA_TOOLS_HISTORY_HISTORY_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "stemma/supervisor/journal.h"
#include "stemma/tools/sources/journal_reader.h"

namespace stemma::tools {

// A node in a journal, for as long as it is one: its place among History::rows(). Ids of nodes
// change when another node is removed (S24), rows do not; a name that is added again is another
// row.
using Row = std::size_t;
inline constexpr Row kNoRow = std::numeric_limits<Row>::max();

// Why something happened: a Cause, whose node is a row.
struct Why {
  Cause::Kind kind = Cause::Kind::kNone;
  ErrorHandlingBehavior verdict = ErrorHandlingBehavior::kRestart;
  Row row = kNoRow;
  Incarnation incarnation = 0;
};

// For how long a node was in a state.
struct Span {
  NodeState state = NodeState::kWaiting;
  Incarnation incarnation = 0;          // the current one, or the last; 0: not launched yet
  std::chrono::nanoseconds begin = {};  // since the beginning of the run, as all times here
  std::chrono::nanoseconds end = {};    // or what the journal ends with
  Why why = {};
  std::size_t line = 0;  // the transition's, of the journal's entries from 1
};

// The first failure of an incarnation, and what was made of it.
struct FailureRecord {
  Row row = kNoRow;
  Incarnation incarnation = 0;
  std::chrono::nanoseconds at = {};
  FailureKind kind = FailureKind::kThrown;
  std::optional<FailureDetail> detail = {};  // nothing: the engine has found it, a timeout say
  std::size_t line = 0;
  // What its handler answered, or is counted as having answered; nothing: not yet.
  std::optional<ErrorHandlingBehavior> verdict = {};
  std::chrono::nanoseconds verdict_at = {};
  std::size_t verdict_line = 0;
  bool is_fault = false;  // the handler threw, was silent, or answered no verdict (S9)
  std::optional<FailureDetail> thrown = {};  // what it threw
};

// When something was: a time, and a line of the journal's entries, from 1.
struct Instant {
  std::chrono::nanoseconds at = {};
  std::size_t line = 0;
};

// The way out of an incarnation: first its threads end, then its instance. Nothing: not yet.
struct Ending {
  Incarnation incarnation = 0;
  std::optional<Instant> asked = {};       // to stop, or it failed; nothing: it ended by itself
  std::optional<Instant> done = {};        // all its threads have ended
  std::optional<Instant> destroying = {};  // its destructor was called
  std::optional<Instant> gone = {};        // there is no instance any more, or it was left behind
};

// Something that is of one moment.
struct Moment {
  enum class Kind : std::uint8_t {
    kFailure,         // index: into failures()
    kVerdict,         // index: into failures()
    kRestartRefused,  // verdict: what comes instead; refusal: why
    kSecondaryFailure,
    kStuck,
    kLateEnd,
    kAllReady,
    kStopDelayed,
    kStopping,
    kStopIgnored,
    kSpinHaltAnnounced,
    kCommand,  // input: which; refusal: the answer
    kAdded,
    kRemoved,
    kGap,  // index: how many lines are missing
    kFinish,
  };
  Kind kind = Kind::kFailure;
  Row row = kNoRow;
  Incarnation incarnation = 0;
  std::chrono::nanoseconds at = {};
  Why why = {};
  ErrorHandlingBehavior verdict = ErrorHandlingBehavior::kRestart;
  Input::Kind input = Input::Kind::kTick;
  Refusal refusal = Refusal::kNone;
  std::size_t index = 0;
  std::size_t line = 0;  // of the journal's entries, from 1
};

// Everything that a journal tells of a node.
struct NodeHistory {
  std::string name = {};
  NodePolicy policy = {};
  std::vector<Row> dependencies = {}, soft_dependencies = {};  // as they were when it was declared
  std::vector<Row> dependents = {}, soft_dependents = {};
  std::chrono::nanoseconds added = {};                   // 0: it was declared
  std::optional<std::chrono::nanoseconds> removed = {};  // by a command (S24)
  std::vector<Span> spans = {};  // in order, without holes; the first one begins with `added`
  std::vector<std::size_t> moments = {};  // those of this row, in order
  std::vector<Ending> endings = {};       // one for each incarnation, in order

  const Span& last() const { return spans.back(); }
};

// A run, told by node instead of by time: which state each was in and when, why, what failed, what
// was decided. Nothing is decided again: it is what the journal says.
//
// Past a gap it is a guess, for what is missing there is not known.
//
// Cost: each line as much as its decisions, a removal as much as there are nodes. Thread safety:
// const methods from any thread.
class History {
 public:
  explicit History(const JournalHeader& header);

  // REQUIRES: the next line.
  void Add(const JournalLine& line);
  void Add(const JournalEntry& entry);
  // After the last line.
  void Close();

  const std::vector<NodeHistory>& rows() const { return rows_; }
  const NodeHistory& operator[](Row row) const { return rows_[row]; }
  // The node of that name: one that still is a node if there is one, else the last to have been.
  std::optional<Row> Find(std::string_view name) const;

  const std::vector<FailureRecord>& failures() const { return failures_; }
  // Of that incarnation; null: it has not failed.
  const FailureRecord* FailureOf(Incarnation incarnation) const;
  const std::vector<Moment>& moments() const { return moments_; }  // in order
  // The first of this kind; null: none.
  const Moment* First(Moment::Kind kind) const;
  // The span that the node is in at that time: of several that begin then, the last.
  const Span& At(Row row, std::chrono::nanoseconds at) const;
  // The same after that line, which tells apart what happened at the same time.
  const Span& After(Row row, std::size_t line) const;

  std::chrono::nanoseconds begin() const { return begin_; }  // of the engine; after the header's
  std::size_t begin_line() const { return begin_line_; }     // 0: it has not begun
  std::chrono::nanoseconds end() const { return end_; }      // the last line's
  const EngineOptions& options() const { return options_; }
  std::optional<std::chrono::system_clock::time_point> wall() const { return wall_; }
  std::size_t lines() const { return lines_; }  // entries
  bool is_finished() const { return is_finished_; }
  bool is_torn() const { return is_torn_; }
  bool has_gap() const { return has_gap_; }

 private:
  Row RowOf(NodeId id) const { return id < ids_.size() ? ids_[id] : kNoRow; }
  Why WhyOf(const Cause& cause) const;
  void Declare(const DependencyGraph::Declaration& declaration, const NodePolicy& policy,
               std::chrono::nanoseconds at);
  void Connect(Row row, const DependencyGraph::Declaration& declaration);
  void Note(Moment moment);
  Instant Now() const { return {now_, lines_}; }
  Ending* EndingOf(Incarnation incarnation);  // null: of no launch that the journal tells
  void TakeInput(const JournalEntry& entry);
  void Take(const JournalEntry& entry, const Action& action);
  void TakeEvent(const EngineEvent& event);

  std::chrono::nanoseconds zero_;  // of the engine's clock
  EngineOptions options_;
  std::optional<std::chrono::system_clock::time_point> wall_;
  std::vector<NodeHistory> rows_;
  std::vector<Row> ids_;  // by the engine's id
  std::map<std::string, Row, std::less<>> by_name_;
  std::unordered_map<Incarnation, Row> launched_;
  std::vector<FailureRecord> failures_;
  std::unordered_map<Incarnation, std::size_t> failure_of_;  // into failures_
  std::vector<Moment> moments_;
  std::chrono::nanoseconds begin_ = {}, end_ = {}, now_ = {};
  std::size_t begin_line_ = 0, lines_ = 0;
  bool is_finished_ = false, is_torn_ = false, has_gap_ = false;
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_HISTORY_HISTORY_H_
