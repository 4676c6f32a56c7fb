// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_INSTANCE_H_
#define STEMMA_SUPERVISOR_INTERNAL_INSTANCE_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stemma/lifecycle/component.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/lifecycle/internal/start_component.h"
#include "stemma/lifecycle/signaler_context.h"
#include "stemma/supervisor/engine_types.h"

namespace stemma::internal {

// One incarnation of a node: its component, the context that it runs with, and the news of it.
//
// Launch, RequestStop and Destroy run user code, so they are called on the threads for that (S10).
// What happens is told by `report`, on whichever thread it happens on, and in this order: kReady
// before kDone, every kFailed and kLeftBehind before kDone. When both come at once, kReady may be
// told twice.
//
// Thread safety: Launch and Destroy never run at the same time (Destroy comes after kDone was
// reported); RequestStop and LeaveBehind may be called at any time.
class Instance : public std::enable_shared_from_this<Instance> {
 public:
  using Report = std::function<void(Input::Kind, std::optional<Failure>)>;

  // `place` is what a component that is a supervisor calls itself (S18).
  Instance(std::shared_ptr<const ComponentFactory> factory, ContextOptions options, Report report,
           std::string place = {});

  // Makes and starts the component. Reports kDone at once when there is nothing to wait for: the
  // factory or Start failed, or stop was requested meanwhile.
  void Launch();

  void RequestStop(std::shared_ptr<const StopReason> reason);
  bool stop_requested() const { return context_.stop_requested(); }
  // True when it has been asked to stop, or has failed and so stops by itself.
  bool stops() const;

  // Destroys the component, then reports kGone.
  void Destroy();

  // From now on nothing of it is ever destroyed (S12).
  void LeaveBehind();

  // The worker that has given no sign of life for longest, of those that should: who has ended or
  // waits for something need not (S22). Nothing if there is none.
  std::optional<WorkerStatus> QuietestWorker() const;

  // What has not ended: names of workers, for messages.
  std::vector<std::string> RunningWorkers() const;

 private:
  std::optional<ComponentEvents> Start();  // nothing: there is nothing to wait for
  // Called by Launch when it is through and by the component's end: the second reports kDone, so
  // that Destroy meets neither.
  void Finished();

  Instance(std::shared_ptr<const ComponentFactory> factory,
           const std::pair<SignalerContext, FailureSource>& signaler, Report report,
           std::string place);

  std::shared_ptr<const ComponentFactory> factory_;  // until Launch: what is left behind keeps none
  const Report report_;
  const std::string place_;
  const SignalerContext context_;
  const FailureSource failures_;
  std::unique_ptr<Component> component_;
  Subscription on_failure_, on_ready_, on_done_;
  std::atomic<bool> ready_reported_{false};
  std::atomic<int> to_finish_{2};  // see Finished
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_INSTANCE_H_
