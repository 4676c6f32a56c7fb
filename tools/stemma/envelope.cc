// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/envelope.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"

namespace stemma::tools {
namespace {

constexpr const char* kSeverities[] = {"error", "warning", "note"};

// An error always has a text, even one of which all was reported.
std::string ErrorText(const absl::Status& status, const Session& session) {
  if (!status.message().empty()) return std::string(status.message());
  const auto errors = std::count_if(session.diagnostics.begin(), session.diagnostics.end(),
                                    [](const Diagnostic& diagnostic) {
                                      return diagnostic.severity == Diagnostic::Severity::kError;
                                    });
  return absl::StrCat(errors, errors == 1 ? " problem" : " problems", ", see diagnostics");
}

// Letters stay readable, unless there is something that acts on a terminal: then all but ASCII is
// escaped, and the JSON is the same. What is not UTF-8 becomes U+FFFD.
std::string SafeDump(const nlohmann::ordered_json& json) {
  const auto dump = [&json](bool ascii) {
    return json.dump(2, ' ', ascii, nlohmann::ordered_json::error_handler_t::replace);
  };
  std::string text = dump(false);
  const bool is_ascii = std::all_of(text.begin(), text.end(), [](char c) { return c > 0; });
  if (is_ascii) return text;
  std::string line = text;  // JSON's own newlines do not act
  std::replace(line.begin(), line.end(), '\n', ' ');
  return Printable(line) == line ? text : dump(true);
}

}  // namespace

std::string Envelope(std::string_view verb, ExitCode code, const absl::StatusOr<Answer>& answer,
                     const Session& session) {
  nlohmann::ordered_json envelope = {
      {"stemma", kEnvelopeVersion}, {"verb", verb}, {"exit_code", static_cast<int>(code)}};
  if (answer.ok()) {
    envelope["result"] = answer->json;
  } else {
    envelope["error"] = ErrorText(answer.status(), session);
  }
  envelope["diagnostics"] = nlohmann::ordered_json::array();
  for (const Diagnostic& diagnostic : session.diagnostics) {
    nlohmann::ordered_json& told = envelope["diagnostics"].emplace_back();
    told["severity"] = kSeverities[static_cast<int>(diagnostic.severity)];
    told["source"] = diagnostic.label;
    if (diagnostic.place.has_value()) {
      told["line"] = diagnostic.place->line;
      told["column"] = diagnostic.place->column;
    }
    told["text"] = diagnostic.text;
  }
  return SafeDump(envelope) + "\n";
}

}  // namespace stemma::tools
