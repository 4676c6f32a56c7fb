// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/session.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/tools/stemma/output.h"
#include "stemma/tools/views/paint.h"

namespace stemma::tools {

std::string ToString(const Diagnostic& diagnostic, bool color) {
  std::string where = diagnostic.label + ":";
  if (diagnostic.place.has_value()) {
    absl::StrAppend(&where, diagnostic.place->line, ":", diagnostic.place->column, ":");
  }
  std::string line = Painted(where, Paint::kBold, color);
  switch (diagnostic.severity) {
    case Diagnostic::Severity::kError:
      break;
    case Diagnostic::Severity::kWarning:
      absl::StrAppend(&line, " ", Painted("warning:", Paint::kYellow, color));
      break;
    case Diagnostic::Severity::kNote:
      absl::StrAppend(&line, " ", Painted("note:", Paint::kCyan, color));
      break;
  }
  return absl::StrCat(line, " ", diagnostic.text);
}

void Session::Report(Diagnostic diagnostic) {
  if (!json) Tell(ToString(diagnostic, color_errors) + "\n");
  diagnostics.push_back(std::move(diagnostic));
}

}  // namespace stemma::tools
