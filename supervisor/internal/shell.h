// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_SHELL_H_
#define STEMMA_SUPERVISOR_INTERNAL_SHELL_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/supervisor/engine.h"
#include "stemma/supervisor/internal/chronicle.h"
#include "stemma/supervisor/internal/journal_file.h"
#include "stemma/supervisor/internal/mailbox.h"
#include "stemma/supervisor/internal/nested.h"
#include "stemma/supervisor/internal/observers.h"
#include "stemma/supervisor/internal/signals.h"
#include "stemma/supervisor/internal/status_board.h"
#include "stemma/supervisor/internal/user_calls.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/options.h"
#include "stemma/supervisor/run_result.h"

namespace stemma::internal {

// The threads around the engine: it performs the engine's actions and brings it the news. It
// decides nothing.
//
// The loop runs on the caller of Run. It takes letters, lets the engine handle each, performs the
// actions, and sleeps until there is a letter or something is due. No user code runs on it. While
// it sleeps, a thread for user code that has nothing else to do does the same with letters.
class Shell : public std::enable_shared_from_this<Shell> {
 public:
  // REQUIRES: valid (S1).
  Shell(std::vector<Node> nodes, SupervisorOptions options,
        std::shared_ptr<const DependencyGraph> graph, UserCalls::ThreadStarter start_thread = {},
        bool nested = false);

  RunResult Run(const std::stop_token& stop, Nesting nesting = {});
  void RequestStop() { Post({.kind = Input::Kind::kStopRequested}); }
  void EndSpinHalt() { Post({.kind = Input::Kind::kEndSpinHalt}); }

  // An operator's command about the node of that name, or with kAddNode about `node`.
  absl::Status Command(Input::Kind kind, std::string name, std::shared_ptr<const Node> node = {});

  Snapshot TakeSnapshot() const { return board_.Take(clock_->Now()); }
  bool started() const { return started_.load(); }
  Event ready() const { return ready_.event(); }
  Event ended() const { return ended_.event(); }        // the run is over
  Event returned() const { return returned_.event(); }  // and so are its threads
  const StatusBoard& board() const { return board_; }
  StatusBoard& board() { return board_; }
  Observers& observers() { return observers_; }

 private:
  // At the end, how long to wait for user code that no node waits for: listeners that have not been
  // told everything, handlers that were silent for too long.
  static constexpr std::chrono::nanoseconds kGrace = std::chrono::seconds(10);

  // How long an exit at once may wait for what led to it to be in the journal.
  static constexpr std::chrono::nanoseconds kJournalGrace = std::chrono::seconds(1);

  const Node& node(NodeId id) const { return *chronicle_[id].node; }
  // A request from outside may make much to do, and the loop is there to do it beside the others.
  void Post(const Input& input) {
    mailbox_->Keep({.input = input});
    mailbox_->Wake();
  }
  void Set(const EventSource& source, const char* what);

  absl::Status Prepare();
  absl::Status BeginJournal();
  void WriteJournal(const Input& input, std::optional<FailureDetail> detail);
  void Loop();
  void Help();
  void HandleAll(std::vector<Letter>& letters);  // and empties it
  void Handle(Letter& letter);
  void Decide(Letter& letter);  // what Handle does first; the actions are in actions_
  bool Address(Letter& letter);
  absl::Status AnswerTo(const Action& action, const Order& order) const;
  // Sleeps until there is a letter, or it is time for another thread for user code.
  // Returns: ResourceExhausted when such a thread was refused.
  absl::Status SleepUntil(std::optional<std::chrono::nanoseconds> deadline);
  std::vector<std::string> Flush();  // what it left behind
  void TakeLate(const Letter& letter);

  // Actions.
  void Perform(const Action& action);
  void Launch(const Action& action);
  void AskHandler(const Action& action);
  void CheckHeartbeat(const Action& action);
  void Abandon(const Action& action);
  void Remove(NodeId id);
  void TellOfNode(SupervisorEvent::Kind kind, const std::string& name);
  void Publish(const EngineEvent& event);
  void TellOuter(const Action& action);
  void Latch(const Action& action);
  void AnnounceSpinHalt(const Action& action);
  [[noreturn]] void LeaveAtOnce(std::string_view why, int code);

  void ShowFailure(NodeId id);  // the latest, on the board
  void Tell(SupervisorEvent event);
  bool IsHeard(SupervisorEvent::Kind kind, NodeState to) const;  // by the log or a listener

  // Constant after construction.
  const SupervisorOptions options_;
  const std::shared_ptr<Clock> clock_;
  const std::shared_ptr<spdlog::logger> logger_;
  const std::shared_ptr<Mailbox> mailbox_;

  // Who decides, and does what has been decided, holds the strand: the loop, or a thread for user
  // code that has no call to make. It guards all down to phase_mutex_, but for user_calls_ and the
  // signals.
  Mutex strand_;
  std::atomic<bool> loop_waits_{false};  // for the strand: it has the time and the signals
  std::vector<Letter> news_;                                // of Help
  std::optional<std::chrono::nanoseconds> sleeping_until_;  // the loop, when it sleeps
  Engine engine_;
  UserCalls user_calls_;
  const std::function<bool()> tells_soon_ = user_calls_.TellsSoon();
  SignalOwnership signals_;
  Nesting nesting_;  // set by Run
  Chronicle chronicle_;
  std::vector<Action> actions_;                  // the answer to the last input
  std::vector<Action> early_actions_;            // to what was commanded before Run
  std::optional<JournalHeader> journal_header_;  // nothing: no journal was asked for
  std::vector<JournalEntry> early_entries_;      // until there is somewhere to write them
  std::unique_ptr<JournalFile> journal_file_;
  std::vector<JournalSink*> journal_sinks_;
  std::chrono::nanoseconds now_{};
  std::uint64_t events_ = 0;
  bool finished_ = false;
  bool instances_kept_ = false;
  bool signalled_ = false;  // SIGINT or SIGTERM has come
  bool thread_shortage_logged_ = false;
  absl::Status latched_ = absl::UnknownError("not yet");  // how writing the latch went (S21)

  // Until Run: operators' commands come on any thread, are decided there, and what is to be done is
  // done by Run.
  enum class Phase { kNew, kRunning, kOver };
  Mutex phase_mutex_;
  // Until it is kRunning, phase_mutex_ guards the above, too.
  Phase phase_ ABSL_GUARDED_BY(phase_mutex_) = Phase::kNew;

  // Of any thread.
  std::atomic<bool> started_{false};
  const EventSource ready_, ended_, returned_;
  Observers observers_;
  StatusBoard board_;
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_SHELL_H_
