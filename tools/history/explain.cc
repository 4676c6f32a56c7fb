// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/history/explain.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/lifecycle/restart_policy.h"
#include "stemma/supervisor/journal_words.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/tools/history/words.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;
using Kind = Reason::Kind;

bool IsSatisfied(NodeState state) {
  return state == NodeState::kReady || state == NodeState::kCompleted;
}

template <class Enum>
std::string Word(Enum value) {
  return std::string(FormOf(value).word);
}

// Makes one explanation.
class Explainer {
 public:
  Explainer(const History& history, Row row, std::size_t span)
      : history_(history), row_(row), span_(span) {
    explanation_.row = row;
    explanation_.span = history[row].spans[span];
    explanation_.is_current = span + 1 == history[row].spans.size();
  }

  Explanation Run() && {
    TellState();
    Place place{row_, span_, explanation_.span.begin};
    if (explanation_.is_current) place.at = history_.end();
    // Who waits is followed to whom it waits for, one node after the other.
    for (std::optional<Place> next = place; next.has_value();) next = FollowState(*next);
    TellRestarts();
    TellStop();
    return std::move(explanation_);
  }

 private:
  // A span of a node, as seen at some time.
  struct Place {
    Row row = kNoRow;
    std::size_t span = 0;
    nanoseconds at = {};
  };

  const NodeHistory& Node(Row row) const { return history_[row]; }
  std::string Name(Row row, Incarnation incarnation = 0) const {
    return row == kNoRow ? "a node that has been removed" : Subject(Node(row), incarnation);
  }

  void Because(Kind kind, Row row, Incarnation incarnation, nanoseconds at, std::string text) {
    explanation_.chain.push_back({kind, row, incarnation, at, std::move(text)});
  }
  void NoteThat(std::string text) { explanation_.notes.push_back(std::move(text)); }

  void TellState() {
    const Span& span = explanation_.span;
    const bool removed = Node(row_).removed.has_value() && explanation_.is_current;
    std::string text = Name(row_, span.incarnation);
    if (explanation_.is_current && !removed) {
      absl::StrAppend(&text, " is ", Word(span.state), " since ", SecondsText(span.begin));
    } else {
      absl::StrAppend(&text, " was ", Word(span.state), " from ", SecondsText(span.begin), " to ",
                      SecondsText(span.end));
      if (removed) text += ", when it was removed";
    }
    Because(Kind::kState, row_, span.incarnation, span.begin, std::move(text));
  }

  // Returns: where to go on; nothing: the root has been told.
  std::optional<Place> FollowState(const Place& place) {
    const Span& span = Node(place.row).spans[place.span];
    switch (span.state) {
      case NodeState::kWaiting:
        return FollowWaiting(place);
      case NodeState::kStarting:
      case NodeState::kReady:
        FollowLaunch(place);
        return std::nullopt;
      case NodeState::kCompleted:
        Because(Kind::kCompletion, place.row, span.incarnation, span.begin,
                absl::StrCat(Name(place.row, span.incarnation), " ended by itself at ",
                             SecondsText(span.begin), ", after having been ready"));
        return std::nullopt;
      case NodeState::kAbandoned:
        Because(Kind::kAbandoned, place.row, span.incarnation, span.begin,
                absl::StrCat(Name(place.row, span.incarnation), " did not end in time (its stop ",
                             "timeout is ", ManifestDuration(Node(place.row).policy.stop_timeout),
                             ") and was left behind"));
        FollowSpanWhy(place);
        return std::nullopt;
      default:
        FollowSpanWhy(place);
        return std::nullopt;
    }
  }

  std::optional<Place> FollowWaiting(const Place& place) {
    const NodeHistory& node = Node(place.row);
    const Span& span = node.spans[place.span];
    std::vector<Row> blockers;
    for (const Row dependency : node.dependencies) {
      if (!IsSatisfied(history_.At(dependency, place.at).state)) blockers.push_back(dependency);
    }
    for (const Row dependency : node.soft_dependencies) {
      const NodeState state = history_.At(dependency, place.at).state;
      if (!IsSatisfied(state) && !IsTerminal(state)) blockers.push_back(dependency);
    }
    if (blockers.empty()) {
      FollowSpanWhy(place);
      return std::nullopt;
    }
    // Who waits itself is not to blame, if anybody else is.
    const auto culprit = std::find_if(blockers.begin(), blockers.end(), [&](Row row) {
      return history_.At(row, place.at).state != NodeState::kWaiting;
    });
    const Row next = culprit == blockers.end() ? blockers.front() : *culprit;
    const Span& other = history_.At(next, place.at);
    std::vector<std::string> names;
    for (const Row row : blockers) names.push_back(Name(row));
    std::string text =
        absl::StrCat(Name(place.row, span.incarnation), " waits for ", Listed(names));
    absl::StrAppend(&text, blockers.size() == 1 ? ", which is " : "; " + Name(next) + " is ",
                    Word(other.state), " since ", SecondsText(other.begin));
    Because(Kind::kWaits, next, other.incarnation, other.begin, std::move(text));
    return Place{next, static_cast<std::size_t>(&other - Node(next).spans.data()), place.at};
  }

  // Why there is this incarnation.
  void FollowLaunch(const Place& place) {
    const NodeHistory& node = Node(place.row);
    std::size_t launch = place.span;
    const Incarnation incarnation = node.spans[launch].incarnation;
    while (launch > 0 && node.spans[launch].state != NodeState::kStarting) --launch;
    // What it was before, it was because of what ended the incarnation before, or of a command.
    for (std::size_t before = launch; before > 0; --before) {
      const Span& span = node.spans[before - 1];
      if (span.why.kind == Cause::Kind::kNone && span.state == NodeState::kWaiting) continue;
      if (span.why.kind == Cause::Kind::kNone) break;
      return FollowWhy(span.why, place.row, span.begin);
    }
    const std::optional<Place> ended =
        TellLastDependency(place.row, incarnation, node.spans[launch].begin);
    if (ended.has_value()) return FollowSpanWhy(*ended);
    if (node.added != nanoseconds::zero()) return TellCommand(place.row, node.added);
    Because(Kind::kBegin, kNoRow, 0, history_.begin(),
            absl::StrCat("the run began at ", SecondsText(history_.begin())));
  }

  // Returns: the soft dependency for whose end it was launched; nothing: it was for its readiness.
  std::optional<Place> TellLastDependency(Row row, Incarnation incarnation, nanoseconds launched) {
    const NodeHistory& node = Node(row);
    Row last = kNoRow;
    const Span* last_span = nullptr;
    const auto consider = [&](Row other) {
      const Span& span = history_.At(other, launched);
      if (last_span != nullptr && span.begin <= last_span->begin) return;
      last = other;
      last_span = &span;
    };
    for (const Row other : node.dependencies) consider(other);
    for (const Row other : node.soft_dependencies) consider(other);
    if (last_span == nullptr) return std::nullopt;
    Because(Kind::kDependencyReady, last, last_span->incarnation, last_span->begin,
            absl::StrCat(Name(row, incarnation), " was launched at ", SecondsText(launched),
                         ", when ", Name(last, last_span->incarnation), " was ",
                         Word(last_span->state), ": the last that it waited for"));
    if (IsSatisfied(last_span->state)) return std::nullopt;
    return Place{last, static_cast<std::size_t>(last_span - Node(last).spans.data()), launched};
  }

  void FollowSpanWhy(const Place& place) {
    const NodeHistory& node = Node(place.row);
    for (std::size_t i = place.span + 1; i > 0; --i) {
      const Span& span = node.spans[i - 1];
      if (span.why.kind != Cause::Kind::kNone) return FollowWhy(span.why, place.row, span.begin);
      if (span.state == NodeState::kCompleted) {
        return Because(Kind::kCompletion, place.row, span.incarnation, span.begin,
                       absl::StrCat(Name(place.row, span.incarnation), " had ended by itself at ",
                                    SecondsText(span.begin)));
      }
      if (span.incarnation != node.spans[place.span].incarnation) break;
    }
    if (node.added != nanoseconds::zero()) return TellCommand(place.row, node.added);
    if (history_.begin() >= place.at || history_.lines() == 0) {
      return Because(Kind::kBegin, kNoRow, 0, history_.begin(), "the run has just begun");
    }
    TellMissing(place.row, place.at);
  }

  // `row`: whom it happened to, `at`: when.
  void FollowWhy(Why why, Row row, nanoseconds at) {
    // Each step goes to an earlier time, or from a dependent to its dependency.
    for (std::size_t steps = 0; steps <= history_.rows().size(); ++steps) {
      switch (why.kind) {
        case Cause::Kind::kFailure:
          return FollowFailure(why, row, at);
        case Cause::Kind::kStopRequest:
          return TellRequest(Kind::kStopRequest,
                             history_.options().nested
                                 ? "a stop was requested, by the outer supervisor or by RequestStop"
                                 : "a stop was requested",
                             at);
        case Cause::Kind::kInterrupt:
          return TellRequest(Kind::kInterrupt, "the process got SIGINT", at);
        case Cause::Kind::kTerminate:
          return TellRequest(Kind::kTerminate, "the process got SIGTERM", at);
        case Cause::Kind::kCompletion:
          return TellCompletion(why, at);
        case Cause::Kind::kOperator:
          return TellCommand(why.row, at);
        case Cause::Kind::kShutdownDeadline: {
          Because(Kind::kShutdownDeadline, kNoRow, 0, at,
                  absl::StrCat("the time for the whole stop was over at ", SecondsText(at),
                               " (shutdown_deadline is ",
                               ManifestDuration(history_.options().shutdown_deadline), ")"));
          const Moment* const stopping = history_.First(Moment::Kind::kStopping);
          if (stopping == nullptr) return TellMissing(row, at);
          why = stopping->why;
          at = stopping->at;
          break;
        }
        case Cause::Kind::kDependencyRestart: {
          if (why.row == kNoRow) return TellMissing(row, at);
          Because(Kind::kDependencyRestart, why.row, why.incarnation, at,
                  absl::StrCat(Name(row), " is restarted whenever its dependency ", Name(why.row),
                               " is (on_dependency_restart), and ", Name(why.row, why.incarnation),
                               " was"));
          const std::optional<Place> end = RestartOf(why.row, why.incarnation, at);
          if (!end.has_value()) return TellCommandOrMissing(why.row, at);
          row = end->row;
          at = end->at;
          why = Node(row).spans[end->span].why;
          break;
        }
        case Cause::Kind::kNone:
          return TellMissing(row, at);
      }
    }
    TellMissing(row, at);
  }

  // The span with which the incarnation begins to end; nothing: the journal does not tell.
  std::optional<Place> EndOf(Row row, Incarnation incarnation) const {
    const std::vector<Span>& spans = Node(row).spans;
    const auto end = std::find_if(spans.begin(), spans.end(), [&](const Span& span) {
      return span.incarnation == incarnation && span.why.kind != Cause::Kind::kNone;
    });
    if (end == spans.end()) return std::nullopt;
    return Place{row, static_cast<std::size_t>(end - spans.begin()), end->begin};
  }

  // What had the node restarted by that time. Who follows its dependency is told to end only after
  // its own followers have: until then, only that dependency, or one of which it is a follower in
  // turn, shows why.
  std::optional<Place> RestartOf(Row row, Incarnation incarnation, nanoseconds at) const {
    const std::optional<Place> own = EndOf(row, incarnation);
    if (own.has_value() && own->at <= at) return own;
    std::vector<bool> seen(history_.rows().size());
    std::vector<Row> followers{row};
    for (std::size_t i = 0; i < followers.size(); ++i) {
      const NodeHistory& node = Node(followers[i]);
      if (WasRestarted(followers[i], at)) return std::nullopt;
      if (node.policy.on_dependency_restart != OnDependencyRestart::kRestart) continue;
      for (const Row other : node.dependencies) {
        if (seen[other]) continue;
        seen[other] = true;
        const std::optional<Place> end = EndOf(other, history_.At(other, at).incarnation);
        if (end.has_value() && end->at <= at) return end;
        followers.push_back(other);
      }
    }
    return own;
  }

  // By an operator, and nothing came of it before `at`.
  bool WasRestarted(Row row, nanoseconds at) const {
    const nanoseconds since = history_.At(row, at).begin;
    const std::vector<std::size_t>& moments = Node(row).moments;
    return std::any_of(moments.begin(), moments.end(), [&](std::size_t index) {
      const Moment& moment = history_.moments()[index];
      return moment.kind == Moment::Kind::kCommand && moment.refusal == Refusal::kNone &&
             moment.input == Input::Kind::kRestartNode && moment.at >= since && moment.at <= at;
    });
  }

  void FollowFailure(const Why& why, Row row, nanoseconds at) {
    const FailureRecord* const failure = history_.FailureOf(why.incarnation);
    if (failure == nullptr || why.row == kNoRow) return TellMissing(why.row, at);
    const NodeHistory& node = Node(why.row);
    TellVerdict(why, *failure, row);
    Because(Kind::kFailure, why.row, why.incarnation, failure->at,
            absl::StrCat(Name(why.row, why.incarnation), " failed at ", SecondsText(failure->at),
                         " ", FailureText(*failure, node.policy)));
    for (const Row dependency : node.dependencies) {
      const Span& span = history_.At(dependency, failure->at);
      if (IsSatisfied(span.state)) continue;
      NoteThat(absl::StrCat("when ", Name(why.row), " failed, its dependency ", Name(dependency),
                            " was ", Word(span.state), " since ", SecondsText(span.begin)));
    }
  }

  void TellVerdict(const Why& why, const FailureRecord& failure, Row row) {
    if (!failure.verdict.has_value()) {
      if (row == why.row) NoteThat(absl::StrCat("its handler has not answered yet"));
      return;
    }
    const Moment* const refused = RefusalOf(why.row, why.incarnation);
    if (refused != nullptr) {
      const RestartPolicy& policy = Node(why.row).policy.restart;
      Because(Kind::kRestartRefused, why.row, why.incarnation, refused->at,
              absl::StrCat("its restart was refused at ", SecondsText(refused->at), " (at most ",
                           policy.max_restarts, " in ", ManifestDuration(policy.window),
                           ", and none while what was abandoned may use it): ",
                           Effect(refused->verdict, row, why.row)));
    }
    std::string text = absl::StrCat(
        "the handler of ", Name(why.row), " ",
        failure.is_fault ? "counts as having answered " : "answered ",
        refused == nullptr ? Effect(*failure.verdict, row, why.row) : Word(*failure.verdict));
    if (failure.thrown.has_value()) {
      absl::StrAppend(&text, "; it threw: ", DetailText(*failure.thrown));
    } else if (failure.is_fault) {
      text += "; it gave no verdict, or none in time";
    }
    Because(Kind::kVerdict, why.row, why.incarnation, failure.verdict_at, std::move(text));
  }

  const Moment* RefusalOf(Row row, Incarnation incarnation) const {
    for (const std::size_t index : Node(row).moments) {
      const Moment& moment = history_.moments()[index];
      if (moment.kind == Moment::Kind::kRestartRefused && moment.incarnation == incarnation) {
        return &moment;
      }
    }
    return nullptr;
  }

  // "stop, and api depends on db by way of cache"
  std::string Effect(ErrorHandlingBehavior verdict, Row row, Row failed) const {
    const std::string word = Word(verdict);
    switch (verdict) {
      case ErrorHandlingBehavior::kShutdown:
      case ErrorHandlingBehavior::kSpinHalt:
        return word + ", which stops everything";
      case ErrorHandlingBehavior::kStop:
      case ErrorHandlingBehavior::kStopParents:
        break;
      default:
        return word;
    }
    if (row == failed) return word;
    if (verdict == ErrorHandlingBehavior::kStop) {
      return absl::StrCat(word, ", and ", Path(row, {failed}));
    }
    const std::vector<Row> ancestors = WithAncestors(failed);
    if (std::find(ancestors.begin(), ancestors.end(), row) != ancestors.end()) {
      return absl::StrCat(word, ", and ", Path(failed, {row}));
    }
    return absl::StrCat(word, ", which takes down what ", Name(failed), " depends on, and ",
                        Path(row, ancestors));
  }

  std::vector<Row> WithAncestors(Row row) const {
    std::vector<Row> found{row};
    std::vector<bool> seen(history_.rows().size());
    seen[row] = true;
    for (std::size_t i = 0; i < found.size(); ++i) {
      for (const Row other : Node(found[i]).dependencies) {
        if (!seen[other]) found.push_back(other);
        seen[other] = true;
      }
    }
    return found;
  }

  // "api depends on db by way of cache", by the shortest way to one of `targets`.
  std::string Path(Row from, const std::vector<Row>& targets) const {
    std::vector<bool> is_target(history_.rows().size());
    for (const Row target : targets) is_target[target] = true;
    std::vector<Row> came_from(history_.rows().size(), kNoRow), queue{from};
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (const Row other : Node(queue[i]).dependencies) {
        if (other == from || came_from[other] != kNoRow) continue;
        came_from[other] = queue[i];
        if (!is_target[other]) {
          queue.push_back(other);
          continue;
        }
        std::vector<std::string> between;
        for (Row step = came_from[other]; step != from; step = came_from[step]) {
          between.push_back(Name(step));
        }
        std::reverse(between.begin(), between.end());
        return absl::StrCat(Name(from), " depends on ", Name(other),
                            between.empty() ? "" : " by way of " + Listed(between));
      }
    }
    return absl::StrCat(Name(from), " depended on it");
  }

  void TellRequest(Kind kind, std::string text, nanoseconds at) {
    // It may have been delayed (S11).
    for (const Moment& moment : history_.moments()) {
      const bool is_stop =
          moment.kind == Moment::Kind::kStopDelayed || moment.kind == Moment::Kind::kStopping;
      if (!is_stop) continue;
      at = moment.at;
      break;
    }
    Because(kind, kNoRow, 0, at, absl::StrCat(text, " at ", SecondsText(at)));
  }

  void TellCompletion(const Why& why, nanoseconds at) {
    if (why.row == kNoRow) return TellMissing(why.row, at);
    const NodeHistory& node = Node(why.row);
    const Moment* const refused = RefusalOf(why.row, why.incarnation);
    if (refused != nullptr) {
      Because(Kind::kRestartRefused, why.row, why.incarnation, refused->at,
              absl::StrCat("its restart was refused at ", SecondsText(refused->at), ": ",
                           Word(refused->verdict), " instead"));
    }
    Because(
        Kind::kCompletion, why.row, why.incarnation, at,
        absl::StrCat(Name(why.row, why.incarnation), " ended by itself, and its on_completion is ",
                     std::string(ToString(node.policy.on_completion))));
  }

  // The last command before `at`: about the node, if that is known.
  void TellCommand(Row row, nanoseconds at) {
    const Moment* command = nullptr;
    for (const Moment& moment : history_.moments()) {
      if (moment.at > at) break;
      if (moment.kind == Moment::Kind::kAdded && (row == kNoRow || moment.row == row)) {
        command = &moment;
      }
      if (moment.kind != Moment::Kind::kCommand || moment.refusal != Refusal::kNone) continue;
      if (moment.row != kNoRow && (row == kNoRow || moment.row == row)) command = &moment;
    }
    if (command == nullptr) {
      return Because(Kind::kCommand, row, 0, at,
                     row == kNoRow ? "an operator gave a command"
                                   : "an operator gave a command about " + Name(row));
    }
    const std::string word =
        command->kind == Moment::Kind::kAdded ? Word(Input::Kind::kAddNode) : Word(command->input);
    Because(Kind::kCommand, command->row, 0, command->at,
            absl::StrCat("an operator gave the command '", word, "' for ", Name(command->row),
                         " at ", SecondsText(command->at)));
  }

  void TellCommandOrMissing(Row row, nanoseconds at) {
    for (const std::size_t index : Node(row).moments) {
      const Moment& moment = history_.moments()[index];
      if (moment.kind == Moment::Kind::kCommand && moment.at <= at) return TellCommand(row, at);
    }
    TellMissing(row, at);
  }

  void TellMissing(Row row, nanoseconds at) {
    Because(Kind::kMissing, row, 0, at,
            history_.has_gap() ? "of something in the part of the journal that is missing"
                               : "of something that the journal does not tell");
  }

  // How often it was launched before, and why again.
  void TellRestarts() {
    const NodeHistory& node = Node(row_);
    std::size_t launches = 0;
    std::vector<std::pair<Cause::Kind, std::size_t>> reasons = {
        {Cause::Kind::kFailure, 0},
        {Cause::Kind::kDependencyRestart, 0},
        {Cause::Kind::kCompletion, 0},
        {Cause::Kind::kOperator, 0}};
    Why why;
    for (std::size_t i = 0; i <= span_; ++i) {
      const Span& span = node.spans[i];
      if (span.state != NodeState::kStarting) {
        if (span.why.kind != Cause::Kind::kNone) why = span.why;
        continue;
      }
      if (launches++ == 0) continue;
      for (auto& [kind, count] : reasons) count += kind == why.kind ? 1 : 0;
    }
    if (launches < 2) return;
    constexpr std::array kTexts = {"after a failure of its own", "with a dependency",
                                   "after an end by itself", "by an operator"};
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < reasons.size(); ++i) {
      if (reasons[i].second == 0) continue;
      const bool is_all = reasons[i].second == launches - 1;
      texts.push_back(is_all ? std::string(kTexts[i])
                             : absl::StrCat(reasons[i].second, " ", kTexts[i]));
    }
    const std::string times = launches == 2 ? "once" : absl::StrCat(launches - 1, " times");
    NoteThat(absl::StrCat(Name(row_), " was restarted ", times, ": ", Listed(texts)));
  }

  // What keeps a node that is to stop, or that stops, from having ended.
  void TellStop() {
    const Span& span = explanation_.span;
    if (!explanation_.is_current || Node(row_).removed.has_value()) return;
    if (span.state == NodeState::kStopping) {
      NoteThat(absl::StrCat("it has not ended yet, ", SecondsText(history_.end() - span.begin),
                            " s later; its stop timeout is ",
                            ManifestDuration(Node(row_).policy.stop_timeout)));
    }
    const bool stopping = history_.First(Moment::Kind::kStopping) != nullptr;
    if (stopping && (span.state == NodeState::kReady || span.state == NodeState::kStarting)) {
      std::vector<std::string> names;
      for (const Row dependent : Node(row_).dependents) {
        if (!IsTerminal(Node(dependent).last().state)) names.push_back(Name(dependent));
      }
      if (!names.empty()) {
        NoteThat(absl::StrCat("everything is to stop; it is asked when ", Listed(names), " ha",
                              names.size() == 1 ? "s" : "ve", " ended"));
      }
    }
    if (!history_.is_finished()) {
      NoteThat(absl::StrCat("the journal ends at ", SecondsText(history_.end()),
                            ", and the run had not ended then"));
    }
  }

  const History& history_;
  const Row row_;
  const std::size_t span_;
  Explanation explanation_;
};

}  // namespace

std::string_view ToString(Reason::Kind kind) {
  switch (kind) {
    case Kind::kState:
      return "state";
    case Kind::kWaits:
      return "waits";
    case Kind::kDependencyReady:
      return "dependency ready";
    case Kind::kAbandoned:
      return "abandoned";
    case Kind::kVerdict:
      return "verdict";
    case Kind::kRestartRefused:
      return "restart refused";
    case Kind::kDependencyRestart:
      return "dependency restart";
    case Kind::kShutdownDeadline:
      return "shutdown deadline";
    case Kind::kFailure:
      return "failure";
    case Kind::kCompletion:
      return "completion";
    case Kind::kCommand:
      return "command";
    case Kind::kStopRequest:
      return "stop request";
    case Kind::kInterrupt:
      return "interrupt";
    case Kind::kTerminate:
      return "terminate";
    case Kind::kBegin:
      return "begin";
    case Kind::kMissing:
      return "missing";
  }
  return "unknown";
}

Explanation Explain(const History& history, Row row, std::size_t span) {
  return Explainer(history, row, span).Run();
}

std::string TextOf(const Explanation& explanation) {
  std::string text;
  for (const Reason& reason : explanation.chain) {
    absl::StrAppend(&text, text.empty() ? "" : "  because ", reason.text, "\n");
  }
  for (const std::string& note : explanation.notes) absl::StrAppend(&text, "note: ", note, "\n");
  return text;
}

}  // namespace stemma::tools
