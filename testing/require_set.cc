// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/require_set.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "stemma/testing/internal/witness.h"
#include "stemma/testing/test_failure.h"

namespace stemma {

void RequireSetBefore(const Event& event, std::chrono::nanoseconds timeout, std::string_view what,
                      SourceLocation where) {
  if (!event.WaitFor(timeout)) GiveUp(what, timeout, where);
}

void RequireSet(const Event& event, std::string_view what, SourceLocation where) {
  RequireSetBefore(event, kPatience, what, where);
}

void GiveUp(std::string_view what, std::chrono::nanoseconds timeout, SourceLocation where,
            std::string_view sooner) {
  std::string message =
      sooner.empty()
          ? absl::StrCat("waited ", absl::FormatDuration(absl::FromChrono(timeout)), " in vain: ")
          : "waited in vain: ";
  message += what;
  if (!sooner.empty()) absl::StrAppend(&message, " (", std::string(sooner), ")");
  const std::string seen = internal::Witness::TellAll();
  absl::StrAppend(&message, seen.empty() ? "" : "\nseen until then:", seen);
  internal::Witness::LetAllGo();
  FailTestAndLeave(std::move(message), where);
}

}  // namespace stemma
