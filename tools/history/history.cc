// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/history/history.h"

#include <algorithm>
#include <utility>

#include "stemma/supervisor/node_state.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;

bool IsCommand(Input::Kind kind) {
  return kind >= Input::Kind::kStopNode && kind <= Input::Kind::kRemoveNode;
}

// A completed node may have one still; what waits, or has otherwise ended, has none.
bool MayHaveInstance(NodeState state) {
  return state != NodeState::kWaiting && state != NodeState::kBackingOff &&
         (!IsTerminal(state) || state == NodeState::kCompleted);
}

std::optional<Moment::Kind> MomentOf(EngineEvent::Kind kind) {
  switch (kind) {
    case EngineEvent::Kind::kVerdict:
      return Moment::Kind::kVerdict;
    case EngineEvent::Kind::kRestartRefused:
      return Moment::Kind::kRestartRefused;
    case EngineEvent::Kind::kSecondaryFailure:
      return Moment::Kind::kSecondaryFailure;
    case EngineEvent::Kind::kStuck:
      return Moment::Kind::kStuck;
    case EngineEvent::Kind::kLateEnd:
      return Moment::Kind::kLateEnd;
    case EngineEvent::Kind::kAllReady:
      return Moment::Kind::kAllReady;
    case EngineEvent::Kind::kStopDelayed:
      return Moment::Kind::kStopDelayed;
    case EngineEvent::Kind::kStopping:
      return Moment::Kind::kStopping;
    case EngineEvent::Kind::kStopIgnored:
      return Moment::Kind::kStopIgnored;
    default:
      return std::nullopt;
  }
}

}  // namespace

History::History(const JournalHeader& header)
    : zero_(header.at), options_(header.options), wall_(header.wall) {
  for (std::size_t i = 0; i < header.declarations.size(); ++i) {
    Declare(header.declarations[i], header.policies[i], {});
  }
  for (Row row = 0; row < rows_.size(); ++row) Connect(row, header.declarations[row]);
}

void History::Declare(const DependencyGraph::Declaration& declaration, const NodePolicy& policy,
                      nanoseconds at) {
  const Row row = rows_.size();
  rows_.push_back({.name = declaration.name, .policy = policy, .added = at});
  rows_.back().spans.push_back({.begin = at, .end = at, .line = lines_});
  ids_.push_back(row);
  by_name_.insert_or_assign(declaration.name, row);
}

void History::Connect(Row row, const DependencyGraph::Declaration& declaration) {
  const auto connect = [&](const std::vector<std::string>& names, auto dependencies,
                           auto dependents) {
    for (const std::string& name : names) {
      const auto other = by_name_.find(name);
      if (other == by_name_.end()) continue;  // of a journal that nobody has verified
      (rows_[row].*dependencies).push_back(other->second);
      (rows_[other->second].*dependents).push_back(row);
    }
  };
  connect(declaration.dependencies, &NodeHistory::dependencies, &NodeHistory::dependents);
  connect(declaration.soft_dependencies, &NodeHistory::soft_dependencies,
          &NodeHistory::soft_dependents);
}

Why History::WhyOf(const Cause& cause) const {
  Why why{.kind = cause.kind,
          .verdict = cause.verdict,
          .row = RowOf(cause.node),
          .incarnation = cause.incarnation};
  if (why.row == kNoRow) {  // the node has been removed since; its incarnation is still known
    const auto launched = launched_.find(cause.incarnation);
    if (launched != launched_.end()) why.row = launched->second;
  }
  return why;
}

void History::Note(Moment moment) {
  moment.at = now_;
  moment.line = lines_;
  if (moment.row != kNoRow) rows_[moment.row].moments.push_back(moments_.size());
  moments_.push_back(moment);
}

void History::Add(const JournalLine& line) {
  switch (line.kind) {
    case JournalLine::Kind::kEntry:
      return Add(line.entry);
    case JournalLine::Kind::kGap:
      has_gap_ = true;
      return Note({.kind = Moment::Kind::kGap, .index = static_cast<std::size_t>(line.lost)});
    case JournalLine::Kind::kAdded:  // when that was, nobody knows: by the time before it
      for (const Action& action : line.entry.actions) Take(line.entry, action);
      return;
    case JournalLine::Kind::kTorn:
      is_torn_ = true;
      return;
  }
}

void History::Add(const JournalEntry& entry) {
  now_ = end_ = entry.at - zero_;
  ++lines_;
  TakeInput(entry);
  for (const Action& action : entry.actions) Take(entry, action);
}

void History::TakeInput(const JournalEntry& entry) {
  const Incarnation incarnation = entry.input.incarnation;
  switch (entry.input.kind) {
    case Input::Kind::kBegin:
      begin_ = now_;
      begin_line_ = lines_;
      return;
    case Input::Kind::kHandlerThrew: {
      const auto failure = failure_of_.find(incarnation);
      if (failure != failure_of_.end()) failures_[failure->second].thrown = entry.detail;
      return;
    }
    case Input::Kind::kDone:
      if (Ending* const ending = EndingOf(incarnation); ending != nullptr && !ending->gone) {
        if (!ending->done) ending->done = Now();
      }
      return;
    case Input::Kind::kGone:
      if (Ending* const ending = EndingOf(incarnation); ending != nullptr && !ending->gone) {
        ending->gone = Now();
      }
      return;
    default:
      return;
  }
}

Ending* History::EndingOf(Incarnation incarnation) {
  const auto launched = launched_.find(incarnation);
  if (launched == launched_.end()) return nullptr;
  std::vector<Ending>& endings = rows_[launched->second].endings;
  const auto found = std::find_if(endings.rbegin(), endings.rend(), [&](const Ending& ending) {
    return ending.incarnation == incarnation;
  });
  return found == endings.rend() ? nullptr : &*found;
}

void History::Take(const JournalEntry& entry, const Action& action) {
  switch (action.kind) {
    case Action::Kind::kPublish:
      return TakeEvent(action.event);
    case Action::Kind::kAskHandler: {
      const Row row = RowOf(action.node);
      if (row == kNoRow) return;
      FailureRecord failure{.row = row,
                            .incarnation = action.incarnation,
                            .at = now_,
                            .kind = action.failure,
                            .line = lines_};
      if (entry.input.kind == Input::Kind::kFailed &&
          entry.input.incarnation == action.incarnation) {
        failure.detail = entry.detail;
      }
      failure_of_[action.incarnation] = failures_.size();
      Note({.kind = Moment::Kind::kFailure,
            .row = row,
            .incarnation = action.incarnation,
            .index = failures_.size()});
      failures_.push_back(std::move(failure));
      return;
    }
    case Action::Kind::kRequestStop:
      if (Ending* const ending = EndingOf(action.incarnation)) ending->asked = Now();
      return;
    case Action::Kind::kDestroy:
      if (Ending* const ending = EndingOf(action.incarnation)) ending->destroying = Now();
      return;
    case Action::Kind::kLeak:
    case Action::Kind::kAbandon:
      if (Ending* const ending = EndingOf(action.incarnation)) ending->gone = Now();
      return;
    case Action::Kind::kAnswer:
      if (!IsCommand(entry.input.kind)) return;
      return Note({.kind = Moment::Kind::kCommand,
                   .row = RowOf(entry.input.node),
                   .input = entry.input.kind,
                   .refusal = action.refusal});
    case Action::Kind::kAdded:
      if (entry.input.addition == nullptr) return;
      Declare(entry.input.addition->declaration, entry.input.addition->policy, now_);
      Connect(rows_.size() - 1, entry.input.addition->declaration);
      return Note({.kind = Moment::Kind::kAdded, .row = rows_.size() - 1});
    case Action::Kind::kRemoved: {
      const Row row = RowOf(action.node);
      if (row == kNoRow) return;
      rows_[row].removed = rows_[row].spans.back().end = now_;
      ids_.erase(ids_.begin() + action.node);
      return Note({.kind = Moment::Kind::kRemoved, .row = row});
    }
    case Action::Kind::kAnnounceSpinHalt:
      return Note({.kind = Moment::Kind::kSpinHaltAnnounced, .why = WhyOf(action.cause)});
    case Action::Kind::kForceExit:
    case Action::Kind::kAbort:
    case Action::Kind::kFinish:
      if (!std::exchange(is_finished_, true)) {
        Note({.kind = Moment::Kind::kFinish, .why = WhyOf(action.cause)});
      }
      return;
    default:
      return;
  }
}

void History::TakeEvent(const EngineEvent& event) {
  const Row row = RowOf(event.node);
  if (event.kind == EngineEvent::Kind::kTransition) {
    if (row == kNoRow) return;
    std::vector<Span>& spans = rows_[row].spans;
    if (event.to == NodeState::kStarting) {
      launched_.emplace(event.incarnation, row);
      rows_[row].endings.push_back({.incarnation = event.incarnation});
    }
    if (!MayHaveInstance(event.to)) {
      Ending* const ending = EndingOf(event.incarnation);
      if (ending != nullptr && !ending->gone) ending->gone = Now();
    }
    spans.back().end = now_;
    spans.push_back({.state = event.to,
                     .incarnation = event.incarnation,
                     .begin = now_,
                     .end = now_,
                     .why = WhyOf(event.cause),
                     .line = lines_});
    return;
  }
  const auto failure = failure_of_.find(event.incarnation);
  const bool known = event.incarnation != 0 && failure != failure_of_.end();
  if (event.kind == EngineEvent::Kind::kHandlerFault) {
    if (known) failures_[failure->second].is_fault = true;
    return;
  }
  const std::optional<Moment::Kind> kind = MomentOf(event.kind);
  if (!kind.has_value()) return;
  Moment moment{.kind = *kind,
                .row = row,
                .incarnation = event.incarnation,
                .why = WhyOf(event.cause),
                .verdict = event.verdict,
                .refusal = event.refusal};
  if (*kind == Moment::Kind::kVerdict) {
    if (!known) return;  // of a failure that is missing
    moment.index = failure->second;
    failures_[failure->second].verdict = event.verdict;
    failures_[failure->second].verdict_at = now_;
    failures_[failure->second].verdict_line = lines_;
  }
  Note(moment);
}

void History::Close() {
  for (NodeHistory& row : rows_) {
    if (!row.removed.has_value()) row.spans.back().end = end_;
  }
}

std::optional<Row> History::Find(std::string_view name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

const FailureRecord* History::FailureOf(Incarnation incarnation) const {
  const auto found = failure_of_.find(incarnation);
  return found == failure_of_.end() ? nullptr : &failures_[found->second];
}

const Moment* History::First(Moment::Kind kind) const {
  const auto found = std::find_if(moments_.begin(), moments_.end(),
                                  [kind](const Moment& moment) { return moment.kind == kind; });
  return found == moments_.end() ? nullptr : &*found;
}

const Span& History::At(Row row, nanoseconds at) const {
  const std::vector<Span>& spans = rows_[row].spans;
  const auto after =
      std::upper_bound(spans.begin(), spans.end(), at,
                       [](nanoseconds time, const Span& span) { return time < span.begin; });
  return after == spans.begin() ? *after : *(after - 1);
}

const Span& History::After(Row row, std::size_t line) const {
  const std::vector<Span>& spans = rows_[row].spans;
  const auto after =
      std::upper_bound(spans.begin(), spans.end(), line,
                       [](std::size_t given, const Span& span) { return given < span.line; });
  return after == spans.begin() ? *after : *(after - 1);
}

}  // namespace stemma::tools
