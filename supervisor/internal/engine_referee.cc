// SPDX-License-Identifier: Apache-2.0
// What the referee sees: inputs and actions, one after the other.
#include "stemma/supervisor/internal/engine_referee.h"

#include <algorithm>
#include <utility>

namespace stemma::internal {
namespace {

bool IsFinal(ErrorHandlingBehavior verdict) { return verdict != ErrorHandlingBehavior::kRestart; }

// The picture in node_state.h, with its ends.
bool IsStep(NodeState from, NodeState to) {
  using enum NodeState;
  switch (from) {
    case kWaiting:
      return to == kStarting || to == kStopped || to == kFailed;
    case kStarting:
      return to == kReady || to == kDeciding || to == kStopping;
    case kReady:
      return to == kDeciding || to == kStopping || to == kCompleted;
    case kDeciding:
      return to == kStopping;
    case kStopping:
      return to == kBackingOff || to == kWaiting || to == kStopped || to == kFailed ||
             to == kAbandoned;
    case kBackingOff:
      return to == kWaiting || to == kStopped || to == kFailed;
    case kCompleted:  // abandoned: its destructor was stuck; the others: restarted (S24)
      return to == kAbandoned || to == kStopping || to == kWaiting;
    case kStopped:
    case kFailed:
      return to == kWaiting;  // started (S24)
    default:
      return false;
  }
}

// [a * size + b]: a depends on b, through others or not.
std::vector<bool> Closure(const DependencyGraph& graph) {
  const std::size_t size = graph.size();
  std::vector<bool> descends(size * size);
  for (NodeId id = 0; id < size; ++id) {
    for (const NodeId dependency : graph.Dependencies(id)) descends[id * size + dependency] = true;
  }
  for (NodeId via = 0; via < size; ++via) {
    for (NodeId from = 0; from < size; ++from) {
      for (NodeId to = 0; to < size; ++to) {
        if (descends[from * size + via] && descends[via * size + to])
          descends[from * size + to] = true;
      }
    }
  }
  return descends;
}

}  // namespace

EngineReferee::EngineReferee(std::shared_ptr<const DependencyGraph> graph,
                             std::vector<NodePolicy> policies, EngineOptions options)
    : options_(options), lives_(graph->size()) {
  Redraw(*graph, std::move(policies));
}

void EngineReferee::Redraw(DependencyGraph graph, std::vector<NodePolicy> policies) {
  descends_ = std::make_shared<const std::vector<bool>>(Closure(graph));
  graph_ = std::make_shared<const DependencyGraph>(std::move(graph));
  policies_ = std::make_shared<const std::vector<NodePolicy>>(std::move(policies));
}

std::string EngineReferee::Judge(const EngineClaims& engine, const Input& input, Time now,
                                 const std::vector<Action>& actions) {
  broken_.clear();
  misblamed_.clear();
  input_ = input;
  now_ = now;
  tick_ = input.kind == Input::Kind::kTick;
  owed_force_exits_ = 0;
  owed_refusals_.clear();
  owed_completion_ = added_ = false;
  owed_answer_.reset();
  if (aborted_) return broken_;  // the process is no more
  if (finished_) {
    Expect(actions.empty(), "S15: after the finish nothing happens");
    return broken_;
  }
  const bool stale = input.incarnation != 0 &&
                     (input.node >= size() || lives_[input.node].incarnation != input.incarnation);
  if (stale) {
    Expect(actions.empty(), "S16: news of a dead incarnation change nothing", input.node);
  } else {
    Take(input);
  }
  for (const Action& action : actions) See(action);
  Expect(owed_force_exits_ == 0, "S13: the second signal forces the exit");
  Expect(owed_refusals_.empty(), "S8: a restart over the limit is said to be refused");
  Expect(!owed_completion_, "S19: an end that nobody asked for is a completion");
  CheckCommands();
  Expect(engine.states.size() == size(), "S24: the engine's graph is the one that was asked for");
  if (!broken_.empty()) return broken_;
  for (NodeId id = 0; id < size(); ++id) {
    Expect(engine.states[id] == lives_[id].state, "the engine's state is the published one", id);
    Expect(engine.incarnations[id] == lives_[id].incarnation, "and so is its incarnation", id);
    ExpectCause(IsWhy(id, engine.causes[id]), "S16: and so is its cause", id);
    if (begun_ && !finished_) CheckNode(id);
    if (tick_ && !finished_) CheckClocks(id);
  }
  if (!aborted_) CheckRun(engine);
  return broken_.empty() ? misblamed_ : broken_;
}

void EngineReferee::Expect(bool rule, std::string_view text, NodeId id) {
  if (rule || !broken_.empty()) return;
  broken_ = std::string(text);
  if (id < graph_->size()) broken_ += ": " + graph_->name(id);
}

// --- What the input says

void EngineReferee::Take(const Input& input) {
  switch (input.kind) {
    case Input::Kind::kBegin:
      begun_ = true;
      return;
    case Input::Kind::kStopRequested:
      return TakeStopRequest(Asked());
    case Input::Kind::kInterrupt:
    case Input::Kind::kTerminate:
      return TakeSignal(input.kind == Input::Kind::kTerminate);
    case Input::Kind::kEndSpinHalt:
      end_spin_halt_ = true;
      return;
    case Input::Kind::kLatchWritten:
    case Input::Kind::kLatchFailed:
      latch_.reset();
      return;
    case Input::Kind::kTick:
      if (latch_ && now_ >= *latch_) latch_.reset();
      return;
    case Input::Kind::kStopNode:
    case Input::Kind::kStartNode:
    case Input::Kind::kRestartNode:
    case Input::Kind::kAddNode:
    case Input::Kind::kRemoveNode:
      return TakeCommand(input);
    default:
      break;
  }
  if (input.incarnation == 0) return;
  Life& life = lives_[input.node];
  switch (input.kind) {
    case Input::Kind::kReady:
      life.ready_reported |= life.state == NodeState::kStarting;
      return;
    case Input::Kind::kFailed:
      return TakeFailure(life, input.node, input.failure);
    case Input::Kind::kDone:
      return TakeDone(life, input.node);
    case Input::Kind::kGone:
      if (life.exists && life.destroying) life.exists = false;
      if (!life.exists) life.stop_clock.reset();
      return;
    case Input::Kind::kLeftBehind:
      return TakeLeftBehind(life, input.node);
    case Input::Kind::kHeartbeat:
      return TakeHeartbeat(life, input.node, input.at);
    default:
      return;  // a verdict: when the engine says so
  }
}

void EngineReferee::TakeStopRequest(const Cause& cause) {
  if (spin_halt_) return;
  Raise(Outcome::kStopRequested, cause);
  if (stopping_ || delay_) return;
  if (options_.shutdown_delay == Time::zero() || !begun_) return StopAll(cause);
  delayed_by_ = cause;
  delay_ = After(now_, options_.shutdown_delay);
  deadline_ = After(now_, options_.shutdown_deadline);
}

void EngineReferee::TakeSignal(bool terminate) {
  const bool second = spin_halt_ ? terminate && terminate_seen_ : ++signals_ > 1;
  terminate_seen_ |= terminate;
  if (second) {
    ++owed_force_exits_;
  } else {
    TakeStopRequest(Asked());
  }
}

void EngineReferee::TakeFailure(Life& life, NodeId id, FailureKind kind) {
  const bool nested = kind == FailureKind::kNestedSpinHalt;
  if (life.exists && !life.done && !life.failed) {
    life.failed = true;
    life.nested_spin_halt = nested;
    return;
  }
  if (!nested) return;
  life.nested_spin_halt = true;
  if (!life.pending) Apply(id, ErrorHandlingBehavior::kSpinHalt, FailureOf(id));
}

void EngineReferee::TakeDone(Life& life, NodeId id) {
  if (life.done) return;
  life.done = true;
  life.stop_clock.reset();
  if (!life.exists || life.state != NodeState::kReady) return;
  const OnCompletion choice = PolicyOf(id).on_completion;
  owed_completion_ = choice != OnCompletion::kRestart || life.down;
  if (choice == OnCompletion::kShutdown) {
    const Cause why = life.why;
    Raise(Outcome::kCompleted, EndOf(id));
    StopAll(EndOf(id));
    Blame(id, why);  // it has ended before that
  }
  if (choice == OnCompletion::kRestart && !life.down) {
    Blame(id, EndOf(id));
    if (!life.cycling) Restart(id, EndOf(id));
  }
}

void EngineReferee::TakeLeftBehind(Life& life, NodeId id) {
  if (!life.exists || life.done) return;
  life.left_behind = true;
  for (NodeId ancestor = 0; ancestor < size(); ++ancestor) {
    if (Descends(id, ancestor)) lives_[ancestor].tainted = true;
  }
}

void EngineReferee::TakeHeartbeat(Life& life, NodeId id, Time at) {
  if (life.state != NodeState::kReady) return;
  const Time due = After(at, PolicyOf(id).watchdog);
  life.watched = false;
  if (due <= now_) {
    life.failed = true;
  } else {
    life.watch = due;
  }
}

// --- What the engine answers

void EngineReferee::See(const Action& action) {
  const NodeId id = action.node;
  Expect(!finished_, "S15: the finish is the last action");
  Expect(!owed_answer_ || action.kind == Action::Kind::kAnswer, "S24: answered first");
  Expect(id == kNoNode || id < size(), "S24: actions are about nodes");
  if (!broken_.empty()) return;
  const bool launching =
      action.kind == Action::Kind::kLaunch ||
      (action.kind == Action::Kind::kPublish && action.event.to == NodeState::kStarting);
  if (id != kNoNode && !launching) {
    Expect(lives_[id].incarnation == action.incarnation, "S16: actions are for the live one", id);
  }
  CheckCause(action);
  switch (action.kind) {
    case Action::Kind::kLaunch:
      return SeeLaunch(id, action.incarnation);
    case Action::Kind::kRequestStop:
      return SeeRequestStop(id);
    case Action::Kind::kAskHandler:
      return SeeAskHandler(id, action.failure);
    case Action::Kind::kCheckHeartbeat:
      Expect(tick_ && lives_[id].watch && now_ >= *lives_[id].watch, "S22: looked at in time", id);
      lives_[id].watch.reset();
      lives_[id].watched = true;
      return;
    case Action::Kind::kDestroy:
    case Action::Kind::kLeak:
      return SeeEndOfInstance(id, action.kind == Action::Kind::kLeak);
    case Action::Kind::kAbandon:
      return SeeAbandon(id);
    case Action::Kind::kPublish:
      return SeeEvent(action.event);
    case Action::Kind::kTellOuter:
      if (action.failure == FailureKind::kNestedSpinHalt) {
        return Expect(spin_halt_ && options_.nested && !std::exchange(told_spin_halt_, true),
                      "S18: a nested spin halt is told once");
      }
      return Expect(options_.nested && Over() && !std::exchange(told_shutdown_, true),
                    "S18: a nested shutdown is told once, at the end");
    case Action::Kind::kLatch:
      Expect(spin_halt_ && options_.latch && !std::exchange(said_latch_, true),
             "S21: latched once");
      return;
    case Action::Kind::kAnnounceSpinHalt:
      Expect(spin_halt_ && Over() && !latch_ && (!announced_ || tick_),
             "S14: announced at the end");
      announced_ = true;
      deadline_.reset();
      reminder_.reset();
      if (options_.spin_halt_reminder > Time::zero())
        reminder_ = After(now_, options_.spin_halt_reminder);
      return;
    case Action::Kind::kForceExit:
      return Expect(--owed_force_exits_ >= 0, "S13: only a second signal forces the exit");
    case Action::Kind::kAbort:
      aborted_ = true;
      return Expect(options_.on_stuck == OnStuck::kAbort && tick_, "S12: by option", id);
    case Action::Kind::kAnswer:
      return SeeAnswer(action);
    case Action::Kind::kAdded:
      return Expect(std::exchange(added_, false) && id == size() - 1, "S24: added on command", id);
    case Action::Kind::kRemoved:
      return SeeRemoved(id);
    case Action::Kind::kFinish:
      return SeeFinish();
  }
}

void EngineReferee::SeeLaunch(NodeId id, Incarnation incarnation) {
  Life& life = lives_[id];
  Expect(begun_ && !life.exists && !life.down, "S5: launched when the old one is gone", id);
  Expect(life.state == NodeState::kStarting, "a launched node is starting", id);
  Expect(incarnation == ++last_incarnation_, "S16: incarnation numbers are never reused", id);
  Expect(MayLaunch(id), "S6: launched when every dependency is ready or completed", id);
  Expect(now_ - life.paused_at >= Shortest(id) || life.pause == Time::zero(), "S8: pauses", id);
  life = {.state = life.state,
          .incarnation = incarnation,
          .exists = true,
          .tainted = life.tainted,  // a descendant may have reached it through a Slot
          .ever_ready = life.ever_ready,
          .launched_at = now_,
          .attempt = life.attempt,
          .restarts = std::move(life.restarts)};
}

void EngineReferee::SeeRequestStop(NodeId id) {
  Life& life = lives_[id];
  Expect(life.exists && !life.asked && !life.done, "asked once, and while there is someone", id);
  if (life.state != NodeState::kDeciding) {  // else its own failure stops it
    Expect(life.state == NodeState::kStopping, "a node that is asked is stopping", id);
    Expect(MayEnd(id) || DeadlineDue(), "S5: asked after its dependents have ended", id);
  }
  life.asked = true;
  life.stop_clock = now_;
}

void EngineReferee::SeeAskHandler(NodeId id, FailureKind kind) {
  Life& life = lives_[id];
  Expect(life.exists && !life.consulted, "S4: one verdict per incarnation", id);
  const bool of_this = !tick_ && input_.node == id;
  if (kind == FailureKind::kStartTimeout && tick_) {
    Expect(now_ >= After(life.launched_at, PolicyOf(id).start_timeout), "S3: start timeout", id);
  } else if (kind == FailureKind::kEndedBeforeReady && input_.kind == Input::Kind::kDone) {
    Expect(of_this && !life.ready_reported, "S3: ended before ready", id);
  } else if (kind == FailureKind::kWatchdog && input_.kind == Input::Kind::kHeartbeat) {
    Expect(of_this && life.failed, "S22: silent for too long", id);
  } else {
    Expect(of_this && life.failed && kind == input_.failure, "S4: a failure of this one", id);
  }
  life.failed = life.consulted = life.pending = true;
  life.consulted_at = now_;
}

void EngineReferee::SeeEndOfInstance(NodeId id, bool leak) {
  Life& life = lives_[id];
  Expect(MayBeDestroyed(id) || DeadlineDue(), "S5: destroyed when nobody uses it", id);
  if (leak) {
    Expect(life.tainted || DeadlineDue(), "S12: leaked because something was abandoned", id);
    life.exists = false;
  } else {
    Expect(!life.left_behind, "S18: what left something behind is never destroyed", id);
    Expect(!life.tainted, "S12: ancestors of the abandoned are never destroyed", id);
    life.destroying = true;
    life.stop_clock = now_;
  }
}

void EngineReferee::SeeAbandon(NodeId id) {
  Life& life = lives_[id];
  const bool stuck = !life.stop_clock && options_.on_stuck == OnStuck::kAbandon;
  const bool left_behind = life.left_behind && (MayBeDestroyed(id) || DeadlineDue());
  Expect(life.exists && (left_behind || (tick_ && (stuck || DeadlineDue()))),
         "S12: abandoned when stuck", id);
  Expect(left_behind || options_.on_stuck != OnStuck::kAbort, "S12: aborted instead", id);
  life.exists = false;
  for (NodeId ancestor = 0; ancestor < size(); ++ancestor) {
    if (Descends(id, ancestor)) lives_[ancestor].tainted = true;
  }
  life.tainted = true;
  const Cause why = life.why;
  const bool completed = life.state == NodeState::kCompleted;
  if (life.cycling) Refuse(id, why, Refusal::kAbandoned);
  if (completed) TakeDown(id, EndOf(id));  // S6, S24: who came meanwhile has lost it
  Lose(id, completed ? EndOf(id) : why);
  Blame(id, why);
}

void EngineReferee::SeeFinish() {
  Expect(Over(), "S15: finished when all has ended");
  Expect(!spin_halt_ || options_.nested || (announced_ && (terminate_seen_ || end_spin_halt_)),
         "S14: a spin halt stays until SIGTERM");
  finished_ = true;
}

void EngineReferee::SeeEvent(const EngineEvent& event) {
  using Kind = EngineEvent::Kind;
  CheckCause(event);
  switch (event.kind) {
    case Kind::kTransition:
      return SeeTransition(event);
    case Kind::kVerdict:
      return SeeVerdict(event);
    case Kind::kRestartRefused: {
      const auto owed =
          std::find_if(owed_refusals_.begin(), owed_refusals_.end(),
                       [&](const OwedRefusal& one) { return one.node == event.node; });
      Expect(event.verdict == PolicyOf(event.node).restart.on_limit, "S8: on_limit", event.node);
      if (owed != owed_refusals_.end()) {
        ExpectCause(owed->cause == event.cause, "S16: refused for what asked for it", event.node);
        Expect(owed->why == event.refusal, "S8: refused for the reason that is told", event.node);
        owed_refusals_.erase(owed);
        return;
      }
      const Life& life = lives_[event.node];
      Expect(life.cycling && life.done && life.tainted && event.refusal == Refusal::kAbandoned,
             "S8: refused for the reason that is told", event.node);
      ExpectCause(IsWhy(event.node, event.cause), "S16: refused for what asked for it", event.node);
      return Apply(event.node, event.verdict, event.cause);
    }
    case Kind::kStuck: {
      Life& life = lives_[event.node];
      const bool due =
          life.stop_clock && now_ >= After(*life.stop_clock, PolicyOf(event.node).stop_timeout);
      Expect(tick_ && (due || DeadlineDue()), "S12: stuck after stop_timeout", event.node);
      life.stop_clock.reset();
      return;
    }
    case Kind::kStopping:
      Expect(!std::exchange(said_stopping_, true), "said once that everything goes down");
      if (!stopping_) {
        Expect(tick_ && delay_ && (now_ >= *delay_ || DeadlineDue()), "S11: stops on request");
        StopAll(delayed_by_);
      }
      return ExpectCause(event.cause == stopped_by_, "S16: everything goes down for what began it");
    case Kind::kAllReady:
      Expect(!std::exchange(said_all_ready_, true), "S16: all ready is said once");
      return Expect(HaveAllBeenReady(), "S16: all ready is true");
    case Kind::kStartupFailed:
      Expect(!std::exchange(said_startup_failed_, true), "S16: startup failed is said once");
      return Expect(HasStartupFailed(event.node), "S16: startup failed is true", event.node);
    default:
      return;
  }
}

void EngineReferee::SeeTransition(const EngineEvent& event) {
  const NodeId id = event.node;
  Life& life = lives_[id];
  Expect(event.from == life.state && IsStep(event.from, event.to), "a step of the picture", id);
  if (event.from == NodeState::kReady) {
    SettleBackoff(id);
    life.watch.reset();
    life.watched = false;
  }
  life.state = event.to;
  if (IsTerminal(event.from) && event.to != NodeState::kAbandoned) {
    Expect(std::exchange(life.reviving, false), "S24: leaves its end on command", id);
    return Expect((event.to == NodeState::kStopping) == life.exists, "S24: ends first", id);
  }
  switch (event.to) {
    case NodeState::kReady:
      Expect(life.ready_reported && life.exists, "S2: ready when it says so", id);
      life.ever_ready = true;
      life.ready_at = now_;
      life.watch = After(now_, PolicyOf(id).watchdog);
      return;
    case NodeState::kCompleted:
      Expect(life.done && !life.asked, "S19: completed by itself", id);
      life.cycling = false;
      life.operator_stopped = false;  // S24: it is done, whoever wanted to stop it
      if (id == input_.node) owed_completion_ = false;
      return;
    case NodeState::kBackingOff:
    case NodeState::kWaiting:
      if (event.from == NodeState::kBackingOff) return;
      Expect(life.cycling && !life.exists, "S4: restarted by a verdict", id);
      // Jitter may have left nothing of it.
      Expect(event.to == NodeState::kBackingOff ? life.pause > Time::zero()
                                                : Shortest(id) == Time::zero(),
             "S8: pause", id);
      if (event.to == NodeState::kWaiting) life.pause = Time::zero();
      life.cycling = false;
      life.paused_at = now_;
      return;
    case NodeState::kStopped:
      Expect(life.down && !(life.failed && IsFinal(life.verdict)), "S4: stopped, not failed", id);
      return;
    case NodeState::kFailed:
      Expect(life.down && life.failed && IsFinal(life.verdict), "S4: failed for good", id);
      return;
    default:
      return;
  }
}

void EngineReferee::SeeVerdict(const EngineEvent& event) {
  const NodeId id = event.node;
  Life& life = lives_[id];
  Expect(life.pending, "S4: a verdict for a failure", id);
  const bool answered = input_.kind == Input::Kind::kVerdict && input_.node == id;
  const bool threw = input_.kind == Input::Kind::kHandlerThrew && input_.node == id;
  const bool silent = tick_ && now_ >= After(life.consulted_at, PolicyOf(id).stop_timeout);
  Expect(answered || threw || silent || DeadlineDue(), "S9: an answer, or silence", id);
  ErrorHandlingBehavior verdict = ErrorHandlingBehavior::kShutdown;  // S9
  if (answered && input_.verdict <= ErrorHandlingBehavior::kSpinHalt) verdict = input_.verdict;
  if (life.nested_spin_halt) verdict = ErrorHandlingBehavior::kSpinHalt;
  Expect(event.verdict == verdict, "S9: the verdict is the handler's", id);
  life.pending = false;
  life.verdict = verdict;
  if (!life.down) Blame(id, FailureOf(id, verdict));
  Apply(id, verdict, FailureOf(id, verdict));
}

// --- What may come next

std::vector<Input> EngineReferee::Owed() const {
  std::vector<Input> owed;
  for (NodeId id = 0; id < size(); ++id) {
    const Life& life = lives_[id];
    const auto owe = [&](Input::Kind kind) {
      owed.push_back({.kind = kind, .node = id, .incarnation = life.incarnation});
    };
    if (life.state == NodeState::kStarting) owe(Input::Kind::kReady);
    if (life.exists && life.asked && !life.done) owe(Input::Kind::kDone);
    if (life.exists && life.destroying) owe(Input::Kind::kGone);
    if (life.pending) owe(Input::Kind::kVerdict);
    if (life.watched) owe(Input::Kind::kHeartbeat);
  }
  if (latch_) owed.push_back({.kind = Input::Kind::kLatchWritten});
  return owed;
}

}  // namespace stemma::internal
