// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/clock.h"

#include <algorithm>

namespace stemma {
namespace {

class Steady final : public Clock {
 public:
  std::chrono::nanoseconds Now() const override {
    return std::chrono::steady_clock::now().time_since_epoch();
  }
  std::chrono::nanoseconds RealTimeUntil(std::chrono::nanoseconds deadline) const override {
    return std::max(std::chrono::nanoseconds::zero(), deadline - Now());
  }
  Subscription OnJump(std::function<void()>) override { return {}; }
};

}  // namespace

std::shared_ptr<Clock> SteadyClock() {
  static const auto* const clock = new std::shared_ptr<Clock>(std::make_shared<Steady>());
  return *clock;
}

}  // namespace stemma
