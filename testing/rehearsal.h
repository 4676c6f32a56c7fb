// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_REHEARSAL_H_
#define STEMMA_TESTING_REHEARSAL_H_

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/lifecycle/source_location.h"
#include "stemma/supervisor/behavior.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/supervisor/options.h"
#include "stemma/supervisor/run_result.h"
#include "stemma/supervisor/supervisor_event.h"
#include "stemma/testing/event_claim.h"
#include "stemma/testing/every_failure.h"
#include "stemma/testing/outages.h"

namespace stemma {

namespace internal {
class RehearsedRun;
}  // namespace internal

// A graph of nodes, rehearsed: the engine that decides in production, with your handlers, policies
// and options, but without your components, without threads and without waiting. To try a failure
// policy, an hour of it takes no time, and the same calls always give the same run.
//
// Instead of each component there is one that does what the test says. Unless the test says
// otherwise, it is ready as soon as it is launched, runs until it is asked to stop, and then ends
// at once. The factories of the nodes are not called. Their handlers are, on the test's thread; one
// that throws counts as kShutdown (S9).
//
// The run begins with the first call that needs it to. Each call lets happen all that takes no
// time: after `Fail`, the handler has answered and what goes down is down. Time passes in `Advance`
// and `Settle` only.
//
// What makes no sense fails the test, which is left: nodes that a supervisor would refuse, a name
// that no node has (the nearest one is named), a failure of a component that does not run. Backoffs
// are drawn with the same jitter in every rehearsal. No file is written, journal and latch
// included.
//
// Thread safety: belongs to the test's thread. Lifetime: handlers must not call the rehearsal.
//
// Example:
//   stemma::Rehearsal rehearsal(Nodes());
//   rehearsal.Fail("db", stemma::FailureKind::kThrown);
//   CHECK(rehearsal.State("api") == stemma::NodeState::kReady);  // it keeps running
//   rehearsal.Advance(5min);
//   CHECK(rehearsal.State("db") == stemma::NodeState::kReady);
//   CHECK(rehearsal.LongestOutage("db") <= 1s);
class Rehearsal {
 public:
  using Time = std::chrono::nanoseconds;  // since the beginning

  // For how long Settle lets time pass at most.
  static constexpr std::chrono::nanoseconds kLongest = std::chrono::hours(24);

  explicit Rehearsal(std::vector<Node> nodes, const SupervisorOptions& options = {},
                     SourceLocation where = SourceLocation::current());
  Rehearsal(Rehearsal&&) = default;
  Rehearsal& operator=(Rehearsal&&) = default;

  // --- How components behave

  // What the component of the node does, from now on and in each incarnation:
  // Behave("db", {.start = 3s, .stop = kNever}).
  void Behave(std::string_view node, Behavior behavior,
              SourceLocation where = SourceLocation::current());

  // Does `step` at the moment when `moment` has happened, before anything else does, once. Does not
  // begin the run.
  //
  // Example:
  //   rehearsal.When(On("db").Restarted(), [](Rehearsal& r) { r.Fail("db"); });
  void When(const EventPattern& moment, std::function<void(Rehearsal&)> step,
            SourceLocation where = SourceLocation::current());

  // --- What happens now

  // The component fails. kFactory, kStart, kStartTimeout and kEndedBeforeReady are failures of one
  // that is starting, kWatchdog of a ready one.
  void Fail(std::string_view node, FailureKind kind = FailureKind::kThrown,
            SourceLocation where = SourceLocation::current());
  // With the error that the handler is to see.
  void Fail(std::string_view node, absl::Status error,
            SourceLocation where = SourceLocation::current());
  void Fail(std::string_view node, Failure failure,
            SourceLocation where = SourceLocation::current());
  // It ends by itself.
  void End(std::string_view node, SourceLocation where = SourceLocation::current());
  // From now on it does not end, whatever it is asked: it is deaf, or stuck.
  void Hang(std::string_view node, SourceLocation where = SourceLocation::current());

  void RequestStop(SourceLocation where = SourceLocation::current());
  void Interrupt(SourceLocation where = SourceLocation::current());  // SIGINT
  void Terminate(SourceLocation where = SourceLocation::current());  // SIGTERM
  void EndSpinHalt(SourceLocation where = SourceLocation::current());

  // An operator's commands (S24). They do not begin the run. Returns: as those of Supervisor.
  absl::Status StopNode(std::string_view node);
  absl::Status StartNode(std::string_view node);
  absl::Status RestartNode(std::string_view node);
  // `behavior`: as in Behave, from the beginning.
  absl::Status AddNode(Node node, Behavior behavior = {});
  absl::Status RemoveNode(std::string_view node);

  // Lets time pass, and everything happen that happens in it.
  void Advance(std::chrono::nanoseconds by, SourceLocation where = SourceLocation::current());
  // Lets time pass until nothing more will happen by itself. Returns: false if something still goes
  // on after kLongest: restarts without a limit, say.
  bool Settle(SourceLocation where = SourceLocation::current());

  // --- What has come of it

  Time now() const;
  NodeState State(std::string_view node, SourceLocation where = SourceLocation::current()) const;
  // What it was at that time, when all had happened that happened then.
  NodeState StateAt(std::string_view node, Time time,
                    SourceLocation where = SourceLocation::current()) const;

  // True when the run is over.
  bool over() const;
  // How it ended, or would if it did now: outcome, status, and each node's failures.
  RunResult Result() const;
  // The code that the process exits with, or would.
  int ExitCode() const;

  // Everything that a supervisor's listeners would have been told, in order.
  const std::vector<SupervisorEvent>& events() const;
  // Whether the claim holds of them. One about a node that is not there does not.
  EventClaim::Finding Check(const EventClaim& claim) const;

  // See outages.h.
  std::vector<Outage> Outages(std::string_view node,
                              SourceLocation where = SourceLocation::current()) const;
  std::chrono::nanoseconds Downtime(std::string_view node,
                                    SourceLocation where = SourceLocation::current()) const;
  std::chrono::nanoseconds LongestOutage(std::string_view node,
                                         SourceLocation where = SourceLocation::current()) const;
  // See stop_order.h.
  std::vector<std::string> StopOrder() const;

  // The journal of the run so far, as text: for `stemma explain` and the like.
  std::string Journal() const;

  // --- All failures

  // Rehearses every single failure (every_failure.h) of these nodes, with what was said by `Behave`
  // and `When`, each in a run of its own, and checks the claim on each; and on the run without a
  // failure. This rehearsal itself stays as it is, and must not have begun. Each run has copies of
  // the handlers: what one keeps by value begins anew, what it points to is shared by all runs. If
  // the claim is broken, the test has failed, with the shortest run that breaks it: what failed,
  // what came of it, and the code that makes it happen again.
  //
  // Example:
  //   rehearsal.ForEverySingleFailure(LastToStop("audit_log"));
  //   rehearsal.ForEverySingleFailure(OutageAtMost("http", 10s));
  //   rehearsal.ForEverySingleFailure(
  //       [](const Rehearsal& run) { return run.Result().outcome != Outcome::kSpinHalt; });
  void ForEverySingleFailure(const RehearsalClaim& claim, const WhatMayFail& what = {},
                             SourceLocation where = SourceLocation::current()) const;
  // The same of every single failure and of every two of them.
  void ForEveryPairOfFailures(const RehearsalClaim& claim, const WhatMayFail& what = {},
                              SourceLocation where = SourceLocation::current()) const;
  // The same, but for you to judge.
  ClaimReport TryEverySingleFailure(const RehearsalClaim& claim, const WhatMayFail& what = {},
                                    SourceLocation where = SourceLocation::current()) const;
  ClaimReport TryEveryPairOfFailures(const RehearsalClaim& claim, const WhatMayFail& what = {},
                                     SourceLocation where = SourceLocation::current()) const;

 private:
  friend class internal::FailureSearch;

  explicit Rehearsal(std::shared_ptr<internal::RehearsedRun> run);

  std::shared_ptr<internal::RehearsedRun> run_;
};

// Everything that happened, a line each, with its time.
std::ostream& operator<<(std::ostream& out, const Rehearsal& rehearsal);

}  // namespace stemma

#endif  // STEMMA_TESTING_REHEARSAL_H_
