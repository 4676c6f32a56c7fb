// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/history/explain.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/supervisor/journal_words.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/tools/history/causes.h"
#include "stemma/tools/history/launch.h"
#include "stemma/tools/history/remarks.h"
#include "stemma/tools/history/words.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;
using Kind = Reason::Kind;

template <class Enum>
std::string Word(Enum value) {
  return std::string(FormOf(value).word);
}

// Makes the chain of causes of one state.
class Explainer {
 public:
  explicit Explainer(const History& history) : history_(history) {}

  std::vector<Reason> Follow(Row row, std::size_t span, bool is_current) && {
    TellState(row, span, is_current);
    // Who waits is followed to whom it waits for, one node after the other.
    std::optional<Place> place = Place{row, span, LineOf(row, span, is_current)};
    while (place.has_value()) place = FollowState(*place);
    return std::move(chain_);
  }

 private:
  // A span of a node, as it was after some line.
  struct Place {
    Row row = kNoRow;
    std::size_t span = 0;
    std::size_t line = 0;
  };

  const NodeHistory& Node(Row row) const { return history_[row]; }
  const Span& At(const Place& place) const { return Node(place.row).spans[place.span]; }
  std::size_t LineOf(Row row, std::size_t span, bool is_current) const {
    return is_current ? history_.lines() : Node(row).spans[span].line;
  }
  std::string Name(Row row, Incarnation incarnation = 0) const {
    return Subject(Node(row), incarnation);
  }
  void Because(Kind kind, Row row, Incarnation incarnation, nanoseconds at, std::string text) {
    causes_.Because(kind, row, incarnation, at, std::move(text));
  }

  void TellState(Row row, std::size_t place, bool is_current) {
    const Span& span = Node(row).spans[place];
    const bool removed = Node(row).removed.has_value() && is_current;
    std::string text = Name(row, span.incarnation);
    if (is_current && !removed) {
      absl::StrAppend(&text, " is ", Word(span.state), " since ", SecondsText(span.begin));
    } else {
      absl::StrAppend(&text, " was ", Word(span.state), " from ", SecondsText(span.begin), " to ",
                      SecondsText(span.end));
      if (removed) text += ", when it was removed";
    }
    Because(Kind::kState, row, span.incarnation, span.begin, std::move(text));
  }

  // Returns: where to go on; nothing: the root has been told.
  std::optional<Place> FollowState(const Place& place) {
    switch (At(place).state) {
      case NodeState::kWaiting:
        return FollowWaiting(place);
      case NodeState::kStarting:
      case NodeState::kReady:
        FollowLaunch(place);
        return std::nullopt;
      case NodeState::kCompleted:
        causes_.TellCompletion(place.row, At(place).incarnation, ", after having been ready");
        return std::nullopt;
      case NodeState::kAbandoned:
        FollowAbandoned(place);
        return std::nullopt;
      default:
        FollowSpan(place);
        return std::nullopt;
    }
  }

  // --- Why it is not launched

  std::optional<Place> FollowWaiting(const Place& place) {
    const NodeHistory& node = Node(place.row);
    std::vector<Row> blockers;
    const auto consider = [&](const std::vector<Row>& others, bool is_soft) {
      for (const Row other : others) {
        if (!LetsGoOn(history_.After(other, place.line).state, is_soft)) blockers.push_back(other);
      }
    };
    consider(node.dependencies, false);
    consider(node.soft_dependencies, true);
    if (blockers.empty()) {
      FollowReadyToLaunch(place);
      return std::nullopt;
    }
    // Who waits itself is not to blame, if anybody else is.
    const auto culprit = std::find_if(blockers.begin(), blockers.end(), [&](Row row) {
      return history_.After(row, place.line).state != NodeState::kWaiting;
    });
    const Row next = culprit == blockers.end() ? blockers.front() : *culprit;
    const Span& other = history_.After(next, place.line);
    std::vector<std::string> names;
    for (const Row row : blockers) names.push_back(Name(row));
    std::string text =
        absl::StrCat(Name(place.row, At(place).incarnation), " waits for ", Listed(names));
    absl::StrAppend(&text, blockers.size() == 1 ? ", which is " : "; " + Name(next) + " is ",
                    Word(other.state), " since ", SecondsText(other.begin));
    Because(Kind::kWaits, next, other.incarnation, other.begin, std::move(text));
    return Place{next, static_cast<std::size_t>(&other - Node(next).spans.data()), place.line};
  }

  // It waits, and as far as the states tell it need not: it is about to be launched on this very
  // line; or the run has not begun; or a dependency that is ready is to end.
  void FollowReadyToLaunch(const Place& place) {
    const NodeHistory& node = Node(place.row);
    if (node.spans[place.span].why.kind != Cause::Kind::kNone) return FollowSpan(place);
    if (place.line < history_.begin_line() || history_.begin_line() == 0) {
      return Because(Kind::kBegin, kNoRow, 0, {}, "the run had not begun");
    }
    for (const std::vector<Row>* others : {&node.dependencies, &node.soft_dependencies}) {
      for (const Row other : *others) {
        if (history_.After(other, place.line).state != NodeState::kReady) continue;
        const std::optional<Deed> deed = EndingBelow(other, place.line);
        if (!deed.has_value()) continue;
        const Span& ready = history_.After(other, place.line);
        Because(Kind::kWaits, other, ready.incarnation, ready.begin,
                absl::StrCat(Name(place.row), " waits for ", Name(other),
                             ", which is ready and about to end"));
        return causes_.Follow(*deed);
      }
    }
    FollowSpan(place);
  }

  // A node that is to end is asked to when those that depend on it have ended: why they do.
  std::optional<Deed> EndingBelow(Row row, std::size_t line) const {
    std::vector<bool> seen(history_.rows().size());
    std::vector<Row> found{row};
    for (std::size_t i = 0; i < found.size(); ++i) {
      const Span& span = history_.After(found[i], line);
      const bool is_ending =
          span.state == NodeState::kStopping || span.state == NodeState::kDeciding;
      if (is_ending && span.why.kind != Cause::Kind::kNone) return DeedOf(found[i], span);
      const NodeHistory& node = Node(found[i]);
      for (const std::vector<Row>* others : {&node.dependents, &node.soft_dependents}) {
        for (const Row other : *others) {
          if (!seen[other]) found.push_back(other);
          seen[other] = true;
        }
      }
    }
    return std::nullopt;
  }

  // --- Why it was launched

  // Why there is this incarnation.
  void FollowLaunch(const Place& place) {
    const NodeHistory& node = Node(place.row);
    std::size_t launch = place.span;
    while (launch > 0 && node.spans[launch].state != NodeState::kStarting) --launch;
    // What it was before, it was because of what ended the incarnation before, or of a command.
    for (std::size_t before = launch; before > 0; --before) {
      const Span& span = node.spans[before - 1];
      if (span.why.kind != Cause::Kind::kNone) return causes_.Follow(DeedOf(place.row, span));
      if (span.state != NodeState::kWaiting) break;
    }
    const Span& starting = node.spans[launch];
    const std::optional<LastDependency> last = LastDependencyOf(history_, place.row, starting);
    // Who is added where all is ready waits for nothing.
    if (last.has_value() && Node(last->row).spans[last->span].line >= node.spans.front().line) {
      const Span& span = Node(last->row).spans[last->span];
      Because(
          Kind::kDependencyReady, last->row, span.incarnation, span.begin,
          absl::StrCat(Name(place.row, starting.incarnation), " was launched at ",
                       SecondsText(starting.begin), ", when ", Name(last->row, span.incarnation),
                       " was ", Word(span.state), ": the last that it waited for"));
      // Its readiness needs no reason; that it ended does.
      if (!LetsGoOn(span.state, false)) return FollowSpan({last->row, last->span, span.line});
    }
    if (causes_.TellAddition(place.row)) return;
    Because(Kind::kBegin, kNoRow, 0, history_.begin(),
            absl::StrCat("the run began at ", SecondsText(history_.begin())));
  }

  // --- Why it ends, or has ended

  void FollowAbandoned(const Place& place) {
    const Span& span = At(place);
    const Moment* stuck = nullptr;
    for (const std::size_t index : Node(place.row).moments) {
      const Moment& moment = history_.moments()[index];
      if (moment.kind == Moment::Kind::kStuck && moment.incarnation == span.incarnation) {
        stuck = &moment;
      }
    }
    const std::string name = Name(place.row, span.incarnation);
    const bool by_deadline = stuck != nullptr && stuck->why.kind == Cause::Kind::kShutdownDeadline;
    const bool is_destructor =
        place.span > 0 && Node(place.row).spans[place.span - 1].state == NodeState::kCompleted;
    const std::string what = is_destructor ? "'s destructor" : "";
    const std::string timeout = ManifestDuration(Node(place.row).policy.stop_timeout);
    if (stuck == nullptr) {
      Because(Kind::kAbandoned, place.row, span.incarnation, span.begin,
              name + " left threads behind that run on");
    } else if (by_deadline) {
      Because(Kind::kAbandoned, place.row, span.incarnation, span.begin,
              absl::StrCat(name, what, " had not ended by then and was left behind"));
      return causes_.Follow({stuck->why, place.row, span.state, {stuck->at, stuck->line}});
    } else {
      Because(Kind::kAbandoned, place.row, span.incarnation, span.begin,
              absl::StrCat(name, what, " did not end in time (its stop timeout is ", timeout,
                           ") and was left behind"));
    }
    if (is_destructor) return causes_.TellCompletion(place.row, span.incarnation);
    FollowSpan(place);
  }

  // Why the node came into that state: of its last transition that has a cause.
  void FollowSpan(const Place& place) {
    const NodeHistory& node = Node(place.row);
    for (std::size_t i = place.span + 1; i > 0; --i) {
      const Span& span = node.spans[i - 1];
      if (span.why.kind != Cause::Kind::kNone) return causes_.Follow(DeedOf(place.row, span));
      if (span.incarnation != At(place).incarnation) break;
    }
    if (!causes_.TellAddition(place.row)) causes_.TellMissing(place.row, At(place).begin);
  }

  const History& history_;
  std::vector<Reason> chain_;
  Causes causes_{history_, chain_};
};

}  // namespace

Explanation Explain(const History& history, Row row, std::size_t span) {
  const std::vector<Span>& spans = history[row].spans;
  const bool is_current = span + 1 == spans.size();
  Explanation explanation{.row = row,
                          .span = spans[span],
                          .is_current = is_current,
                          .chain = Explainer(history).Follow(row, span, is_current)};
  explanation.notes = RemarksOn(history, explanation);
  return explanation;
}

}  // namespace stemma::tools
