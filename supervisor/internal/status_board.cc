// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/status_board.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"
#include "stemma/lifecycle/internal/mutex.h"

namespace stemma::internal {

absl::Status NoSuchNode(const DependencyGraph& graph, std::string_view name) {
  const std::vector<std::string_view> names(graph.names().begin(), graph.names().end());
  return absl::NotFoundError(
      absl::StrCat("no node is named '", Printable(name), "'", DidYouMean(name, names)));
}

StatusBoard::StatusBoard(std::shared_ptr<const DependencyGraph> graph)
    : graph_(std::move(graph)), nodes_(graph_->size()) {}

void StatusBoard::SetStates(const std::vector<Action>& actions, const std::vector<Ending>& endings,
                            std::chrono::nanoseconds now, const Run& run) {
  std::vector<EventSource> answered;
  {
    const MutexLock lock(mutex_);
    run_ = run;
    for (const Ending& ending : endings) {
      nodes_[ending.node].ends = ending.ends;
      nodes_[ending.node].ends_for_good = ending.for_good;
    }
    for (const Action& action : actions) {
      const EngineEvent& event = action.event;
      if (action.kind != Action::Kind::kPublish || event.kind != EngineEvent::Kind::kTransition) {
        continue;
      }
      Status& node = nodes_[event.node];
      node.state = event.to;
      node.incarnation = event.incarnation;
      node.since = now;
      EndStuck(event.node);
      for (auto it = waiters_.begin(); it != waiters_.end();) {
        if ((*it)->id != event.node || (*it)->state != event.to) {
          ++it;
          continue;
        }
        (*it)->reached = true;
        answered.push_back((*it)->answered);
        it = waiters_.erase(it);
      }
    }
  }
  for (const EventSource& source : answered) source.Set();
}

void StatusBoard::SetFailure(NodeId id, std::uint64_t count, std::string text) {
  const MutexLock lock(mutex_);
  ChangeTrouble(id, [&](Trouble& trouble) {
    trouble.failure_count = count;
    trouble.last_failure = std::move(text);
  });
}

void StatusBoard::SetStuck(NodeId id, std::vector<std::string> still_running) {
  const MutexLock lock(mutex_);
  ChangeTrouble(id, [&](Trouble& trouble) {
    trouble.stuck = true;
    trouble.still_running = std::move(still_running);
  });
}

void StatusBoard::ClearStuck(NodeId id) {
  const MutexLock lock(mutex_);
  EndStuck(id);
}

template <class Change>
void StatusBoard::ChangeTrouble(NodeId id, const Change& change) {
  std::shared_ptr<const Trouble>& now = nodes_[id].trouble;
  const auto changed =
      now != nullptr ? std::make_shared<Trouble>(*now) : std::make_shared<Trouble>();
  change(*changed);
  now = changed;
}

void StatusBoard::EndStuck(NodeId id) {
  const std::shared_ptr<const Trouble>& trouble = nodes_[id].trouble;
  if (trouble == nullptr || !trouble->stuck) return;
  ChangeTrouble(id, [](Trouble& changed) {
    changed.stuck = false;
    changed.still_running.clear();
  });
}

void StatusBoard::SetSpinHalted() {
  const MutexLock lock(mutex_);
  spin_halted_ = true;
}

void StatusBoard::SetAllReady() {
  {
    const MutexLock lock(mutex_);
    startup_ = absl::OkStatus();
  }
  startup_over_.Set();
}

void StatusBoard::SetStartupFailed(absl::Status why) {
  {
    const MutexLock lock(mutex_);
    startup_ = std::move(why);
  }
  startup_over_.Set();
}

void StatusBoard::SetOver() {
  std::list<std::shared_ptr<Waiter>> waiters;
  {
    const MutexLock lock(mutex_);
    if (!startup_over_.event().IsSet()) {
      startup_ = absl::CancelledError("the supervisor was stopped before every node was ready");
    }
    run_.ready = false;
    over_ = true;  // together with the swap: whoever comes after does not wait
    waiters.swap(waiters_);
  }
  startup_over_.Set();
  for (const auto& waiter : waiters) waiter->answered.Set();
}

absl::Status StatusBoard::AwaitReady(std::stop_token stop) const {
  absl::Status waited = startup_over_.event().Wait(std::move(stop));
  if (!waited.ok()) return waited;
  const MutexLock lock(mutex_);
  return startup_;
}

absl::Status StatusBoard::AwaitNode(std::string_view name, NodeState state,
                                    std::stop_token stop) const {
  MutexLock lock(mutex_);
  const std::optional<NodeId> id = graph_->Find(name);
  if (!id) return NoSuchNode(*graph_, name);
  if (nodes_[*id].state == state) return absl::OkStatus();
  NodeId last = *id;
  if (!over_) {
    const auto waiter = std::make_shared<Waiter>(Waiter{.id = *id, .state = state, .answered = {}});
    waiters_.push_back(waiter);
    lock.unlock();
    // Woken by SetStates, Remove and SetOver.
    absl::Status waited = waiter->answered.event().Wait(std::move(stop));
    lock.lock();
    waiters_.remove(waiter);
    if (waiter->reached) return absl::OkStatus();
    if (!waited.ok()) return waited;
    last = waiter->id;
  }
  const std::string quoted = absl::StrCat("'", Printable(name), "'");
  if (last == kNoNode) return absl::FailedPreconditionError(quoted + " has been removed");
  return absl::FailedPreconditionError(absl::StrCat("the run is over, and ", quoted, " ended as ",
                                                    std::string(ToString(nodes_[last].state)),
                                                    ", not as ", std::string(ToString(state))));
}

void StatusBoard::Add(std::shared_ptr<const DependencyGraph> graph) {
  const MutexLock lock(mutex_);
  graph_ = std::move(graph);
  nodes_.resize(graph_->size());
}

void StatusBoard::Remove(NodeId id) {
  std::list<std::shared_ptr<Waiter>> gone;
  {
    const MutexLock lock(mutex_);
    graph_ = std::make_shared<const DependencyGraph>(graph_->Without(id));
    nodes_.erase(nodes_.begin() + id);
    for (auto it = waiters_.begin(); it != waiters_.end();) {
      const auto waiter = it++;
      if ((*waiter)->id > id)
        --(*waiter)->id;
      else if ((*waiter)->id == id) {
        (*waiter)->id = kNoNode;
        gone.splice(gone.end(), waiters_, waiter);
      }
    }
  }
  for (const auto& waiter : gone) waiter->answered.Set();
}

std::shared_ptr<const DependencyGraph> StatusBoard::graph() const {
  const MutexLock lock(mutex_);
  return graph_;
}

std::vector<std::string> StatusBoard::WaitsFor(NodeId id, const DependencyGraph& graph,
                                               const std::vector<Status>& nodes) {
  std::vector<std::string> names;
  if (nodes[id].state == NodeState::kWaiting) {
    for (const NodeId dependency : graph.Dependencies(id)) {
      const NodeState state = nodes[dependency].state;
      if (state != NodeState::kReady && state != NodeState::kCompleted) {
        names.push_back(graph.name(dependency));
      }
    }
    for (const NodeId dependency : graph.SoftDependencies(id)) {
      const NodeState state = nodes[dependency].state;
      if (state != NodeState::kReady && !IsTerminal(state)) names.push_back(graph.name(dependency));
    }
  } else if (nodes[id].ends) {
    for (const NodeId dependent : graph.Dependents(id)) {
      if (nodes[dependent].ends) names.push_back(graph.name(dependent));
    }
    for (const NodeId dependent : graph.SoftDependents(id)) {
      if (nodes[id].ends_for_good && nodes[dependent].ends_for_good) {
        names.push_back(graph.name(dependent));
      }
    }
  }
  return names;
}

Snapshot StatusBoard::Take(std::chrono::nanoseconds now) const {
  std::vector<Status> nodes;
  std::shared_ptr<const DependencyGraph> graph;
  Snapshot snapshot;
  snapshot.at = now;
  {
    // Names and neighbours are looked up outside, so that the loop never waits for them.
    const MutexLock lock(mutex_);
    nodes = nodes_;
    graph = graph_;
    snapshot.ready = run_.ready;
    snapshot.stopping = run_.stopping;
    snapshot.outcome = run_.outcome;
    snapshot.spin_halted = spin_halted_;
  }
  snapshot.nodes.reserve(nodes.size());
  for (NodeId id = 0; id < nodes.size(); ++id) {
    const Status& node = nodes[id];
    const Trouble trouble = node.trouble != nullptr ? *node.trouble : Trouble();
    snapshot.nodes.push_back({.name = graph->name(id),
                              .state = node.state,
                              .incarnation = node.incarnation,
                              .since = node.since,
                              .stuck = trouble.stuck,
                              .failure_count = trouble.failure_count,
                              .last_failure = trouble.last_failure,
                              .waits_for = WaitsFor(id, *graph, nodes),
                              .still_running = trouble.still_running});
  }
  return snapshot;
}

}  // namespace stemma::internal
