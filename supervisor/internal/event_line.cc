// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/event_line.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "stemma/graph/printable.h"

namespace stemma::internal {
namespace {

std::string Quoted(std::string_view text) {
  return absl::StrCat("\"", absl::StrReplaceAll(Printable(text), {{"\"", "\\\""}}), "\"");
}

}  // namespace

LogLevel LevelOf(SupervisorEvent::Kind kind, NodeState to) {
  switch (kind) {
    case SupervisorEvent::Kind::kTransition:
      return to == NodeState::kFailed || to == NodeState::kAbandoned ? LogLevel::kError
                                                                     : LogLevel::kInfo;
    case SupervisorEvent::Kind::kFailure:
    case SupervisorEvent::Kind::kHandlerFault:
    case SupervisorEvent::Kind::kRestartRefused:
    case SupervisorEvent::Kind::kStartupFailed:
    case SupervisorEvent::Kind::kLatchFailed:
      return LogLevel::kError;
    case SupervisorEvent::Kind::kSecondaryFailure:
    case SupervisorEvent::Kind::kStuck:
    case SupervisorEvent::Kind::kLateEnd:
    case SupervisorEvent::Kind::kStopIgnored:
      return LogLevel::kWarning;
    case SupervisorEvent::Kind::kSpinHalt:
      return LogLevel::kCritical;
    default:
      return LogLevel::kInfo;
  }
}

std::string LineOf(const SupervisorEvent& event, const std::string& place) {
  std::string line = absl::StrCat("event=\"", std::string(ToString(event.kind)), "\"");
  if (!place.empty()) absl::StrAppend(&line, " supervisor=", Quoted(place));
  if (!event.node.empty()) {
    absl::StrAppend(&line, " node=", Quoted(event.node), " incarnation=", event.incarnation);
  }
  if (event.kind == SupervisorEvent::Kind::kTransition) {
    absl::StrAppend(&line, " from=\"", std::string(ToString(event.from)), "\" to=\"",
                    std::string(ToString(event.to)), "\"");
  }
  if (event.kind == SupervisorEvent::Kind::kVerdict ||
      event.kind == SupervisorEvent::Kind::kRestartRefused) {
    absl::StrAppend(&line, " verdict=", std::string(ToString(event.verdict)));
  }
  if (!event.text.empty()) absl::StrAppend(&line, " text=", Quoted(event.text));
  return line;
}

}  // namespace stemma::internal
