// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_CONTEXT_STATE_H_
#define STEMMA_LIFECYCLE_INTERNAL_CONTEXT_STATE_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/lifecycle/failure_source.h"
#include "stemma/lifecycle/internal/callback.h"
#include "stemma/lifecycle/internal/lazy_event.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/lifecycle/internal/scope.h"
#include "stemma/lifecycle/internal/worker_record.h"
#include "stemma/lifecycle/signaler_context.h"

namespace stemma::internal {

// What one `WithSignaler` makes, shared by its FailureSource and by every context derived from it:
// the failures, the outermost scope, and the workers.
//
// Thread safety: any thread may call any method.
class FailureChannel : public std::enable_shared_from_this<FailureChannel> {
 public:
  explicit FailureChannel(ContextOptions options);

  const std::string& component() const { return options_.component; }
  const std::shared_ptr<spdlog::logger>& logger() const { return options_.logger; }
  const std::shared_ptr<Scope>& scope() const { return scope_; }
  std::chrono::nanoseconds Now() const { return options_.now(); }

  // Records the failure and runs the callbacks. Returns: true if it was the first.
  bool Deliver(const Failure& failure);

  std::optional<Failure> first() const;
  bool any() const;
  Event failed();
  std::vector<Failure> secondary() const;
  Subscription OnFailure(std::function<void(const Failure&)> function);
  Subscription OnSecondary(std::function<void(const Failure&)> function);
  // Every failure from now on.
  Subscription OnEvery(std::function<void(const Failure&, bool first)> function);

  std::shared_ptr<WorkerRecord> AddWorker(std::string name);
  std::vector<WorkerStatus> workers() const;
  // Of the component's own context.
  std::shared_ptr<WorkerRecord> own_record() { return {shared_from_this(), &own_record_}; }

 private:
  const ContextOptions options_;
  const std::shared_ptr<Scope> scope_ = std::make_shared<Scope>();
  WorkerRecord own_record_;

  mutable Mutex mutex_;
  // The first, then secondary ones.
  std::vector<Failure> failures_ ABSL_GUARDED_BY(mutex_);
  LazyEvent failed_ ABSL_GUARDED_BY(mutex_);
  CallbackList<const Failure&, bool> on_failure_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<WorkerRecord>> workers_ ABSL_GUARDED_BY(mutex_);
};

// What one SignalerContext refers to. Constant after construction.
class ContextState {
 public:
  ContextState(std::shared_ptr<FailureChannel> channel, std::shared_ptr<Scope> scope,
               std::shared_ptr<WorkerRecord> worker)
      : channel_(std::move(channel)), scope_(std::move(scope)), worker_(std::move(worker)) {}

  const std::shared_ptr<FailureChannel>& channel() const { return channel_; }
  const std::shared_ptr<Scope>& scope() const { return scope_; }
  WorkerRecord& worker() const { return *worker_; }

  // Delivers a failure of this context's worker, then requests stop: of this scope, and of all. The
  // scope does not end meanwhile (L2). Returns: true if it was the first.
  bool Fail(FailureKind kind, absl::Status error, SourceLocation where) const;

 private:
  const std::shared_ptr<FailureChannel> channel_;
  const std::shared_ptr<Scope> scope_;
  const std::shared_ptr<WorkerRecord> worker_;
};

// While it lives, the context's worker is inside a wait, and so alive (S22).
class Waiting {
 public:
  explicit Waiting(const ContextState& state) : state_(state) { state_.worker().BeginWait(); }
  ~Waiting() { state_.worker().EndWait(state_.channel()->Now()); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  const ContextState& state_;
};

// What those who run components do with a context, and users do not.
struct ContextAccess {
  static const ContextState& State(const SignalerContext& context) { return *context.state_; }

  // A context with the same failure channel whose reach is `scope`, for no worker in particular.
  static SignalerContext InScope(const SignalerContext& context, std::shared_ptr<Scope> scope);
  // The same, for a new worker of that name.
  static SignalerContext ForWorker(const SignalerContext& context, std::shared_ptr<Scope> scope,
                                   std::string name);

  static bool Fail(const SignalerContext& context, FailureKind kind, absl::Status error,
                   SourceLocation where = {}) {
    return context.state_->Fail(kind, std::move(error), where);
  }

  // Both ends of a channel.
  static SignalerContext ContextOf(std::shared_ptr<FailureChannel> channel);
  static FailureSource SourceOf(std::shared_ptr<FailureChannel> channel) {
    return FailureSource(std::move(channel));
  }
  static FailureChannel& ChannelOf(const FailureSource& source) { return *source.channel_; }
};

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_CONTEXT_STATE_H_
