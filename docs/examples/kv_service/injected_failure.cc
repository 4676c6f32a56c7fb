// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/injected_failure.h"

#include <string>
#include <utility>

#include "absl/strings/cord.h"

namespace kv {
namespace {

using stemma::ErrorHandlingBehavior;

constexpr char kVerdictPayload[] = "stemma.kv_service/verdict";

// "StopParents", "stop-parents" and "stopparents" are the same word.
std::string Plain(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      plain += static_cast<char>(c - 'A' + 'a');
    } else if (c != '-') {
      plain += c;
    }
  }
  return plain;
}

}  // namespace

std::optional<ErrorHandlingBehavior> VerdictNamed(std::string_view name) {
  for (const auto verdict : {ErrorHandlingBehavior::kRestart, ErrorHandlingBehavior::kStop,
                             ErrorHandlingBehavior::kStopParents, ErrorHandlingBehavior::kShutdown,
                             ErrorHandlingBehavior::kSpinHalt}) {
    if (Plain(name) == Plain(ToString(verdict))) return verdict;
  }
  return std::nullopt;
}

absl::Status InjectedFailure(ErrorHandlingBehavior verdict) {
  absl::Status failure =
      absl::InternalError("DEBUG FAIL asks for " + std::string(ToString(verdict)));
  failure.SetPayload(kVerdictPayload, absl::Cord(std::string(ToString(verdict))));
  return failure;
}

stemma::OnError OrAsInjected(stemma::OnError usual) {
  return [usual = std::move(usual)](const stemma::Failure& failure) {
    const auto asked = failure.status.GetPayload(kVerdictPayload);
    if (!asked.has_value()) return usual(failure);
    return VerdictNamed(std::string(*asked)).value();
  };
}

}  // namespace kv
