// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/tools/stemma/output.h"

namespace stemma::tools {

ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kYes;
    case absl::StatusCode::kFailedPrecondition:
      return kNo;
    case absl::StatusCode::kInvalidArgument:
      return kUsage;
    case absl::StatusCode::kDataLoss:
      return kBadInput;
    case absl::StatusCode::kNotFound:
      return kNoInput;
    case absl::StatusCode::kUnavailable:
      return kUnreachable;
    case absl::StatusCode::kAborted:
      return kWriteFailed;
    default:
      return kBug;
  }
}

std::string ToString(const Diagnostic& diagnostic) {
  std::string line = diagnostic.label + ":";
  if (diagnostic.place.has_value()) {
    absl::StrAppend(&line, diagnostic.place->line, ":", diagnostic.place->column, ":");
  }
  switch (diagnostic.severity) {
    case Diagnostic::Severity::kError:
      break;
    case Diagnostic::Severity::kWarning:
      line += " warning:";
      break;
    case Diagnostic::Severity::kNote:
      line += " note:";
      break;
  }
  return absl::StrCat(line, " ", diagnostic.text);
}

void Session::Report(Diagnostic diagnostic) {
  if (!json) Tell(ToString(diagnostic) + "\n");
  diagnostics.push_back(std::move(diagnostic));
}

}  // namespace stemma::tools
