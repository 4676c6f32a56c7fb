// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_MANUAL_CLOCK_H_
#define STEMMA_TESTING_MANUAL_CLOCK_H_

#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <mutex>

#include "stemma/lifecycle/internal/callback.h"
#include "stemma/supervisor/clock.h"

namespace stemma {

// A clock whose time passes when the test says so. Give it to SupervisorOptions::clock: timeouts,
// backoffs and deadlines then run by it, and an hour takes no time.
//
// Thread safety: any thread may call any method.
//
// Example:
//   auto clock = std::make_shared<stemma::ManualClock>();
//   ... .clock = clock ...
//   clock->Advance(std::chrono::minutes(5));
class ManualClock final : public Clock {
 public:
  std::chrono::nanoseconds Now() const override;
  // Real time tells nothing here: wait for OnJump.
  std::chrono::nanoseconds RealTimeUntil(std::chrono::nanoseconds deadline) const override;
  [[nodiscard]] Subscription OnJump(std::function<void()> callback) override;

  // Lets time pass. Wakes everything that this makes due; that it has been dealt with is to be seen
  // by events. REQUIRES: not negative.
  void Advance(std::chrono::nanoseconds time);

 private:
  mutable std::mutex mutex_;
  std::chrono::nanoseconds now_{};                              // guarded by mutex_
  std::list<std::shared_ptr<internal::Callback<>>> callbacks_;  // guarded by mutex_
};

}  // namespace stemma

#endif  // STEMMA_TESTING_MANUAL_CLOCK_H_
