// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_STATUS_BOARD_H_
#define STEMMA_SUPERVISOR_INTERNAL_STATUS_BOARD_H_

#include <chrono>
#include <list>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/supervisor/snapshot.h"

namespace stemma::internal {

// Returns: NotFound, with the nearest name that there is.
absl::Status NoSuchNode(const DependencyGraph& graph, std::string_view name);

// What other threads may know of a run: who holds the strand writes, anyone reads or waits.
//
// Thread safety: any thread may call any method.
class StatusBoard {
 public:
  explicit StatusBoard(std::shared_ptr<const DependencyGraph> graph);

  // The loop writes.
  // What one input has changed, all at once: whoever looks sees all of it or nothing.
  struct Run {
    bool ready, stopping;
    Outcome outcome;
  };
  void SetStates(const std::vector<Action>& actions, const std::vector<Ending>& endings,
                 std::chrono::nanoseconds now, const Run& run);
  void SetFailure(NodeId id, std::uint64_t count, std::string text);
  void SetStuck(NodeId id, std::vector<std::string> still_running);
  void ClearStuck(NodeId id);
  void SetSpinHalted();
  void SetAllReady();                                      // every node has been ready
  void SetStartupFailed(absl::Status why);                 // not OK: some node never will be
  void SetOver();                                          // last: who waits is answered
  void Add(std::shared_ptr<const DependencyGraph> graph);  // which has one node more
  void Remove(NodeId id);                                  // the ids above go down by one

  // Anyone reads.
  absl::Status AwaitReady(std::stop_token stop) const;
  absl::Status AwaitNode(std::string_view name, NodeState state, std::stop_token stop) const;
  Snapshot Take(std::chrono::nanoseconds now) const;
  std::shared_ptr<const DependencyGraph> graph() const;

 private:
  // What few nodes have. Constant: snapshots share it.
  struct Trouble {
    bool stuck = false;
    std::uint64_t failure_count = 0;
    std::string last_failure = {};
    std::vector<std::string> still_running = {};
  };
  struct Status {
    NodeState state = NodeState::kWaiting;
    Incarnation incarnation = 0;
    std::chrono::nanoseconds since = {};
    bool ends = false, ends_for_good = false;          // as Ending
    std::shared_ptr<const Trouble> trouble = nullptr;  // null: none
  };
  struct Waiter {
    NodeId id;  // kNoNode: removed
    NodeState state;
    bool reached = false;
    EventSource answered;
  };

  // Changes its trouble: `change` is given a copy.
  template <class Change>
  void ChangeTrouble(NodeId id, const Change& change) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EndStuck(NodeId id) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  static std::vector<std::string> WaitsFor(NodeId id, const DependencyGraph& graph,
                                           const std::vector<Status>& nodes);

  const EventSource startup_over_;

  mutable Mutex mutex_;
  std::shared_ptr<const DependencyGraph> graph_ ABSL_GUARDED_BY(mutex_);
  std::vector<Status> nodes_ ABSL_GUARDED_BY(mutex_);
  mutable std::list<std::shared_ptr<Waiter>> waiters_ ABSL_GUARDED_BY(mutex_);
  absl::Status startup_ ABSL_GUARDED_BY(mutex_);
  Run run_ ABSL_GUARDED_BY(mutex_) = {
      .ready = false, .stopping = false, .outcome = Outcome::kCompleted};
  bool spin_halted_ ABSL_GUARDED_BY(mutex_) = false;
  bool over_ ABSL_GUARDED_BY(mutex_) = false;  // nothing changes any more
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_STATUS_BOARD_H_
