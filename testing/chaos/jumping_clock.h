// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_CHAOS_JUMPING_CLOCK_H_
#define STEMMA_TESTING_CHAOS_JUMPING_CLOCK_H_

#include <algorithm>
#include <chrono>
#include <functional>

#include "stemma/supervisor/clock.h"
#include "stemma/testing/manual_clock.h"

namespace stemma::chaos {

// The steady clock, but for jumps ahead: what a process sees that was suspended.
//
// Thread safety: any thread may call any method.
class JumpingClock final : public Clock {
 public:
  std::chrono::nanoseconds Now() const override { return SteadyClock()->Now() + jumped_.Now(); }
  std::chrono::nanoseconds RealTimeUntil(std::chrono::nanoseconds deadline) const override {
    return std::max(std::chrono::nanoseconds::zero(), deadline - Now());
  }
  [[nodiscard]] Subscription OnJump(std::function<void()> callback) override {
    return jumped_.OnJump(std::move(callback));
  }

  void Jump(std::chrono::nanoseconds ahead) { jumped_.Advance(ahead); }

 private:
  ManualClock jumped_;  // by how much, in all
};

}  // namespace stemma::chaos

#endif  // STEMMA_TESTING_CHAOS_JUMPING_CLOCK_H_
