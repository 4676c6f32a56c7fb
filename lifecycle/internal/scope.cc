// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/scope.h"

#include <optional>
#include <utility>

#include "stemma/lifecycle/internal/add_forgetting.h"
#include "stemma/lifecycle/internal/mutex.h"

namespace stemma::internal {

struct Scope::Link {
  // Not a pointer: what the stop sets off may let go of the last handle, and this with it.
  std::weak_ptr<Scope> scope;

  void operator()() const {
    if (const std::shared_ptr<Scope> self = scope.lock()) {
      self->RequestStop({.kind = StopReason::Kind::kRequested, .text = "stop was requested"});
    }
  }
};

Scope::Scope() = default;
Scope::~Scope() = default;

void Scope::StopWith(const std::stop_token& token) {
  if (!token.stop_possible()) return;
  link_ = std::make_unique<std::stop_callback<Link>>(token, Link{.scope = weak_from_this()});
}

void Scope::StopWith(std::shared_ptr<Scope> outer) {
  outer_ = std::move(outer);
  if (!outer_->AddInner(weak_from_this())) RequestStop(outer_->shared_reason());
}

bool Scope::AddInner(std::weak_ptr<Scope> inner) {
  const MutexLock lock(mutex_);
  if (stop_requested()) return false;  // StopInner, which comes after that, may have been here
  AddForgetting(inner_, std::move(inner),
                [](const std::weak_ptr<Scope>& one) { return one.expired(); });
  return true;
}

std::stop_token Scope::stop_token() const {
  const MutexLock lock(mutex_);
  if (!has_source_) {
    source_ = std::stop_source();
    if (stopped_) source_.request_stop();
    has_source_.store(true, std::memory_order_release);
  }
  return source_.get_token();
}

void Scope::RequestStop(std::shared_ptr<const StopReason> reason) {
  const std::shared_ptr<Scope> self = shared_from_this();
  bool has_source = false;
  {
    const MutexLock lock(mutex_);
    if (reason_ == nullptr) reason_ = std::move(reason);
    has_source = has_source_;
    if (!has_source) stopped_ = true;
  }
  const auto tell = [this] {
    Tell();
    StopInner();
  };
  if (!has_source) return tell();
  // request_stop runs the user's stop callbacks here, one after the other, the newest first in
  // every standard library that we know; one that blocks would hold up those who wait for the stop,
  // and what was started in the scope, but for this newest one.
  const std::stop_callback first(source_.get_token(), tell);
  // Another thread's request may have been first, and be only about to say so.
  if (!source_.request_stop()) tell();
}

void Scope::Tell() {
  MutexLock lock(mutex_);
  // At the end, when no stop has been requested, those who wait for one go on waiting.
  Sleepers sleepers = stop_requested() ? sleepers_.Take() : Sleepers();
  const std::optional<EventSource> told = told_to_stop_.Set();
  lock.unlock();
  sleepers.WakeAll();
  if (told) told->Set();
}

void Scope::StopInner() {
  MutexLock lock(mutex_);
  const auto inner = std::exchange(inner_, {});
  const std::shared_ptr<const StopReason> reason = reason_;
  lock.unlock();
  // The newest first, as stop callbacks are.
  for (auto it = inner.rbegin(); it != inner.rend(); ++it) {
    if (const std::shared_ptr<Scope> scope = it->lock()) scope->RequestStop(reason);
  }
}

StopReason Scope::stop_reason() const {
  if (!stop_requested()) return {};
  const std::shared_ptr<const StopReason> reason = shared_reason();
  return reason != nullptr ? *reason : StopReason();
}

std::shared_ptr<const StopReason> Scope::shared_reason() const {
  const MutexLock lock(mutex_);
  return reason_;
}

void Scope::WaitForStop() const {
  Sleeper sleeper;
  {
    const MutexLock lock(mutex_);
    if (stop_requested()) return;
    sleepers_.Add(sleeper);
  }
  sleeper.Sleep();  // woken by Tell
}

bool Scope::SleepFor(std::chrono::nanoseconds duration) const {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point now = Clock::now();
  if (duration >
      Clock::time_point::max() - now) {  // the sum would overflow; it is 292 years, anyway
    WaitForStop();
    return false;
  }
  Sleeper sleeper;
  MutexLock lock(mutex_);
  if (stop_requested()) return false;
  sleepers_.Add(sleeper);
  lock.unlock();
  if (sleeper.SleepUntil(now + duration)) return false;  // woken by Tell
  lock.lock();
  if (sleepers_.Remove(sleeper)) return !stop_requested();
  lock.unlock();
  sleeper.Sleep();  // Tell has got hold of it, and is about to wake it
  return false;
}

Event Scope::told_to_stop() {
  const MutexLock lock(mutex_);
  return told_to_stop_.event();
}

Event Scope::ended() {
  const MutexLock lock(mutex_);
  return ended_.event();
}

void Scope::Begin(std::size_t count) {
  const MutexLock lock(mutex_);
  running_ = count;
}

bool Scope::TryEnter() {
  const MutexLock lock(mutex_);
  if (running_ == 0) return false;
  ++running_;
  return true;
}

void Scope::Leave() {
  const std::shared_ptr<Scope> self =
      shared_from_this();  // a callback may let go of the last handle
  {
    const MutexLock lock(mutex_);
    if (--running_ != 0) return;
  }
  // L2: whoever sees the end also sees that it was told to stop, or might as well have been.
  Tell();
  std::optional<EventSource> ended;
  {
    const MutexLock lock(mutex_);
    ended = ended_.Set();
  }
  if (ended) ended->Set();
}

}  // namespace stemma::internal
