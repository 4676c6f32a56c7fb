// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/handler_answer.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/lifecycle/internal/exception_text.h"

namespace stemma::internal {

HandlerAnswer AskHandler(const OnError& handler, const Failure& failure) {
  if (!handler) return {};
  try {
    return {.verdict = handler(failure)};
  } catch (...) {
    HandlerAnswer answer{.kind = Input::Kind::kHandlerThrew, .fault = failure};
    answer.fault->kind = FailureKind::kException;
    answer.fault->status =
        absl::InternalError(absl::StrCat("its handler threw ", CurrentExceptionText()));
    return answer;
  }
}

}  // namespace stemma::internal
