// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/manual_clock.h"

#include <utility>

namespace stemma {

using std::chrono::nanoseconds;

nanoseconds ManualClock::Now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

nanoseconds ManualClock::RealTimeUntil(nanoseconds deadline) const {
  return deadline <= Now() ? nanoseconds::zero() : nanoseconds::max();
}

Subscription ManualClock::OnJump(std::function<void()> callback) {
  auto gate = std::make_shared<internal::Callback<>>(std::move(callback));
  const std::lock_guard lock(mutex_);
  callbacks_.remove_if([](const auto& other) { return other->cancelled(); });
  callbacks_.push_back(gate);
  return Subscription(std::move(gate), nullptr);
}

void ManualClock::Advance(nanoseconds time) {
  std::list<std::shared_ptr<internal::Callback<>>> callbacks;
  {
    const std::lock_guard lock(mutex_);
    now_ = time > nanoseconds::max() - now_ ? nanoseconds::max() : now_ + time;
    callbacks = callbacks_;
  }
  for (const auto& callback : callbacks) callback->Run();
}

}  // namespace stemma
