// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/exit_code.h"

namespace stemma::tools {
namespace {

constexpr ExitMeaning kMeanings[] = {
    {kYes, "done, and the answer is yes"},
    {kNo, "the answer is no: a graph is refused, or two of them differ, or the like"},
    {kUsage, "the command line is wrong"},
    {kBadInput, "the input is not what it must be"},
    {kNoInput, "the input is not there, or cannot be read"},
    {kUnreachable, "a program is missing, crashed or did not answer: PROGRAM, or dot"},
    {kBug, "a bug of stemma: please report it"},
    {kWriteFailed, "the result could not be written"},
};

}  // namespace

std::span<const ExitMeaning> ExitMeanings() { return kMeanings; }

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

}  // namespace stemma::tools
