// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_SCOPE_H_
#define STEMMA_LIFECYCLE_INTERNAL_SCOPE_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/stop_reason.h"

namespace stemma::internal {

// What is stopped as one: the reach of a `SignalerContext`. Scopes nest: a component's own scope
// stops when the one that it was started in does, and can be stopped alone. A scope also counts
// what runs in it, and knows when that has ended.
//
// Every stop goes through `RequestStop`, which is how a wait for it gets by without a stop callback
// of its own.
//
// Thread safety: any thread may call any method.
class Scope : public std::enable_shared_from_this<Scope> {
 public:
  Scope() = default;
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  // From now on this scope stops when `token` is, for the reason that `reason` then answers. Once,
  // and not by two threads.
  void StopWith(const std::stop_token& token, std::function<StopReason()> reason);
  void StopWith(std::shared_ptr<const Scope> outer);

  // Stop has been requested when this returns. The first reason stands.
  void RequestStop(StopReason reason);

  std::stop_token stop_token() const { return source_.get_token(); }
  bool stop_requested() const { return source_.stop_requested(); }
  StopReason stop_reason() const;  // empty until stop is requested

  void WaitForStop() const;
  bool SleepFor(std::chrono::nanoseconds duration) const;  // false: stop was requested

  // Set when it is told to stop, or, at the latest, before it ends. Whoever sees the stop sees
  // this.
  Event told_to_stop() const { return told_to_stop_.event(); }

  // `count` things run in the scope from now on; each ends by `Leave`, and with the last of them
  // the scope ends. Once.
  void Begin(std::size_t count);
  // Holds up the end until `Leave`. Returns: false, and holds nothing, if nothing runs in the
  // scope.
  bool TryEnter();
  // Runs the callbacks of `ended` on this thread, if it was the last.
  void Leave();
  Event ended() const { return ended_.event(); }

 private:
  std::stop_source source_;
  EventSource told_to_stop_;
  EventSource ended_;

  mutable std::mutex mutex_;
  mutable std::condition_variable stopped_;  // notified once source_ is stopped
  StopReason reason_;                        // guarded by mutex_
  std::size_t running_ = 0;                  // guarded by mutex_

  // The last member: destroyed first, and its destructor waits for a callback that uses the others.
  std::optional<std::stop_callback<std::function<void()>>> link_;
};

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_SCOPE_H_
