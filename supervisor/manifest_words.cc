// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/manifest_words.h"

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace stemma {
namespace {

using std::chrono::nanoseconds;

constexpr std::string_view kNone = "none";

}  // namespace

std::string_view ManifestWord(ErrorHandlingBehavior verdict) {
  switch (verdict) {
    case ErrorHandlingBehavior::kRestart:
      return "restart";
    case ErrorHandlingBehavior::kStop:
      return "stop";
    case ErrorHandlingBehavior::kStopParents:
      return "stop_parents";
    case ErrorHandlingBehavior::kShutdown:
      return "shutdown";
    case ErrorHandlingBehavior::kSpinHalt:
      return "spin_halt";
  }
  return "unknown";
}

std::string ManifestDuration(nanoseconds duration) {
  if (duration == nanoseconds::max()) return std::string(kNone);
  return absl::FormatDuration(absl::FromChrono(duration));
}

std::optional<nanoseconds> ParseManifestDuration(std::string_view text) {
  if (text == kNone) return nanoseconds::max();
  absl::Duration duration;
  if (!absl::ParseDuration(absl::string_view(text.data(), text.size()), &duration)) return {};
  // The conversion below saturates, and a saturated value would be taken for "none". Infinity is
  // refused with the rest.
  if (duration >= absl::FromChrono(nanoseconds::max())) return {};
  if (duration < absl::FromChrono(nanoseconds::min())) return {};
  return absl::ToChronoNanoseconds(duration);
}

}  // namespace stemma
