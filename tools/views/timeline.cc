// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/timeline.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/journal_words.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;

constexpr char kIndent[] = "              ";  // as wide as a time

template <class Enum>
std::string Word(Enum value) {
  return std::string(FormOf(value).word);
}

std::string Word(ErrorHandlingBehavior verdict) {
  if (!IsValid(verdict)) return absl::StrCat(static_cast<int>(verdict), ", which is no verdict");
  return std::string(FormOf(verdict).word);
}

std::string TitleOf(const JournalHeader& header) {
  const std::size_t size = header.declarations.size();
  std::string title = absl::StrCat(size, " node", size == 1 ? "" : "s");
  if (header.wall.has_value()) {
    const absl::Time wall = absl::FromChrono(*header.wall);
    absl::StrAppend(&title, ", begun ", absl::FormatTime(wall, absl::UTCTimeZone()));
  }
  return title + "\n";
}

// "DATA_LOSS: checksum mismatch (worker flusher) [db.cc:81]"
std::string Text(const FailureDetail& detail) {
  std::string text =
      absl::StrCat(absl::StatusCodeToString(detail.code), ": ", Printable(detail.message));
  if (!detail.worker.empty()) absl::StrAppend(&text, " (worker ", Printable(detail.worker), ")");
  if (!detail.file.empty()) {
    absl::StrAppend(&text, " [", Printable(detail.file), ":", detail.line, "]");
  }
  return text;
}

}  // namespace

Timeline::Timeline(const JournalHeader& header)
    : names_(header), title_(TitleOf(header)), beginning_(header.at), statuses_(names_.size()) {}

std::string Timeline::Title() const { return title_; }

std::string Timeline::Show(const JournalEntry& entry) {
  std::string text = absl::StrCat(SecondsSinceBeginning(entry.at), "  ", Describe(entry), "\n");
  Follow(entry,
         [&](const Action& action) { absl::StrAppend(&text, kIndent, Describe(action), "\n"); });
  return text;
}

void Timeline::Follow(const JournalEntry& entry, const std::function<void(const Action&)>& visit) {
  for (const Action& action : entry.actions) {
    names_.FollowBefore(entry.input, action);
    visit(action);
    names_.FollowAfter(action);
    Follow(action, entry.at);
  }
}

void Timeline::Follow(const Action& action, nanoseconds at) {
  const EngineEvent& event = action.event;
  if (action.kind == Action::Kind::kAdded) {
    statuses_.push_back({.since = at});
  } else if (action.kind == Action::Kind::kRemoved && action.node < statuses_.size()) {
    statuses_.erase(statuses_.begin() + action.node);
  } else if (action.kind == Action::Kind::kPublish && event.node < statuses_.size() &&
             event.kind == EngineEvent::Kind::kTransition) {
    statuses_[event.node] = {event.to, event.incarnation, at};
  }
}

std::string Timeline::ShowGap(std::uint64_t lost) const {
  return absl::StrCat(kIndent, "... ", lost, " line", lost == 1 ? " is" : "s are",
                      " missing ...\n");
}

std::string Timeline::States() const {
  std::string text;
  for (NodeId id = 0; id < statuses_.size(); ++id) {
    const Status& status = statuses_[id];
    absl::StrAppend(&text, kIndent, Subject(id, status.incarnation), " is ", Word(status.state));
    if (status.incarnation != 0 || status.since != nanoseconds::zero()) {
      const std::string since = SecondsSinceBeginning(status.since);
      absl::StrAppend(&text, " since ", since.substr(since.find_first_not_of(' ')));
    }
    text += "\n";
  }
  return text;
}

std::string Timeline::SecondsSinceBeginning(nanoseconds at) const {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(at - beginning_);
  return absl::StrFormat("%12.6f", std::chrono::duration<double>(micros).count());
}

std::string Timeline::Subject(NodeId node, Incarnation incarnation) const {
  const auto name = names_.Of(node);
  if (!name.has_value()) return "";
  std::string subject = Printable(*name);
  if (incarnation != 0) absl::StrAppend(&subject, "#", incarnation);
  return subject;
}

std::string Timeline::Describe(const JournalEntry& entry) const {
  std::string text = Describe(entry.input);
  if (entry.detail.has_value()) absl::StrAppend(&text, ": ", Text(*entry.detail));
  return text;
}

std::string Timeline::Describe(const Input& input) const {
  std::string text = Subject(input.node, input.incarnation);
  absl::StrAppend(&text, text.empty() ? "" : " ", Word(input.kind));
  if (input.addition != nullptr) {
    absl::StrAppend(&text, " ", Printable(input.addition->declaration.name));
  }
  const unsigned has = FormOf(input.kind).fields;
  if ((has & kFailureField) != 0) absl::StrAppend(&text, " (", Word(input.failure), ")");
  if ((has & kVerdictField) != 0) absl::StrAppend(&text, ": ", Word(input.verdict));
  return text;
}

std::string Timeline::Because(const Cause& cause) const {
  const std::string text = Describe(cause);
  return text.empty() ? "" : " <- " + text;
}

std::string Timeline::Describe(const Cause& cause) const {
  if (cause.kind == Cause::Kind::kNone) return "";
  std::string text = Word(cause.kind);
  const std::string subject = Subject(cause.node, cause.incarnation);
  if (!subject.empty()) absl::StrAppend(&text, " of ", subject);
  if (cause.verdict != ErrorHandlingBehavior{}) {
    absl::StrAppend(&text, ", verdict ", Word(cause.verdict));
  }
  return text;
}

std::string Timeline::Describe(const Action& action) const {
  if (action.kind != Action::Kind::kPublish) {
    std::string text = Word(action.kind);
    const std::string subject = Subject(action.node, action.incarnation);
    if (!subject.empty()) absl::StrAppend(&text, " ", subject);
    if ((FormOf(action.kind).fields & kFailureField) != 0) {
      absl::StrAppend(&text, " (", Word(action.failure), ")");
    }
    if ((FormOf(action.kind).fields & kRefusalField) != 0) {
      absl::StrAppend(&text, ": ", Word(action.refusal));
    }
    return text + Because(action.cause);
  }
  const EngineEvent& event = action.event;
  std::string text = Subject(event.node, event.incarnation);
  if (event.kind == EngineEvent::Kind::kTransition) {
    absl::StrAppend(&text, ": ", Word(event.from), " -> ", Word(event.to));
  } else {
    absl::StrAppend(&text, text.empty() ? "" : ": ", Word(event.kind));
  }
  if ((FormOf(event.kind).fields & kVerdictField) != 0) {
    absl::StrAppend(&text, ": ", Word(event.verdict));
  }
  return text + Because(event.cause);
}

}  // namespace stemma::tools
