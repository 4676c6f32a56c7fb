// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_ENGINE_H_
#define STEMMA_SUPERVISOR_ENGINE_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "stemma/graph/internal/id_set.h"
#include "stemma/lifecycle/restart_budget.h"
#include "stemma/supervisor/engine_types.h"
#include "stemma/supervisor/outcome.h"
#include "stemma/supervisor/timer_queue.h"

namespace stemma {

namespace internal {
struct EngineFingerprint;
}  // namespace internal

// Every decision of a supervisor, and nothing else: no threads, clock, I/O, logging or user code.
//
// The shell tells it what happened and when, performs the actions that it answers with, and wakes
// it with Input::Kind::kTick when next_deadline() has come. The same inputs at the same times give
// the same actions, in the same order, on every machine.
//
// How it works. Each node has a *goal*: run, cycle (end, then come back) or go down. Verdicts,
// completions and stop requests only set goals; what may happen next follows from goals and a few
// counts that are kept at each node about its neighbours:
//
// clang-format off
//     unsatisfied  dependencies that are neither ready nor completed;  0: it may be launched (S2, S6)
//     holding      dependents that still run but are to end;           0: it may be asked to stop or
//                                                                         destroyed (S5)
//     unended      dependents that have not ended;                     0: once completed, it is
//                                                                         destroyed (S5)
// clang-format on
//
// Every change of a node goes through Change(), which keeps the neighbours' counts true and queues
// those for which something may have become possible. So an input costs in proportion to the
// neighbours of what it changes (S23), and no order is computed in advance: it is what the counts
// allow.
//
// What each input does, by the node's state. "—": nothing, or for kFailed an event (secondary
// failure). Inputs about an incarnation that is not the current one do nothing anywhere. "ends":
// it goes down in order, by way of stopping, at once where there is no instance.
//
// clang-format off
//              waiting  starting     ready        deciding    stopping       backing off  completed     stopped, failed  abandoned
// kReady       —        ready        —            —           —              —            —             —                —
// kFailed      —        deciding     deciding     —           asks handler¹  —            —             —                —
// kDone        —        deciding     completed²   destroyed³  destroyed³     —            —             —                late end
// kGone        —        —            —            —           its end        —            instance gone —                late end
// kVerdict     —        —            —            applied     applied¹       —            —             —                applied¹
// kTick: life  —        deciding     —            —           —              waiting      —             —                —
//   : verdict  —        —            —            as kThrew   as kThrew¹     —            —             —                as kThrew¹
//   : stop     —        —            —            stuck       stuck          —            stuck⁴        —                —
// kStopNode    stopped  ends         ends         ends        ends           stopped      descendants   —                —
// kStartNode   —        —            —            —           comes back⁵    waiting      —             waiting⁶         refused
// kRestartNode —        comes back⁵  comes back⁵  comes back⁵ comes back⁵    waiting      comes back    waiting⁶         refused
// kRemoveNode  removed  ends, removed                                        removed      removed       removed          refused
// clang-format on
//
//   1 once per incarnation: the first failure, the first answer    2 or what on_completion says
//   3 once its dependents that end too have ended                  4 in its destructor
//   5 a fresh incarnation once this one has ended; one that was only waiting to be asked to stop
//     runs on                                                      6 its ancestors as well
// Everything stops (stop requests, signals, kShutdown, kSpinHalt): every column as kStopNode, and
// the commands are refused from then on.
//
// Thread safety: none; one thread at a time.
class Engine {
 public:
  // Since any fixed moment; must not go back from one input to the next.
  using Time = std::chrono::nanoseconds;

  // For how long a spin halt waits for its latch to be written (S21).
  static constexpr std::chrono::nanoseconds kLatchPatience = std::chrono::seconds(10);

  // REQUIRES: one policy per node of the graph, in the order of its ids, all valid by S1.
  Engine(std::shared_ptr<const DependencyGraph> graph, std::vector<NodePolicy> policies,
         EngineOptions options = {});

  // Appends to `actions` what is to be done about `input`, in order.
  void Handle(const Input& input, Time now, std::vector<Action>& actions);

  // When the engine wants a kTick, if at all.
  std::optional<Time> next_deadline() const;

  // Another one after each kAdded and kRemoved.
  const DependencyGraph& graph() const { return *graph_; }
  const std::shared_ptr<const DependencyGraph>& shared_graph() const { return graph_; }
  const std::vector<NodePolicy>& policies() const { return policies_; }  // by id
  const EngineOptions& options() const { return options_; }
  NodeState state(NodeId id) const { return nodes_[id].state; }
  // The current incarnation of a node, or its last one; 0 before the first.
  Incarnation incarnation(NodeId id) const { return nodes_[id].incarnation; }
  // Why a node goes, or went, down.
  const Cause& cause(NodeId id) const { return nodes_[id].cause; }
  // What the last input has changed of who is ending, in order, by the ids before its removals. It
  // asks nothing of the shell: it is for whoever wants to know what a node waits for.
  const std::vector<Ending>& endings() const { return endings_; }
  // True while an instance exists that was neither destroyed nor left behind.
  bool has_instance(NodeId id) const { return nodes_[id].has_instance; }

  // What the run has come to so far, and what raised it there (S15).
  Outcome outcome() const { return outcome_; }
  const Cause& outcome_cause() const { return outcome_cause_; }
  // True once everything is going down.
  bool stopping() const { return stopping_; }
  // True while every node is ready or completed and no stop has been requested.
  bool all_ready() const { return satisfied_ == nodes_.size() && !stopping_ && !delaying_; }
  // True once kFinish has been answered; further inputs change nothing.
  bool finished() const { return finished_; }

 private:
  friend struct internal::EngineFingerprint;  // which of two engines will go on alike

  enum class Goal : std::uint8_t { kRun, kCycle, kDown };

  struct Node {
    NodeState state = NodeState::kWaiting;
    Goal goal = Goal::kRun;
    // Of this incarnation, once it is known.
    ErrorHandlingBehavior verdict = ErrorHandlingBehavior::kRestart;
    bool has_instance : 1 = false;     // launched, and neither gone, leaked nor abandoned
    bool asked : 1 = false;            // to stop, by us or by its own failure
    bool failed : 1 = false;           // this incarnation has
    bool verdict_pending : 1 = false;  // its handler has been asked
    bool done : 1 = false;             // all its threads have ended
    bool destroying : 1 = false;
    // An abandoned descendant may use its instances, this one and, through a Slot, a later one.
    bool leak : 1 = false;
    bool ever_ready : 1 = false;
    bool nested_spin_halt : 1 = false;  // this incarnation reported one
    bool left_behind : 1 = false;       // threads of it run on
    bool operator_stopped : 1 = false;  // does not count as ended for the end of the run (S24)
    bool removing : 1 = false;          // in removing_
    // Was completed and has no instance any more: the fresh one comes after its followers' ends.
    bool after_followers : 1 = false;
    std::uint32_t visit = 0;  // the last traversal that has been here
    Incarnation incarnation = 0;
    Cause cause;
    // What it has failed of for good, or was left behind for, and how many such there were before.
    Cause loss;
    std::uint64_t losses_before = 0;
    Time restart_delay{};
    Time ready_since{};
    std::uint32_t unsatisfied = 0, unsatisfied_soft = 0, holding = 0, holding_soft = 0, unended = 0;
    RestartBudget budget;
  };

  // What a node's neighbours see of it. Bits, as it is taken twice for each change.
  struct Facts {
    bool satisfies : 1, satisfies_soft : 1, holds : 1, holds_soft : 1, ended : 1;
  };
  static Facts FactsOf(const Node& node);

  // kLife: of the start-up, the watchdog, or the backoff.
  enum Timer : std::uint32_t { kLife, kVerdict, kStop, kTimersPerNode };
  enum GlobalTimer : std::uint32_t { kDelay, kDeadline, kReminder, kLatchLimit, kGlobalTimers };
  static TimerQueue::Key KeyOf(NodeId id, Timer timer) {
    return kGlobalTimers + id * kTimersPerNode + timer;
  }
  static Time After(Time at, std::chrono::nanoseconds delay);  // saturating
  Time In(std::chrono::nanoseconds delay) const { return After(now_, delay); }
  void Arm(NodeId id, Timer timer, std::chrono::nanoseconds delay) {
    timers_.Set(KeyOf(id, timer), In(delay));
  }
  void Disarm(NodeId id, Timer timer) { timers_.Cancel(KeyOf(id, timer)); }

  template <class Mutation>
  void Change(NodeId id, const Mutation& mutation) {
    const Facts before = FactsOf(nodes_[id]);
    const NodeState from = nodes_[id].state;
    mutation(nodes_[id]);
    Changed(id, before, from);
  }
  void Changed(NodeId id, const Facts& before, NodeState from);
  void Queue(NodeId id) {
    if (begun_) work_.Add(id);
  }
  void Drain();
  void Advance(NodeId id);  // what has become possible for the node, one step

  // The steps of a node.
  void Launch(NodeId id);
  void Ask(NodeId id);
  void Destroy(NodeId id);
  void Settle(NodeId id);  // the instance is no more: which state comes next
  void Abandon(NodeId id);
  static bool MayEnd(const Node& node);
  static bool MayBeDestroyed(const Node& node);

  // Inputs.
  void OnReady(NodeId id);
  void OnFailed(NodeId id, FailureKind kind);
  void OnDone(NodeId id);
  void OnGone(NodeId id);
  void OnHeartbeat(NodeId id, Time at);
  void OnLeftBehind(NodeId id);
  void KeepAncestors(NodeId id);
  void Complete(NodeId id);
  void OnVerdict(NodeId id, ErrorHandlingBehavior verdict, bool fault);
  void OnStopRequest(const Cause& cause);
  void OnSignal(Cause::Kind signal);
  void ArmReminder();
  void OnLatch(bool written);
  void OnTimer(TimerQueue::Key key);
  void OnStopTimeout(NodeId id);
  void OnShutdownDeadline();

  // Operator commands (S24), in engine_commands.cc.
  void OnCommand(const Input& input);
  std::pair<Refusal, NodeId> Check(const Input& input) const;
  static bool NeedsStart(const Node& node);
  void StopNode(NodeId id);
  void StartNode(NodeId id);
  void Revive(NodeId id, const Cause& cause);
  void ReviveWithAncestors(NodeId id, const Cause& cause);
  void RestartNode(NodeId id);
  void AddNode(const Addition& addition);
  void RemoveEnded();
  void Remove(NodeId id);

  // Consequences, in engine_consequences.cc.
  void OnNestedSpinHalt(NodeId id);
  void Fail(NodeId id, FailureKind kind);
  void Apply(NodeId id, ErrorHandlingBehavior verdict, const Cause& cause);  // S4
  Refusal Restart(NodeId id, const Cause& cause);
  void RefuseRestart(NodeId id, const Cause& cause, Refusal refusal);
  void Cycle(NodeId id, Time delay, const Cause& cause);
  void LetFollow(NodeId id);
  void TakeDown(NodeId id, const Cause& cause);  // the node and its descendants
  void TakeDownWithAncestors(NodeId id, const Cause& cause);
  void BeginSpinHalt(const Cause& cause);
  void StopEverything(const Cause& cause, Outcome outcome);
  void Raise(Outcome outcome, const Cause& cause);
  void SayIfAllReady();
  void Lose(NodeId id, const Cause& cause);
  const Node* FirstLost() const;
  void FinishIfOver();

  void Emit(Action::Kind kind, NodeId id, const Cause& cause = {}, FailureKind failure = {});
  void Publish(EngineEvent::Kind kind, NodeId id, const Cause& cause = {},
               ErrorHandlingBehavior verdict = {});

  // Constant after construction.
  std::shared_ptr<const DependencyGraph> graph_;
  std::vector<NodePolicy> policies_;
  EngineOptions options_;

  // Of the input being handled.
  Time now_{};
  std::vector<Action>* actions_ = nullptr;
  std::vector<Ending> endings_;
  // What is to be looked at; the smallest first, so that what becomes possible at once is done in
  // declaration order. Empty until kBegin.
  internal::IdSet work_;
  std::vector<NodeId> stack_;  // of the traversals
  std::uint32_t visit_ = 0;    // counts the traversals

  std::vector<Node> nodes_;
  TimerQueue timers_;
  Incarnation last_incarnation_ = 0;
  std::size_t satisfied_ = 0;   // nodes that are ready or completed
  std::size_t ended_ = 0;       // nodes that have
  std::size_t ever_ready_ = 0;  // nodes that have been
  std::size_t operator_stopped_ = 0;
  std::vector<NodeId> removing_;
  std::size_t pending_verdicts_ = 0;
  Outcome outcome_ = Outcome::kCompleted;
  Cause outcome_cause_;
  Cause stop_request_;        // of the stop that is being delayed
  std::uint64_t losses_ = 0;  // so far; see Node::loss
  int signals_ = 0;
  bool begun_ = false;
  bool said_all_ready_ = false;
  bool startup_failed_ = false;
  // True while everything below a node that goes down goes down as well. Not any more once a node
  // was added below a completed one that a cascade had passed.
  bool down_is_closed_ = true;
  bool delaying_ = false;
  bool stopping_ = false;
  bool spin_halt_ = false;
  bool latching_ = false;  // the latch is being written
  bool announced_ = false;
  bool terminate_seen_ = false;
  bool end_spin_halt_ = false;
  bool finished_ = false;
};

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_ENGINE_H_
