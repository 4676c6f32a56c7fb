// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/internal/time_text.h"

#include "absl/time/time.h"

namespace stemma::internal {

std::string TimeText(std::chrono::nanoseconds time) {
  if (time == std::chrono::nanoseconds::zero()) return "0s";
  const std::chrono::nanoseconds shown = std::chrono::floor<std::chrono::milliseconds>(time);
  return absl::FormatDuration(
      absl::FromChrono(shown == std::chrono::nanoseconds::zero() ? time : shown));
}

}  // namespace stemma::internal
