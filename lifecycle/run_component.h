// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_RUN_COMPONENT_H_
#define STEMMA_LIFECYCLE_RUN_COMPONENT_H_

#include <stop_token>

#include "absl/status/status.h"
#include "stemma/lifecycle/component.h"
#include "stemma/lifecycle/restart_policy.h"

namespace stemma {

// Runs one component until it ends, and restarts it when it fails and the handler says so: a
// supervisor of one, for tests and for a component inside a component (L7). Blocks; takes no thread
// of its own.
//
// Each restart is a fresh instance of the factory's, made after the old one has been destroyed and
// the policy's pause has passed; a stop ends the pause at once. The handler is asked on this
// thread, after Done, with the first failure; an empty one answers kRestart; one that throws, or
// answers with no verdict, counts as kShutdown. A start that fails is a failure like any other.
//
// Returns:
//   OK: the component ended by itself, and nothing failed.
//   Cancelled: `stop` was requested, and the component has shut down without a failure, or with one
//   that the handler would
//     have restarted.
//   the failure's status: the handler said anything but kRestart, or the policy's limit is reached.
//   the factory's error, as it is; the handler is not asked.
//   InvalidArgument: the policy is not valid; nothing has run.
//
// Example:
//   return RunComponent(stop, &MakeServer, [](const Failure& failure) {
//     return absl::IsUnavailable(failure.status) ? ErrorHandlingBehavior::kRestart :
//     ErrorHandlingBehavior::kShutdown;
//   });
absl::Status RunComponent(std::stop_token stop, const ComponentFactory& factory,
                          const OnError& on_error, const RestartPolicy& policy = {});

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_RUN_COMPONENT_H_
