// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_CLOCK_H_
#define STEMMA_SUPERVISOR_CLOCK_H_

#include <chrono>
#include <functional>
#include <memory>

#include "stemma/lifecycle/subscription.h"

namespace stemma {

// The time that a supervisor's timeouts and backoffs run by. Services use the steady clock; tests
// use stemma::ManualClock (stemma/testing/manual_clock.h), in which an hour takes no time.
//
// Thread safety: any thread may call any method.
class Clock {
 public:
  virtual ~Clock() = default;

  // The time since any fixed moment. Never goes back.
  virtual std::chrono::nanoseconds Now() const = 0;

  // For how long, in real time, one may sleep until it is `deadline`; nanoseconds::max() when only
  // OnJump can tell.
  virtual std::chrono::nanoseconds RealTimeUntil(std::chrono::nanoseconds deadline) const = 0;

  // Calls `callback` after each jump of the time. The steady clock never jumps.
  [[nodiscard]] virtual Subscription OnJump(std::function<void()> callback) = 0;
};

// std::chrono::steady_clock.
std::shared_ptr<Clock> SteadyClock();

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_CLOCK_H_
