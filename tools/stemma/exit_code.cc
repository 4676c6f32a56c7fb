// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/exit_code.h"

namespace stemma::tools {

ExitCode ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return kYes;
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

}  // namespace stemma::tools
