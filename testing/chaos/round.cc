// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/chaos/round.h"

#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "stemma/lifecycle/internal/thread_count.h"
#include "stemma/supervisor/main.h"
#include "stemma/supervisor/supervisor.h"
#include "stemma/testing/chaos/cast.h"
#include "stemma/testing/chaos/events.h"
#include "stemma/testing/chaos/judge.h"
#include "stemma/testing/chaos/jumping_clock.h"

namespace stemma::chaos {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

long Descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

// While it lives, this process may have so many threads.
class ThreadLimit {
 public:
  explicit ThreadLimit(long threads) {
    getrlimit(RLIMIT_NPROC, &before_);
    rlimit limit = before_;
    limit.rlim_cur = static_cast<rlim_t>(threads);
    setrlimit(RLIMIT_NPROC, &limit);
  }
  ~ThreadLimit() { setrlimit(RLIMIT_NPROC, &before_); }
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  rlimit before_{};
};

class Round {
 public:
  Round(const RoundOptions& options, Ledger& ledger)
      : options_(options),
        ledger_(ledger),
        dice_(options.seed),
        temper_(DrawTemper(dice_, options.most_nodes)) {
    if (options.circumstance == Circumstance::kThreads) {
      // Where nothing can be called, what waits for that must not be given up.
      temper_.scarce_threads = true;
      temper_.stuck = temper_.jumps = false;
    }
    temper_.scarce_memory = options.circumstance == Circumstance::kMemory;
    witness_ = std::make_shared<Witness>(ledger);
    clock_ = std::make_shared<JumpingClock>();
    cast_.emplace(dice_.Seed(), temper_, witness_, clock_);
    judge_ = std::make_shared<Judge>(ledger, options.begun);
    events_ = std::make_shared<Events>(ledger);
  }

  void Run();
  int Main();

 private:
  SupervisorOptions Options();
  void Operate(Dice dice);
  void Command(Dice& dice);
  void AwaitThings(Dice dice);
  void JudgeResult(const RunResult& result);

  const RoundOptions& options_;
  Ledger& ledger_;
  Dice dice_;
  Temper temper_;
  std::shared_ptr<Witness> witness_;
  std::shared_ptr<JumpingClock> clock_;
  std::optional<Cast> cast_;
  std::shared_ptr<Judge> judge_;
  std::shared_ptr<Events> events_;
  std::unique_ptr<Supervisor> supervisor_;
  std::stop_source stop_;
  std::atomic<bool> stop_requested_{false};
};

SupervisorOptions Round::Options() {
  SupervisorOptions options = DrawOptions(dice_, temper_, clock_);
  options.journal = options_.journal;
  options.journal_sink = judge_;
  return options;
}

void Round::Command(Dice& dice) {
  const std::string name = cast_->SomeName(dice);
  switch (dice.Below(9)) {
    case 0:
      ledger_.Count(Fault::kCommandStop);
      (void)supervisor_->StopNode(name);
      break;
    case 1:
    case 2:
      ledger_.Count(Fault::kCommandStart);
      (void)supervisor_->StartNode(name);
      break;
    case 3:
      ledger_.Count(Fault::kCommandRestart);
      (void)supervisor_->RestartNode(name);
      break;
    case 4:
      ledger_.Count(Fault::kCommandAdd);
      (void)supervisor_->AddNode(cast_->Extra());
      break;
    case 5:
      ledger_.Count(Fault::kCommandRemove);
      (void)supervisor_->RemoveNode(name);
      break;
    case 6:
      (void)supervisor_->GetSnapshot();
      break;
    default:
      std::this_thread::sleep_for(dice.UpTo(1ms));
  }
}

// Gives commands, lets the clock jump, and has everything stopped in the end.
void Round::Operate(Dice dice) {
  if (dice.OneIn(2)) std::this_thread::sleep_for(dice.UpTo(5ms));
  int left = temper_.commands;
  for (int turn = 0; turn < 60 && !supervisor_->Ended().IsSet(); ++turn) {
    if (left > 0 && dice.OneIn(2)) {
      Command(dice);
      --left;
    } else if (temper_.jumps && dice.OneIn(10)) {
      ledger_.Count(Fault::kClockJump);
      clock_->Jump(dice.OneOf<nanoseconds>({1ms, 100ms, 11s, 1h}));
    } else {
      std::this_thread::sleep_for(dice.UpTo(1ms));
    }
    if (dice.OneIn(40)) break;
  }
  stop_requested_ = true;
  if (dice.OneIn(2)) {
    ledger_.Count(Fault::kStopRequest);
    supervisor_->RequestStop();
  } else {
    ledger_.Count(Fault::kStopToken);
    stop_.request_stop();
  }
  if (dice.OneIn(2)) std::this_thread::sleep_for(dice.UpTo(5ms));
  supervisor_->EndSpinHalt();
  // What nobody gives up is let go.
  if (temper_.on_stuck == OnStuck::kWait || !temper_.stuck) {
    std::this_thread::sleep_for(dice.UpTo(30ms));
    witness_->Release();
  }
}

// Waits that the supervisor has to end, by the end of the run at the latest.
void Round::AwaitThings(Dice dice) {
  (void)supervisor_->AwaitReady({});
  for (int i = 0; i < 3; ++i) {
    (void)supervisor_->AwaitNode(cast_->SomeName(dice), static_cast<NodeState>(dice.Below(10)), {});
  }
  supervisor_->Ended().Wait();
}

void Round::Run() {
  const long threads = internal::CountThreads(), descriptors = Descriptors();
  const std::uint64_t abandoned = ledger_.count(Sight::kAbandoned);
  std::vector<Node> nodes = cast_->Nodes();
  absl::StatusOr<std::unique_ptr<Supervisor>> created =
      Supervisor::Create(std::move(nodes), Options());
  if (!created.ok()) {
    return ledger_.Lose(Loss::kReport, absl::StrCat("refused: ", created.status().message()));
  }
  supervisor_ = *std::move(created);
  witness_->SetSupervisor(supervisor_.get());
  const Subscription listener =
      supervisor_->Subscribe([events = events_, dice = std::make_shared<Dice>(dice_.Seed()),
                              witness = witness_](const SupervisorEvent& event) {
        events->Take(event);
        if (dice->OneIn(50)) {
          witness->ledger().Count(Fault::kListenerThrows);
          throw std::runtime_error("the listener's exception");
        }
      });
  const Subscription slow_listener = supervisor_->Subscribe(
      [dice = std::make_shared<Dice>(dice_.Seed()), witness = witness_](const SupervisorEvent&) {
        if (!dice->OneIn(20)) return;
        witness->ledger().Count(Fault::kSlowListener);
        std::this_thread::sleep_for(200us);
      });
  RunResult result;
  {
    const Dice operators(dice_.Seed()), waiters(dice_.Seed());
    // Cast makes nodes for AddNode while names are chosen: one thread for both but with no
    // commands.
    std::jthread operation([&] { Operate(operators); });
    std::optional<std::jthread> waiting;
    if (temper_.commands == 0) waiting.emplace([&] { AwaitThings(waiters); });
    std::optional<ThreadLimit> limit;
    if (temper_.scarce_threads) {
      limit.emplace(internal::CountThreads() +
                    (dice_.OneIn(10) ? 0 : dice_.Below(3 * temper_.nodes + 5)));
    }
    result = supervisor_->Run(stop_.get_token());
    limit.reset();
    if (!supervisor_->Ended().IsSet()) ledger_.Lose(Loss::kEvents, "Run returned before its end");
  }
  witness_->SetSupervisor(nullptr);
  const Snapshot snapshot = supervisor_->GetSnapshot();
  supervisor_.reset();
  cast_->EndThreads();
  witness_->Release();
  // What was abandoned ends now; else the driver finds that this does not.
  while (internal::CountThreads() > threads) std::this_thread::sleep_for(100us);
  if (internal::CountThreads() < threads) ledger_.Lose(Loss::kThread, "fewer than before");
  // What is left behind keeps the pipe through which it would tell of its end.
  const bool left_behind = result.left_behind() || ledger_.count(Sight::kAbandoned) > abandoned;
  if (Descriptors() != descriptors && !left_behind) {
    ledger_.Lose(Loss::kDescriptor, absl::StrCat(descriptors, " before, ", Descriptors(), " now"));
  }
  ledger_.Count(Sight::kRounds);
  if (result.outcome == Outcome::kRefused) {
    ledger_.Count(Fault::kRunRefused);
    if (!temper_.scarce_threads || !absl::IsResourceExhausted(result.status)) {
      ledger_.Lose(Loss::kOutcome, absl::StrCat("refused: ", result.status.ToString()));
    }
    return;
  }
  JudgeResult(result);
  for (std::size_t i = 0; i < snapshot.nodes.size(); ++i) {
    if (i >= result.nodes.size() || snapshot.nodes[i].state != result.nodes[i].state) {
      ledger_.Lose(Loss::kReport, "the last snapshot differs from the result");
    }
  }
}

void Round::JudgeResult(const RunResult& result) {
  ledger_.Count(static_cast<Sight>(static_cast<int>(Sight::kCompleted) +
                                   static_cast<int>(result.outcome) -
                                   static_cast<int>(Outcome::kCompleted)));
  ledger_.Count(Sight::kLeftBehind, result.calls_left_behind.size());
  if (!judge_->finished()) ledger_.Lose(Loss::kOutcome, "the run is over, and the engine is not");

  const auto lose = [&](std::string_view why) {
    ledger_.Lose(Loss::kOutcome, absl::StrCat(std::string(ToString(result.outcome)), ", ",
                                              result.status.ToString(), ": ", std::string(why)));
  };
  if (result.outcome != judge_->outcome()) lose("the engine came to another");
  const ErrorHandlingBehavior severest =
      judge_->nested_spin_halt() ? ErrorHandlingBehavior::kSpinHalt : judge_->severest();
  bool any_lost = false;
  for (const NodeReport& node : result.nodes) {
    any_lost |= node.state == NodeState::kFailed || node.state == NodeState::kAbandoned;
  }
  if ((severest == ErrorHandlingBehavior::kSpinHalt) != (result.outcome == Outcome::kSpinHalt)) {
    lose("but a verdict was, or none was, SpinHalt");
  }
  if (severest == ErrorHandlingBehavior::kShutdown && result.outcome != Outcome::kShutdown) {
    lose("but a verdict was Shutdown");
  }
  if (severest < ErrorHandlingBehavior::kShutdown && result.outcome == Outcome::kShutdown) {
    lose("and no verdict was Shutdown");
  }
  if (result.outcome == Outcome::kStopRequested && !stop_requested_) lose("and nobody asked");
  if (result.outcome == Outcome::kFailed && !any_lost) lose("and no node has failed");
  if (result.status.ok() != (result.outcome <= Outcome::kStopRequested)) lose("not its status");

  std::set<std::string> abandoned = judge_->abandoned();
  std::map<std::string, int> undestroyed = judge_->undestroyed();
  for (const auto& inner : cast_->inner_judges()) {
    abandoned.merge(inner->abandoned());
    for (const auto& [name, count] : inner->undestroyed()) undestroyed[name] += count;
  }
  witness_->Judge(abandoned, undestroyed);
  if (!temper_.impatient() && (!abandoned.empty() || result.left_behind())) {
    ledger_.Lose(Loss::kInnocent, abandoned.empty() ? "a call" : *abandoned.begin());
  }
  events_->Judge(result);
}

int Round::Main() {
  SupervisorOptions options = Options();
  options.spin_halt_latch = options_.latch;
  if (dice_.OneIn(3)) options.on_stuck = OnStuck::kAbort;
  ledger_.Count(Sight::kRounds);
  std::vector<Node> nodes = cast_->Nodes();
  return stemma::Main(0, nullptr, std::move(nodes), std::move(options));
}

}  // namespace

std::string_view ToString(Circumstance circumstance) {
  switch (circumstance) {
    case Circumstance::kPlain:
      return "plain";
    case Circumstance::kThreads:
      return "threads";
    case Circumstance::kMemory:
      return "memory";
    case Circumstance::kDisk:
      return "disk";
    case Circumstance::kKill:
      return "kill";
    case Circumstance::kSignals:
      return "signals";
    case Circumstance::kCount:
      break;
  }
  return "";
}

void RunRound(const RoundOptions& options, Ledger& ledger) {
  ledger.seed = options.seed;
  Round(options, ledger).Run();
}

int RunMain(const RoundOptions& options, Ledger& ledger) {
  ledger.seed = options.seed;
  return Round(options, ledger).Main();
}

}  // namespace stemma::chaos
