// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/instance.h"

#include <utility>
#include <vector>

#include "stemma/lifecycle/internal/context_state.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/supervisor/internal/nested.h"

namespace stemma::internal {

Instance::Instance(std::shared_ptr<const ComponentFactory> factory, ContextOptions options,
                   Report report, std::string place)
    : Instance(std::move(factory), WithSignaler(std::stop_token(), std::move(options)),
               std::move(report), std::move(place)) {}

Instance::Instance(std::shared_ptr<const ComponentFactory> factory,
                   const std::pair<SignalerContext, FailureSource>& signaler, Report report,
                   std::string place)
    : factory_(std::move(factory)),
      report_(std::move(report)),
      place_(std::move(place)),
      context_(signaler.first),
      failures_(signaler.second) {}

void Instance::Launch() {
  on_failure_ = ContextAccess::ChannelOf(failures_).OnEvery(
      [this](const Failure& failure, bool /*first*/) { report_(Input::Kind::kFailed, failure); });
  const std::optional<ComponentEvents> started = Start();
  if (!started) return report_(Input::Kind::kDone, std::nullopt);
  on_done_ = started->done.OnSet([this, ready = started->ready] {
    // A component that sets both at once may be seen to have ended first.
    if (!ready_reported_ && ready.IsSet()) report_(Input::Kind::kReady, std::nullopt);
    const auto* const nested = dynamic_cast<const Nested*>(component_.get());
    if (nested != nullptr && nested->left_behind()) report_(Input::Kind::kLeftBehind, std::nullopt);
    Finished();
  });
  Finished();
}

void Instance::Finished() {
  if (to_finish_.fetch_sub(1) == 1) report_(Input::Kind::kDone, std::nullopt);
}

std::optional<ComponentEvents> Instance::Start() {
  const std::shared_ptr<const ComponentFactory> factory = std::move(factory_);
  if (stop_requested()) return std::nullopt;
  absl::StatusOr<std::unique_ptr<Component>> made = MakeComponent(*factory);
  if (!made.ok()) {
    ContextAccess::Fail(context_, FailureKind::kFactory, made.status());
    return std::nullopt;
  }
  component_ = *std::move(made);
  if (auto* const nested = dynamic_cast<Nested*>(component_.get())) nested->SetPlace(place_);
  // S3: what a factory returns after a timeout, or a stop, is destroyed unstarted.
  if (stop_requested()) return std::nullopt;
  absl::StatusOr<ComponentEvents> started =
      StartComponent(*component_, context_, [this](const Event& ready) {
        on_ready_ = ready.OnSet([this] {
          report_(Input::Kind::kReady, std::nullopt);
          ready_reported_ = true;
        });
      });
  if (!started.ok()) return std::nullopt;
  return *std::move(started);
}

void Instance::RequestStop(std::shared_ptr<const StopReason> reason) {
  ContextAccess::ChannelOf(failures_).scope()->RequestStop(std::move(reason));
}

bool Instance::stops() const {
  return stop_requested() || ContextAccess::ChannelOf(failures_).any();
}

void Instance::Destroy() {
  on_ready_.Cancel();
  component_.reset();
  // Which may still be returning from having reported kDone. It was needed for nothing any more,
  // and in most components the destructor has waited for its thread, which spares a wait here.
  on_done_.Cancel();
  on_failure_.Cancel();
  report_(Input::Kind::kGone, std::nullopt);
}

void Instance::LeaveBehind() {
  // Kept for ever, and reachable, so that a leak checker knows it for what it is.
  static Mutex mutex;
  static auto* const left_behind = new std::vector<std::shared_ptr<Instance>>();
  const MutexLock lock(mutex);
  left_behind->push_back(shared_from_this());
}

std::optional<WorkerStatus> Instance::QuietestWorker() const {
  std::optional<WorkerStatus> quietest;
  for (WorkerStatus& worker : failures_.workers()) {
    if (worker.ended || worker.waiting) continue;
    if (!quietest || worker.last_heartbeat < quietest->last_heartbeat) quietest = std::move(worker);
  }
  return quietest;
}

std::vector<std::string> Instance::RunningWorkers() const {
  std::vector<std::string> names;
  for (const WorkerStatus& worker : failures_.workers()) {
    if (!worker.ended) names.push_back(worker.name);
  }
  return names;
}

}  // namespace stemma::internal
