// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/scope.h"

#include <utility>

namespace stemma::internal {

void Scope::StopWith(const std::stop_token& token, std::function<StopReason()> reason) {
  link_.emplace(token, [weak = weak_from_this(), reason = std::move(reason)] {
    // Not `this`: what the stop sets off may let go of the last handle, and this callback with it.
    if (const std::shared_ptr<Scope> self = weak.lock()) self->RequestStop(reason());
  });
}

void Scope::StopWith(std::shared_ptr<const Scope> outer) {
  const std::stop_token token = outer->stop_token();
  StopWith(token, [outer = std::move(outer)] { return outer->stop_reason(); });
}

void Scope::RequestStop(StopReason reason) {
  const std::shared_ptr<Scope> self = shared_from_this();
  {
    const std::lock_guard lock(mutex_);
    if (reason_.empty()) reason_ = std::move(reason);
  }
  // request_stop runs the user's stop callbacks here, one after the other, the newest first in
  // every standard library that we know; one that blocks would hold up those who wait for the stop,
  // but for this newest one.
  const std::stop_callback wake(source_.get_token(), [this] {
    {
      const std::lock_guard lock(mutex_);
      stopped_.notify_all();
    }
    told_to_stop_.Set();
  });
  source_.request_stop();
  told_to_stop_.Set();  // another thread's request may have been first, and be only about to say so
}

StopReason Scope::stop_reason() const {
  if (!stop_requested()) return {};
  const std::lock_guard lock(mutex_);
  return reason_;
}

void Scope::WaitForStop() const {
  std::unique_lock lock(mutex_);
  stopped_.wait(lock, [this] { return stop_requested(); });  // woken by RequestStop
}

bool Scope::SleepFor(std::chrono::nanoseconds duration) const {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point now = Clock::now();
  if (duration >
      Clock::time_point::max() - now) {  // the sum would overflow; it is 292 years, anyway
    WaitForStop();
    return false;
  }
  std::unique_lock lock(mutex_);
  // Woken by RequestStop.
  return !stopped_.wait_until(lock, now + duration, [this] { return stop_requested(); });
}

void Scope::Begin(std::size_t count) {
  const std::lock_guard lock(mutex_);
  running_ = count;
}

bool Scope::TryEnter() {
  const std::lock_guard lock(mutex_);
  if (running_ == 0) return false;
  ++running_;
  return true;
}

void Scope::Leave() {
  const std::shared_ptr<Scope> self =
      shared_from_this();  // a callback may let go of the last handle
  {
    const std::lock_guard lock(mutex_);
    if (--running_ != 0) return;
  }
  // L2: whoever sees the end also sees that it was told to stop, or might as well have been.
  told_to_stop_.Set();
  ended_.Set();
}

}  // namespace stemma::internal
