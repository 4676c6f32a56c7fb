// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/journal_writer.h"

#include <chrono>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "stemma/supervisor/internal/json_text.h"
#include "stemma/supervisor/journal_words.h"

namespace stemma {
namespace {

using internal::JsonBytes;
using internal::JsonNumber;
using internal::JsonString;
using std::chrono::nanoseconds;

template <class Enum>
std::string Word(Enum value) {
  return JsonString(FormOf(value).word);
}

// S9: a handler can answer what is no verdict, and a replay must be told the same.
std::string Word(ErrorHandlingBehavior verdict) {
  if (!IsValid(verdict)) return absl::StrCat(static_cast<int>(verdict));
  return JsonString(FormOf(verdict).word);
}

std::string Nanoseconds(nanoseconds duration) {
  return duration == kNoTimeout ? "\"none\"" : absl::StrCat(duration.count());
}

std::string Names(const std::vector<std::string>& names) {
  std::string out = "[";
  for (const std::string& name : names) {
    absl::StrAppend(&out, out.size() > 1 ? "," : "", JsonBytes(name));
  }
  return out + "]";
}

std::string Restart(const RestartPolicy& policy) {
  return absl::StrCat(
      "{\"initial\":", Nanoseconds(policy.initial), ",\"max\":", Nanoseconds(policy.max),
      ",\"multiplier\":", JsonNumber(policy.multiplier), ",\"jitter\":", JsonNumber(policy.jitter),
      ",\"reset_after\":", Nanoseconds(policy.reset_after), ",\"max_restarts\":",
      policy.max_restarts == kUnlimitedRestarts ? "\"unlimited\""
                                                : absl::StrCat(policy.max_restarts),
      ",\"window\":", Nanoseconds(policy.window), ",\"on_limit\":", Word(policy.on_limit), "}");
}

std::string Node(const DependencyGraph::Declaration& declaration, const NodePolicy& policy) {
  return absl::StrCat("{\"name\":", JsonBytes(declaration.name),
                      ",\"dependencies\":", Names(declaration.dependencies),
                      ",\"soft_dependencies\":", Names(declaration.soft_dependencies),
                      ",\"restart\":", Restart(policy.restart),
                      ",\"start_timeout\":", Nanoseconds(policy.start_timeout),
                      ",\"stop_timeout\":", Nanoseconds(policy.stop_timeout),
                      policy.watchdog == kNoTimeout
                          ? ""
                          : absl::StrCat(",\"watchdog\":", Nanoseconds(policy.watchdog)),
                      ",\"on_completion\":", Word(policy.on_completion),
                      ",\"on_dependency_restart\":", Word(policy.on_dependency_restart), "}");
}

// The seed is a string: it does not fit the numbers that most readers of JSON have.
std::string Options(const EngineOptions& options) {
  return absl::StrCat("{\"on_stuck\":", Word(options.on_stuck),
                      ",\"shutdown_deadline\":", Nanoseconds(options.shutdown_deadline),
                      ",\"shutdown_delay\":", Nanoseconds(options.shutdown_delay),
                      ",\"spin_halt_reminder\":", Nanoseconds(options.spin_halt_reminder),
                      options.latch ? ",\"latch\":true" : "",
                      options.nested ? ",\"nested\":true" : "", ",\"jitter_seed\":\"",
                      options.jitter_seed, "\"}");
}

void AppendDetail(std::string& out, const FailureDetail& detail) {
  absl::StrAppend(&out, ",\"status\":", JsonString(absl::StatusCodeToString(detail.code)),
                  ",\"message\":", JsonBytes(detail.message));
  if (!detail.worker.empty()) absl::StrAppend(&out, ",\"worker\":", JsonBytes(detail.worker));
  if (detail.file.empty()) return;
  absl::StrAppend(&out, ",\"file\":", JsonBytes(detail.file), ",\"line\":", detail.line);
}

}  // namespace

std::string JournalWriter::Header(const JournalHeader& header) {
  names_ = JournalNames(header);
  std::string out =
      absl::StrCat("{\"stemma_journal\":", kJournalVersion, ",\"at\":", header.at.count());
  if (header.wall.has_value()) {
    const absl::Time wall = absl::FromChrono(*header.wall);
    absl::StrAppend(&out, ",\"wall\":", JsonString(absl::FormatTime(wall, absl::UTCTimeZone())));
  }
  absl::StrAppend(&out, ",\"options\":", Options(header.options), ",\"nodes\":[");
  for (std::size_t i = 0; i < header.declarations.size(); ++i) {
    absl::StrAppend(&out, i == 0 ? "" : ",", Node(header.declarations[i], header.policies[i]));
  }
  return out + "]}\n";
}

std::string JournalWriter::Line(const JournalEntry& entry) {
  const Input& input = entry.input;
  const JournalForm form = FormOf(input.kind);
  std::string out =
      absl::StrCat("{\"at\":", entry.at.count(), ",\"input\":", JsonString(form.word));
  AppendNode(out, input.node, input.incarnation);
  if ((form.fields & kFailureField) != 0 || input.failure != FailureKind{}) {
    absl::StrAppend(&out, ",\"failure\":", Word(input.failure));
  }
  if ((form.fields & kVerdictField) != 0 || input.verdict != ErrorHandlingBehavior{}) {
    absl::StrAppend(&out, ",\"verdict\":", Word(input.verdict));
  }
  if ((form.fields & kHeardField) != 0) absl::StrAppend(&out, ",\"heard\":", input.at.count());
  if (entry.detail.has_value()) AppendDetail(out, *entry.detail);
  if (input.addition != nullptr) {
    absl::StrAppend(&out,
                    ",\"addition\":", Node(input.addition->declaration, input.addition->policy));
  }
  out += ",\"actions\":[";
  for (std::size_t i = 0; i < entry.actions.size(); ++i) {
    if (i > 0) out += ',';
    names_.FollowBefore(input, entry.actions[i]);
    AppendAction(out, entry.actions[i]);
    names_.FollowAfter(entry.actions[i]);
  }
  return out + "]}\n";
}

std::string JournalWriter::Gap(std::uint64_t lines) {
  return absl::StrCat("{\"gap\":", lines, "}\n");
}

void JournalWriter::AppendNode(std::string& out, NodeId node, Incarnation incarnation) const {
  if (const auto name = names_.Of(node)) absl::StrAppend(&out, ",\"node\":", JsonBytes(*name));
  if (incarnation != 0) absl::StrAppend(&out, ",\"incarnation\":", incarnation);
}

void JournalWriter::AppendCause(std::string& out, const Cause& cause) const {
  if (cause.kind == Cause::Kind::kNone) return;
  absl::StrAppend(&out, ",\"cause\":{\"kind\":", Word(cause.kind));
  AppendNode(out, cause.node, cause.incarnation);
  // A failure of which the verdict is not known yet has the default: nothing to tell.
  if (cause.verdict != ErrorHandlingBehavior{}) {
    absl::StrAppend(&out, ",\"verdict\":", Word(cause.verdict));
  }
  out += '}';
}

void JournalWriter::AppendAction(std::string& out, const Action& action) const {
  if (action.kind != Action::Kind::kPublish) {
    const JournalForm form = FormOf(action.kind);
    absl::StrAppend(&out, "{\"do\":", JsonString(form.word));
    AppendNode(out, action.node, action.incarnation);
    if ((form.fields & kFailureField) != 0 || action.failure != FailureKind{}) {
      absl::StrAppend(&out, ",\"failure\":", Word(action.failure));
    }
    if ((form.fields & kRefusalField) != 0) {
      absl::StrAppend(&out, ",\"answer\":", Word(action.refusal));
    }
    AppendCause(out, action.cause);
  } else {
    const EngineEvent& event = action.event;
    const JournalForm form = FormOf(event.kind);
    absl::StrAppend(&out, "{\"event\":", JsonString(form.word));
    AppendNode(out, event.node, event.incarnation);
    if ((form.fields & kStatesField) != 0) {
      absl::StrAppend(&out, ",\"from\":", Word(event.from), ",\"to\":", Word(event.to));
    }
    if ((form.fields & kVerdictField) != 0 || event.verdict != ErrorHandlingBehavior{}) {
      absl::StrAppend(&out, ",\"verdict\":", Word(event.verdict));
    }
    if ((form.fields & kRefusalField) != 0) {
      absl::StrAppend(&out, ",\"answer\":", Word(event.refusal));
    }
    AppendCause(out, event.cause);
  }
  out += '}';
}

}  // namespace stemma
