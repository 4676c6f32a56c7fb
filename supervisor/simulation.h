// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_SIMULATION_H_
#define STEMMA_SUPERVISOR_SIMULATION_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/lifecycle/error_handling_behavior.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/supervisor/behavior.h"
#include "stemma/supervisor/engine.h"
#include "stemma/supervisor/internal/chronicle.h"
#include "stemma/supervisor/journal.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/run_result.h"
#include "stemma/supervisor/supervisor_event.h"

namespace stemma {

// A run of a supervisor without components, threads or waiting: the engine that decides in
// production, in time that passes only when it is told to.
//
// It stands where the supervisor's threads stand: it performs what the engine decides on components
// that are only described (Behavior), and brings the engine the news of them when it is time. What
// happens at the same time happens in the order in which it was brought about, and before what is
// due then: the order of the supervisor. The same calls give the same run, in the same order, on
// every machine.
//
// What comes of it is what comes of a real run: a journal (header() and entries()), which replays
// like any other, and a RunResult.
//
// Promises: nothing recurses; time costs nothing unless something happens in it. What goes round
// without an end is ended with ResourceExhausted: restarts without a pause and without a limit take
// no time, so that none would ever pass.
//
// Thread safety: none; one thread at a time. The handlers of the nodes (Node::on_error) and the
// listener are called on it, and must not call the simulation; factories are not called. Lifetime:
// movable.
//
// Example:
//   absl::StatusOr<stemma::Simulation> simulation = Simulation::Create(
//       {{.name = "db"}, {.name = "api", .dependencies = {"db"}}});
//   if (!simulation.ok()) return simulation.status();
//   simulation->Begin();
//   simulation->Settle();                                        // both are ready
//   simulation->Fail("db", stemma::ErrorHandlingBehavior::kStop);
//   simulation->Settle();
//   simulation->State("api");                                    // kStopped
class Simulation {
 public:
  using Time = std::chrono::nanoseconds;  // since the beginning

  // A run has at most this many inputs ...
  static constexpr std::size_t kMostInputs = 2'000'000;
  // ... and at most this many for each node, and for ten more, at the same moment.
  static constexpr std::size_t kMostInputsAtOnce = 100;

  // Returns: InvalidArgument with all the problems if a supervisor would refuse the nodes (S1);
  // that they have no factory is none.
  static absl::StatusOr<Simulation> Create(std::vector<Node> nodes, EngineOptions options = {});

  // The same, for many of them: the nodes as Create has found them to be valid, and their graph.
  Simulation(const std::shared_ptr<const DependencyGraph>& graph, std::vector<Node> nodes,
             EngineOptions options);

  Simulation(Simulation&&) = default;
  Simulation& operator=(Simulation&&) = default;

  // How the node of that name behaves: what it does from now on, and what is not yet under way.
  // Names of nodes that are added later will do.
  void Behave(std::string_view node, Behavior behavior);
  const Behavior& BehaviorOf(std::string_view node) const;

  // Is told all that a supervisor's listeners are told (S16), at once, on this thread; it must not
  // call the simulation. Without one nothing is told, which saves time. Default: none.
  void SetListener(std::function<void(const SupervisorEvent&)> listener) {
    listener_ = std::move(listener);
  }

  // Begins the run, once. The operator's commands may come before, as with a supervisor (S24);
  // nothing else may.
  void Begin();

  // What follows happens now; what it brings about, even at once, happens in Advance or Settle.

  // The component of the node fails, starting or ready or while it stops. To this failure the
  // handler answers `verdict`; without one it is asked (an empty handler: kRestart). Some kinds the
  // engine finds by itself: at once when it ends before it is ready, in time when it is never ready
  // or falls silent; the failure's status then counts for nothing.
  // Returns: NotFound, with the nearest name; FailedPrecondition if no component of it runs, or it
  // cannot fail in this way now.
  absl::Status Fail(std::string_view node, std::optional<ErrorHandlingBehavior> verdict = {},
                    Failure failure = SimulatedFailure());
  // All threads of the component end by themselves. Returns: as Fail.
  absl::Status End(std::string_view node);
  // Its workers give no sign of life any more (S22). Returns: as Fail.
  absl::Status FallSilent(std::string_view node);
  // Its threads will never end, whatever it is asked; the destructor will not return. Returns: as
  // Fail.
  absl::Status Hang(std::string_view node);

  void RequestStop() { Handle({.kind = Input::Kind::kStopRequested}); }
  void Interrupt() { Handle({.kind = Input::Kind::kInterrupt}); }  // SIGINT
  void Terminate() { Handle({.kind = Input::Kind::kTerminate}); }  // SIGTERM
  void EndSpinHalt() { Handle({.kind = Input::Kind::kEndSpinHalt}); }

  // Operator commands. Returns: as Supervisor's, but for the texts: NotFound, Unavailable,
  // FailedPrecondition, InvalidArgument.
  absl::Status StopNode(std::string_view node) { return Command(Input::Kind::kStopNode, node); }
  absl::Status StartNode(std::string_view node) { return Command(Input::Kind::kStartNode, node); }
  absl::Status RestartNode(std::string_view node) {
    return Command(Input::Kind::kRestartNode, node);
  }
  absl::Status RemoveNode(std::string_view node) { return Command(Input::Kind::kRemoveNode, node); }
  absl::Status AddNode(Node node);

  // Lets everything happen that happens until then.
  // Returns: ResourceExhausted: more happens than kMostInputs or kMostInputsAtOnce.
  absl::Status Advance(std::chrono::nanoseconds by);
  absl::Status AdvanceTo(Time time);  // REQUIRES: not earlier than now()

  // Lets the next thing happen, and time pass until then. Returns: false: nothing does until then.
  bool Step(Time until = kNever);

  // Advances until nothing more will happen by itself, but for what goes on for ever: looks at
  // heartbeats, and reminders of a spin halt.
  // Returns: DeadlineExceeded if that is not so at `limit`, which is the time then;
  // ResourceExhausted as Advance.
  absl::Status Settle(Time limit = kNever);

  // True if Settle has nothing to do.
  bool settled() const;
  // ResourceExhausted: as Advance, for those who take the steps themselves.
  absl::Status GoesRound() const;

  Time now() const { return now_; }
  // True when the run is over: the process has ended, or would, and nothing more happens.
  bool over() const { return over_; }
  const Engine& engine() const { return engine_; }
  // Nothing if there is no node of that name (any more).
  std::optional<NodeState> State(std::string_view node) const;

  // The journal so far.
  const JournalHeader& header() const { return header_; }
  const std::vector<JournalEntry>& entries() const { return entries_; }

  // The result so far; of a run that is over its result.
  RunResult Result() const { return chronicle_.ResultOf(engine_); }
  // The code that the process ended with, if it did so at once: kExitAborted, or 128 + the signal
  // (S12, S13). Nothing: Result().ExitCode() it is.
  std::optional<int> immediate_exit_code() const { return immediate_exit_code_; }

  // What Fail reports by default.
  static Failure SimulatedFailure();

 private:
  // An incarnation.
  struct Life {
    NodeId node = kNoNode;  // kNoNode: it was removed
    bool ending = false;    // its end is on the way
    bool done = false;
    bool destroying = false;
    bool never_ready = false;
    bool hangs = false;
    std::optional<Time> silent_since = {};
    std::optional<ErrorHandlingBehavior> verdict = {};  // of the handler; nothing: it is asked
  };
  // What will be reported.
  struct News {
    Time at = {};
    std::uint64_t number = 0;
    Input input = {};  // its node is found when it is reported
    std::optional<Failure> failure = {};
    bool by_itself = false;  // what does not happen any more once the end is on the way
  };
  struct IsLater {
    bool operator()(const News& a, const News& b) const {
      return a.at != b.at ? a.at > b.at : a.number > b.number;
    }
  };

  // By the id that it has where the actions have been performed so far; the engine's graph may
  // already be without a node that a later one removes.
  const Node& NodeOf(NodeId id) const { return *chronicle_[id].node; }
  absl::StatusOr<NodeId> Find(std::string_view node) const;
  absl::StatusOr<Incarnation> Running(std::string_view node) const;
  absl::Status CanFail(std::string_view node, FailureKind kind) const;
  absl::Status Command(Input::Kind kind, std::string_view node);
  absl::Status Answer(const Input& command);

  // Inputs.
  void Report(Input::Kind kind, Incarnation incarnation, std::optional<Failure> failure = {});
  void Break(Incarnation incarnation, Failure failure);
  void ReportDone(Incarnation incarnation);
  void Handle(const Input& input, std::optional<Failure> failure = {});

  // Actions.
  void Perform(const Action& action);
  void Launch(const Action& action);
  void AskToEnd(const Action& action);
  void AskHandler(const Action& action);
  void Follow(const EngineEvent& event);
  void Remove(NodeId id);
  void LeaveAtOnce(int code);
  void Tell(SupervisorEvent event);
  void TellOfNode(SupervisorEvent::Kind kind, NodeId id);

  // Time.
  static News NewsOf(Input::Kind kind, Incarnation incarnation = 0);
  void Bring(Time after, News news);
  void Expect(std::chrono::nanoseconds timer);  // which the engine may have set now
  void Deliver(News news);

  Engine engine_;
  internal::Chronicle chronicle_;
  JournalHeader header_;
  std::vector<JournalEntry> entries_;
  std::function<void(const SupervisorEvent&)> listener_;
  std::uint64_t events_ = 0;                             // told
  std::unordered_map<std::string, Behavior> behaviors_;  // by name; others have the default
  std::unordered_map<Incarnation, Life> lives_;          // those of which there may be news
  std::priority_queue<News, std::vector<News>, IsLater> news_;
  std::uint64_t news_count_ = 0;
  std::vector<Incarnation> silent_;
  std::optional<Node> added_;         // of the command that is being answered
  Refusal refusal_ = Refusal::kNone;  // its answer
  std::size_t moving_ = 0;            // nodes in a state that they leave by themselves
  std::size_t destroying_ = 0;        // instances
  // No timer of the engine that was set up to now is later, but for those that go on for ever.
  Time restless_until_ = {};
  Time now_ = {};
  std::size_t before_now_ = 0;  // entries that are of an earlier time
  bool begun_ = false;
  bool delaying_ = false;  // the stop follows (S11)
  bool over_ = false;
  std::optional<int> immediate_exit_code_ = {};
};

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_SIMULATION_H_
