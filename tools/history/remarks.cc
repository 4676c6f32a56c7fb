// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/history/remarks.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "stemma/supervisor/journal_words.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/tools/history/launch.h"
#include "stemma/tools/history/words.h"

namespace stemma::tools {
namespace {

std::string Word(NodeState state) { return std::string(FormOf(state).word); }

// In what state the dependencies were when the root of the chain failed.
void RemarkOnFailure(const History& history, const Reason& root,
                     std::vector<std::string>& remarks) {
  if (root.kind != Reason::Kind::kFailure) return;
  const FailureRecord* const failure = history.FailureOf(root.incarnation);
  if (failure == nullptr) return;
  for (const Row dependency : history[root.row].dependencies) {
    const Span& span = history.After(dependency, failure->line);
    if (LetsGoOn(span.state, false)) continue;
    remarks.push_back(absl::StrCat("when ", Subject(history[root.row]), " failed, its dependency ",
                                   Subject(history[dependency]), " was ", Word(span.state),
                                   " since ", SecondsText(span.begin)));
  }
}

// How often it was launched before, up to that span, and why again.
void RemarkOnRestarts(const NodeHistory& node, const Span& last,
                      std::vector<std::string>& remarks) {
  std::size_t launches = 0;
  std::array<std::pair<Cause::Kind, std::size_t>, 4> reasons = {
      {{Cause::Kind::kFailure, 0},
       {Cause::Kind::kDependencyRestart, 0},
       {Cause::Kind::kCompletion, 0},
       {Cause::Kind::kOperator, 0}}};
  constexpr std::array kTexts = {"after a failure of its own", "with a dependency",
                                 "after an end by itself", "by an operator"};
  Why why;
  for (const Span& span : node.spans) {
    if (span.line > last.line || span.incarnation > last.incarnation) break;
    if (span.state != NodeState::kStarting) {
      if (span.why.kind != Cause::Kind::kNone) why = span.why;
      continue;
    }
    if (launches++ == 0) continue;
    for (auto& [kind, count] : reasons) count += kind == why.kind ? 1 : 0;
  }
  if (launches < 2) return;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (reasons[i].second == 0) continue;
    const bool is_all = reasons[i].second == launches - 1;
    texts.push_back(is_all ? std::string(kTexts[i])
                           : absl::StrCat(reasons[i].second, " ", kTexts[i]));
  }
  const std::string times = launches == 2 ? "once" : absl::StrCat(launches - 1, " times");
  remarks.push_back(absl::StrCat(Subject(node), " was restarted ", times, ": ", Listed(texts)));
}

// What keeps a node that is to stop, or that stops, from having ended.
void RemarkOnEnd(const History& history, const Explanation& explanation,
                 std::vector<std::string>& remarks) {
  const Span& span = explanation.span;
  const NodeHistory& node = history[explanation.row];
  if (!explanation.is_current || node.removed.has_value()) return;
  if (span.state == NodeState::kDeciding) remarks.push_back("its handler has not answered yet");
  if (span.state == NodeState::kStopping) {
    remarks.push_back(
        absl::StrCat("it has not ended yet, ", SecondsText(history.end() - span.begin),
                     " s later; its stop timeout is ", ManifestDuration(node.policy.stop_timeout)));
  }
  const bool stopping = history.First(Moment::Kind::kStopping) != nullptr;
  if (stopping && (span.state == NodeState::kReady || span.state == NodeState::kStarting)) {
    std::vector<std::string> names;
    for (const Row dependent : node.dependents) {
      if (!IsTerminal(history[dependent].last().state))
        names.push_back(Subject(history[dependent]));
    }
    if (!names.empty()) {
      remarks.push_back(absl::StrCat("everything is to stop; it is asked when ", Listed(names),
                                     " ha", names.size() == 1 ? "s" : "ve", " ended"));
    }
  }
  if (!history.is_finished()) {
    remarks.push_back(absl::StrCat("the journal ends at ", SecondsText(history.end()),
                                   ", and the run had not ended then"));
  }
}

// When it all began by the calendar.
void RemarkOnWall(const History& history, const Reason& root, std::vector<std::string>& remarks) {
  if (!history.wall().has_value()) return;
  const absl::Time wall = absl::FromChrono(*history.wall()) + absl::FromChrono(root.at);
  remarks.push_back(
      absl::StrCat(SecondsText(root.at), " was ",
                   absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", wall, absl::UTCTimeZone())));
}

}  // namespace

std::vector<std::string> RemarksOn(const History& history, const Explanation& explanation) {
  std::vector<std::string> remarks;
  RemarkOnWall(history, explanation.chain.back(), remarks);
  RemarkOnFailure(history, explanation.chain.back(), remarks);
  RemarkOnRestarts(history[explanation.row], explanation.span, remarks);
  RemarkOnEnd(history, explanation, remarks);
  return remarks;
}

}  // namespace stemma::tools
