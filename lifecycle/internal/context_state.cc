// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/context_state.h"

#include <utility>

#include "stemma/lifecycle/internal/log.h"
#include "stemma/lifecycle/internal/mutex.h"

namespace stemma::internal {
namespace {

std::chrono::nanoseconds SteadyNow() { return std::chrono::steady_clock::now().time_since_epoch(); }

ContextOptions WithDefaults(ContextOptions options) {
  if (!options.now) options.now = &SteadyNow;
  return options;
}

}  // namespace

FailureChannel::FailureChannel(ContextOptions options)
    : options_(WithDefaults(std::move(options))), own_record_("", options_.now()) {}

bool FailureChannel::Deliver(const Failure& failure) {
  CallbackList<const Failure&, bool>::Callbacks callbacks;
  std::optional<EventSource> failed;
  bool first = false;
  {
    const MutexLock lock(mutex_);
    first = failures_.empty();
    if (first) failed = failed_.Set();
    failures_.push_back(failure);
    if (failures_.size() > 1 + FailureSource::kMaxSecondary) {
      failures_.erase(failures_.begin() + 1);
    }
    callbacks = on_failure_.all();
  }
  if (failed) failed->Set();
  if (!first) LogWarning(logger(), "secondary failure: " + Describe(failure));
  for (const auto& callback : callbacks) callback->Run(failure, first);
  return first;
}

std::optional<Failure> FailureChannel::first() const {
  const MutexLock lock(mutex_);
  if (failures_.empty()) return std::nullopt;
  return failures_.front();
}

bool FailureChannel::any() const {
  const MutexLock lock(mutex_);
  return !failures_.empty();
}

Event FailureChannel::failed() {
  const MutexLock lock(mutex_);
  return failed_.event();
}

std::vector<Failure> FailureChannel::secondary() const {
  const MutexLock lock(mutex_);
  if (failures_.empty()) return {};
  return {failures_.begin() + 1, failures_.end()};
}

Subscription FailureChannel::OnFailure(std::function<void(const Failure&)> function) {
  std::optional<Failure> already;
  const auto callback = std::make_shared<Callback<const Failure&, bool>>(
      [function = std::move(function)](const Failure& failure, bool first) {
        if (first) function(failure);
      });
  {
    const MutexLock lock(mutex_);
    if (failures_.empty()) {
      on_failure_.Add(callback);
    } else {
      already = failures_.front();
    }
  }
  if (already) callback->Run(*already, true);
  return Subscription(callback, shared_from_this());
}

Subscription FailureChannel::OnSecondary(std::function<void(const Failure&)> function) {
  return OnEvery([function = std::move(function)](const Failure& failure, bool first) {
    if (!first) function(failure);
  });
}

Subscription FailureChannel::OnEvery(std::function<void(const Failure&, bool first)> function) {
  auto callback = std::make_shared<Callback<const Failure&, bool>>(std::move(function));
  const MutexLock lock(mutex_);
  on_failure_.Add(callback);
  return Subscription(std::move(callback), shared_from_this());
}

std::shared_ptr<WorkerRecord> FailureChannel::AddWorker(std::string name) {
  auto record = std::make_shared<WorkerRecord>(std::move(name), Now());
  const MutexLock lock(mutex_);
  workers_.push_back(record);
  return record;
}

std::vector<WorkerStatus> FailureChannel::workers() const {
  std::vector<WorkerStatus> statuses;
  const auto add = [&](const WorkerRecord& record) {
    // Waiting is read before the heartbeat: see WorkerRecord::EndWait.
    const bool waiting = record.waiting();
    statuses.push_back({.name = record.name(),
                        .ended = record.ended(),
                        .waiting = waiting,
                        .last_heartbeat = record.last_heartbeat()});
  };
  const MutexLock lock(mutex_);
  for (const auto& record : workers_) add(*record);
  if (own_record_.beaten()) add(own_record_);
  return statuses;
}

bool ContextState::Fail(FailureKind kind, absl::Status error, SourceLocation where) const {
  if (error.ok()) error = absl::InternalError("failed with a status that is OK");
  const Failure failure{.kind = kind,
                        .status = std::move(error),
                        .component = channel_->component(),
                        .worker = worker_->name(),
                        .where = where};
  const auto reason = std::make_shared<const StopReason>(StopReason{
      .kind = StopReason::Kind::kFailure, .text = Describe(failure), .node = failure.component});

  struct Hold {  // L2: the failure is delivered before the end, whichever thread reports it
    explicit Hold(Scope& entered) : scope(entered), held(entered.TryEnter()) {}
    ~Hold() {
      if (held) scope.Leave();
    }
    Scope& scope;
    const bool held;
  } const hold(*scope_);
  const bool first = channel_->Deliver(failure);
  scope_->RequestStop(reason);
  channel_->scope()->RequestStop(reason);
  return first;
}

SignalerContext ContextAccess::InScope(const SignalerContext& context,
                                       std::shared_ptr<Scope> scope) {
  const auto& channel = context.state_->channel();
  return SignalerContext(
      std::make_shared<ContextState>(channel, std::move(scope), channel->own_record()));
}

SignalerContext ContextAccess::ForWorker(const SignalerContext& context,
                                         std::shared_ptr<Scope> scope, std::string name) {
  const auto& channel = context.state_->channel();
  return SignalerContext(std::make_shared<ContextState>(channel, std::move(scope),
                                                        channel->AddWorker(std::move(name))));
}

SignalerContext ContextAccess::ContextOf(std::shared_ptr<FailureChannel> channel) {
  auto scope = channel->scope();
  auto record = channel->own_record();
  return SignalerContext(
      std::make_shared<ContextState>(std::move(channel), std::move(scope), std::move(record)));
}

}  // namespace stemma::internal
