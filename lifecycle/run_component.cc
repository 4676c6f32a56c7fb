// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/run_component.h"

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "stemma/lifecycle/internal/exception_text.h"
#include "stemma/lifecycle/internal/log.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/lifecycle/internal/start_component.h"
#include "stemma/lifecycle/restart_budget.h"
#include "stemma/lifecycle/signaler_context.h"

namespace stemma {
namespace {

using std::chrono::nanoseconds;

nanoseconds Now() { return std::chrono::steady_clock::now().time_since_epoch(); }

// When something happened, if it has; written by whichever thread it happens on.
class Moment {
 public:
  void Record() {
    const internal::MutexLock lock(mutex_);
    time_ = Now();
  }
  std::optional<nanoseconds> time() const {
    const internal::MutexLock lock(mutex_);
    return time_;
  }

 private:
  mutable internal::Mutex mutex_;
  std::optional<nanoseconds> time_ ABSL_GUARDED_BY(mutex_);
};

// How one incarnation ended.
struct Ending {
  std::optional<Failure> failure;
  std::optional<nanoseconds>
      ready_for;  // from ready to the failure; nothing if it failed before it was ready
};

// Starts the component, waits for its end, and destroys it.
Ending RunOnce(const std::stop_token& stop, std::unique_ptr<Component> component) {
  const auto [context, source] = WithSignaler(stop);
  Moment ready;
  Moment failed;
  {
    const Subscription on_failure = source.OnFailure([&](const Failure&) { failed.Record(); });
    Subscription on_ready;
    const auto watch = [&](const Event& event) { on_ready = event.OnSet([&] { ready.Record(); }); };
    const auto started = internal::StartComponent(*component, context, watch);
    if (started.ok()) started->done.Wait();
    component.reset();
  }
  Ending ending;
  // Read when everything is over: when a failure and the end arrive together the failure wins.
  ending.failure = source.first();
  const auto since = ready.time();
  const auto until = failed.time();
  if (since && until && *since <= *until) ending.ready_for = *until - *since;
  return ending;
}

ErrorHandlingBehavior Ask(const OnError& on_error, const Failure& failure) {
  if (!on_error) return ErrorHandlingBehavior::kRestart;
  try {
    const ErrorHandlingBehavior verdict = on_error(failure);
    if (IsValid(verdict)) return verdict;
    internal::LogWarning(nullptr, "the handler's answer is not a verdict; it counts as kShutdown");
  } catch (...) {
    internal::LogWarning(nullptr, "an exception escaped the handler; that counts as kShutdown: " +
                                      internal::CurrentExceptionText());
  }
  return ErrorHandlingBehavior::kShutdown;
}

absl::Status StopWasRequested() { return absl::CancelledError("stop was requested"); }

}  // namespace

absl::Status RunComponent(std::stop_token stop, const ComponentFactory& factory,
                          const OnError& on_error, const RestartPolicy& policy) {
  if (absl::Status status = Validate(policy); !status.ok()) return status;
  RestartBudget budget(policy);
  std::mt19937_64 random(std::random_device{}());
  std::uniform_real_distribution<double> unit(0.0, 1.0);

  while (!stop.stop_requested()) {
    absl::StatusOr<std::unique_ptr<Component>> component = internal::MakeComponent(factory);
    if (!component.ok()) return component.status();

    const Ending ending = RunOnce(stop, *std::move(component));
    if (!ending.failure.has_value()) {
      return stop.stop_requested() ? StopWasRequested() : absl::OkStatus();
    }

    if (Ask(on_error, *ending.failure) != ErrorHandlingBehavior::kRestart) {
      return ending.failure->status;
    }
    if (stop.stop_requested()) break;
    if (ending.ready_for) budget.RecordReadyFor(*ending.ready_for);
    if (budget.exhausted(Now())) return ending.failure->status;
    const SignalerContext pause = WithSignaler(stop).first;
    pause.SleepFor(budget.Restart(Now(), unit(random)));
  }
  return StopWasRequested();
}

}  // namespace stemma
