// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_RESTART_BUDGET_H_
#define STEMMA_LIFECYCLE_RESTART_BUDGET_H_

#include <chrono>
#include <vector>

#include "stemma/lifecycle/restart_policy.h"

namespace stemma {

// The account of one component's restarts under a policy (S8): may it be restarted now, and after
// what pause?
//
// A pure value: time and chance are parameters, so that an hour of backoff is tested in
// microseconds and a journal replays exactly. Times are nanoseconds of one monotonic clock,
// whichever.
//
// Thread safety: none of its own.
//
// Example:
//   if (ready) budget.RecordReadyFor(now - ready_since);
//   if (budget.exhausted(now)) return policy.on_limit;
//   wait(budget.Restart(now, random));
class RestartBudget {
 public:
  // REQUIRES: a valid policy.
  explicit RestartBudget(RestartPolicy policy = {}) : policy_(policy) {}

  // The incarnation that has just ended had been ready for `ready_for`. At least `reset_after`
  // resets the backoff; the restarts within the window stay counted.
  void RecordReadyFor(std::chrono::nanoseconds ready_for);

  // True if a restart at `now` would be more than `max_restarts` within `window`. A restart that is
  // exactly `window` old does not count any more.
  bool exhausted(std::chrono::nanoseconds now) const;

  // Records a restart at `now`. Returns: the pause to make before it; see `BackoffDelay` for
  // `unit_random`. REQUIRES: `now` is not before the one of the previous call.
  std::chrono::nanoseconds Restart(std::chrono::nanoseconds now, double unit_random);

  // The number of restarts since the backoff was last reset: what the next pause is computed from.
  int attempt() const { return attempt_; }

  const RestartPolicy& policy() const { return policy_; }

 private:
  bool IsWithinWindow(std::chrono::nanoseconds restart, std::chrono::nanoseconds now) const;

  RestartPolicy policy_;
  int attempt_ = 0;
  // Those within the window, oldest first; empty when there is no limit. A vector, so that a
  // component that is never restarted costs no allocation.
  std::vector<std::chrono::nanoseconds> restarts_;
};

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_RESTART_BUDGET_H_
