// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_FAILURE_SOURCE_H_
#define STEMMA_LIFECYCLE_FAILURE_SOURCE_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/lifecycle/stop_reason.h"
#include "stemma/lifecycle/subscription.h"

namespace stemma {

namespace internal {
class FailureChannel;
struct ContextAccess;
}  // namespace internal

// How a worker is doing, as seen from outside. A plain value.
struct WorkerStatus {
  // Default: empty: whoever uses the component's own context.
  std::string name = {};
  // True once its function has returned. Default: false.
  bool ended = false;
  // True while it is inside `WaitForStop` or `SleepFor`, and so alive without a heartbeat (S22).
  // Default: false.
  bool waiting = false;
  // When it last called `Heartbeat`, came out of such a wait, or began, by `ContextOptions::now`.
  // Default: zero.
  std::chrono::nanoseconds last_heartbeat = {};
};

// The other end of a `SignalerContext`, for whoever started the component: waits for, or is called
// with, the first failure; stops the component and tells it why; sees how its workers are doing. A
// copyable handle; see `WithSignaler`.
//
// Thread safety: any thread may call any method.
// Lifetime: contexts and sources may outlive each other.
class FailureSource {
 public:
  FailureSource(const FailureSource&) = default;
  FailureSource& operator=(const FailureSource&) = default;

  // The first failure, if there has been one. It stays.
  std::optional<Failure> first() const;

  // Set with the first failure, before the failing thread goes on.
  Event failed() const;

  // Blocks until there is a failure, or `stop` is requested. Returns: the first failure, even when
  // stop came too; nothing if there is none.
  std::optional<Failure> Wait(std::stop_token stop) const;

  // Calls `callback` once with the first failure: on the thread that fails, before it goes on or
  // unwinds and before stop is requested; or at once, if there has been one.
  [[nodiscard]] Subscription OnFailure(std::function<void(const Failure&)> callback) const;

  // Calls `callback` with every later failure from now on, on the thread that fails, before it goes
  // on or unwinds. May be called concurrently, and while `OnFailure` is still running on another
  // thread.
  [[nodiscard]] Subscription OnSecondary(std::function<void(const Failure&)> callback) const;

  // The failures after the first, oldest first. Only the newest `kMaxSecondary` are kept.
  std::vector<Failure> secondary() const;
  static constexpr std::size_t kMaxSecondary = 16;

  // Requests stop of everything that runs with the context; what it answers to `stop_reason` from
  // now on, unless it has been stopped already. Runs stop callbacks, which are user code, on this
  // thread. REQUIRES: `reason` is not empty.
  void RequestStop(StopReason reason) const;

  // The workers that were given a context of their own, in that order, and the component's own
  // context if it has ever given a heartbeat.
  std::vector<WorkerStatus> workers() const;

 private:
  friend struct internal::ContextAccess;
  explicit FailureSource(std::shared_ptr<internal::FailureChannel> channel)
      : channel_(std::move(channel)) {}

  std::shared_ptr<internal::FailureChannel> channel_;
};

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_FAILURE_SOURCE_H_
