// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/engine.h"

#include <utility>

namespace stemma {
namespace {

bool IsVerdict(ErrorHandlingBehavior verdict) {
  return verdict >= ErrorHandlingBehavior::kRestart && verdict <= ErrorHandlingBehavior::kSpinHalt;
}

}  // namespace

Engine::Engine(std::shared_ptr<const DependencyGraph> graph, std::vector<NodePolicy> policies,
               EngineOptions options)
    : graph_(std::move(graph)), policies_(std::move(policies)), options_(options) {
  nodes_.resize(graph_->size());
  work_.Resize(nodes_.size());
  timers_.Resize(kGlobalTimers + nodes_.size() * kTimersPerNode);
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    Node& node = nodes_[id];
    node.unsatisfied = static_cast<std::uint32_t>(graph_->Dependencies(id).size());
    node.unsatisfied_soft = static_cast<std::uint32_t>(graph_->SoftDependencies(id).size());
    node.unended = static_cast<std::uint32_t>(graph_->Dependents(id).size());
    node.budget = RestartBudget(policies_[id].restart);
  }
}

std::optional<Engine::Time> Engine::next_deadline() const {
  const auto earliest = timers_.Earliest();
  if (finished_ || !earliest) return std::nullopt;
  return earliest->at;
}

Engine::Time Engine::After(Time at, std::chrono::nanoseconds delay) {
  const bool beyond = at > Time::zero() && delay > Time::max() - at;
  return delay == kNoTimeout || beyond ? Time::max() : at + delay;
}

void Engine::Handle(const Input& input, Time now, std::vector<Action>& actions) {
  endings_.clear();
  if (finished_) return;
  now_ = now;
  actions_ = &actions;
  const NodeId id = input.node;
  const bool current =
      id < nodes_.size() && input.incarnation != 0 && nodes_[id].incarnation == input.incarnation;
  switch (input.kind) {
    case Input::Kind::kBegin:
      begun_ = true;
      SayIfAllReady();
      for (NodeId node = 0; node < nodes_.size(); ++node) Queue(node);
      break;
    case Input::Kind::kReady:
      if (current) OnReady(id);
      break;
    case Input::Kind::kFailed:
      if (current) OnFailed(id, input.failure);
      break;
    case Input::Kind::kDone:
      if (current) OnDone(id);
      break;
    case Input::Kind::kGone:
      if (current) OnGone(id);
      break;
    case Input::Kind::kVerdict:
      if (current) OnVerdict(id, input.verdict, !IsVerdict(input.verdict));
      break;
    case Input::Kind::kHandlerThrew:
      if (current) OnVerdict(id, ErrorHandlingBehavior::kShutdown, true);
      break;
    case Input::Kind::kHeartbeat:
      if (current) OnHeartbeat(id, input.at);
      break;
    case Input::Kind::kLeftBehind:
      if (current) OnLeftBehind(id);
      break;
    case Input::Kind::kStopRequested:
      OnStopRequest({.kind = Cause::Kind::kStopRequest});
      break;
    case Input::Kind::kInterrupt:
      OnSignal(Cause::Kind::kInterrupt);
      break;
    case Input::Kind::kTerminate:
      OnSignal(Cause::Kind::kTerminate);
      break;
    case Input::Kind::kEndSpinHalt:
      if (spin_halt_ && !end_spin_halt_) Publish(EngineEvent::Kind::kSpinHaltEnding, kNoNode);
      end_spin_halt_ = true;
      break;
    case Input::Kind::kLatchWritten:
      OnLatch(true);
      break;
    case Input::Kind::kLatchFailed:
      OnLatch(false);
      break;
    case Input::Kind::kTick:
      for (auto timer = timers_.Earliest(); timer && timer->at <= now; timer = timers_.Earliest()) {
        timers_.Cancel(timer->key);
        OnTimer(timer->key);
        Drain();
      }
      break;
    case Input::Kind::kStopNode:
    case Input::Kind::kStartNode:
    case Input::Kind::kRestartNode:
    case Input::Kind::kAddNode:
    case Input::Kind::kRemoveNode:
      OnCommand(input);
      break;
  }
  Drain();
  RemoveEnded();
  FinishIfOver();
  actions_ = nullptr;
}

// --- Keeping the counts

Engine::Facts Engine::FactsOf(const Node& node) {
  // A ready node that is about to end is none to launch on.
  const bool satisfies = node.state == NodeState::kCompleted ||
                         (node.state == NodeState::kReady && node.goal == Goal::kRun);
  return {.satisfies = satisfies,
          .satisfies_soft = satisfies || IsTerminal(node.state),
          .holds = node.has_instance && node.goal != Goal::kRun,
          .holds_soft = node.has_instance && node.goal == Goal::kDown,
          .ended = IsTerminal(node.state) && !node.has_instance};
}

void Engine::Changed(NodeId id, const Facts& before, NodeState from) {
  Node& node = nodes_[id];
  const Facts after = FactsOf(node);
  // What waits for a count looks again when it is zero; nothing becomes possible before.
  const auto count = [this](NodeId waiter, std::uint32_t Node::*missing, bool one_more) {
    std::uint32_t& value = nodes_[waiter].*missing;
    value += one_more ? 1 : std::uint32_t(-1);
    if (value == 0) Queue(waiter);
  };
  if (before.satisfies != after.satisfies) {
    satisfied_ += after.satisfies ? 1 : std::size_t(-1);
    for (const NodeId dependent : graph_->Dependents(id)) {
      count(dependent, &Node::unsatisfied, !after.satisfies);
    }
  }
  if (before.satisfies_soft != after.satisfies_soft) {
    for (const NodeId dependent : graph_->SoftDependents(id)) {
      count(dependent, &Node::unsatisfied_soft, !after.satisfies_soft);
    }
  }
  if (before.holds != after.holds || before.holds_soft != after.holds_soft) {
    endings_.push_back({.node = id, .ends = after.holds, .for_good = after.holds_soft});
  }
  if (before.holds != after.holds) {
    for (const NodeId dependency : graph_->Dependencies(id)) {
      count(dependency, &Node::holding, after.holds);
    }
  }
  if (before.holds_soft != after.holds_soft) {
    for (const NodeId dependency : graph_->SoftDependencies(id)) {
      count(dependency, &Node::holding_soft, after.holds_soft);
    }
  }
  if (before.ended != after.ended) {
    ended_ += after.ended ? 1 : std::size_t(-1);
    for (const NodeId dependency : graph_->Dependencies(id)) {
      count(dependency, &Node::unended, !after.ended);
    }
  }
  Queue(id);
  if (from == node.state) return;
  // S8: however it stops being ready, it has been ready for that long.
  if (from == NodeState::kReady) node.budget.RecordReadyFor(now_ - node.ready_since);
  Publish(EngineEvent::Kind::kTransition, id, node.cause);
  actions_->back().event.from = from;
  actions_->back().event.to = node.state;
  if (IsTerminal(node.state) && !node.ever_ready && !startup_failed_ && !said_all_ready_) {
    startup_failed_ = true;
    Publish(EngineEvent::Kind::kStartupFailed, id, node.cause);
  }
}

void Engine::Drain() {
  while (!work_.empty()) Advance(work_.TakeSmallest());
}

void Engine::Emit(Action::Kind kind, NodeId id, const Cause& cause, FailureKind failure) {
  Action& action = actions_->emplace_back();  // filled in place: there are many
  action.kind = kind;
  action.failure = failure;
  action.node = id;
  if (id != kNoNode) action.incarnation = nodes_[id].incarnation;
  action.cause = cause;
}

void Engine::Publish(EngineEvent::Kind kind, NodeId id, const Cause& cause,
                     ErrorHandlingBehavior verdict) {
  Emit(Action::Kind::kPublish, id);
  EngineEvent& event = actions_->back().event;
  event.kind = kind;
  event.verdict = verdict;
  event.node = id;
  event.incarnation = actions_->back().incarnation;
  event.cause = cause;
}

// --- The steps of a node

void Engine::Advance(NodeId id) {
  const Node& node = nodes_[id];
  if (!node.has_instance) {
    if (IsTerminal(node.state)) return;
    if (node.goal == Goal::kDown) {
      Settle(id);
    } else if (node.state == NodeState::kWaiting && node.unsatisfied == 0 &&
               node.unsatisfied_soft == 0 && !(node.after_followers && node.holding != 0)) {
      Launch(id);
    }
    return;
  }
  if (!node.asked && !node.done && MayEnd(node)) Ask(id);
  if (MayBeDestroyed(node)) Destroy(id);
}

void Engine::Launch(NodeId id) {
  Change(id, [&](Node& node) {
    node.state = NodeState::kStarting;
    node.incarnation = ++last_incarnation_;
    node.has_instance = true;
    node.asked = node.failed = node.done = node.after_followers = false;
    node.cause = {};
  });
  Arm(id, kLife, policies_[id].start_timeout);
  Emit(Action::Kind::kLaunch, id);
}

void Engine::Ask(NodeId id) {
  Change(id, [](Node& node) {
    node.asked = true;
    node.state = NodeState::kStopping;
  });
  Disarm(id, kLife);
  Arm(id, kStop, policies_[id].stop_timeout);
  Emit(Action::Kind::kRequestStop, id, nodes_[id].cause);
}

// S5, S20: nothing that uses it, and is to end too, is still there.
bool Engine::MayEnd(const Node& node) {
  return node.goal != Goal::kRun && node.holding == 0 &&
         (node.goal == Goal::kCycle || node.holding_soft == 0);
}

bool Engine::MayBeDestroyed(const Node& node) {
  if (!node.done || node.destroying || node.verdict_pending) return false;
  if (node.state == NodeState::kCompleted) return node.unended == 0;
  return MayEnd(node);
}

void Engine::Destroy(NodeId id) {
  if (nodes_[id].left_behind) return Abandon(id);
  if (nodes_[id].leak) {
    // S12: an instance that is not destroyed can have no successor. Its dependents, which were to
    // keep running, end first.
    if (nodes_[id].goal == Goal::kCycle)
      return RefuseRestart(id, nodes_[id].cause, Refusal::kAbandoned);
    Emit(Action::Kind::kLeak, id);
    return Settle(id);
  }
  Change(id, [](Node& node) { node.destroying = true; });
  Arm(id, kStop, policies_[id].stop_timeout);
  Emit(Action::Kind::kDestroy, id);
}

void Engine::Settle(NodeId id) {
  Disarm(id, kLife);
  Disarm(id, kStop);
  Change(id, [&](Node& node) {
    node.has_instance = node.destroying = false;
    if (node.state == NodeState::kCompleted) return;
    if (node.goal == Goal::kCycle) {
      node.goal = Goal::kRun;
      node.state = node.restart_delay > Time::zero() ? NodeState::kBackingOff : NodeState::kWaiting;
      return;
    }
    // A kRestart that came to nothing because the node went down leaves it stopped (S7).
    const bool lost = node.failed && node.verdict != ErrorHandlingBehavior::kRestart;
    node.state = lost ? NodeState::kFailed : NodeState::kStopped;
  });
  if (nodes_[id].state == NodeState::kBackingOff) Arm(id, kLife, nodes_[id].restart_delay);
}

void Engine::Abandon(NodeId id) {
  const bool restarting = nodes_[id].goal == Goal::kCycle;
  const bool completed = nodes_[id].state == NodeState::kCompleted;
  const Cause cause = nodes_[id].cause;
  Disarm(id, kLife);
  Disarm(id, kStop);
  Emit(Action::Kind::kAbandon, id, cause);
  Change(id, [](Node& node) {
    node.has_instance = node.destroying = false;
    node.state = NodeState::kAbandoned;
  });
  KeepAncestors(id);
  if (restarting) RefuseRestart(id, cause, Refusal::kAbandoned);  // S12: it cannot come back
  Cause why = cause;
  if (completed) {  // and could not be destroyed
    why = {.kind = Cause::Kind::kCompletion, .node = id, .incarnation = nodes_[id].incarnation};
    // S6: dependents that were started or added meanwhile (S24) have lost it.
    TakeDown(id, why);
  }
  Lose(id, why);
}

// --- Inputs

void Engine::OnReady(NodeId id) {
  if (nodes_[id].state != NodeState::kStarting) return;
  Arm(id, kLife, policies_[id].watchdog);
  if (!nodes_[id].ever_ready) ++ever_ready_;
  Change(id, [&](Node& node) {
    node.state = NodeState::kReady;
    node.ever_ready = true;
    node.ready_since = now_;
  });
  SayIfAllReady();
}

void Engine::SayIfAllReady() {
  if (said_all_ready_ || ever_ready_ != nodes_.size()) return;
  said_all_ready_ = true;
  Publish(EngineEvent::Kind::kAllReady, kNoNode);
}

// S22. Its last sign of life may have come after the watchdog was set: then it has that much
// longer.
void Engine::OnHeartbeat(NodeId id, Time at) {
  if (nodes_[id].state != NodeState::kReady) return;
  const Time due = After(at, policies_[id].watchdog);
  if (due <= now_) return Fail(id, FailureKind::kWatchdog);
  timers_.Set(KeyOf(id, kLife), due);
}

// S12, S18: what runs on in it may use what it depends on, from now on; when it would be destroyed,
// it is abandoned instead.
void Engine::OnLeftBehind(NodeId id) {
  if (!nodes_[id].has_instance || nodes_[id].done) return;
  nodes_[id].left_behind = true;
  KeepAncestors(id);
}

// S12: what is left behind may use their instances for ever.
void Engine::KeepAncestors(NodeId id) {
  for (const NodeId ancestor : graph_->Ancestors(id)) nodes_[ancestor].leak = true;
}

void Engine::OnFailed(NodeId id, FailureKind kind) {
  const Node& node = nodes_[id];
  // S4: one verdict per incarnation, and none for one that has ended or been left behind (L2: every
  // failure comes before Done).
  if (node.failed || node.done || !node.has_instance) {
    Publish(EngineEvent::Kind::kSecondaryFailure, id);
    if (kind == FailureKind::kNestedSpinHalt) OnNestedSpinHalt(id);
    return;
  }
  Fail(id, kind);
}

// S18: whatever else the incarnation has reported, and whatever its handler says.
void Engine::OnNestedSpinHalt(NodeId id) {
  nodes_[id].nested_spin_halt = true;
  if (nodes_[id].verdict_pending) return;
  nodes_[id].failed = true;
  nodes_[id].verdict = ErrorHandlingBehavior::kSpinHalt;
  const Cause cause{
      .kind = Cause::Kind::kFailure, .node = id, .incarnation = nodes_[id].incarnation};
  Apply(id, ErrorHandlingBehavior::kSpinHalt, cause);
}

void Engine::Fail(NodeId id, FailureKind kind) {
  const Cause cause{
      .kind = Cause::Kind::kFailure, .node = id, .incarnation = nodes_[id].incarnation};
  const bool asked = nodes_[id].asked;
  Disarm(id, kLife);
  ++pending_verdicts_;
  Change(id, [&](Node& node) {
    node.failed = node.verdict_pending = node.asked = true;
    node.nested_spin_halt = kind == FailureKind::kNestedSpinHalt;
    if (node.goal == Goal::kRun) node.cause = cause;
    if (node.state != NodeState::kStopping) node.state = NodeState::kDeciding;
  });
  if (!asked && !nodes_[id].done) {  // S11: the stop clock starts at the failure
    Arm(id, kStop, policies_[id].stop_timeout);
    Emit(Action::Kind::kRequestStop, id, cause);
  }
  Arm(id, kVerdict, policies_[id].stop_timeout);
  Emit(Action::Kind::kAskHandler, id, cause, kind);
}

void Engine::OnDone(NodeId id) {
  if (nodes_[id].done) return;
  if (nodes_[id].state == NodeState::kAbandoned) {
    nodes_[id].done = true;
    return Publish(EngineEvent::Kind::kLateEnd, id);
  }
  Disarm(id, kLife);
  Disarm(id, kStop);
  const NodeState state = nodes_[id].state;
  Change(id, [](Node& node) { node.done = true; });
  if (state == NodeState::kStarting) return Fail(id, FailureKind::kEndedBeforeReady);
  if (state == NodeState::kReady) Complete(id);
}

void Engine::OnGone(NodeId id) {
  if (nodes_[id].state == NodeState::kAbandoned) {
    return Publish(EngineEvent::Kind::kLateEnd, id);
  }
  if (nodes_[id].has_instance && nodes_[id].destroying) Settle(id);
}

// S19. Its end came before it was asked to stop: it has completed, whatever it was about to be
// told.
void Engine::Complete(NodeId id) {
  const Goal goal = nodes_[id].goal;
  OnCompletion choice = policies_[id].on_completion;
  if (choice == OnCompletion::kRestart && goal == Goal::kDown) choice = OnCompletion::kComplete;
  const Cause cause{
      .kind = Cause::Kind::kCompletion, .node = id, .incarnation = nodes_[id].incarnation};
  if (choice == OnCompletion::kRestart) {
    Change(id, [&](Node& node) {
      node.state = NodeState::kStopping;
      node.cause = cause;
    });
    if (goal == Goal::kRun) Apply(id, ErrorHandlingBehavior::kRestart, cause);
    return;
  }
  Change(id, [](Node& node) {
    node.state = NodeState::kCompleted;
    if (node.goal == Goal::kCycle) node.goal = Goal::kRun;
  });
  // S24: it is done, and nobody has to start it again.
  if (nodes_[id].operator_stopped) --operator_stopped_;
  nodes_[id].operator_stopped = false;
  if (choice == OnCompletion::kShutdown) StopEverything(cause, Outcome::kCompleted);
}

void Engine::OnVerdict(NodeId id, ErrorHandlingBehavior verdict, bool fault) {
  if (!nodes_[id].verdict_pending) return;
  --pending_verdicts_;
  Disarm(id, kVerdict);
  if (fault) verdict = ErrorHandlingBehavior::kShutdown;  // S9
  if (nodes_[id].nested_spin_halt) verdict = ErrorHandlingBehavior::kSpinHalt;
  const Cause cause{.kind = Cause::Kind::kFailure,
                    .verdict = verdict,
                    .node = id,
                    .incarnation = nodes_[id].incarnation};
  if (fault) Publish(EngineEvent::Kind::kHandlerFault, id, cause, verdict);
  Publish(EngineEvent::Kind::kVerdict, id, cause, verdict);
  Change(id, [&](Node& node) {
    node.verdict_pending = false;
    node.verdict = verdict;
    if (node.goal != Goal::kDown) node.cause = cause;
  });
  Apply(id, verdict, cause);
  if (nodes_[id].state == NodeState::kDeciding) {
    Change(id, [](Node& node) { node.state = NodeState::kStopping; });
  }
}

void Engine::OnStopRequest(const Cause& cause) {
  if (spin_halt_) {
    // S18: from the outer supervisor, which does the same: nothing is ignored.
    if (options_.nested) return;
    return Publish(EngineEvent::Kind::kStopIgnored, kNoNode, cause);
  }
  Raise(Outcome::kStopRequested, cause);  // also if everything ends by itself during the delay
  if (stopping_ || delaying_) return;
  timers_.Set(kDeadline, In(options_.shutdown_deadline));
  if (options_.shutdown_delay == Time::zero() || !begun_) {
    return StopEverything(cause, Outcome::kStopRequested);
  }
  delaying_ = true;
  stop_request_ = cause;
  timers_.Set(kDelay, In(options_.shutdown_delay));
  Publish(EngineEvent::Kind::kStopDelayed, kNoNode, cause);
}

void Engine::OnSignal(Cause::Kind signal) {
  const Cause cause{.kind = signal};
  const bool terminate = signal == Cause::Kind::kTerminate;
  if (spin_halt_) {  // S14
    if (!terminate) return Publish(EngineEvent::Kind::kStopIgnored, kNoNode, cause);
    if (terminate_seen_) return Emit(Action::Kind::kForceExit, kNoNode, cause);
    terminate_seen_ = true;
    return Publish(EngineEvent::Kind::kSpinHaltEnding, kNoNode, cause);
  }
  terminate_seen_ |= terminate;
  if (++signals_ > 1) return Emit(Action::Kind::kForceExit, kNoNode, cause);  // S13
  OnStopRequest(cause);
}

void Engine::ArmReminder() {
  if (options_.spin_halt_reminder <= Time::zero()) return;  // once is enough
  timers_.Set(kReminder, In(options_.spin_halt_reminder));
}

// S21: written, failed or too late, the halt goes on.
void Engine::OnLatch(bool written) {
  if (!std::exchange(latching_, false)) return;
  timers_.Cancel(kLatchLimit);
  if (!written) Publish(EngineEvent::Kind::kLatchFailed, kNoNode, outcome_cause_);
}

void Engine::OnTimer(TimerQueue::Key key) {
  switch (key) {
    case kDelay:
      return StopEverything(stop_request_, Outcome::kStopRequested);
    case kDeadline:
      return OnShutdownDeadline();
    case kReminder:
      ArmReminder();
      return Emit(Action::Kind::kAnnounceSpinHalt, kNoNode, outcome_cause_);
    case kLatchLimit:
      return OnLatch(false);
    default:
      break;
  }
  const NodeId id = (key - kGlobalTimers) / kTimersPerNode;
  switch ((key - kGlobalTimers) % kTimersPerNode) {
    case kLife:
      if (nodes_[id].state == NodeState::kBackingOff) {
        return Change(id, [](Node& node) { node.state = NodeState::kWaiting; });
      }
      if (nodes_[id].state == NodeState::kReady) return Emit(Action::Kind::kCheckHeartbeat, id);
      return Fail(id, FailureKind::kStartTimeout);  // S3
    case kVerdict:
      return OnVerdict(id, ErrorHandlingBehavior::kShutdown, /*fault=*/true);
    default:
      return OnStopTimeout(id);
  }
}

void Engine::OnStopTimeout(NodeId id) {
  Publish(EngineEvent::Kind::kStuck, id, nodes_[id].cause);
  if (options_.on_stuck == OnStuck::kAbandon) Abandon(id);
  if (options_.on_stuck == OnStuck::kAbort) Emit(Action::Kind::kAbort, id, nodes_[id].cause);
}

void Engine::OnShutdownDeadline() {
  const Cause cause{.kind = Cause::Kind::kShutdownDeadline};
  if (!stopping_) StopEverything(stop_request_, Outcome::kStopRequested);
  Drain();
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    if (!nodes_[id].has_instance || nodes_[id].asked || nodes_[id].done) continue;
    nodes_[id].cause = cause;
    Ask(id);
  }
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    if (nodes_[id].verdict_pending) OnVerdict(id, ErrorHandlingBehavior::kShutdown, /*fault=*/true);
  }
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    const Node& node = nodes_[id];
    if (!node.has_instance) continue;
    if (node.done && !node.destroying) {  // it only waits for those that are stuck
      nodes_[id].leak = true;
      Queue(id);
      continue;
    }
    Publish(EngineEvent::Kind::kStuck, id, cause);
    if (options_.on_stuck == OnStuck::kAbort) {
      Emit(Action::Kind::kAbort, id, cause);
    } else {
      Abandon(id);
    }
  }
}

}  // namespace stemma
