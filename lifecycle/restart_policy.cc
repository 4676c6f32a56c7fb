// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/restart_policy.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace stemma {
namespace {

using std::chrono::nanoseconds;

// `factor * delay`, at most `bound`. A double of that size cannot be cast back, hence the
// comparison before the cast.
nanoseconds Scaled(nanoseconds delay, double factor, nanoseconds bound) {
  if (delay == nanoseconds::zero()) return delay;  // 0 * infinity is not a number
  const double scaled = static_cast<double>(delay.count()) * factor;
  if (scaled >= static_cast<double>(bound.count())) return bound;
  return nanoseconds(static_cast<nanoseconds::rep>(scaled));
}

std::string Ns(nanoseconds duration) { return absl::StrCat(duration.count(), "ns"); }

}  // namespace

RestartPolicy RestartPolicy::Unlimited() {
  RestartPolicy policy;
  policy.max_restarts = kUnlimitedRestarts;
  return policy;
}

std::vector<std::string> Problems(const RestartPolicy& policy) {
  constexpr nanoseconds kZero = nanoseconds::zero();
  std::vector<std::string> problems;
  if (policy.initial < kZero) {
    problems.push_back(absl::StrCat("initial must not be negative, is ", Ns(policy.initial)));
  }
  if (policy.max < policy.initial) {
    problems.push_back(absl::StrCat("max must be at least initial (", Ns(policy.initial), "), is ",
                                    Ns(policy.max)));
  }
  if (!std::isfinite(policy.multiplier) || policy.multiplier < 1.0) {
    problems.push_back(
        absl::StrCat("multiplier must be a number and at least 1, is ", policy.multiplier));
  }
  if (!(policy.jitter >= 0.0 && policy.jitter <= 1.0)) {  // so written, NaN is refused too
    problems.push_back(absl::StrCat("jitter must be in [0, 1], is ", policy.jitter));
  }
  if (policy.reset_after < kZero) {
    problems.push_back(
        absl::StrCat("reset_after must not be negative, is ", Ns(policy.reset_after)));
  }
  if (policy.max_restarts < 0) {
    problems.push_back(absl::StrCat("max_restarts must not be negative, is ", policy.max_restarts));
  }
  if (policy.window <= kZero) {
    problems.push_back(absl::StrCat("window must be positive, is ", Ns(policy.window)));
  }
  if (!IsValid(policy.on_limit)) {
    problems.push_back(
        absl::StrCat("on_limit must be a verdict, is ", static_cast<int>(policy.on_limit)));
  } else if (policy.on_limit == ErrorHandlingBehavior::kRestart) {
    problems.push_back("on_limit must not be kRestart: it is what happens instead of a restart");
  }
  return problems;
}

absl::Status Validate(const RestartPolicy& policy) {
  const std::vector<std::string> problems = Problems(policy);
  if (problems.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("restart policy: ", absl::StrJoin(problems, "; ")));
}

nanoseconds BackoffDelay(const RestartPolicy& policy, int attempt, double unit_random) {
  const nanoseconds pause =
      attempt <= 0 ? std::min(policy.initial, policy.max)
                   : Scaled(policy.initial, std::pow(policy.multiplier, attempt), policy.max);
  if (policy.jitter == 0.0) return pause;  // exact: no detour through a double
  return Scaled(pause, 1.0 - policy.jitter * unit_random, pause);
}

}  // namespace stemma
