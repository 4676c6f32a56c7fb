// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/chaos/component.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <new>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "stemma/lifecycle/component_manager.h"

namespace stemma::chaos {
namespace {

using std::chrono::microseconds;
using namespace std::chrono_literals;

// What one worker is going to do.
struct Script {
  Fault fault = Fault::kNone;
  Fault at_stop = Fault::kNone;
  microseconds after = 0us;  // when it is ready
};

// What the workers of one instance share.
struct Crew {
  Character character;
  int workers = 0;
  std::atomic<int> ready{0};

  Witness& witness() const { return *character.witness; }
  void Count(Fault fault) const { witness().ledger().Count(fault); }
};

// Takes nearly all the memory that the process may have, then more than that, which throws. One at
// a time, so that it is known how much is left for the rest of the process.
void TakeAllMemory() {
  constexpr std::size_t kBlock = std::size_t{32} << 20, kReserve = std::size_t{96} << 20;
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::vector<std::unique_ptr<char[]>> blocks;
  blocks.reserve(1000);
  while (blocks.size() < blocks.capacity()) {
    std::make_unique_for_overwrite<char[]>(kReserve);  // throws when that much is not left
    blocks.push_back(std::make_unique_for_overwrite<char[]>(kBlock));
  }
}

struct SlowThreadLocal {
  bool slow = false;
  ~SlowThreadLocal() {
    if (slow) std::this_thread::sleep_for(2ms);
  }
};
thread_local SlowThreadLocal slow_thread_local;

class Worker {
 public:
  Worker(std::shared_ptr<Crew> crew, Script script, const SignalerContext& context)
      : crew_(std::move(crew)), script_(script), context_(context) {
    crew_->witness().WorkerBegan(crew_->character.who);
  }
  ~Worker() { crew_->witness().WorkerEnded(crew_->character.who); }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void Run(const ReadyFunc& ready) {
    switch (script_.fault) {
      case Fault::kEndBeforeReady:
        return Count();
      case Fault::kThrowBeforeReady:
        Count();
        context_.Throw(absl::UnavailableError("not even ready"));
      case Fault::kNeverReady:
        Count();
        return AwaitStop();
      default:
        break;
    }
    if (++crew_->ready == crew_->workers) crew_->witness().Ready(crew_->character.who);
    ready();
    std::optional<std::stop_callback<std::function<void()>>> on_stop;
    if (script_.at_stop == Fault::kSlowStopCallback) {
      on_stop.emplace(context_.stop_token(), [crew = crew_] {
        crew->Count(Fault::kSlowStopCallback);
        std::this_thread::sleep_for(1ms);
      });
    }
    if (script_.fault != Fault::kNone && Work(script_.after) && Fail()) return;
    AwaitStop();
    AtStop();
  }

 private:
  void Count() const { crew_->Count(script_.fault); }

  // Returns: false when it was stopped.
  bool Work(microseconds time) const {
    if (!crew_->character.watched) return context_.SleepFor(time);
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
      if (context_.stop_requested()) return false;
      context_.Heartbeat();
      std::this_thread::sleep_for(100us);
    }
    return true;
  }

  // Returns: true if the worker ends with it.
  bool Fail() const {
    Count();
    switch (script_.fault) {
      case Fault::kThrow:
        context_.Throw(absl::DataLossError("thrown"));
      case Fault::kCancelledError:
        context_.Throw(absl::CancelledError("somebody else's stop"));
      case Fault::kReport:
        context_.Report(absl::InternalError("reported"));
        return true;
      case Fault::kReportAndStay:
        context_.Report(absl::InternalError("reported"));
        return false;
      case Fault::kReportTwice:
        context_.Report(absl::InternalError("first"));
        context_.Report(absl::AbortedError("second"));
        return false;
      case Fault::kReportFromElsewhere:
        // May be refused a thread: an exception, then.
        std::thread([context = context_] {
          context.Report(absl::InternalError("from elsewhere"));
        }).join();
        return false;
      case Fault::kException:
        throw std::runtime_error("an exception");
      case Fault::kOddException:
        throw 42;
      case Fault::kSwallow:
        try {
          context_.Throw(absl::DataLossError("swallowed"));
        } catch (...) {
        }
        return false;
      case Fault::kSilent:
        while (!context_.stop_requested()) std::this_thread::sleep_for(200us);
        return false;
      case Fault::kOutOfMemory:
        if (!crew_->character.temper.scarce_memory) throw std::bad_alloc();
        TakeAllMemory();
        return false;
      default:
        return true;  // kCleanEnd
    }
  }

  void AwaitStop() const {
    context_.WaitForStop();
    crew_->witness().Stopping(crew_->character.who, context_.stop_reason().kind);
  }

  void AtStop() const {
    if (script_.at_stop == Fault::kNone || script_.at_stop == Fault::kSlowStopCallback) return;
    crew_->Count(script_.at_stop);
    switch (script_.at_stop) {
      case Fault::kThrowDuringStop:
        context_.Throw(absl::DataLossError("while it was stopped"));
      case Fault::kExceptionDuringStop:
        throw std::logic_error("while it was stopped");
      case Fault::kReportDuringStop:
        context_.Report(absl::DataLossError("while it was stopped"));
        return;
      case Fault::kSlowThreadLocal:
        slow_thread_local.slow = true;
        return;
      case Fault::kDeaf:
        return crew_->witness().release().Wait();
      default:  // kSlowStop
        return std::this_thread::sleep_for(2ms);
    }
  }

  const std::shared_ptr<Crew> crew_;
  const Script script_;
  const SignalerContext& context_;
};

Script DrawScript(const Character& character, Dice& dice) {
  const Temper& temper = character.temper;
  Script script{.after = dice.OneIn(3) ? 0us : dice.UpTo(5ms)};
  if (dice.OneIn(temper.luck)) {
    script.fault = dice.OneOf({Fault::kEndBeforeReady, Fault::kThrowBeforeReady, Fault::kThrow,
                               Fault::kThrow, Fault::kReport, Fault::kReportAndStay,
                               Fault::kReportTwice, Fault::kReportFromElsewhere, Fault::kException,
                               Fault::kOddException, Fault::kSwallow, Fault::kCancelledError,
                               Fault::kOutOfMemory, Fault::kCleanEnd, Fault::kCleanEnd});
    if (character.watched && dice.OneIn(2)) script.fault = Fault::kSilent;
    if (character.hurried && dice.OneIn(3)) script.fault = Fault::kNeverReady;
  }
  if (temper.scarce_memory && dice.OneIn(10)) script.fault = Fault::kOutOfMemory;
  if (dice.OneIn(temper.luck)) {
    script.at_stop =
        dice.OneOf({Fault::kThrowDuringStop, Fault::kExceptionDuringStop, Fault::kReportDuringStop,
                    Fault::kSlowStop, Fault::kSlowStopCallback, Fault::kSlowThreadLocal});
    if (temper.stuck && dice.OneIn(3)) script.at_stop = Fault::kDeaf;
  }
  return script;
}

class Chaotic final : public Component {
 public:
  Chaotic(const Character& character, Dice& dice) : crew_(std::make_shared<Crew>()) {
    crew_->character = character;
    crew_->workers = 1 + dice.Below(dice.OneIn(3) ? 4 : 2);
    ComponentManagerBuilder builder;
    for (int i = 0; i < crew_->workers; ++i) {
      builder.AddWorker([crew = crew_, script = DrawScript(character, dice)](
                            const SignalerContext& context, const ReadyFunc& ready) {
        Worker(crew, script, context).Run(ready);
      });
    }
    if (const auto threads = character.threads.lock()) builder.RunOn(*threads);
    manager_ = builder.Build();
    const int luck = character.temper.luck;
    if (dice.OneIn(luck * 3)) {
      at_start_ = dice.OneOf(
          {Fault::kStartError, Fault::kStartThrows, Fault::kStartException, Fault::kSlowStart});
    }
    if (dice.OneIn(luck * 2)) {
      at_end_ = dice.OneOf({Fault::kSlowDestructor, Fault::kReportFromDestructor});
      if (character.temper.stuck && dice.OneIn(3)) at_end_ = Fault::kDeafDestructor;
    }
    if (dice.OneIn(luck * 4)) {
      crew_->Count(Fault::kConstructorThrows);
      throw std::runtime_error("the constructor's exception");
    }
    crew_->witness().Made(character.who);
  }

  ~Chaotic() override {
    Witness& witness = crew_->witness();
    const Witness::Who who = crew_->character.who;
    witness.Destroying(who, context_ ? context_->stop_reason().kind : StopReason::Kind::kNone);
    if (at_end_ != Fault::kNone) crew_->Count(at_end_);
    if (at_end_ == Fault::kSlowDestructor) std::this_thread::sleep_for(2ms);
    if (at_end_ == Fault::kDeafDestructor) witness.release().Wait();
    if (at_end_ == Fault::kReportFromDestructor && context_) {
      context_->Report(absl::InternalError("from its destructor"));
    }
    manager_.reset();
    witness.Destroyed(who);
  }

  absl::Status Start(SignalerContext context) override {
    context_ = context;
    if (at_start_ != Fault::kNone) crew_->Count(at_start_);
    if (at_start_ == Fault::kStartError) return absl::UnavailableError("Start would not");
    if (at_start_ == Fault::kStartThrows) context.Throw(absl::UnavailableError("Start threw"));
    if (at_start_ == Fault::kStartException) throw std::runtime_error("Start's exception");
    if (at_start_ == Fault::kSlowStart) std::this_thread::sleep_for(2ms);
    const absl::Status started = manager_->Start(std::move(context));
    if (absl::IsResourceExhausted(started)) crew_->Count(Fault::kThreadRefused);
    return started;
  }
  Event Ready() const override { return manager_->Ready(); }
  Event Done() const override { return manager_->Done(); }

 private:
  const std::shared_ptr<Crew> crew_;
  std::unique_ptr<ComponentManager> manager_;
  Fault at_start_ = Fault::kNone, at_end_ = Fault::kNone;
  std::optional<SignalerContext> context_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Component>> MakeComponent(const Character& character,
                                                         std::uint64_t seed) {
  Dice dice(seed);
  Witness& witness = *character.witness;
  witness.Making(character.who);
  if (dice.OneIn(character.temper.luck * 3)) {
    Fault fault = dice.OneOf(
        {Fault::kFactoryError, Fault::kFactoryNull, Fault::kFactoryThrows, Fault::kSlowFactory});
    if (character.temper.stuck && dice.OneIn(4)) fault = Fault::kDeafFactory;
    witness.ledger().Count(fault);
    switch (fault) {
      case Fault::kFactoryError:
        return absl::UnavailableError("the factory would not");
      case Fault::kFactoryNull:
        return nullptr;
      case Fault::kFactoryThrows:
        throw std::runtime_error("the factory's exception");
      case Fault::kDeafFactory:
        witness.release().Wait();
        break;
      default:
        std::this_thread::sleep_for(2ms);
    }
  }
  return std::make_unique<Chaotic>(character, dice);
}

}  // namespace stemma::chaos
