// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/shell.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/graph/printable.h"
#include "stemma/lifecycle/internal/log.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/supervisor/internal/event_line.h"
#include "stemma/supervisor/internal/handler_answer.h"
#include "stemma/supervisor/internal/latch.h"
#include "stemma/supervisor/internal/telling.h"
#include "stemma/supervisor/internal/validation.h"

namespace stemma::internal {
namespace {

using std::chrono::nanoseconds;

EngineOptions WithSeed(EngineOptions options) {
  std::random_device random;
  options.jitter_seed = (std::uint64_t{random()} << 32) | random();
  return options;
}

bool IsSignal(Input::Kind kind) {
  return kind == Input::Kind::kInterrupt || kind == Input::Kind::kTerminate;
}

// What the start of very many nodes has needed is not kept for the rest of the run.
template <class T>
void Trim(std::vector<T>& empty) {
  constexpr std::size_t kKept = 1024;
  if (empty.capacity() > kKept) empty = {};
}

absl::Status RunIsOver() { return absl::FailedPreconditionError("the run is over"); }

void Write(std::string_view text) {
  [[maybe_unused]] const auto ignored = write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

Shell::Shell(std::vector<Node> nodes, SupervisorOptions options,
             std::shared_ptr<const DependencyGraph> graph, UserCalls::ThreadStarter start_thread,
             bool nested)
    : options_(std::move(options)),
      clock_(options_.clock ? options_.clock : SteadyClock()),
      logger_(options_.logger),
      mailbox_(std::make_shared<Mailbox>()),
      engine_(graph, PoliciesOf(nodes), WithSeed(EngineOptionsOf(options_, nested))),
      user_calls_({.wake = [mailbox = mailbox_] { mailbox->Wake(); },
                   .wake_for_news =
                       [mailbox = mailbox_] {
                         if (mailbox->has_letters()) mailbox->Wake();
                       },
                   .help = [this] { Help(); }},
                  std::move(start_thread)),
      observers_(
          [this](std::function<void()> call) {
            user_calls_.Submit(0, "a listener", std::move(call));
          },
          logger_),
      board_(std::move(graph)) {
  mailbox_->RelyOn(tells_soon_);
  chronicle_.Reserve(nodes.size());
  for (Node& node : nodes) chronicle_.Add(std::move(node));
  if (!options_.journal.empty() || options_.journal_sink) journal_header_ = HeaderOf(engine_);
}

RunResult Shell::Run(const std::stop_token& stop, Nesting nesting) {
  if (started_.exchange(true)) {
    return {
        .outcome = Outcome::kRefused,
        .status = absl::FailedPreconditionError("Run was called before: a supervisor runs once")};
  }
  nesting_ = std::move(nesting);
  chronicle_.SetOuterReason(nesting_.stop_reason);
  RunResult result;
  const absl::Status latch = CheckLatch(options_.spin_halt_latch);
  if (const absl::Status prepared = latch.ok() ? Prepare() : latch; !prepared.ok()) {
    result = {.outcome = Outcome::kRefused, .status = prepared, .refused_by_latch = !latch.ok()};
    user_calls_.Stop();
    board_.SetStartupFailed(prepared);
    board_.SetOver();
    {
      const MutexLock lock(phase_mutex_);
      phase_ = Phase::kOver;
    }
    ended_.Set();  // its callbacks run here: there may be no thread for them
  } else {
    const std::stop_callback on_stop(stop, [this] { RequestStop(); });
    const Subscription on_jump = clock_->OnJump([mailbox = mailbox_] { mailbox->Wake(); });
    Loop();
    std::vector<std::string> left_behind = Flush();
    result = chronicle_.ResultOf(engine_);
    if (journal_file_ && !journal_file_->Close()) left_behind.push_back("a write to the journal");
    result.calls_left_behind = std::move(left_behind);
    result.instances_kept = instances_kept_;
  }
  signals_.Release();
  mailbox_->Close();
  returned_.Set();
  return result;
}

// S10: the event's callbacks are user code.
void Shell::Set(const EventSource& source, const char* what) {
  EventAccess::Set(source, [&](std::function<void()> callbacks) {
    user_calls_.Submit(0, what, std::move(callbacks));
  });
}

absl::Status Shell::Prepare() {
  if (!mailbox_->opened().ok()) return mailbox_->opened();
  if (absl::Status started = user_calls_.Start(); !started.ok()) return started;
  if (options_.handle_signals) {
    if (absl::Status taken = signals_.Take(mailbox_->signal_fd()); !taken.ok()) return taken;
  }
  return BeginJournal();
}

absl::Status Shell::BeginJournal() {
  if (!journal_header_) return absl::OkStatus();
  const MutexLock lock(phase_mutex_);
  if (!options_.journal.empty()) {
    auto opened = JournalFile::Open(options_.journal, logger_);
    if (!opened.ok()) return opened.status();
    journal_file_ = *std::move(opened);
    journal_sinks_.push_back(journal_file_.get());
  }
  if (options_.journal_sink) journal_sinks_.push_back(options_.journal_sink.get());
  journal_header_->at = clock_->Now();
  journal_header_->wall = std::chrono::system_clock::now();
  for (JournalSink* const sink : journal_sinks_) {
    sink->Begin(*journal_header_);
    for (const JournalEntry& entry : early_entries_) sink->Record(entry);
  }
  early_entries_.clear();
  return absl::OkStatus();
}

void Shell::WriteJournal(const Input& input, std::optional<FailureDetail> detail) {
  JournalEntry entry{.at = now_, .input = input, .detail = std::move(detail), .actions = {}};
  entry.actions.swap(actions_);  // lent: there may be very many
  for (JournalSink* const sink : journal_sinks_) sink->Record(entry);
  if (journal_sinks_.empty()) early_entries_.push_back(entry);
  entry.actions.swap(actions_);
}

void Shell::Loop() {
  // What was asked before Run comes first: nothing is launched only to be stopped.
  std::vector<Letter> letters;
  mailbox_->Take(letters);
  letters.push_back({.input = {.kind = Input::Kind::kBegin}});
  MutexLock strand(strand_);  // before others may ask: what was asked before comes first
  {
    const MutexLock lock(phase_mutex_);
    phase_ = Phase::kRunning;
  }
  for (const Action& action : std::exchange(early_actions_, {})) Perform(action);
  while (true) {
    HandleAll(letters);
    if (finished_) return;
    // First the time, then the letters: what has happened in time is handled before what is due.
    const auto deadline = engine_.next_deadline();
    const bool due = deadline && clock_->Now() >= *deadline;
    // A signal that has come already ends the sleep at once: nobody needs to look for one first.
    if (!due && !mailbox_->has_letters()) {
      Trim(letters);
      Trim(news_);
      Trim(actions_);
      sleeping_until_ = deadline;
      strand.unlock();
      (void)SleepUntil(deadline);
      loop_waits_ = true;
      strand.lock();
      loop_waits_ = false;
    }
    mailbox_->Take(letters);
    if (due) letters.push_back({.input = {.kind = Input::Kind::kTick}});
  }
}

// On a thread for user code: what has arrived is looked after there and then, and what it asks of
// such threads is done by this one. Handing it to the loop and back takes longer than doing it.
void Shell::Help() {
  if (loop_waits_ || !strand_.try_lock()) return mailbox_->Wake();
  bool woken = finished_;  // the loop, which looks for late letters
  if (!finished_) {
    mailbox_->TakeLetters(news_);
    while (!news_.empty()) {
      HandleAll(news_);
      // Calls come first, and the loop, or they would wait for as long as there is news.
      if (user_calls_.waiting() > 0 || loop_waits_) break;
      mailbox_->TakeLetters(news_);
    }
    const auto deadline = engine_.next_deadline();
    const bool earlier = deadline && (!sleeping_until_ || *deadline < *sleeping_until_);
    // More calls than this thread takes: the loop has to see to it that they get another if it is
    // stuck.
    woken = finished_ || earlier || user_calls_.sleeps_too_long() ||
            (mailbox_->has_letters() && !tells_soon_());
  }
  strand_.unlock();
  if (woken) mailbox_->Wake();
}

void Shell::HandleAll(std::vector<Letter>& letters) {
  for (Letter& letter : letters) Handle(letter);
  letters.clear();
  actions_.clear();
}

absl::Status Shell::SleepUntil(std::optional<nanoseconds> deadline) {
  absl::Status grown = user_calls_.Grow();
  if (!grown.ok() && !thread_shortage_logged_) {
    thread_shortage_logged_ = true;
    Log(logger_, LogLevel::kWarning, std::string(grown.message()));
  }
  mailbox_->Wait(std::min(deadline ? clock_->RealTimeUntil(*deadline) : nanoseconds::max(),
                          user_calls_.growth_due_in()));
  return grown;
}

void Shell::Handle(Letter& letter) {
  if (finished_) return TakeLate(letter);
  if (!Address(letter)) return;
  Decide(letter);
  for (const Action& action : actions_) Perform(action);
}

// Finds the letter's node. Returns: false when there is none of that name, which is the answer.
bool Shell::Address(Letter& letter) {
  if (letter.place) letter.input.node = *letter.place;
  if (!letter.order) return true;
  Order& order = *letter.order;
  if (letter.input.kind == Input::Kind::kAddNode) {
    letter.input.addition = std::make_shared<const Addition>(
        Addition{.declaration = std::move(Declarations({*order.node}).front()),
                 .policy = PolicyOf(*order.node)});
    return true;
  }
  if (const auto id = engine_.graph().Find(order.name)) {
    letter.input.node = *id;
    return true;
  }
  order.answer = NoSuchNode(engine_.graph(), order.name);
  order.answered.Set();
  return false;
}

void Shell::Decide(Letter& letter) {
  now_ = clock_->Now();
  const Input& input = letter.input;
  signalled_ |= IsSignal(input.kind);
  const bool recorded = journal_header_.has_value();
  std::optional<FailureDetail> detail;
  if (recorded && letter.failure) detail = DetailOf(*letter.failure);
  if (letter.failure && input.node != kNoNode) {
    chronicle_.Hear(input, std::move(*letter.failure));
    ShowFailure(input.node);
  }
  if (input.kind == Input::Kind::kLatchWritten || input.kind == Input::Kind::kLatchFailed) {
    latched_ = std::move(letter.latched);
  }
  const bool ended = input.kind == Input::Kind::kDone || input.kind == Input::Kind::kGone;
  if (ended && input.node != kNoNode && engine_.has_instance(input.node) &&
      engine_.incarnation(input.node) == input.incarnation) {
    board_.ClearStuck(input.node);  // not by its state: a completed node's does not change
  }
  actions_.clear();
  engine_.Handle(input, now_, actions_);
  if (recorded) WriteJournal(input, std::move(detail));
  if (letter.order) {
    // The first action, and at once: who asked must not have to wait for what follows from it.
    letter.order->answer = AnswerTo(actions_.front(), *letter.order);
    if (letter.order->answer.ok() && input.kind == Input::Kind::kAddNode) {
      chronicle_.Add(*letter.order->node);
      board_.Add(engine_.shared_graph());
    } else if (letter.order->answer.ok() && input.kind != Input::Kind::kStartNode) {
      chronicle_[input.node].recalled = input.kind == Input::Kind::kRestartNode;
    }
    letter.order->answered.Set();
  }
  board_.SetStates(actions_, engine_.endings(), now_,
                   {engine_.all_ready(), engine_.stopping(), engine_.outcome()});
}

absl::Status Shell::AnswerTo(const Action& action, const Order& order) const {
  const auto name = [&](NodeId id) { return absl::StrCat("'", Printable(node(id).name), "'"); };
  switch (action.refusal) {
    case Refusal::kOverLimit:  // of restarts only
    case Refusal::kNone:
      break;
    case Refusal::kUnknown:
      return NoSuchNode(engine_.graph(), order.name);
    case Refusal::kStopping:
      return absl::UnavailableError("everything is going down; nothing is started or stopped now");
    case Refusal::kAbandoned:
      return absl::FailedPreconditionError(absl::StrCat(
          name(action.node),
          " was abandoned, or what was abandoned may still use it: it cannot come back, nor be "
          "removed, in this process"));
    case Refusal::kHasDependents:
      return absl::FailedPreconditionError(absl::StrCat(name(action.node), " depends on '",
                                                        Printable(order.name),
                                                        "': it would have to be removed first"));
    case Refusal::kRemoving:
      return absl::FailedPreconditionError(
          absl::StrCat(name(action.node), " is about to be removed"));
    case Refusal::kInvalid:
      return engine_.graph().With(Declarations({*order.node}).front()).status();
  }
  return absl::OkStatus();
}

absl::Status Shell::Command(Input::Kind kind, std::string name, std::shared_ptr<const Node> node) {
  const auto order = std::make_shared<Order>(Order{std::move(name), std::move(node)});
  Letter letter{.input = {.kind = kind}, .order = order};
  {
    const MutexLock lock(phase_mutex_);
    if (phase_ == Phase::kOver) return RunIsOver();
    if (phase_ == Phase::kNew) {
      if (Address(letter)) {
        Decide(letter);
        early_actions_.insert(early_actions_.end(), actions_.begin(), actions_.end());
      }
      return order->answer;
    }
    mailbox_->Post(std::move(letter));
  }
  order->answered.event().Wait();  // woken by the loop, or by the end of the run
  return order->answer;
}

// --- Actions
// --------------------------------------------------------------------------------------------

void Shell::Perform(const Action& action) {
  Chronicle::Record* const record = action.node == kNoNode ? nullptr : &chronicle_[action.node];
  switch (action.kind) {
    case Action::Kind::kLaunch:
      return Launch(action);
    case Action::Kind::kRequestStop:
      // A component that failed has stopped itself; asking it again would cost a call for nothing.
      if (record->instance->stops()) return;
      return user_calls_.Submit(action.incarnation, "its stop callbacks",
                                [instance = record->instance,
                                 reason = chronicle_.SharedReasonFor(action.node, action.cause)] {
                                  instance->RequestStop(reason);
                                });
    case Action::Kind::kAskHandler:
      return AskHandler(action);
    case Action::Kind::kCheckHeartbeat:
      return CheckHeartbeat(action);
    case Action::Kind::kDestroy:
      return user_calls_.Submit(
          action.incarnation, "its destructor",
          [instance = record->instance] { instance->Destroy(); }, UserCalls::News::kLeft);
    case Action::Kind::kLeak:
      instances_kept_ = true;
      return record->instance->LeaveBehind();
    case Action::Kind::kAbandon:
      return Abandon(action);
    case Action::Kind::kPublish:
      return Publish(action.event);
    case Action::Kind::kTellOuter:
      return TellOuter(action);
    case Action::Kind::kLatch:
      return Latch(action);
    case Action::Kind::kAnnounceSpinHalt:
      return AnnounceSpinHalt(action);
    case Action::Kind::kForceExit:
      LeaveAtOnce("a second signal forces the exit",
                  128 + (action.cause.kind == Cause::Kind::kTerminate ? SIGTERM : SIGINT));
    case Action::Kind::kAbort:
      LeaveAtOnce(
          absl::StrCat("'", Printable(node(action.node).name), "' is stuck, and on_stuck is abort"),
          kExitAborted);
    case Action::Kind::kAnswer:  // has been given
      return;
    case Action::Kind::kAdded:
      return TellOfNode(SupervisorEvent::Kind::kAdded, node(action.node).name);
    case Action::Kind::kRemoved:
      return Remove(action.node);
    case Action::Kind::kFinish:
      finished_ = true;
      return;
  }
}

void Shell::Launch(const Action& action) {
  Chronicle::Record& record = chronicle_[action.node];
  ++record.incarnations;
  record.instance = std::make_shared<Instance>(
      std::shared_ptr<const ComponentFactory>(record.node, &record.node->factory),
      ContextOptions{.component = record.node->name,
                     .now = [clock = clock_] { return clock->Now(); },
                     .logger = logger_},
      [mailbox = mailbox_, place = record.place, incarnation = action.incarnation](
          Input::Kind kind, std::optional<Failure> failure) {
        Letter letter{.input = {.kind = kind, .incarnation = incarnation}, .place = place};
        if (failure) {
          letter.input.failure = failure->kind;
          letter.failure = std::make_shared<Failure>(*std::move(failure));
        }
        // The last that its destructor's call does.
        if (kind == Input::Kind::kGone) return mailbox->Keep(std::move(letter));
        mailbox->Post(std::move(letter));
      },
      nesting_.place.empty() ? record.node->name
                             : absl::StrCat(nesting_.place, "/", record.node->name));
  user_calls_.Submit(
      action.incarnation, "its factory or Start",
      [instance = record.instance] { instance->Launch(); }, UserCalls::News::kSoon);
}

void Shell::AskHandler(const Action& action) {
  Chronicle::Record& record = chronicle_[action.node];
  if (chronicle_.FindFailure(action)) ShowFailure(action.node);
  Tell(FailureEventOf(action, chronicle_));
  const OnError& handler = record.node->on_error;
  Letter answer{.input = {.kind = Input::Kind::kVerdict, .incarnation = action.incarnation},
                .place = record.place};
  if (!handler) return mailbox_->Keep(std::move(answer));  // S4: kRestart
  user_calls_.Submit(
      action.incarnation, "its handler",
      [mailbox = mailbox_, handler = std::shared_ptr<const OnError>(record.node, &handler), answer,
       failure = record.failures->asked] {
        HandlerAnswer answered = internal::AskHandler(*handler, failure);
        Letter letter = answer;
        letter.input.kind = answered.kind;
        letter.input.verdict = answered.verdict;
        if (answered.fault) letter.failure = std::make_shared<Failure>(*std::move(answered.fault));
        mailbox->Keep(std::move(letter));
      },
      UserCalls::News::kLeft);
}

void Shell::CheckHeartbeat(const Action& action) {
  Chronicle::Record& record = chronicle_[action.node];
  const std::optional<WorkerStatus> quietest = record.instance->QuietestWorker();
  if (quietest) chronicle_.FailuresOf(action.node).quiet_worker = quietest->name;
  mailbox_->Keep({.input = {.kind = Input::Kind::kHeartbeat,
                            .incarnation = action.incarnation,
                            .at = quietest ? quietest->last_heartbeat : now_},
                  .place = record.place});
}

void Shell::Abandon(const Action& action) {
  user_calls_.WriteOff(action.incarnation);
  chronicle_[action.node].instance->LeaveBehind();
}

void Shell::TellOuter(const Action& action) {
  const absl::Status status = chronicle_.StatusOf(action.cause);
  const std::string text =
      chronicle_.CauseText(action.cause);  // which names the node, as the status may not
  nesting_.tell_outer(
      action.failure,
      text.empty() ? status
                   : absl::Status(status.code(), absl::string_view(text.data(), text.size())));
}

void Shell::Latch(const Action& action) {
  const NodeId id = action.cause.node;
  user_calls_.Submit(0, "writing the latch",
                     [mailbox = mailbox_, path = options_.spin_halt_latch,
                      text = LatchText(node(id).name, chronicle_.CauseText(action.cause),
                                       std::chrono::system_clock::now())] {
                       Letter letter;
                       letter.latched = WriteLatch(path, text);
                       letter.input.kind = letter.latched.ok() ? Input::Kind::kLatchWritten
                                                               : Input::Kind::kLatchFailed;
                       mailbox->Post(std::move(letter));
                     });
}

void Shell::Remove(NodeId id) {
  const std::string name = node(id).name;
  board_.Remove(id);  // before it is told: who hears of it finds it gone
  chronicle_.Remove(id);
  TellOfNode(SupervisorEvent::Kind::kRemoved, name);
}

void Shell::TellOfNode(SupervisorEvent::Kind kind, const std::string& name) {
  SupervisorEvent event;
  event.kind = kind;
  event.node = name;
  Tell(std::move(event));
}

void Shell::AnnounceSpinHalt(const Action& action) {
  board_.SetSpinHalted();
  SupervisorEvent event = SpinHaltEventOf(action, chronicle_);
  if (latched_.ok()) {
    absl::StrAppend(&event.text, "; started again it refuses to run until: stemma latch clear ",
                    options_.spin_halt_latch);
  }
  Tell(std::move(event));
}

void Shell::LeaveAtOnce(std::string_view why, int code) {
  Write(absl::StrCat("stemma: ", std::string(why), ": exit code ", code, "\n"));
  if (journal_file_) journal_file_->Flush(kJournalGrace);
  _exit(code);
}

// --- Telling
// --------------------------------------------------------------------------------------------

void Shell::Publish(const EngineEvent& event) {
  if (event.kind == EngineEvent::Kind::kTransition &&
      !IsHeard(SupervisorEvent::Kind::kTransition, event.to)) {
    ++events_;  // most events are these: nothing is put together for nobody
    return;
  }
  if (event.kind == EngineEvent::Kind::kHandlerFault && chronicle_.FindHandlerFault(event)) {
    ShowFailure(event.node);
  }
  SupervisorEvent told = EventOf(event, chronicle_);
  switch (event.kind) {
    case EngineEvent::Kind::kStuck: {
      std::vector<std::string> running = user_calls_.Running(event.incarnation);
      if (const auto& instance = chronicle_[event.node].instance) {
        for (std::string& worker : instance->RunningWorkers()) {
          running.push_back(absl::StrCat("worker ", worker));
        }
      }
      told.text = absl::StrCat("still running: ", absl::StrJoin(running, ", "));
      board_.SetStuck(event.node, std::move(running));
      break;
    }
    case EngineEvent::Kind::kAllReady:
      board_.SetAllReady();
      Set(ready_, "a callback of Ready");
      break;
    case EngineEvent::Kind::kLatchFailed:
      told.text = absl::IsUnknown(latched_)
                      ? absl::StrCat("the latch '", Printable(options_.spin_halt_latch),
                                     "' was not written within ",
                                     Engine::kLatchPatience / std::chrono::seconds(1), " s")
                      : std::string(latched_.message());
      break;
    case EngineEvent::Kind::kStartupFailed:
      board_.SetStartupFailed(
          event.cause.kind == Cause::Kind::kFailure
              ? chronicle_.StatusOf(event.cause)
              : absl::CancelledError(absl::StrCat(
                    "'", Printable(told.node), "' was stopped before it was ready: ", told.text)));
      break;
    default:
      break;
  }
  Tell(std::move(told));
}

bool Shell::IsHeard(SupervisorEvent::Kind kind, NodeState to) const {
  return Logs(logger_, LevelOf(kind, to)) || observers_.any();
}

void Shell::Tell(SupervisorEvent event) {
  event.number = ++events_;
  event.monotonic = now_;
  event.wall = std::chrono::system_clock::now();
  const LogLevel level = LevelOf(event);
  if (Logs(logger_, level)) Log(logger_, level, LineOf(event, nesting_.place));
  if (observers_.any()) {
    observers_.Publish(std::make_shared<const SupervisorEvent>(std::move(event)));
  }
}

void Shell::ShowFailure(NodeId id) {
  const Chronicle::Failures& failures = chronicle_.FailuresOf(id);
  board_.SetFailure(id, failures.count, failures.latest_text);
}

// --- The end
// --------------------------------------------------------------------------------------------

std::vector<std::string> Shell::Flush() {
  Tell(EndEventOf(engine_, chronicle_));
  const nanoseconds limit = clock_->Now() + kGrace;
  // Before the calls that still run are waited for: some of them may wait for this.
  board_.SetOver();
  Set(ended_, "a callback of Ended");
  std::vector<Letter> late;
  {
    const MutexLock lock(phase_mutex_);
    phase_ = Phase::kOver;  // from now on no order comes
  }
  mailbox_->Take(late);
  for (const Letter& letter : late) TakeLate(letter);
  late.clear();
  // Past the limit, calls that have not begun yet still get their thread, if there is one to be
  // had: what was abandoned is told to stop, however short the time was.
  bool refused = false;
  while (!user_calls_.idle()) {
    const bool over = clock_->Now() >= limit;
    if (over && (refused || user_calls_.waiting() == 0)) break;
    const absl::Status grown = SleepUntil(over ? std::nullopt : std::optional(limit));
    refused = over && !grown.ok();
    mailbox_->Take(late);
    for (const Letter& letter : late) TakeLate(letter);
    late.clear();
  }
  std::vector<std::string> left_behind;
  for (const auto& [tag, what] : user_calls_.Stop()) {
    std::string name = what;
    for (NodeId id = 0; id < chronicle_.size(); ++id) {
      if (tag == 0 || engine_.incarnation(id) != tag) continue;
      name = absl::StrCat("'", Printable(node(id).name), "': ", what);
    }
    left_behind.push_back(std::move(name));
  }
  if (!left_behind.empty()) {
    Log(logger_, LogLevel::kError,
        absl::StrCat("left behind, for they do not return: ", absl::StrJoin(left_behind, ", ")));
  }
  return left_behind;
}

// A letter that comes when the run is over.
void Shell::TakeLate(const Letter& letter) {
  if (letter.order) {
    letter.order->answer = RunIsOver();
    letter.order->answered.Set();
  }
  // The first signal has nothing to stop any more (S13).
  if (!IsSignal(letter.input.kind) || !std::exchange(signalled_, true)) return;
  LeaveAtOnce("a second signal forces the exit",
              128 + (letter.input.kind == Input::Kind::kTerminate ? SIGTERM : SIGINT));
}

}  // namespace stemma::internal
