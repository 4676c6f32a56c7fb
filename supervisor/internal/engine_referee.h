// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_ENGINE_REFEREE_H_
#define STEMMA_SUPERVISOR_INTERNAL_ENGINE_REFEREE_H_

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stemma/supervisor/engine.h"

namespace stemma::internal {

// What an engine says of itself.
struct EngineClaims {
  std::vector<NodeState> states = {};
  std::vector<Incarnation> incarnations = {};
  std::vector<Cause> causes = {};
  Outcome outcome = Outcome::kCompleted;
  Cause outcome_cause = {};
  bool all_ready = false, stopping = false, finished = false;
  std::optional<Engine::Time> next_deadline = std::nullopt;
};

// `EngineType`: Engine, or what has its interface.
template <class EngineType>
EngineClaims ClaimsOf(const EngineType& engine) {
  EngineClaims claims{.outcome = engine.outcome(),
                      .outcome_cause = engine.outcome_cause(),
                      .all_ready = engine.all_ready(),
                      .stopping = engine.stopping(),
                      .finished = engine.finished(),
                      .next_deadline = engine.next_deadline()};
  for (NodeId id = 0; id < engine.graph().size(); ++id) {
    claims.states.push_back(engine.state(id));
    claims.incarnations.push_back(engine.incarnation(id));
    claims.causes.push_back(engine.cause(id));
  }
  return claims;
}

// Watches an engine play, and knows the rules: what must be true of its answers whatever it is
// told.
//
// It sees the inputs and the actions, in order, and keeps its own picture of every node from them:
// naively, with closures computed in full and counts counted anew, so that it shares no idea with
// the engine that could be wrong in both. After each input it checks what each action needed to be
// allowed, and then that nothing which had become possible or due was left undone. It trusts
// nothing that the engine says of itself, but compares it with its own picture.
//
// Thread safety: none. Copies are independent, as those of an engine are.
class EngineReferee {
 public:
  using Time = Engine::Time;

  // What it knows of a node, in its current or last incarnation.
  struct Life {
    NodeState state = NodeState::kWaiting;
    Incarnation incarnation = 0;
    bool exists = false;  // launched, and neither gone, leaked nor abandoned
    bool ready_reported = false;
    bool asked = false;      // to stop
    bool failed = false;     // or refused a restart
    bool consulted = false;  // its handler has been asked
    bool pending = false;    // and has not answered
    bool nested_spin_halt = false;
    bool left_behind = false;  // threads of it run on
    bool done = false;
    bool destroying = false;
    bool down = false;     // a verdict or a stop takes it down
    bool cycling = false;  // this incarnation ends, and another comes
    bool tainted = false;  // a descendant was abandoned
    bool ever_ready = false;
    bool operator_stopped = false;  // S24: waits to be started again
    bool removing = false;          // S24: on its way out of the graph
    bool reviving = false;          // S24: is to leave its end, as part of this answer
    bool after_followers = false;   // S6: its next incarnation waits for those who follow it
    ErrorHandlingBehavior verdict = ErrorHandlingBehavior::kRestart;
    Time launched_at{}, consulted_at{}, paused_at{};
    std::optional<Time> ready_at = std::nullopt;    // while it is
    std::optional<Time> stop_clock = std::nullopt;  // of what has been asked to end and has not
    std::optional<Time> watch = std::nullopt;       // when its heartbeat is to be looked at
    bool watched = false;                           // it is being looked at
    Time pause{};                                   // at most, before the next incarnation
    int attempt = 0;
    std::vector<Time> restarts = {};
    Cause why = {};                  // it goes, or went, down
    std::vector<Cause> led_by = {};  // or one of these: the engine has not said yet which
  };

  // REQUIRES: what the engine was made from.
  EngineReferee(std::shared_ptr<const DependencyGraph> graph, std::vector<NodePolicy> policies,
                EngineOptions options);

  // Returns: the first rule that the engine's answer to `input` breaks; empty if it breaks none.
  std::string Judge(const EngineClaims& engine, const Input& input, Time now,
                    const std::vector<Action>& actions);

  // True when there is nothing left to judge: finished, or the process has been left.
  bool over() const { return finished_ || aborted_; }

  const Life& life(NodeId id) const { return lives_[id]; }
  const DependencyGraph& graph() const { return *graph_; }
  bool stopping() const { return stopping_; }
  // True while only a signal can end the run.
  bool halted() const { return announced_ && !finished_; }
  std::size_t size() const { return lives_.size(); }

  // Inputs that components and handlers which obey owe the engine now.
  std::vector<Input> Owed() const;
  // Appends all that its further judgement depends on, with times relative to `now` and without
  // incarnation numbers.
  void AppendPicture(Time now, std::string& picture) const;

 private:
  // What the input says, before the engine's answer to it.
  void Take(const Input& input);
  void TakeStopRequest(const Cause& cause);
  void TakeSignal(bool terminate);
  void TakeFailure(Life& life, NodeId id, FailureKind kind);
  void TakeDone(Life& life, NodeId id);
  void TakeLeftBehind(Life& life, NodeId id);
  void TakeHeartbeat(Life& life, NodeId id, Time at);

  // Operator commands (S24), by the book, in engine_command_rules.cc.
  void TakeCommand(const Input& input);
  std::pair<Refusal, NodeId> Answer(const Input& input) const;
  bool IsValid(const DependencyGraph::Declaration& declaration) const;
  bool NeedsStart(NodeId id) const;
  bool IsLost(NodeId id) const;
  void StopNode(NodeId id);
  void StartNode(NodeId id);
  void Revive(NodeId id, const Cause& cause);
  void RestartNode(NodeId id);
  void AddNode(const Addition& addition);
  void SeeAnswer(const Action& action);
  void SeeRemoved(NodeId id);
  void CheckCommands();

  // The engine's answer.
  void See(const Action& action);
  void SeeEvent(const EngineEvent& event);
  void SeeTransition(const EngineEvent& event);
  void SeeVerdict(const EngineEvent& event);
  void SeeLaunch(NodeId id, Incarnation incarnation);
  void SeeRequestStop(NodeId id);
  void SeeAskHandler(NodeId id, FailureKind kind);
  void SeeEndOfInstance(NodeId id, bool leak);
  void SeeAbandon(NodeId id);
  void SeeFinish();

  // Why things happen (S16), in engine_cause_rules.cc.
  Cause FailureOf(NodeId id, ErrorHandlingBehavior verdict = {}) const;
  Cause EndOf(NodeId id) const;
  Cause Asked() const;  // what the input asks for, if it does
  void Blame(NodeId id, const Cause& cause);
  bool IsWhy(NodeId id, const Cause& said);
  bool IsWhyOrDeadline(NodeId id, const Cause& said);
  void Lose(NodeId id, const Cause& cause);
  void RaiseIfLost();
  void ForgetCauses(NodeId removed);
  void CheckCause(const Action& action);
  void CheckCause(const EngineEvent& event);

  // What must be true between inputs, in engine_rules.cc as all below.
  void CheckNode(NodeId id);
  void CheckClocks(NodeId id);
  void CheckRun(const EngineClaims& engine);
  void CheckNextDeadline(const EngineClaims& engine);

  // Consequences, by the book (S4, S6, S8).
  void Apply(NodeId id, ErrorHandlingBehavior verdict, Cause cause);
  void Restart(NodeId id, const Cause& cause);
  void Follow();
  void SettleBackoff(NodeId id);
  void Refuse(NodeId id, const Cause& cause, Refusal why);
  void TakeDown(NodeId id, const Cause& cause);
  void StopAll(const Cause& cause);
  void Raise(Outcome outcome, const Cause& cause);

  static Time After(Time at, std::chrono::nanoseconds delay) {  // saturating
    return delay > Time::max() - at ? Time::max() : at + delay;
  }
  const NodePolicy& PolicyOf(NodeId id) const { return (*policies_)[id]; }
  bool Satisfies(NodeId id) const;
  bool MayLaunch(NodeId id) const;
  bool HasEndingDependent(NodeId id) const;
  bool MayEnd(NodeId id) const;
  bool MayBeDestroyed(NodeId id) const;
  bool Over() const;
  bool HaveAllBeenReady() const;
  bool HasStartupFailed(NodeId id) const;
  void Redraw(DependencyGraph graph, std::vector<NodePolicy> policies);
  Time Shortest(NodeId id) const;  // that its pause may be
  bool DeadlineDue() const { return tick_ && deadline_ && now_ >= *deadline_; }
  void Expect(bool rule, std::string_view text, NodeId id = kNoNode);
  // The same of a rule about causes; of the others, one that is broken by the same answer is told
  // before it.
  void ExpectCause(bool rule, std::string_view text, NodeId id = kNoNode);

  bool Descends(NodeId a, NodeId b) const { return (*descends_)[a * size() + b]; }

  // Shared by copies, and replaced when a node comes or goes.
  std::shared_ptr<const DependencyGraph> graph_;
  std::shared_ptr<const std::vector<NodePolicy>> policies_;
  std::shared_ptr<const std::vector<bool>> descends_;  // a depends on b, through others or not
  EngineOptions options_;                              // constant after construction

  std::vector<Life> lives_;
  Incarnation last_incarnation_ = 0;
  Outcome outcome_ = Outcome::kCompleted;
  Cause raised_by_, delayed_by_, stopped_by_;
  std::vector<std::pair<NodeId, Cause>> losses_;  // that stand, in order
  int signals_ = 0;
  bool begun_ = false, stopping_ = false, spin_halt_ = false, terminate_seen_ = false;
  bool end_spin_halt_ = false, announced_ = false, aborted_ = false, finished_ = false;
  bool said_stopping_ = false, said_all_ready_ = false, said_startup_failed_ = false;
  std::optional<Time> delay_;     // while a stop is being delayed: until when
  std::optional<Time> deadline_;  // of the whole stop, until it has come
  std::optional<Time> reminder_;  // of a spin halt
  std::optional<Time> latch_;     // while it is being written: until when it is waited for
  bool said_latch_ = false, told_spin_halt_ = false, told_shutdown_ = false;

  // Of the input being judged.
  Input input_;
  Time now_{};
  bool tick_ = false;
  int owed_force_exits_ = 0;
  bool owed_completion_ = false;
  bool added_ = false;
  std::optional<std::pair<Refusal, NodeId>> owed_answer_;
  struct OwedRefusal {
    NodeId node;
    Cause cause;
    Refusal why;
  };
  std::vector<OwedRefusal> owed_refusals_;
  std::string broken_, misblamed_;
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_ENGINE_REFEREE_H_
