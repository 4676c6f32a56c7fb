// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/observers.h"

#include <deque>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "stemma/lifecycle/internal/callback.h"
#include "stemma/lifecycle/internal/exception_text.h"
#include "stemma/lifecycle/internal/log.h"
#include "stemma/lifecycle/internal/mutex.h"

namespace stemma::internal {

struct Observers::Listener {
  explicit Listener(std::shared_ptr<Callback<const SupervisorEvent&>> the_callback)
      : callback(std::move(the_callback)) {}

  const std::shared_ptr<Callback<const SupervisorEvent&>> callback;
  Mutex mutex;
  std::deque<std::shared_ptr<const SupervisorEvent>> waiting ABSL_GUARDED_BY(mutex);
  std::uint64_t missed ABSL_GUARDED_BY(mutex) = 0;  // after those that wait
  bool delivering ABSL_GUARDED_BY(mutex) = false;   // a Deliver runs or is on its way
};

Subscription Observers::Subscribe(std::function<void(const SupervisorEvent&)> listener) {
  auto callback = std::make_shared<Callback<const SupervisorEvent&>>(
      [listener = std::move(listener), logger = logger_](const SupervisorEvent& event) {
        try {
          listener(event);
        } catch (...) {
          LogWarning(logger, absl::StrCat("a listener threw ", CurrentExceptionText()));
        }
      });
  const MutexLock lock(mutex_);
  std::erase_if(listeners_, [](const auto& other) { return other->callback->cancelled(); });
  listeners_.push_back(std::make_shared<Listener>(callback));
  return Subscription(std::move(callback), nullptr);
}

bool Observers::any() const {
  const MutexLock lock(mutex_);
  return !listeners_.empty();
}

void Observers::Publish(std::shared_ptr<const SupervisorEvent> event) {
  std::vector<std::shared_ptr<Listener>> listeners;
  {
    const MutexLock lock(mutex_);
    if (listeners_.empty()) return;
    listeners = listeners_;
  }
  for (const auto& listener : listeners) {
    {
      const MutexLock lock(listener->mutex);
      if (listener->waiting.size() >= kMaxWaiting || listener->missed > 0) {
        ++listener->missed;
      } else {
        listener->waiting.push_back(event);
      }
      if (std::exchange(listener->delivering, true)) continue;
    }
    run_([listener] { Deliver(listener); });
  }
}

void Observers::Deliver(const std::shared_ptr<Listener>& listener) {
  while (true) {
    std::shared_ptr<const SupervisorEvent> event;
    {
      const MutexLock lock(listener->mutex);
      if (!listener->waiting.empty()) {
        event = std::move(listener->waiting.front());
        listener->waiting.pop_front();
      } else if (listener->missed > 0) {
        SupervisorEvent gap;
        gap.kind = SupervisorEvent::Kind::kGap;
        gap.missed = std::exchange(listener->missed, 0);
        event = std::make_shared<const SupervisorEvent>(std::move(gap));
      } else {
        listener->delivering = false;
        return;
      }
    }
    listener->callback->Run(*event);
  }
}

}  // namespace stemma::internal
