// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/history/explanation.h"

#include "absl/strings/str_cat.h"

namespace stemma::tools {

std::string_view ToString(Reason::Kind kind) {
  switch (kind) {
    case Reason::Kind::kState:
      return "state";
    case Reason::Kind::kWaits:
      return "waits";
    case Reason::Kind::kDependencyReady:
      return "dependency ready";
    case Reason::Kind::kAbandoned:
      return "abandoned";
    case Reason::Kind::kVerdict:
      return "verdict";
    case Reason::Kind::kRestartRefused:
      return "restart refused";
    case Reason::Kind::kDependencyRestart:
      return "dependency restart";
    case Reason::Kind::kShutdownDeadline:
      return "shutdown deadline";
    case Reason::Kind::kFailure:
      return "failure";
    case Reason::Kind::kCompletion:
      return "completion";
    case Reason::Kind::kCommand:
      return "command";
    case Reason::Kind::kStopRequest:
      return "stop request";
    case Reason::Kind::kInterrupt:
      return "interrupt";
    case Reason::Kind::kTerminate:
      return "terminate";
    case Reason::Kind::kBegin:
      return "begin";
    case Reason::Kind::kMissing:
      return "missing";
  }
  return "unknown";
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
