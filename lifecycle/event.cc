// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/event.h"

#include <atomic>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "stemma/lifecycle/internal/callback.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/lifecycle/internal/sleepers.h"

namespace stemma {
namespace internal {

class EventState {
 public:
  bool IsSet() const {
    const MutexLock lock(mutex_);
    return set_;
  }

  // `run` is given a function that runs the callbacks. `self` is a copy: a callback, or a thread
  // that this wakes, may let go of every other handle.
  template <class Run>
  static bool Set(const std::shared_ptr<EventState> self, const Run& run) {
    MutexLock lock(self->mutex_);
    if (self->set_) return false;
    self->set_ = true;
    Sleepers sleepers = self->sleepers_.Take();
    CallbackList<>::Callbacks callbacks = self->callbacks_.TakeAll();
    lock.unlock();
    sleepers.WakeAll();
    if (callbacks.empty()) return true;
    run([callbacks = std::move(callbacks)] {
      for (const auto& callback : callbacks) callback->RunOnce();
    });
    return true;
  }

  void Wait() const {
    Sleeper sleeper;
    if (Join(sleeper)) sleeper.Sleep();  // woken by Set
  }

  bool WaitFor(std::chrono::nanoseconds timeout) const {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point now = Clock::now();
    if (timeout >
        Clock::time_point::max() - now) {  // the sum would overflow; it is 292 years, anyway
      Wait();
      return true;
    }
    Sleeper sleeper;
    if (!Join(sleeper) || sleeper.SleepUntil(now + timeout)) return true;  // woken by Set
    if (Leave(sleeper)) return false;
    sleeper.Sleep();  // Set has got hold of it, and is about to wake it
    return true;
  }

  bool Wait(const std::stop_token& stop) const {
    Sleeper sleeper;
    if (!Join(sleeper)) return true;
    // Whoever is the first to get hold of the sleeper wakes it.
    const std::stop_callback wake(stop, [&] {
      if (Leave(sleeper)) sleeper.Wake();
    });
    sleeper.Sleep();  // woken by Set, or by a stop request
    return IsSet();
  }

  static Subscription OnSet(const std::shared_ptr<EventState>& self,
                            std::function<void()> function) {
    auto callback = std::make_shared<Callback<>>(std::move(function));
    {
      const MutexLock lock(self->mutex_);
      if (!self->set_) {
        self->callbacks_.Add(callback);
        return Subscription(std::move(callback), self);
      }
    }
    callback->RunOnce();
    return Subscription();
  }

 private:
  // Returns: false, and does nothing, if the event is set: there is nothing to wait for.
  bool Join(Sleeper& sleeper) const {
    const MutexLock lock(mutex_);
    if (!set_) sleepers_.Add(sleeper);
    return !set_;
  }
  // Returns: false if somebody else wakes it.
  bool Leave(Sleeper& sleeper) const {
    const MutexLock lock(mutex_);
    return sleepers_.Remove(sleeper);
  }

  mutable Mutex mutex_;
  bool set_ ABSL_GUARDED_BY(mutex_) = false;
  mutable Sleepers sleepers_ ABSL_GUARDED_BY(mutex_);
  CallbackList<> callbacks_ ABSL_GUARDED_BY(mutex_);
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
  return internal::EventState::OnSet(state_, std::move(callback));
}

EventSource::EventSource() : state_(std::make_shared<internal::EventState>()) {}

bool EventSource::Set() const { return internal::EventState::Set(state_, internal::kHere); }

bool internal::EventAccess::Set(const EventSource& source,
                                const std::function<void(std::function<void()>)>& run) {
  return EventState::Set(source.state_, run);
}

Event EventSource::event() const { return Event(state_); }

Event AllOf(std::vector<Event> events) {
  const auto all = std::make_shared<internal::AllOfState>();
  // One more than there are events, for this function: else an event that is set meanwhile could be
  // the last one while the subscriptions are still being stored.
  all->missing = events.size() + 1;
  const auto count_down = [weak = std::weak_ptr(all)] {
    if (const auto state = weak.lock(); state != nullptr && --state->missing == 0) {
      internal::EventState::Set(state, internal::kHere);
    }
  };
  all->subscriptions.reserve(events.size());
  for (const Event& event : events) all->subscriptions.push_back(event.OnSet(count_down));
  count_down();
  return Event(all);
}

}  // namespace stemma
