// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_SUPERVISOR_H_
#define STEMMA_SUPERVISOR_SUPERVISOR_H_

#include <functional>
#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/subscription.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/options.h"
#include "stemma/supervisor/run_result.h"
#include "stemma/supervisor/snapshot.h"
#include "stemma/supervisor/supervisor_event.h"

namespace stemma {

namespace internal {
struct Nesting;
class Shell;
}  // namespace internal

// Runs the components of a service: starts them in the order of their dependencies, side by side
// where the graph allows it, and when one fails, does what its handler says: restart it, stop it
// with its descendants, with its ancestors too, stop everything, or stop everything and hold (S4).
// What goes down goes down in reverse order.
//
// Typically: declare the nodes, Create, Run, and exit with what Run returns. A service whose main
// does nothing else calls stemma::Main (main.h).
//
// Costs one thread per worker, the caller of Run, and one for user code, more while that is slow
// (S10, S23). Factories, handlers, destructors, stop callbacks and listeners are called on the
// threads for user code; all of them may call any method of the supervisor.
//
// Thread safety: any thread may call any method.
// Lifetime: destroying a supervisor that runs stops it, spin halt or not, and waits for Run.
// REQUIRES: not destroyed by its own user code.
//
// Example:
//   auto supervisor = stemma::Supervisor::Create({
//       {.name = "store", .factory = MakeStore},
//       {.name = "api", .dependencies = {"store"}, .factory = MakeApi},
//   });
//   if (!supervisor.ok()) return Fail(supervisor.status());
//   stemma::ExitProcess((*supervisor)->Run());
class Supervisor {
 public:
  // Returns: a supervisor that has not started anything; InvalidArgument with all the problems of
  // the nodes and the options, one a line (S1): the caller corrects the declaration.
  static absl::StatusOr<std::unique_ptr<Supervisor>> Create(std::vector<Node> nodes,
                                                            SupervisorOptions options = {});
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // Runs everything on threads of its own, and returns once everything has ended and every thread
  // is joined, but for those of abandoned nodes (S15). Once: a second call is refused. `stop` is as
  // good as RequestStop.
  RunResult Run(std::stop_token stop = {});

  // Asks for an orderly stop: everything, in reverse order (S11). Any number of times, before Run
  // too. Ignored during a spin halt.
  void RequestStop();

  // Lets a spin halt, now or later, end once everything has stopped, as SIGTERM does (S14). For
  // hosts that own their signals. By itself it stops nothing.
  void EndSpinHalt();

  // Set once every node has been ready. Never, if one ended without.
  Event Ready() const;

  // Set when the run is over, before Run returns.
  Event Ended() const;

  // Waits until every node has been ready. Returns: OK; the failure because of which start-up has
  // failed: nothing more will become of it; Cancelled if `stop` was requested, or the supervisor
  // was stopped before.
  absl::Status AwaitReady(std::stop_token stop) const;

  // Waits until the node is, or comes to be, in `state`, however shortly. Returns: OK; NotFound,
  // with the nearest name, if there is no such node; Cancelled if `stop` was requested;
  // FailedPrecondition if the run is over and the node ended in another state.
  absl::Status AwaitNode(std::string_view name, NodeState state, std::stop_token stop) const;

  // Operator commands (S24). They are asynchronous: OK means accepted, and what comes of it is to
  // be seen in the events and the snapshot. Accepted before Run, too.
  //
  // Returns, each of them: Unavailable once a stop was requested or a verdict stops everything: it
  // is too late, or has to wait for the next process; FailedPrecondition when the run is over;
  // NotFound, with the nearest name, when there is no such node. And as said below.

  // Stops the node with its descendants, until somebody starts them: kRestart verdicts do not, and
  // Run does not return for want of them. A node that has ended stays as it is.
  absl::Status StopNode(std::string_view name);

  // Starts the node with those of its ancestors that are down, but no descendants. One that is
  // going down comes back when it has ended; one that is backing off starts now; one that runs, or
  // has completed, is left alone. FailedPrecondition if it, or an ancestor that it needs, was
  // abandoned (S12) or is about to be removed.
  absl::Status StartNode(std::string_view name);

  // A fresh incarnation at once: as a kRestart verdict, but without budget or backoff. Of a
  // completed node, too; one that is down is started. FailedPrecondition as for StartNode.
  absl::Status RestartNode(std::string_view name);

  // Adds a node to the graph; it starts when its dependencies are ready, or begins as stopped when
  // one of them is down. InvalidArgument for what Create would refuse: correct the declaration.
  // FailedPrecondition if a dependency of it is about to be removed.
  absl::Status AddNode(Node node);

  // Stops the node, then takes it out of the graph; soft dependencies on it go with it, and its
  // name is free again; unless everything is stopped before that. FailedPrecondition while another
  // depends on it, and if it was abandoned.
  absl::Status RemoveNode(std::string_view name);

  // A consistent picture. Never blocks the supervisor.
  Snapshot GetSnapshot() const;

  // Calls `listener` with every event from now on, in order, one at a time, on a thread for user
  // code. A listener that is too slow misses events and is told how many (kGap). Exceptions are
  // logged, and it stays subscribed (S9). Run returns only after the listeners have been told
  // everything, within reason: a listener that is silent for 10 s then is left behind.
  [[nodiscard]] Subscription Subscribe(std::function<void(const SupervisorEvent&)> listener);

  // The graph that it runs now.
  std::shared_ptr<const DependencyGraph> graph() const;

 private:
  friend class SupervisorComponent;

  // S18: as Create and Run, of one that is a component of another.
  static absl::StatusOr<std::unique_ptr<Supervisor>> Make(std::vector<Node> nodes,
                                                          SupervisorOptions options, bool nested);
  RunResult RunNested(std::stop_token stop, internal::Nesting nesting);

  explicit Supervisor(std::shared_ptr<internal::Shell> shell) : shell_(std::move(shell)) {}

  // Shared with Run, so that it can end after the destructor has been told that it has.
  const std::shared_ptr<internal::Shell> shell_;
};

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_SUPERVISOR_H_
