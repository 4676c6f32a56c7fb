// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_SIGNALER_CONTEXT_H_
#define STEMMA_LIFECYCLE_SIGNALER_CONTEXT_H_

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "stemma/lifecycle/failure_source.h"
#include "stemma/lifecycle/source_location.h"
#include "stemma/lifecycle/stop_reason.h"

namespace spdlog {
class logger;
}  // namespace spdlog

namespace stemma {

namespace internal {
class ContextState;
struct ContextAccess;
}  // namespace internal

// What a running component is given: a std::stop_token, plus a way to fail.
//
// A component that meets an error which it cannot handle fails by `Throw` or `Report`. The first
// failure goes to whoever started it, by the `FailureSource` that was made together with the
// context, and then stop is requested of everything that runs with the context (L3, L5). What
// happens next is decided there: a component neither knows nor cares.
//
// A copyable handle: workers have copies of their own, which carry their names.
//
// Thread safety: any thread may call any method.
//
// Example:
//   void Flush(const SignalerContext& context, const ReadyFunc& ready) {
//     ready();
//     while (context.SleepFor(std::chrono::seconds(1))) {
//       if (absl::Status status = FlushOnce(); !status.ok()) context.Throw(status);
//     }
//   }
class SignalerContext {
 public:
  // Copies only, moves included: a handle is never empty.
  SignalerContext(const SignalerContext&) = default;
  SignalerContext& operator=(const SignalerContext&) = default;

  // Stop is requested when the token that the context was made from is stopped, or by a failure.
  std::stop_token stop_token() const;
  bool stop_requested() const;

  // Why: empty until stop is requested (S16).
  StopReason stop_reason() const;

  // Blocks until stop is requested. A stop callback that blocks does not hold this up, neither one
  // of this context nor of one that the component was started with.
  void WaitForStop() const;

  // Blocks for `duration`, or until stop is requested. Returns: true if it slept it out; false if
  // stop was requested, and then at once, even when there was nothing to sleep.
  // `nanoseconds::max()` means none: until stop is requested.
  bool SleepFor(std::chrono::nanoseconds duration) const;

  // "I am alive": what a node with a watchdog expects of each worker, unless it waits in
  // `WaitForStop` or `SleepFor` (S22). Cheap: one reading of the clock.
  void Heartbeat() const;

  // Fails with `error`, requests stop, and unwinds this thread up to the worker's or `Start`'s end
  // by an exception that is not a std::exception: destructors run, `catch (...)` must rethrow. An
  // OK `error` becomes Internal. REQUIRES: nothing between here and there is noexcept, a destructor
  // or a C frame: a throw through those ends the process. Use `Report` there, and on threads that
  // are not workers.
  [[noreturn]] void Throw(absl::Status error,
                          SourceLocation where = SourceLocation::current()) const;

  // As `Throw`, but returns: the caller ends by itself. Returns: true if this was the first
  // failure; a later one is logged and kept as secondary.
  bool Report(absl::Status error, SourceLocation where = SourceLocation::current()) const;

 private:
  friend struct internal::ContextAccess;
  explicit SignalerContext(std::shared_ptr<internal::ContextState> state)
      : state_(std::move(state)) {}

  std::shared_ptr<internal::ContextState> state_;
};

// What a context is made with, beyond the token.
struct ContextOptions {
  // What `Failure::component` says. Default: empty.
  std::string component = {};
  // The clock of heartbeats; called from any thread. Default: empty: the steady clock.
  std::function<std::chrono::nanoseconds()> now = {};
  // Where secondary failures are logged. Default: null: the library's own, to stderr.
  std::shared_ptr<spdlog::logger> logger = {};
};

// Returns: a context that stops with `stop`, and the end at which its failures arrive.
std::pair<SignalerContext, FailureSource> WithSignaler(std::stop_token stop,
                                                       ContextOptions options = {});

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_SIGNALER_CONTEXT_H_
