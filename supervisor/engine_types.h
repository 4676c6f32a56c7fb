// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_ENGINE_TYPES_H_
#define STEMMA_SUPERVISOR_ENGINE_TYPES_H_

// The engine's vocabulary: what it is told (Input), what it answers (Action), and why (Cause). All
// of it is plain values, so that it can be recorded, compared and replayed.

#include <chrono>
#include <cstdint>
#include <memory>

#include "stemma/graph/dependency_graph.h"
#include "stemma/lifecycle/error_handling_behavior.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/lifecycle/restart_policy.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/supervisor/policies.h"

namespace stemma {

// One launch of a node. Unique within a supervisor, never reused, 0 for none (S16).
using Incarnation = std::uint64_t;

inline constexpr NodeId kNoNode = UINT32_MAX;
// What the engine knows of a node besides its place in the graph.
struct NodePolicy {
  RestartPolicy restart;
  std::chrono::nanoseconds start_timeout = std::chrono::seconds(30);
  std::chrono::nanoseconds stop_timeout = std::chrono::seconds(10);
  std::chrono::nanoseconds watchdog = kNoTimeout;
  OnCompletion on_completion = OnCompletion::kComplete;
  OnDependencyRestart on_dependency_restart = OnDependencyRestart::kKeep;
};

struct EngineOptions {
  OnStuck on_stuck = OnStuck::kAbandon;
  std::chrono::nanoseconds shutdown_deadline = kNoTimeout;
  std::chrono::nanoseconds shutdown_delay = std::chrono::nanoseconds::zero();
  std::chrono::nanoseconds spin_halt_reminder = std::chrono::seconds(60);  // not positive: none
  bool latch = false;             // a spin halt is to be latched (S21)
  bool nested = false;            // a component of another supervisor (S18)
  std::uint64_t jitter_seed = 0;  // the same seed gives the same backoffs
};

// Why something happens.
struct Cause {
  enum class Kind : std::uint8_t {
    kNone,         // the normal course: a dependency became ready, a backoff is over
    kFailure,      // of `node`, with `verdict`
    kStopRequest,  // RequestStop or the stop token
    kInterrupt,    // the first SIGINT
    kTerminate,    // the first SIGTERM
    kCompletion,   // the end of `node`, which is the service's end (S19) or is not meant to be
                   // (kRestart)
    kDependencyRestart,  // `node` gets a fresh incarnation (S6)
    kOperator,           // a command about `node` (S24)
    kShutdownDeadline,   // the time for the whole stop is over (S12)
  };
  Kind kind = Kind::kNone;
  ErrorHandlingBehavior verdict = ErrorHandlingBehavior::kRestart;
  NodeId node = kNoNode;
  Incarnation incarnation = 0;

  friend bool operator==(const Cause&, const Cause&) = default;
};

// A node that a running engine is given.
struct Addition {
  DependencyGraph::Declaration declaration;
  NodePolicy policy;  // REQUIRES: valid (S1)
};

// What happened. Inputs about an incarnation that is not the node's current one change nothing.
struct Input {
  enum class Kind : std::uint8_t {
    kBegin,         // once, first
    kReady,         // the incarnation's Ready is set
    kFailed,        // it failed, with `failure`; the first report is the failure, later ones are
                    // secondary
    kDone,          // its Done is set, or there is nothing to wait for (factory or Start failed)
    kGone,          // its instance has been destroyed
    kVerdict,       // its handler answered `verdict`
    kHandlerThrew,  // its handler threw, which is no answer (S9)
    kHeartbeat,     // what kCheckHeartbeat has found: the last sign of life, `at`
    kLeftBehind,    // before kDone: threads of it run on, it is a supervisor that had to leave some
                    // (S18)
    kStopRequested,  // RequestStop or the stop token
    kInterrupt,      // SIGINT
    kTerminate,      // SIGTERM
    kEndSpinHalt,    // a spin halt, now or later, ends once everything has stopped
    kLatchWritten,   // what kLatch asked for is done
    kLatchFailed,    // and could not be done
    kTick,           // time has passed: fires what is due
    // Operator commands (S24). Each is answered by one kAnswer, before its consequences.
    kStopNode,     // `node` and its descendants, until they are started again
    kStartNode,    // `node` and those of its ancestors that it needs
    kRestartNode,  // a fresh incarnation of `node`, at once
    kAddNode,      // `addition`, whose id is the number of nodes so far
    kRemoveNode,   // `node`, once it has ended
  };
  Kind kind = Kind::kTick;
  FailureKind failure = FailureKind::kThrown;
  ErrorHandlingBehavior verdict = ErrorHandlingBehavior::kRestart;
  NodeId node = kNoNode;
  Incarnation incarnation = 0;
  std::chrono::nanoseconds at = {};  // of kHeartbeat, by the clock that the engine is told
  std::shared_ptr<const Addition> addition = nullptr;  // of kAddNode
};

// Why an operator command is refused (S24), or a restart (S8, S12).
enum class Refusal : std::uint8_t {
  kNone,           // it is accepted
  kStopping,       // a stop has been requested, or a verdict stops everything
  kUnknown,        // there is no such node
  kAbandoned,      // the node, or one that it needs, was abandoned, or cannot come back because a
                   // descendant of it was (S12)
  kHasDependents,  // the node that is to be removed is another's dependency
  kRemoving,       // the node, or a dependency of the new one, is about to be removed
  kInvalid,        // the declaration is refused as at Create (S1)
  kOverLimit,      // there were max_restarts within the window already
};

// Something that observers are told. It asks nothing of the shell.
struct EngineEvent {
  enum class Kind : std::uint8_t {
    kTransition,      // `node` went from `from` to `to`
    kVerdict,         // the handler of `node` answered `verdict`
    kHandlerFault,    // the handler of `node` threw, answered outside the enum or was silent (S9)
    kRestartRefused,  // a restart of `node` is over its limit or impossible: `verdict` instead (S8,
                      // S12)
    kSecondaryFailure,  // an incarnation that had failed or ended before reported once more
    kStuck,             // `node` has not ended within its stop timeout (S12)
    kLateEnd,           // an abandoned incarnation ended after all
    kAllReady,          // every node has been ready
    kStartupFailed,     // `node` ended without ever having been ready
    kStopDelayed,       // a stop was requested: "not ready" from now on, the stop follows (S11)
    kStopping,          // everything is going down
    kStopIgnored,       // a stop request or SIGINT during a spin halt (S14)
    kSpinHaltEnding,    // a spin halt will end once everything has stopped
    kLatchFailed,  // a spin halt is not latched: the file was not written, or not in time (S21)
  };
  Kind kind = Kind::kTransition;
  NodeState from = NodeState::kWaiting, to = NodeState::kWaiting;
  ErrorHandlingBehavior verdict = ErrorHandlingBehavior::kRestart;
  Refusal refusal = Refusal::kNone;  // of kRestartRefused: kOverLimit or kAbandoned
  NodeId node = kNoNode;
  Incarnation incarnation = 0;
  Cause cause = {};

  friend bool operator==(const EngineEvent&, const EngineEvent&) = default;
};

// Of a node: whether it has an instance that is to end, and whether for good. While there are such
// among its dependents, a node that is to end has to wait for them (S5); one that goes down for
// good waits for such among its soft dependents, too (S20).
struct Ending {
  NodeId node = kNoNode;
  bool ends = false;
  bool for_good = false;

  friend bool operator==(const Ending&, const Ending&) = default;
};

// What the shell must do now.
struct Action {
  enum class Kind : std::uint8_t {
    kLaunch,          // call the factory, Start the component; report kReady, kFailed, kDone
    kRequestStop,     // ask the incarnation to stop, for `cause`
    kAskHandler,      // ask the node's handler about `failure`; report kVerdict or kHandlerThrew
    kCheckHeartbeat,  // look at its workers; report kHeartbeat, of the one that has been silent for
                      // longest (S22)
    kDestroy,         // destroy the instance; report kGone
    kAbandon,         // leave the instance and its threads behind (S12)
    kLeak,       // the instance has ended but is not destroyed: an abandoned one may use it (S12)
    kPublish,    // tell observers of `event`
    kLatch,      // write why the process halts; report kLatchWritten or kLatchFailed (S21)
    kTellOuter,  // report `failure` of the whole, for `cause`, to the outer supervisor (S18)
    kAnnounceSpinHalt,  // say that the process stays, halted (S14)
    kForceExit,  // a second signal, of which `cause` says which: leave the process at once (S13)
    kAbort,      // a node is stuck and the option says kAbort: leave the process at once (S12)
    kAnswer,     // to an operator command: `refusal`, because of `node`
    kAdded,      // `node` is a node now
    kRemoved,    // `node` is none any more: from here on the ids above it are lower by one
    kFinish,     // the run is over
  };
  Kind kind = Kind::kPublish;
  FailureKind failure = FailureKind::kThrown;
  Refusal refusal = Refusal::kNone;
  NodeId node = kNoNode;
  Incarnation incarnation = 0;
  Cause cause = {};
  EngineEvent event = {};

  friend bool operator==(const Action&, const Action&) = default;
};

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_ENGINE_TYPES_H_
