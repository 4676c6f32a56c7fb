// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/event.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "stemma/lifecycle/internal/callback.h"

namespace stemma {
namespace internal {

class EventState : public std::enable_shared_from_this<EventState> {
 public:
  bool IsSet() const {
    const std::lock_guard lock(mutex_);
    return set_;
  }

  // `run` is given a function that runs the callbacks.
  template <class Run>
  bool Set(const Run& run) {
    // A callback, or a thread that this wakes, may let go of the last handle.
    const std::shared_ptr<EventState> self = shared_from_this();
    CallbackList<>::Callbacks callbacks;
    {
      const std::lock_guard lock(mutex_);
      if (set_) return false;
      set_ = true;
      callbacks = callbacks_.TakeAll();
      changed_.notify_all();
    }
    if (callbacks.empty()) return true;
    run([callbacks = std::move(callbacks)] {
      for (const auto& callback : callbacks) callback->RunOnce();
    });
    return true;
  }

  void Wait() const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return set_; });  // woken by Set
  }

  bool WaitFor(std::chrono::nanoseconds timeout) const {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point now = Clock::now();
    if (timeout >
        Clock::time_point::max() - now) {  // the sum would overflow; it is 292 years, anyway
      Wait();
      return true;
    }
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, now + timeout, [this] { return set_; });  // woken by Set
  }

  bool Wait(const std::stop_token& stop) const {
    std::unique_lock lock(mutex_);
    return changed_.wait(lock, stop,
                         [this] { return set_; });  // woken by Set, or by a stop request
  }

  Subscription OnSet(std::function<void()> function) {
    auto callback = std::make_shared<Callback<>>(std::move(function));
    {
      const std::lock_guard lock(mutex_);
      if (!set_) {
        callbacks_.Add(callback);
        return Subscription(std::move(callback), shared_from_this());
      }
    }
    callback->RunOnce();
    return Subscription();
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  bool set_ = false;          // guarded by mutex_
  CallbackList<> callbacks_;  // guarded by mutex_
};

namespace {

// Runs an event's callbacks on the thread that sets it.
constexpr auto kHere = [](const auto& callbacks) { callbacks(); };

// The events count down on the result, which they hold weakly: who waits for it keeps it alive, and
// a result that nobody waits for leaves nothing behind in events that live on.
struct AllOfState final : public EventState {
  std::atomic<std::size_t> missing = 0;
  std::vector<Subscription> subscriptions;
};

}  // namespace
}  // namespace internal

bool Event::IsSet() const { return state_->IsSet(); }

void Event::Wait() const { state_->Wait(); }

bool Event::WaitFor(std::chrono::nanoseconds timeout) const { return state_->WaitFor(timeout); }

absl::Status Event::Wait(std::stop_token stop) const {
  if (state_->Wait(stop)) return absl::OkStatus();
  return absl::CancelledError("stop was requested before the event was set");
}

Subscription Event::OnSet(std::function<void()> callback) const {
  return state_->OnSet(std::move(callback));
}

EventSource::EventSource() : state_(std::make_shared<internal::EventState>()) {}

bool EventSource::Set() const { return state_->Set(internal::kHere); }

bool internal::EventAccess::Set(const EventSource& source,
                                const std::function<void(std::function<void()>)>& run) {
  return source.state_->Set(run);
}

Event EventSource::event() const { return Event(state_); }

Event AllOf(std::vector<Event> events) {
  const auto all = std::make_shared<internal::AllOfState>();
  // One more than there are events, for this function: else an event that is set meanwhile could be
  // the last one while the subscriptions are still being stored.
  all->missing = events.size() + 1;
  const auto count_down = [weak = std::weak_ptr(all)] {
    if (const auto state = weak.lock(); state != nullptr && --state->missing == 0) {
      state->Set(internal::kHere);
    }
  };
  all->subscriptions.reserve(events.size());
  for (const Event& event : events) all->subscriptions.push_back(event.OnSet(count_down));
  count_down();
  return Event(all);
}

}  // namespace stemma
