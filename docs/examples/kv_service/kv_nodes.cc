// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/kv_nodes.h"

#include <chrono>
#include <string>

#include "absl/status/status.h"
#include "docs/examples/kv_service/components.h"
#include "docs/examples/kv_service/injected_failure.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/restart_policy.h"
#include "stemma/supervisor/policies.h"

namespace kv {
namespace {

using stemma::ErrorHandlingBehavior;
using stemma::Failure;

using Worker = void (*)(Wiring&, const stemma::SignalerContext&, const stemma::ReadyFunc&);

// Damaged data is for people to look at. Whatever else is wrong with a disk may pass.
ErrorHandlingBehavior HaltOnDataLoss(const Failure& failure) {
  return absl::IsDataLoss(failure.status) ? ErrorHandlingBehavior::kSpinHalt
                                          : ErrorHandlingBehavior::kRestart;
}

}  // namespace

std::vector<stemma::Node> KvNodes(const std::shared_ptr<Wiring>& wiring) {
  const auto factory = [&wiring](Worker worker) -> stemma::ComponentFactory {
    return [wiring, worker]() -> absl::StatusOr<std::unique_ptr<stemma::Component>> {
      return stemma::ComponentManagerBuilder()
          .AddWorker(
              "main",
              [wiring, worker](const stemma::SignalerContext& context,
                               const stemma::ReadyFunc& ready) { worker(*wiring, context, ready); })
          .Build();
    };
  };
  const stemma::OnError restart = OrAsInjected(stemma::Always(ErrorHandlingBehavior::kRestart));
  const stemma::OnError shutdown = OrAsInjected(stemma::Always(ErrorHandlingBehavior::kShutdown));
  const stemma::OnError halt_on_data_loss = OrAsInjected(HaltOnDataLoss);

  return {
      {.name = "config", .factory = factory(RunConfig), .on_error = shutdown},

      // Follows its settings: when those are read anew, it is opened anew. How long reading it
      // takes depends on how much there is.
      {.name = "log",
       .dependencies = {"config"},
       .factory = factory(RunLog),
       .on_error = halt_on_data_loss,
       .start_timeout = stemma::kNoTimeout,
       .on_dependency_restart = stemma::OnDependencyRestart::kRestart},

      // What it holds is what its log says: with another incarnation of that it begins anew.
      {.name = "store",
       .dependencies = {"config", "log"},
       .factory = factory(RunStore),
       .on_error = halt_on_data_loss,
       .start_timeout = stemma::kNoTimeout,
       .on_dependency_restart = stemma::OnDependencyRestart::kRestart},

      // Nobody depends on it, and keys expire without it, so it may try again for ever.
      {.name = "expirer",
       .dependencies = {"store"},
       .factory = factory(RunExpirer),
       .on_error = restart,
       .restart = stemma::RestartPolicy::Unlimited(),
       .on_dependency_restart = stemma::OnDependencyRestart::kRestart},

      // Clients stay connected while the store comes back. SHUTDOWN is its clean end.
      {.name = "sessions",
       .dependencies = {"config", "store"},
       .factory = factory(RunSessions),
       .on_error = restart,
       .on_completion = stemma::OnCompletion::kShutdown},

      // Nobody can connect while it is away, so that should be short.
      {.name = "listener",
       .dependencies = {"config", "sessions"},
       .factory = factory(RunListener),
       .on_error = restart,
       .restart = {.initial = std::chrono::milliseconds(1)}},

      // Reports on the sessions, but has no need of them: a soft dependency orders only.
      {.name = "stats",
       .soft_dependencies = {"sessions"},
       .factory = factory(RunStats),
       .on_error = restart,
       .restart = stemma::RestartPolicy::Unlimited()},
  };
}

}  // namespace kv
