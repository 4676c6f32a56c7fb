// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/envelope.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "stemma/tools/views/safe_json.h"

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
  // JSON must be UTF-8: what is not becomes U+FFFD.
  return SafeJson(envelope.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)) +
         "\n";
}

}  // namespace stemma::tools
