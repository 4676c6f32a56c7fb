// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/signaler_context.h"

#include "stemma/lifecycle/internal/context_state.h"
#include "stemma/lifecycle/internal/unwind.h"

namespace stemma {

using internal::Waiting;  // S22: alive for as long as it waits

std::stop_token SignalerContext::stop_token() const { return state_->scope()->stop_token(); }

bool SignalerContext::stop_requested() const { return state_->scope()->stop_requested(); }

StopReason SignalerContext::stop_reason() const { return state_->scope()->stop_reason(); }

void SignalerContext::WaitForStop() const {
  const Waiting waiting(*state_);
  state_->scope()->WaitForStop();
}

bool SignalerContext::SleepFor(std::chrono::nanoseconds duration) const {
  const Waiting waiting(*state_);
  return state_->scope()->SleepFor(duration);
}

void SignalerContext::Heartbeat() const { state_->worker().Heartbeat(state_->channel()->Now()); }

void SignalerContext::Throw(absl::Status error, SourceLocation where) const {
  // Not through Report: the status that unwinds is the one that was delivered.
  if (error.ok()) error = absl::InternalError("Throw was called with a status that is OK");
  state_->Fail(FailureKind::kThrown, error, where);
  throw internal::Unwind{.context = state_->channel().get(), .status = std::move(error)};
}

bool SignalerContext::Report(absl::Status error, SourceLocation where) const {
  if (error.ok()) error = absl::InternalError("Report was called with a status that is OK");
  return state_->Fail(FailureKind::kThrown, std::move(error), where);
}

std::optional<Failure> FailureSource::first() const { return channel_->first(); }

Event FailureSource::failed() const { return channel_->failed(); }

std::optional<Failure> FailureSource::Wait(std::stop_token stop) const {
  if (!failed().Wait(std::move(stop)).ok()) return std::nullopt;
  return first();
}

Subscription FailureSource::OnFailure(std::function<void(const Failure&)> callback) const {
  return channel_->OnFailure(std::move(callback));
}

Subscription FailureSource::OnSecondary(std::function<void(const Failure&)> callback) const {
  return channel_->OnSecondary(std::move(callback));
}

std::vector<Failure> FailureSource::secondary() const { return channel_->secondary(); }

void FailureSource::RequestStop(StopReason reason) const {
  channel_->scope()->RequestStop(std::move(reason));
}

std::vector<WorkerStatus> FailureSource::workers() const { return channel_->workers(); }

std::pair<SignalerContext, FailureSource> WithSignaler(std::stop_token stop,
                                                       ContextOptions options) {
  const auto channel = std::make_shared<internal::FailureChannel>(std::move(options));
  channel->scope()->StopWith(stop);
  return {internal::ContextAccess::ContextOf(channel), internal::ContextAccess::SourceOf(channel)};
}

}  // namespace stemma
