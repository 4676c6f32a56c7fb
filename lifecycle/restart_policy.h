// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_RESTART_POLICY_H_
#define STEMMA_LIFECYCLE_RESTART_POLICY_H_

#include <chrono>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "stemma/lifecycle/error_handling_behavior.h"

namespace stemma {

// How often, and after what pause, a component is restarted (S8).
//
// The defaults give a component that dies at once five more tries in about three seconds (0.1 + 0.2
// + 0.4 + 0.8 + 1.6) and then give the process up, so that whatever supervises the process
// (systemd, Kubernetes) takes over: a restart inside the process cures transient faults, and one
// that needs a sixth try within a minute is not transient. For comparison: OTP allows 1 restart in
// 5 s without a pause, systemd 5 in 10 s at intervals of 100 ms.
//
// Limits multiply when supervisors are nested: five of the inner times five of the outer are
// twenty-five.
struct RestartPolicy {
  // The pause before the first restart. Default: 100 ms, which nobody notices and no log drowns in.
  // REQUIRES: not negative.
  std::chrono::nanoseconds initial = std::chrono::milliseconds(100);
  // No pause is longer. Default: 30 s. `nanoseconds::max()`: no bound. REQUIRES: at least
  // `initial`.
  std::chrono::nanoseconds max = std::chrono::seconds(30);
  // Each further pause is this many times the one before. Default: 2. REQUIRES: finite, at least 1.
  double multiplier = 2.0;
  // How much of each pause is left to chance, so that many processes that fell together do not
  // return together: the pause is drawn evenly from [(1 - jitter) * pause, pause]. Only ever
  // shorter, so `max` stays a bound. 1 is what is known as full jitter, 0.5 as equal jitter.
  // Default: 0.2. REQUIRES: in [0, 1].
  double jitter = 0.2;
  // After it has been ready for this long a component counts as cured, and the next pause is
  // `initial` again. Default: 60 s. `nanoseconds::max()`: never. REQUIRES: not negative.
  std::chrono::nanoseconds reset_after = std::chrono::seconds(60);
  // More restarts than this within `window` are refused. Default: 5. `kUnlimitedRestarts`: none is
  // refused. REQUIRES: not negative.
  int max_restarts = 5;
  // See `max_restarts`. Default: 60 s. `nanoseconds::max()`: the component's whole life. REQUIRES:
  // positive.
  std::chrono::nanoseconds window = std::chrono::seconds(60);
  // The verdict in place of the restart that is refused. Default: kShutdown: the component is
  // needed and cannot be had. REQUIRES: a verdict, and not kRestart.
  ErrorHandlingBehavior on_limit = ErrorHandlingBehavior::kShutdown;

  // The default policy but for the limit, which it does not have. Prefer a limit: an endless loop
  // of restarts looks alive from outside.
  static RestartPolicy Unlimited();
};

// The value of `max_restarts` that means no limit.
inline constexpr int kUnlimitedRestarts = std::numeric_limits<int>::max();

// Returns: one sentence for every requirement that `policy` breaks; empty if it is valid (S1).
std::vector<std::string> Problems(const RestartPolicy& policy);

// Returns: OK, or InvalidArgument with all the problems in one message. The caller should mend the
// policy; nothing will run with it.
absl::Status Validate(const RestartPolicy& policy);

// The pause before a restart: pure, and saturating rather than overflowing.
//
// `attempt` counts restarts since the backoff was last reset, from 0, for which the pause is
// `initial`. `unit_random` in [0, 1) is where in the jitter's range the pause falls: 0 takes
// nothing off. REQUIRES: a valid policy.
std::chrono::nanoseconds BackoffDelay(const RestartPolicy& policy, int attempt, double unit_random);

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_RESTART_POLICY_H_
