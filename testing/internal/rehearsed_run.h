// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_INTERNAL_REHEARSED_RUN_H_
#define STEMMA_TESTING_INTERNAL_REHEARSED_RUN_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/supervisor/behavior.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/options.h"
#include "stemma/supervisor/simulation.h"
#include "stemma/supervisor/supervisor_event.h"
#include "stemma/testing/event_claim.h"

namespace stemma::internal {

// The run of a Rehearsal: a Simulation whose events are kept, and the steps that wait for their
// moments. What it refuses is a status; that this fails the test is the Rehearsal's business.
//
// Thread safety: none; one thread at a time.
class RehearsedRun : public std::enable_shared_from_this<RehearsedRun> {
 public:
  using Time = std::chrono::nanoseconds;
  using Step = std::function<void(const std::shared_ptr<RehearsedRun>&)>;

  // Returns: InvalidArgument with all the problems, as Supervisor::Create, if it would refuse.
  static absl::StatusOr<std::shared_ptr<RehearsedRun>> Create(std::vector<Node> nodes,
                                                              const SupervisorOptions& options);
  RehearsedRun(const RehearsedRun&) = delete;
  RehearsedRun& operator=(const RehearsedRun&) = delete;

  // A run that has not begun, of the same nodes, with what Behave and When have said of this one.
  // What does not make sense in it (FailedPrecondition) is no mistake of the test.
  std::shared_ptr<RehearsedRun> Afresh() const;
  bool is_one_of_many() const { return is_one_of_many_; }
  bool begun() const { return begun_; }
  const std::vector<Node>& nodes() const { return nodes_; }  // at first

  // Returns, here and below: NotFound for a name that is no node's; FailedPrecondition when it
  // cannot be now; ResourceExhausted when something goes round without an end.
  absl::Status Behave(std::string_view node, Behavior behavior);
  absl::Status When(EventPattern moment, Step step);

  absl::Status Fail(std::string_view node, Failure failure);
  absl::Status End(std::string_view node);
  absl::Status Hang(std::string_view node);
  absl::Status Demand(void (Simulation::*what)());  // of the service as a whole
  absl::Status Command(absl::Status (Simulation::*command)(std::string_view),
                       std::string_view node);
  absl::Status AddNode(Node node, Behavior behavior);
  absl::Status Advance(std::chrono::nanoseconds by);
  absl::StatusOr<bool> Settle(std::chrono::nanoseconds at_most);

  const Simulation& simulation() const { return simulation_; }
  const std::vector<SupervisorEvent>& events() const { return events_; }
  absl::StatusOr<NodeState> State(std::string_view node) const;
  // That a node has this name, now or at some time.
  absl::Status Known(std::string_view node) const;
  EventClaim::Finding Check(const EventClaim& claim) const;

 private:
  struct Waiting {
    EventPattern moment;
    Step step;
    int seen = 0;  // of the events that match
  };

  RehearsedRun(std::vector<Node> nodes, Simulation simulation);

  absl::Status Begin();
  absl::Status AndThen(absl::Status done);  // all that takes no time, if it was done
  absl::Status LetHappen(Time until);
  void TakeSteps();

  const std::vector<Node> nodes_;
  const std::shared_ptr<const DependencyGraph> graph_;  // at first
  std::vector<std::pair<std::string, Behavior>> behaviors_;
  std::vector<std::pair<EventPattern, Step>> said_;  // by When
  bool is_one_of_many_ = false;

  Simulation simulation_;
  std::vector<SupervisorEvent> events_;
  std::vector<Waiting> waiting_;
  std::size_t seen_ = 0;  // of the events, by those that wait
  bool begun_ = false;
  bool stepping_ = false;  // inside a step
};

}  // namespace stemma::internal

#endif  // STEMMA_TESTING_INTERNAL_REHEARSED_RUN_H_
