// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_OBSERVERS_H_
#define STEMMA_SUPERVISOR_INTERNAL_OBSERVERS_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/lifecycle/subscription.h"
#include "stemma/supervisor/supervisor_event.h"

namespace spdlog {
class logger;
}  // namespace spdlog

namespace stemma::internal {

// Hands a supervisor's events to its listeners, each in order and on a thread for user code, so
// that a slow one delays nobody else (S10). What waits for a listener is bounded: what does not fit
// is dropped, and it is told how many it missed.
//
// Thread safety: Subscribe from any thread; Publish by one at a time.
class Observers {
 public:
  static constexpr std::size_t kMaxWaiting = 4096;  // events, per listener

  // `run` calls a function on a thread for user code; `logger` is told of listeners' exceptions
  // (S9), null for the library's own.
  explicit Observers(std::function<void(std::function<void()>)> run,
                     std::shared_ptr<spdlog::logger> logger = nullptr)
      : run_(std::move(run)), logger_(std::move(logger)) {}

  Subscription Subscribe(std::function<void(const SupervisorEvent&)> listener);
  // False when Publish would tell nobody.
  bool any() const;
  void Publish(std::shared_ptr<const SupervisorEvent> event);

 private:
  struct Listener;
  static void Deliver(const std::shared_ptr<Listener>& listener);

  const std::function<void(std::function<void()>)> run_;
  const std::shared_ptr<spdlog::logger> logger_;
  mutable Mutex mutex_;
  std::vector<std::shared_ptr<Listener>> listeners_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_OBSERVERS_H_
