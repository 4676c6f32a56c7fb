// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/history/causes.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/lifecycle/restart_policy.h"
#include "stemma/supervisor/journal_words.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/history/reach.h"
#include "stemma/tools/history/words.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;
using Kind = Reason::Kind;

template <class Enum>
std::string Word(Enum value) {
  return std::string(FormOf(value).word);
}

// What a node was doing, or not doing, when something was decided about it.
bool IsGoingDown(NodeState state) {
  return state == NodeState::kStopping || state == NodeState::kStopped ||
         state == NodeState::kFailed || state == NodeState::kAbandoned;
}

}  // namespace

std::string Causes::Name(Row row, Incarnation incarnation) const {
  return row == kNoRow ? "a node that has been removed" : Subject(Node(row), incarnation);
}

void Causes::Because(Kind kind, Row row, Incarnation incarnation, nanoseconds at,
                     std::string text) {
  chain_.push_back({kind, row, incarnation, at, std::move(text)});
}

void Causes::Follow(Deed deed) {
  // Each step goes to an earlier time, or from a dependent to its dependency.
  for (std::size_t steps = 0; steps <= history_.rows().size(); ++steps) {
    const Moment* const refusal = RefusalOf(deed);
    if (refusal != nullptr) TellRefusal(*refusal, deed);
    switch (deed.why.kind) {
      case Cause::Kind::kFailure:
        return FollowFailure(deed, refusal != nullptr);
      case Cause::Kind::kStopRequest:
        return TellRequest(Kind::kStopRequest, deed,
                           history_.options().nested
                               ? "a stop was requested, by the outer supervisor or by RequestStop"
                               : "a stop was requested");
      case Cause::Kind::kInterrupt:
        return TellRequest(Kind::kInterrupt, deed, "the process got SIGINT");
      case Cause::Kind::kTerminate:
        return TellRequest(Kind::kTerminate, deed, "the process got SIGTERM");
      case Cause::Kind::kCompletion:
        return FollowCompletion(deed);
      case Cause::Kind::kOperator:
        return TellCommand(deed);
      case Cause::Kind::kShutdownDeadline: {
        Because(Kind::kShutdownDeadline, kNoRow, 0, deed.at.at,
                absl::StrCat("the time for the whole stop was over at ", SecondsText(deed.at.at),
                             " (shutdown_deadline is ",
                             ManifestDuration(history_.options().shutdown_deadline), ")"));
        const Moment* const stopping = history_.First(Moment::Kind::kStopping);
        if (stopping == nullptr) return TellMissing(deed.row, deed.at.at);
        deed.why = stopping->why;
        deed.at = {stopping->at, stopping->line};
        break;
      }
      case Cause::Kind::kDependencyRestart: {
        const std::optional<Deed> restart = FollowDependencies(deed);
        if (!restart.has_value()) return TellMissing(deed.why.row, deed.at.at);
        deed = *restart;
        break;
      }
      case Cause::Kind::kNone:
        return TellMissing(deed.row, deed.at.at);
    }
  }
  TellMissing(deed.row, deed.at.at);
}

// The refusal of a restart that came to this deed instead; null: it is none of that kind.
const Moment* Causes::RefusalOf(const Deed& deed) const {
  if (deed.why.verdict == ErrorHandlingBehavior::kRestart) return nullptr;
  const Moment* found = nullptr;
  for (const Moment& moment : history_.moments()) {
    if (moment.line > deed.at.line) break;
    if (moment.kind != Moment::Kind::kRestartRefused) continue;
    if (moment.why.kind == deed.why.kind && moment.why.row == deed.why.row &&
        moment.why.incarnation == deed.why.incarnation && moment.verdict == deed.why.verdict) {
      found = &moment;
    }
  }
  return found;
}

// Then it is about the restart that was refused.
void Causes::TellRefusal(const Moment& refusal, Deed& deed) {
  const RestartPolicy& policy = Node(refusal.row).policy.restart;
  const bool is_left = history_.After(refusal.row, refusal.line).state == NodeState::kAbandoned;
  const std::string reason =
      is_left ? "it was left behind"
      : refusal.refusal == Refusal::kOverLimit
          ? absl::StrCat("at most ", policy.max_restarts, " in ", ManifestDuration(policy.window))
          : "what was left behind may use it";
  Because(Kind::kRestartRefused, refusal.row, refusal.incarnation, refusal.at,
          absl::StrCat("the restart of ", Name(refusal.row, refusal.incarnation),
                       " was refused at ", SecondsText(refusal.at), " (", reason,
                       "): ", ReachText(history_, refusal.verdict, deed.row, refusal.row)));
  deed = {.why = deed.why,
          .row = refusal.row,
          .state = NodeState::kWaiting,  // that is what it was to come to
          .at = {refusal.at, refusal.line}};
  deed.why.verdict = ErrorHandlingBehavior::kRestart;
}

void Causes::FollowFailure(const Deed& deed, bool is_refused) {
  const Why& why = deed.why;
  if (why.row == kNoRow) return TellMissing(why.row, deed.at.at);
  const FailureRecord* const failure = history_.FailureOf(why.incarnation);
  // S18: a spin halt of a nested supervisor counts even when the incarnation has ended, or has
  // failed and was judged before.
  const bool is_halt = why.verdict == ErrorHandlingBehavior::kSpinHalt;
  if (failure == nullptr || (is_halt && failure->verdict != why.verdict)) {
    return TellNestedSpinHalt(deed);
  }
  if (failure->verdict.has_value() && failure->verdict_line <= deed.at.line) {
    TellVerdict(*failure, is_refused ? Word(*failure->verdict)
                                     : ReachText(history_, *failure->verdict, deed.row, why.row));
  }
  Because(Kind::kFailure, why.row, why.incarnation, failure->at,
          absl::StrCat(Name(why.row, why.incarnation), " failed at ", SecondsText(failure->at), " ",
                       FailureText(*failure, Node(why.row).policy)));
}

void Causes::TellVerdict(const FailureRecord& failure, const std::string& effect) {
  std::string text =
      absl::StrCat("the handler of ", Name(failure.row), " ",
                   failure.is_fault ? "counts as having answered " : "answered ", effect);
  if (failure.thrown.has_value()) {
    absl::StrAppend(&text, "; it threw: ", DetailText(*failure.thrown));
  } else if (failure.is_fault) {
    text += "; it gave no verdict, or none in time";
  }
  Because(Kind::kVerdict, failure.row, failure.incarnation, failure.verdict_at, std::move(text));
}

void Causes::TellNestedSpinHalt(const Deed& deed) {
  const Why& why = deed.why;
  for (const std::size_t index : Node(why.row).moments) {
    const Moment& moment = history_.moments()[index];
    if (moment.kind != Moment::Kind::kSecondaryFailure) continue;
    if (moment.incarnation != why.incarnation || moment.line > deed.at.line) continue;
    return Because(Kind::kFailure, why.row, why.incarnation, moment.at,
                   absl::StrCat(Name(why.row, why.incarnation), " reported a nested spin halt at ",
                                SecondsText(moment.at), ", which stops everything"));
  }
  TellMissing(why.row, deed.at.at);
}

void Causes::TellRequest(Kind kind, const Deed& deed, const std::string& text) {
  // It may have been delayed (S11).
  nanoseconds at = deed.at.at;
  for (const Moment& moment : history_.moments()) {
    const bool is_stop =
        moment.kind == Moment::Kind::kStopDelayed || moment.kind == Moment::Kind::kStopping;
    if (!is_stop || moment.why.kind != deed.why.kind) continue;
    at = moment.at;
    break;
  }
  Because(kind, kNoRow, 0, at, absl::StrCat(text, " at ", SecondsText(at)));
}

void Causes::FollowCompletion(const Deed& deed) {
  const Why& why = deed.why;
  if (why.row == kNoRow) return TellMissing(why.row, deed.at.at);
  const OnCompletion choice = Node(why.row).policy.on_completion;
  const Span& now = history_.After(why.row, deed.at.line);
  if (choice == OnCompletion::kComplete && now.state == NodeState::kAbandoned) {
    Because(Kind::kAbandoned, why.row, why.incarnation, now.begin,
            absl::StrCat(Name(why.row, why.incarnation),
                         "'s destructor did not end in time and was left behind"));
  }
  TellCompletion(why.row, why.incarnation,
                 absl::StrCat(", and its on_completion is ", std::string(ToString(choice))));
}

void Causes::TellCompletion(Row row, Incarnation incarnation, const std::string& more) {
  for (const Ending& ending : Node(row).endings) {
    if (ending.incarnation != incarnation || !ending.done.has_value()) continue;
    return Because(Kind::kCompletion, row, incarnation, ending.done->at,
                   absl::StrCat(Name(row, incarnation), " ended by itself at ",
                                SecondsText(ending.done->at), more));
  }
  TellMissing(row, history_.end());
}

// --- Restarts that others follow

// When the cause of the deed showed first at the node: as long as it ends, who it follows has not
// come back.
Instant Causes::FirstOf(const Deed& deed) const {
  Instant first = deed.at;
  for (const Span& span : Node(deed.row).spans) {
    if (span.line > deed.at.line) break;
    if (span.why.kind != deed.why.kind || span.why.row != deed.why.row ||
        span.why.incarnation != deed.why.incarnation) {
      continue;
    }
    first = {span.begin, span.line};
    break;
  }
  return first;
}

// S6: `deed` is that a node follows a dependency which is restarted, which may follow another in
// turn, and so on. Tells of each. Returns: why the last of them is restarted; nothing: the
// journal does not tell.
std::optional<Deed> Causes::FollowDependencies(const Deed& deed) {
  if (deed.why.row == kNoRow) return std::nullopt;
  const Instant at = FirstOf(deed);
  std::vector<Row> came_from(history_.rows().size(), kNoRow), found{deed.why.row};
  came_from[deed.why.row] = deed.row;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Row row = found[i];
    if (const std::optional<Deed> restart = RestartOf(row, at)) {
      std::vector<Row> followed;
      for (Row step = row; step != deed.row; step = came_from[step]) followed.push_back(step);
      for (auto step = followed.rbegin(); step != followed.rend(); ++step) {
        TellFollowing(came_from[*step], *step, at);
      }
      return restart;
    }
    if (Node(row).policy.on_dependency_restart != OnDependencyRestart::kRestart) continue;
    for (const Row other : Node(row).dependencies) {
      if (came_from[other] != kNoRow) continue;
      came_from[other] = row;
      found.push_back(other);
    }
  }
  return std::nullopt;
}

void Causes::TellFollowing(Row row, Row dependency, Instant at) {
  const Incarnation incarnation = history_.After(dependency, at.line).incarnation;
  Because(Kind::kDependencyRestart, dependency, incarnation, at.at,
          absl::StrCat(Name(row), " is restarted whenever its dependency ", Name(dependency),
                       " is (on_dependency_restart), and ", Name(dependency, incarnation), " was"));
}

// Why the node is restarted, other than because it follows another. Who is followed is told to end
// only when its followers have; until then, nothing but a command shows.
std::optional<Deed> Causes::RestartOf(Row row, Instant at) const {
  const Span& now = history_.After(row, at.line);
  std::optional<Deed> ending;
  const std::vector<Span>& spans = Node(row).spans;
  for (auto span = spans.begin() + (&now - spans.data()) + 1; span != spans.begin();) {
    --span;
    if (span->incarnation != now.incarnation) break;
    if (span->why.kind == Cause::Kind::kNone) continue;
    ending = DeedOf(row, *span);
    const bool comes_back = span->why.verdict == ErrorHandlingBehavior::kRestart &&
                            span->why.kind != Cause::Kind::kOperator;
    if (comes_back) return ending;
    break;
  }
  // What was to end for good has been started again, itself or for a descendant.
  const Moment* command = nullptr;
  for (const Moment& moment : history_.moments()) {
    if (moment.line > at.line) break;
    if (moment.line < now.line || moment.kind != Moment::Kind::kCommand ||
        moment.refusal != Refusal::kNone || moment.row == kNoRow) {
      continue;
    }
    const bool restarts = moment.input == Input::Kind::kRestartNode;
    const bool starts = restarts || moment.input == Input::Kind::kStartNode;
    if (moment.row == row ? restarts || (starts && ending.has_value())
                          : starts && ending.has_value() && IsAncestor(history_, row, moment.row)) {
      command = &moment;
    }
  }
  if (command == nullptr) return ending;
  return Deed{.why = {.kind = Cause::Kind::kOperator, .row = command->row},
              .row = row,
              .at = {command->at, command->line}};
}

// --- Roots

// The last command, up to then, that can have brought the state about: about the node, if that
// is still known.
void Causes::TellCommand(const Deed& deed) {
  const Row about = deed.why.row;
  const bool is_down = IsGoingDown(deed.state);
  const Moment *fitting = nullptr, *any = nullptr;
  for (const Moment& moment : history_.moments()) {
    if (moment.line > deed.at.line) break;
    if (moment.row == kNoRow || (about != kNoRow && moment.row != about)) continue;
    const bool is_added = moment.kind == Moment::Kind::kAdded;
    const bool is_command =
        moment.kind == Moment::Kind::kCommand && moment.refusal == Refusal::kNone;
    if (!is_added && !is_command) continue;
    any = &moment;
    const bool stops = is_command && moment.input != Input::Kind::kStartNode;
    const bool starts = is_command && (moment.input == Input::Kind::kStartNode ||
                                       moment.input == Input::Kind::kRestartNode);
    // Who is added where a dependency is down is down from the first.
    const bool is_born_down = is_added && moment.row == deed.row && moment.line == deed.at.line;
    if (is_down ? stops || is_born_down : starts) fitting = &moment;
  }
  const Moment* const command = fitting != nullptr ? fitting : any;
  if (command == nullptr) {
    return Because(Kind::kCommand, about, 0, deed.at.at,
                   about == kNoRow ? "an operator gave a command"
                                   : "an operator gave a command about " + Name(about));
  }
  TellCommandOf(*command);
}

bool Causes::TellAddition(Row row) {
  for (const std::size_t index : Node(row).moments) {
    const Moment& moment = history_.moments()[index];
    if (moment.kind != Moment::Kind::kAdded) continue;
    TellCommandOf(moment);
    return true;
  }
  return false;
}

void Causes::TellCommandOf(const Moment& moment) {
  const bool is_added = moment.kind == Moment::Kind::kAdded;
  Because(Kind::kCommand, moment.row, 0, moment.at,
          absl::StrCat("an operator gave the command '",
                       Word(is_added ? Input::Kind::kAddNode : moment.input), "' for ",
                       Name(moment.row), " at ", SecondsText(moment.at)));
}

void Causes::TellMissing(Row row, nanoseconds at) {
  Because(Kind::kMissing, row, 0, at,
          history_.has_gap() ? "of something in the part of the journal that is missing"
                             : "of something that the journal does not tell");
}

}  // namespace stemma::tools
