// SPDX-License-Identifier: Apache-2.0
// The book of rules: what follows from a verdict, and what must be true between inputs.
#include <algorithm>
#include <utility>

#include "stemma/supervisor/internal/engine_referee.h"

namespace stemma::internal {

using namespace std::chrono_literals;

// --- Consequences

void EngineReferee::Apply(NodeId id, ErrorHandlingBehavior verdict, Cause cause) {
  if (verdict == ErrorHandlingBehavior::kRestart) {
    if (!lives_[id].down) Restart(id, cause);
    return;
  }
  cause.verdict = verdict;
  lives_[id].failed = true;
  lives_[id].verdict = verdict;
  Lose(id, cause);
  TakeDown(id, cause);
  switch (verdict) {
    case ErrorHandlingBehavior::kStopParents:
      for (NodeId ancestor = 0; ancestor < size(); ++ancestor) {
        if (Descends(id, ancestor)) TakeDown(ancestor, cause);
      }
      return;
    case ErrorHandlingBehavior::kShutdown:
      Raise(Outcome::kShutdown, cause);
      return StopAll(cause);
    case ErrorHandlingBehavior::kSpinHalt:
      Raise(Outcome::kSpinHalt, cause);
      if (!std::exchange(spin_halt_, true) && options_.latch) {
        latch_ = After(now_, Engine::kLatchPatience);
      }
      return StopAll(cause);
    default:
      return;
  }
}

void EngineReferee::Restart(NodeId id, const Cause& cause) {
  Life& life = lives_[id];
  const RestartPolicy& policy = PolicyOf(id).restart;
  const auto recent = std::count_if(life.restarts.begin(), life.restarts.end(),
                                    [&](Time at) { return now_ < After(at, policy.window); });
  if (life.tainted || life.state == NodeState::kAbandoned) {
    return Refuse(id, cause, Refusal::kAbandoned);
  }
  if (policy.max_restarts != kUnlimitedRestarts && recent >= policy.max_restarts) {
    return Refuse(id, cause, Refusal::kOverLimit);
  }
  SettleBackoff(id);
  if (policy.max_restarts != kUnlimitedRestarts) life.restarts.push_back(now_);
  life.pause = BackoffDelay(policy, life.attempt++, 0);
  life.cycling = true;
  Blame(id, cause);
  Follow();
}

// S6: those who asked to be restarted with a dependency of theirs, and those who follow them.
void EngineReferee::Follow() {
  std::vector<NodeId> followers;
  for (bool more = true; more;) {
    more = false;
    for (NodeId node = 0; node < size(); ++node) {
      Life& other = lives_[node];
      const bool follows = PolicyOf(node).on_dependency_restart == OnDependencyRestart::kRestart &&
                           other.exists && !other.down && !other.cycling &&
                           other.state != NodeState::kCompleted;
      const auto dependencies = graph_->Dependencies(node);
      if (!follows || std::none_of(dependencies.begin(), dependencies.end(),
                                   [&](NodeId dependency) { return lives_[dependency].cycling; })) {
        continue;
      }
      other.cycling = more = true;
      other.pause = Time::zero();
      followers.push_back(node);
    }
  }
  for (const NodeId node : followers) {
    Blame(node, {.kind = Cause::Kind::kDependencyRestart});
    for (const NodeId dependency : graph_->Dependencies(node)) {
      if (!lives_[dependency].cycling) continue;
      lives_[node].led_by.push_back({.kind = Cause::Kind::kDependencyRestart,
                                     .node = dependency,
                                     .incarnation = lives_[dependency].incarnation});
    }
  }
}

// S8: however it stops being ready; once for each time that it was.
void EngineReferee::SettleBackoff(NodeId id) {
  Life& life = lives_[id];
  if (life.ready_at && now_ - *life.ready_at >= PolicyOf(id).restart.reset_after) life.attempt = 0;
  life.ready_at.reset();
}

void EngineReferee::Refuse(NodeId id, const Cause& cause, Refusal why) {
  owed_refusals_.push_back({id, cause, why});
  Apply(id, PolicyOf(id).restart.on_limit, cause);
}

EngineReferee::Time EngineReferee::Shortest(NodeId id) const {
  const double share = 1 - PolicyOf(id).restart.jitter;
  if (share == 1) return lives_[id].pause;
  const std::chrono::duration<double, std::nano> longest = lives_[id].pause;
  return std::max(Time::zero(), std::chrono::duration_cast<Time>(longest * share) - 1us);
}

void EngineReferee::TakeDown(NodeId id, const Cause& cause) {
  for (NodeId node = 0; node < size(); ++node) {
    if (node != id && !Descends(node, id)) continue;
    Life& life = lives_[node];
    if (!life.down && !IsTerminal(life.state)) Blame(node, cause);
    life.down = true;
    life.cycling = false;
  }
}

void EngineReferee::StopAll(const Cause& cause) {
  if (std::exchange(stopping_, true)) return;
  stopped_by_ = cause;
  if (!delay_) deadline_ = After(now_, options_.shutdown_deadline);
  delay_.reset();
  for (NodeId id = 0; id < size(); ++id) TakeDown(id, cause);
}

// --- The rules

bool EngineReferee::Satisfies(NodeId id) const {
  const Life& life = lives_[id];
  return life.state == NodeState::kCompleted ||
         (life.state == NodeState::kReady && !life.down && !life.cycling);
}

bool EngineReferee::MayLaunch(NodeId id) const {
  if (lives_[id].after_followers && HasEndingDependent(id)) return false;
  const auto hard = graph_->Dependencies(id);
  const auto soft = graph_->SoftDependencies(id);
  return std::all_of(hard.begin(), hard.end(), [&](NodeId other) { return Satisfies(other); }) &&
         std::all_of(soft.begin(), soft.end(), [&](NodeId other) {
           return Satisfies(other) || IsTerminal(lives_[other].state);
         });
}

bool EngineReferee::HasEndingDependent(NodeId id) const {
  const auto dependents = graph_->Dependents(id);
  return std::any_of(dependents.begin(), dependents.end(), [&](NodeId other) {
    const Life& user = lives_[other];
    return user.exists && (user.down || user.cycling);
  });
}

bool EngineReferee::MayEnd(NodeId id) const {
  const Life& life = lives_[id];
  if (!life.down && !life.cycling) return false;
  const auto soft = graph_->SoftDependents(id);
  return !HasEndingDependent(id) && std::none_of(soft.begin(), soft.end(), [&](NodeId other) {
    return life.down && lives_[other].exists && lives_[other].down;
  });
}

bool EngineReferee::MayBeDestroyed(NodeId id) const {
  const Life& life = lives_[id];
  if (!life.exists || !life.done || life.destroying || life.pending) return false;
  if (life.state != NodeState::kCompleted) return MayEnd(id);
  const auto dependents = graph_->Dependents(id);
  return std::all_of(dependents.begin(), dependents.end(), [&](NodeId other) {
    return !lives_[other].exists && IsTerminal(lives_[other].state);
  });
}

bool EngineReferee::Over() const {
  return begun_ && std::all_of(lives_.begin(), lives_.end(), [&](const Life& life) {
           return IsTerminal(life.state) && !life.exists && !life.pending &&
                  (stopping_ || !life.operator_stopped);
         });
}

bool EngineReferee::HaveAllBeenReady() const {
  return begun_ && std::all_of(lives_.begin(), lives_.end(),
                               [](const Life& life) { return life.ever_ready; });
}

bool EngineReferee::HasStartupFailed(NodeId id) const {
  return IsTerminal(lives_[id].state) && !lives_[id].ever_ready;
}

void EngineReferee::CheckNode(NodeId id) {
  const Life& life = lives_[id];
  const NodeState state = life.state;
  // Nothing that is possible is left undone.
  Expect(state != NodeState::kWaiting || life.down || !MayLaunch(id), "S2: launched in time", id);
  Expect(!life.exists || life.asked || life.done || !MayEnd(id), "S5: asked in time", id);
  Expect(!MayBeDestroyed(id), "S5: destroyed in time", id);
  Expect(!life.down || life.exists || IsTerminal(state), "S5: what goes down ends", id);
  Expect(state != NodeState::kStarting || (!life.ready_reported && !life.done), "S3: heard", id);
  Expect(!life.failed || life.consulted || !life.exists || life.done || life.down,
         "S4: the handler is asked", id);
  // Nothing goes down but what a verdict takes down.
  Expect(life.down || !IsTerminal(state) || state == NodeState::kCompleted || life.done,
         "S4: only what a verdict takes down", id);
  Expect(state != NodeState::kDeciding || life.pending, "deciding until the verdict", id);
  Expect(state != NodeState::kStopping || life.asked || life.done, "stopping when asked", id);
  for (const NodeId dependency : graph_->Dependencies(id)) {
    const NodeState other = lives_[dependency].state;
    Expect(!life.exists || life.down || !IsTerminal(other) || other == NodeState::kCompleted,
           "S6: a live node whose dependency is no more goes down", id);
  }
}

void EngineReferee::CheckClocks(NodeId id) {
  const Life& life = lives_[id];
  const NodePolicy& policy = PolicyOf(id);
  if (life.state == NodeState::kStarting && policy.start_timeout != kNoTimeout)
    Expect(now_ < After(life.launched_at, policy.start_timeout), "S3: started in time", id);
  if (life.stop_clock && policy.stop_timeout != kNoTimeout)
    Expect(now_ < After(*life.stop_clock, policy.stop_timeout), "S12: stopped in time", id);
  if (life.pending && policy.stop_timeout != kNoTimeout)
    Expect(now_ < After(life.consulted_at, policy.stop_timeout), "S9: answered in time", id);
  if (life.watch && policy.watchdog != kNoTimeout) Expect(now_ < *life.watch, "S22: watched", id);
  if (life.state == NodeState::kBackingOff)
    Expect(now_ < After(life.paused_at, life.pause), "S8: the backoff ends", id);
}

void EngineReferee::CheckRun(const EngineClaims& engine) {
  bool all_ready = !stopping_ && !delay_;
  for (NodeId id = 0; id < size(); ++id) {
    all_ready &= Satisfies(id);
    Expect(said_startup_failed_ || said_all_ready_ || !HasStartupFailed(id),
           "S16: startup failed is said in time", id);
  }
  Expect(said_all_ready_ || !HaveAllBeenReady(), "S16: all ready is said in time");
  Expect(engine.all_ready == all_ready, "all_ready");
  Expect(said_stopping_ == stopping_ && engine.stopping == stopping_, "stopping");
  Expect(engine.outcome == outcome_, "S15: the outcome is the severest");
  ExpectCause(engine.outcome_cause == raised_by_, "S15: the outcome is blamed on what raised it");
  Expect(engine.finished == finished_, "finished");
  Expect(said_latch_ == (spin_halt_ && options_.latch), "S21: latched at the verdict");
  Expect(announced_ == (spin_halt_ && !options_.nested && Over() && !latch_),
         "S14: the halt is announced in time");
  const bool halted =
      spin_halt_ && !options_.nested && ((!terminate_seen_ && !end_spin_halt_) || latch_);
  Expect(finished_ == (Over() && !halted), "S15: finished in time");
  Expect(told_spin_halt_ == (options_.nested && spin_halt_), "S18: told at the verdict");
  const bool failed = outcome_ == Outcome::kFailed || outcome_ == Outcome::kShutdown;
  Expect(told_shutdown_ == (options_.nested && finished_ && failed), "S18: a shutdown is told");
  Expect(!tick_ || !delay_ || now_ < *delay_, "S11: the delay ends");
  if (DeadlineDue()) {
    deadline_.reset();
    Expect(!begun_ || Over(), "S12: nothing outlives shutdown_deadline");
  }
  CheckNextDeadline(engine);
}

// S23: it wants to be woken when something may be due, and for nothing else.
void EngineReferee::CheckNextDeadline(const EngineClaims& engine) {
  Time first = Time::max(), last = Time::max();
  const auto within = [&](Time earliest, Time latest) {
    first = std::min(first, earliest);
    last = std::min(last, latest);
  };
  for (NodeId id = 0; !finished_ && id < size(); ++id) {
    const Life& life = lives_[id];
    const NodePolicy& policy = PolicyOf(id);
    const auto at = [&](Time since, Time delay) {
      within(After(since, delay), After(since, delay));
    };
    if (life.state == NodeState::kStarting) at(life.launched_at, policy.start_timeout);
    if (life.stop_clock) at(*life.stop_clock, policy.stop_timeout);
    if (life.watch) within(*life.watch, *life.watch);
    if (life.pending) at(life.consulted_at, policy.stop_timeout);
    if (life.state == NodeState::kBackingOff)
      within(After(life.paused_at, Shortest(id)), After(life.paused_at, life.pause));
  }
  if (delay_ && !finished_) within(*delay_, *delay_);
  if (deadline_ && !finished_) within(*deadline_, *deadline_);
  if (reminder_ && !finished_) within(*reminder_, *reminder_);
  if (latch_ && !finished_) within(*latch_, *latch_);
  const Time next = engine.next_deadline.value_or(Time::max());
  Expect(first <= next && next <= last, "S23: woken when something is due, and for nothing else");
  Expect(!tick_ || next > now_, "a tick fires all that is due");
}

}  // namespace stemma::internal
