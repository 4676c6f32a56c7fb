// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/chaos/cast.h"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "spdlog/logger.h"
#include "stemma/supervisor/supervisor_component.h"
#include "stemma/testing/chaos/component.h"

namespace stemma::chaos {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;
using namespace std::chrono_literals;

// Longer than any round: only what does not end at all gets there.
constexpr nanoseconds kLong = 100s;

ErrorHandlingBehavior DrawVerdict(Dice& dice, int harshness) {
  if (dice.OneIn(3)) return static_cast<ErrorHandlingBehavior>(dice.Below(harshness + 1));
  return ErrorHandlingBehavior::kRestart;
}

RestartPolicy DrawRestart(Dice& dice, int harshness) {
  RestartPolicy restart;
  restart.initial = dice.UpTo(2ms);
  restart.max = restart.initial + dice.UpTo(5ms);
  restart.multiplier = dice.OneOf({1.0, 1.5, 2.0});
  restart.jitter = dice.OneOf({0.0, 0.2, 1.0});
  restart.reset_after = dice.UpTo(5ms);
  restart.max_restarts = dice.Below(8);
  restart.window = dice.OneOf<nanoseconds>({1ms, 20ms, 60s, nanoseconds::max()});
  restart.on_limit = static_cast<ErrorHandlingBehavior>(1 + dice.Below(std::max(1, harshness)));
  return restart;
}

}  // namespace

SupervisorOptions DrawOptions(Dice& dice, const Temper& temper, std::shared_ptr<Clock> clock) {
  SupervisorOptions options{.on_stuck = temper.on_stuck,
                            .spin_halt_reminder = 5ms,
                            .logger = std::make_shared<spdlog::logger>("silent"),  // no sink
                            .clock = std::move(clock)};
  if (temper.stuck && dice.OneIn(3)) options.shutdown_deadline = 10ms + dice.UpTo(50ms);
  if (dice.OneIn(5)) options.shutdown_delay = dice.UpTo(5ms);
  return options;
}

Cast::Cast(std::uint64_t seed, const Temper& temper, std::shared_ptr<Witness> witness,
           std::shared_ptr<Clock> clock)
    : temper_(temper),
      witness_(std::move(witness)),
      clock_(std::move(clock)),
      inner_(std::make_shared<Inner>()),
      dice_(seed) {}

std::vector<Node> Cast::Nodes() {
  std::vector<Node> nodes;
  for (int i = 0; i < temper_.nodes; ++i) {
    nodes.push_back(MakeNode(absl::StrCat("n", i), places_, /*may_nest=*/true));
  }
  return nodes;
}

Node Cast::Extra() {
  return MakeNode(absl::StrCat("extra", extras_++), places_, /*may_nest=*/false);
}

std::string Cast::SomeName(Dice& dice) const {
  if (places_.empty() || dice.OneIn(50)) return "nobody";
  return places_[static_cast<std::size_t>(dice.Below(static_cast<int>(places_.size())))].name;
}

std::vector<std::shared_ptr<Judge>> Cast::inner_judges() const {
  const std::lock_guard lock(inner_->mutex);
  return inner_->judges;
}

Node Cast::MakeNode(std::string name, std::vector<Place>& others, bool may_nest) {
  Node node{.name = name};
  const bool nests = may_nest && dice_.OneIn(12);
  std::vector<Witness::Who> dependencies;
  const int rare = dice_.OneOf({2, 4, 8});
  for (const Place& other : others) {
    if (dice_.OneIn(rare)) {
      node.dependencies.push_back(other.name);
      dependencies.push_back(other.who);
    } else if (dice_.OneIn(8)) {
      node.soft_dependencies.push_back(other.name);
    }
  }
  const Witness::Who who = witness_->Add(name, std::move(dependencies), /*observed=*/!nests);
  others.push_back({std::move(name), who});

  node.restart = DrawRestart(dice_, temper_.harshness);
  node.start_timeout = node.stop_timeout = kLong;
  const bool hurried = dice_.OneIn(5);
  if (hurried) node.start_timeout = 3ms + dice_.UpTo(5ms);
  if (temper_.stuck) node.stop_timeout = 5ms + dice_.UpTo(10ms);
  if (nests && !dice_.OneIn(4)) node.stop_timeout = kNoTimeout;
  if (dice_.OneIn(6)) node.watchdog = 5ms + dice_.UpTo(5ms);
  node.on_completion = dice_.OneOf({OnCompletion::kComplete, OnCompletion::kComplete,
                                    OnCompletion::kRestart, OnCompletion::kRestart});
  if (dice_.OneIn(20)) node.on_completion = OnCompletion::kShutdown;
  if (dice_.OneIn(3)) node.on_dependency_restart = OnDependencyRestart::kRestart;
  if (!dice_.OneIn(8)) node.on_error = Handler(who);

  if (nests) {
    node.factory = Nest(node.name);
    return node;
  }
  Character character{.witness = witness_,
                      .who = who,
                      .temper = temper_,
                      .watched = node.watchdog != kNoTimeout,
                      .hurried = hurried};
  if (dice_.OneIn(3)) {
    threads_.push_back(std::make_shared<const ReusableThreads>());
    character.threads = threads_.back();
  }
  node.factory = [character, seed = dice_.Seed(),
                  made = std::make_shared<std::atomic<std::uint64_t>>(0)] {
    return MakeComponent(character, seed + ++*made);
  };
  return node;
}

OnError Cast::Handler(Witness::Who who) {
  return [witness = witness_, temper = temper_, name = witness_->name(who), seed = dice_.Seed(),
          asked = std::make_shared<std::atomic<std::uint64_t>>(0)](const Failure& failure) {
    Ledger& ledger = witness->ledger();
    if (failure.component != name || failure.status.ok()) {
      ledger.Lose(Loss::kReport,
                  absl::StrCat("the handler of ", name, " is told: ", Describe(failure)));
    }
    Dice dice(seed + ++*asked);
    if (dice.OneIn(10)) {
      witness->WithSupervisor([&](Supervisor& supervisor) {
        if (dice.OneIn(4)) {
          ledger.Count(Fault::kCommandRestart);
          (void)supervisor.RestartNode(name);
        }
        (void)supervisor.GetSnapshot();
      });
    }
    if (dice.OneIn(temper.luck * 2)) {
      Fault fault = dice.OneOf({Fault::kSlowHandler, Fault::kSlowHandler, Fault::kHandlerThrows,
                                Fault::kHandlerOutsideEnum});
      if (temper.stuck && dice.OneIn(3)) fault = Fault::kSilentHandler;
      // Those that count as kShutdown are for rounds in which that may come up.
      if (temper.harshness < 3) fault = Fault::kSlowHandler;
      ledger.Count(fault);
      if (fault == Fault::kSlowHandler) std::this_thread::sleep_for(2ms);
      if (fault == Fault::kSilentHandler) witness->release().WaitFor(40ms);
      if (fault == Fault::kHandlerThrows) throw std::runtime_error("the handler's exception");
      if (fault == Fault::kHandlerOutsideEnum) return static_cast<ErrorHandlingBehavior>(42);
    }
    return DrawVerdict(dice, temper.harshness);
  };
}

ComponentFactory Cast::Nest(const std::string& name) {
  Temper temper = temper_;
  temper.nodes = 1 + dice_.Below(3);
  std::vector<Place> places;
  std::vector<Node> nodes;
  for (int i = 0; i < temper.nodes; ++i) {
    nodes.push_back(MakeNode(absl::StrCat(name, ".", i), places,
                             /*may_nest=*/dice_.OneIn(3)));
  }
  const SupervisorOptions options = DrawOptions(dice_, temper_, clock_);
  return [nodes, options, inner = inner_,
          witness = witness_]() -> absl::StatusOr<std::unique_ptr<Component>> {
    SupervisorOptions own = options;
    const auto judge = std::make_shared<Judge>(witness->ledger());
    own.journal_sink = judge;
    {
      const std::lock_guard lock(inner->mutex);
      inner->judges.push_back(judge);
    }
    return SupervisorComponent::Create(nodes, own);
  };
}

}  // namespace stemma::chaos
