// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/restart_budget.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace stemma {

using std::chrono::nanoseconds;

void RestartBudget::RecordReadyFor(nanoseconds ready_for) {
  if (policy_.reset_after == nanoseconds::max()) return;
  if (ready_for >= policy_.reset_after) attempt_ = 0;
}

bool RestartBudget::exhausted(nanoseconds now) const {
  if (policy_.max_restarts == kUnlimitedRestarts) return false;
  const auto most = static_cast<std::size_t>(policy_.max_restarts);
  if (most == 0) return true;
  // They are in order: the oldest of the last `most` ones is the first to leave the window.
  return restarts_.size() >= most && IsWithinWindow(restarts_[restarts_.size() - most], now);
}

nanoseconds RestartBudget::Restart(nanoseconds now, double unit_random) {
  if (policy_.max_restarts != kUnlimitedRestarts) {
    const auto recent = std::find_if(restarts_.begin(), restarts_.end(), [&](nanoseconds restart) {
      return IsWithinWindow(restart, now);
    });
    restarts_.erase(restarts_.begin(), recent);
    restarts_.push_back(now);
  }
  const int attempt = attempt_;
  if (attempt_ < std::numeric_limits<int>::max()) ++attempt_;
  return BackoffDelay(policy_, attempt, unit_random);
}

bool RestartBudget::IsWithinWindow(nanoseconds restart, nanoseconds now) const {
  if (policy_.window == nanoseconds::max()) return true;
  // Written so that nothing overflows on a clock that began before zero.
  return restart > nanoseconds::max() - policy_.window || now < restart + policy_.window;
}

}  // namespace stemma
