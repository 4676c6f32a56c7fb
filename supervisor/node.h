// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_NODE_H_
#define STEMMA_SUPERVISOR_NODE_H_

#include <chrono>
#include <string>
#include <vector>

#include "stemma/lifecycle/component.h"
#include "stemma/lifecycle/error_handling_behavior.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/lifecycle/restart_policy.h"
#include "stemma/supervisor/policies.h"

namespace stemma {

// A component's place in a supervisor: how to make it, what it needs, and what to do when it fails.
//
// Example:
//   stemma::Node{.name = "api",
//                .dependencies = {"db", "cache"},
//                .factory = MakeApi,
//                .on_error = stemma::Always(stemma::ErrorHandlingBehavior::kStop)}
struct Node {
  // Names it in logs, errors, events and the graph. REQUIRES: not empty, unique in the supervisor.
  std::string name = {};
  // What must be ready before this node is launched, and goes down only after it. REQUIRES: names
  // of other nodes, each once, without a cycle.
  std::vector<std::string> dependencies = {};
  // Order without binding (S20): waits for these to be ready or to have ended, and is stopped
  // before them when both go down; their failures do not concern it. REQUIRES: as above, and none
  // that is a dependency too.
  std::vector<std::string> soft_dependencies = {};
  // Makes a fresh instance for every launch. Called on a thread of the supervisor, one call per
  // node at a time. An error, null or an exception is a failure of the node (S3). REQUIRES: not
  // empty.
  ComponentFactory factory = {};
  // Answers what a failure of this node means for the rest (S4). Called on a thread of the
  // supervisor, once per failed incarnation; it may call any method of the supervisor. One that
  // throws, or is silent for `stop_timeout`, counts as kShutdown (S9). Default: empty: kRestart.
  OnError on_error = {};
  // How often and after which pause kRestart is granted (S8), and what it turns into beyond that.
  RestartPolicy restart = {};
  // Ready must be set within this time of the launch, or the node has failed (S3). Default: 30 s.
  // REQUIRES: positive; kNoTimeout means none.
  std::chrono::nanoseconds start_timeout = std::chrono::seconds(30);
  // All of its threads and its user code must have ended within this time of being asked to stop,
  // or of its failure; else it is stuck (S12). Default: 10 s. REQUIRES: positive; kNoTimeout means
  // none.
  std::chrono::nanoseconds stop_timeout = std::chrono::seconds(10);
  // While it is ready, each of its workers must call `SignalerContext::Heartbeat` at least this
  // often, or it has failed (S22). A worker inside `WaitForStop` or `SleepFor` is alive. Default:
  // kNoTimeout: off. REQUIRES: positive.
  std::chrono::nanoseconds watchdog = kNoTimeout;
  // What a clean end of the component means (S19). Default: kComplete.
  OnCompletion on_completion = OnCompletion::kComplete;
  // What becomes of this node while a dependency is restarted (S6). Default: kKeep.
  OnDependencyRestart on_dependency_restart = OnDependencyRestart::kKeep;
};

// A handler that answers `verdict` to every failure, and that `stemma graph` can show.
OnError Always(ErrorHandlingBehavior verdict);

// What `handler` always answers, as far as that can be told: the verdict of an Always, kRestart for
// an empty one. Returns: false for a handler of the user's own, which may answer this or that.
bool IsAlways(const OnError& handler, ErrorHandlingBehavior& verdict);

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_NODE_H_
