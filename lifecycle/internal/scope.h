// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_SCOPE_H_
#define STEMMA_LIFECYCLE_INTERNAL_SCOPE_H_

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/inlined_vector.h"
#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/internal/lazy_event.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/lifecycle/internal/sleepers.h"
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
  Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope();

  // From now on this scope stops when `token` is, or when `outer` is and for its reason: then
  // before the stop callbacks of `outer` run, the user's that is. One of the two, once, and not by
  // two threads.
  void StopWith(const std::stop_token& token);
  void StopWith(std::shared_ptr<Scope> outer);

  // Stop has been requested when this returns. The first reason stands; it is shared, for many may
  // be stopped for one.
  void RequestStop(std::shared_ptr<const StopReason> reason);
  void RequestStop(StopReason reason) {
    RequestStop(std::make_shared<const StopReason>(std::move(reason)));
  }

  std::stop_token stop_token() const;
  bool stop_requested() const {
    return stopped_ || (has_source_.load(std::memory_order_acquire) && source_.stop_requested());
  }
  StopReason stop_reason() const;  // empty until stop is requested

  void WaitForStop() const;
  bool SleepFor(std::chrono::nanoseconds duration) const;  // false: stop was requested

  // Set when it is told to stop, or, at the latest, before it ends. Whoever sees the stop sees
  // this.
  Event told_to_stop();

  // `count` things run in the scope from now on; each ends by `Leave`, and with the last of them
  // the scope ends. Once.
  void Begin(std::size_t count);
  // Holds up the end until `Leave`. Returns: false, and holds nothing, if nothing runs in the
  // scope.
  bool TryEnter();
  // Runs the callbacks of `ended` on this thread, if it was the last.
  void Leave();
  Event ended();

 private:
  struct Link;  // how the stop of a token gets here

  // Returns: false, and adds nothing, if stop has been requested.
  bool AddInner(std::weak_ptr<Scope> inner);
  std::shared_ptr<const StopReason> shared_reason() const;  // null: none
  void Tell();                                              // those who wait that it stops, or ends
  void StopInner();                                         // REQUIRES: stop has been requested

  // For those who ask for a token, which hardly anybody does: a stop by way of a source takes
  // several system calls. Written once, with the mutex, and before has_source_ says so.
  mutable std::stop_source source_{std::nostopstate};
  mutable std::atomic<bool> has_source_ = false;
  std::atomic<bool> stopped_ = false;  // before there was a source

  mutable Mutex mutex_;
  mutable Sleepers sleepers_ ABSL_GUARDED_BY(mutex_);  // wait for the stop
  // Stop with this one. Hardly ever is there more than one; gone ones are forgotten as it grows.
  absl::InlinedVector<std::weak_ptr<Scope>, 1> inner_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const StopReason> reason_ ABSL_GUARDED_BY(mutex_);  // null: none
  std::size_t running_ ABSL_GUARDED_BY(mutex_) = 0;
  LazyEvent told_to_stop_ ABSL_GUARDED_BY(mutex_);
  LazyEvent ended_ ABSL_GUARDED_BY(mutex_);

  std::shared_ptr<Scope> outer_;  // lives on while it may stop this one

  // The last member: destroyed first, and its destructor waits for a callback that uses the others.
  std::unique_ptr<std::stop_callback<Link>> link_;  // null: nothing stops it
};

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_SCOPE_H_
