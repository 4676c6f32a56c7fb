// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/history/words.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "stemma/graph/printable.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/supervisor/manifest_words.h"

namespace stemma::tools {

std::string SecondsText(std::chrono::nanoseconds time) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time).count();
  return absl::StrFormat("%s%d.%06d", micros < 0 ? "-" : "", std::abs(micros / 1'000'000),
                         std::abs(micros % 1'000'000));
}

std::string AxisText(std::chrono::nanoseconds time) {
  std::string text = SecondsText(time);
  text.resize(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string Subject(const NodeHistory& node, Incarnation incarnation) {
  std::string subject = Printable(node.name);
  if (incarnation != 0) absl::StrAppend(&subject, "#", incarnation);
  return subject;
}

std::string Listed(const std::vector<std::string>& names, std::size_t most) {
  // One more costs no more than to say that there is one more.
  const std::size_t shown = names.size() <= most + 1 ? names.size() : most;
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    const bool is_last = i + 1 == names.size();
    absl::StrAppend(&text, i == 0 ? "" : is_last ? " and " : ", ", names[i]);
  }
  if (shown < names.size()) absl::StrAppend(&text, " and ", names.size() - shown, " more");
  return text;
}

std::string DetailText(const FailureDetail& detail) {
  std::string text =
      absl::StrCat(absl::StatusCodeToString(detail.code), ": ", Printable(detail.message));
  if (!detail.worker.empty()) absl::StrAppend(&text, " (worker ", Printable(detail.worker), ")");
  if (!detail.file.empty()) {
    absl::StrAppend(&text, " [", Printable(detail.file), ":", detail.line, "]");
  }
  return text;
}

std::string FailureText(const FailureRecord& failure, const NodePolicy& policy) {
  std::string text = absl::StrCat("(", std::string(ToString(failure.kind)), ")");
  if (failure.detail.has_value()) return absl::StrCat(text, ": ", DetailText(*failure.detail));
  switch (failure.kind) {
    case FailureKind::kStartTimeout:
      return absl::StrCat(text, ": not ready within its start timeout of ",
                          ManifestDuration(policy.start_timeout));
    case FailureKind::kWatchdog:
      return absl::StrCat(text, ": no heartbeat within its watchdog of ",
                          ManifestDuration(policy.watchdog));
    case FailureKind::kEndedBeforeReady:
      return absl::StrCat(text, ": ended before it was ready");
    default:
      return text;
  }
}

std::string Counted(std::size_t count, const std::string& noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

}  // namespace stemma::tools
