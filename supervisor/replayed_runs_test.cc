// SPDX-License-Identifier: Apache-2.0
// Supervisors on real threads against the same contract as the engine: random graphs of up to 200
// nodes, random failures, stops and operator commands. Every decision of every run is judged by the
// referee, and made again by a replay of the journal, which must come to the same. A seed gives the
// same graphs and components again, but not the same turns of the threads.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "spdlog/logger.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/supervisor/internal/engine_referee.h"
#include "stemma/supervisor/journal.h"
#include "stemma/supervisor/supervisor.h"

namespace stemma {
namespace {

using std::chrono::microseconds;

constexpr int kServices = 25;
constexpr int kMostNodes = 200;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  int Below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  bool OneIn(int n) { return Below(n) == 0; }

 private:
  std::mt19937_64 random_;
};

// Judges and replays a journal while it is made.
class Judge final : public JournalSink {
 public:
  void Begin(const JournalHeader& header) override {
    replayer_.emplace(*Replayer::Create(header));
    referee_.emplace(replayer_->engine().shared_graph(), header.policies, header.options);
  }
  void Record(const JournalEntry& entry) override {
    ++entries_;
    if (!problem_.empty()) return;
    const std::string at = "entry " + std::to_string(entries_) + ": ";
    if (replayer_->Next(entry)) problem_ = at + "the replay decides otherwise";
    const std::string broken = referee_->Judge(internal::ClaimsOf(replayer_->engine()), entry.input,
                                               entry.at, entry.actions);
    if (!broken.empty()) problem_ = at + broken;
  }
  // After the run.
  const std::string& problem() const { return problem_; }
  int entries() const { return entries_; }
  bool finished() const { return replayer_->engine().finished(); }

 private:
  std::optional<Replayer> replayer_;
  std::optional<internal::EngineReferee> referee_;
  std::string problem_;
  int entries_ = 0;
};

std::string Name(int i) { return "n" + std::to_string(i); }

ComponentFactory RandomComponent(std::uint64_t seed) {
  const auto made = std::make_shared<std::atomic<std::uint64_t>>(0);
  return [seed, made]() -> absl::StatusOr<std::unique_ptr<Component>> {
    Dice dice(seed + 1'000'003 * ++*made);
    if (dice.OneIn(100)) return absl::UnavailableError("the factory would not");
    const int mood = dice.Below(200);
    const microseconds after(dice.Below(2000));
    return ComponentManagerBuilder()
        .AddWorker([mood, after](const SignalerContext& context, const ReadyFunc& ready) {
          if (mood == 0) return;  // before it is ready
          ready();
          if (mood < 10 && context.SleepFor(after)) {
            if (mood < 7) context.Throw(absl::DataLossError("thrown"));
            return;
          }
          context.WaitForStop();
          if (mood == 10) context.Throw(absl::DataLossError("while it was stopped"));
        })
        .Build();
  };
}

Node RandomNode(int i, Dice& dice, std::uint64_t seed, int harshness) {
  Node node{.name = Name(i), .factory = RandomComponent(seed + static_cast<std::uint64_t>(i))};
  for (int edges = dice.Below(3); i > 0 && edges > 0; --edges) {
    const std::string to = Name(dice.Below(i));
    const auto has = [&](const std::vector<std::string>& names) {
      return std::find(names.begin(), names.end(), to) != names.end();
    };
    if (has(node.dependencies) || has(node.soft_dependencies)) continue;
    (dice.OneIn(5) ? node.soft_dependencies : node.dependencies).push_back(to);
  }
  node.on_error = [harshness, answers = std::make_shared<Dice>(
                                  seed ^ static_cast<std::uint64_t>(i))](const Failure&) {
    if (harshness > 2 && answers->OneIn(50)) return ErrorHandlingBehavior::kSpinHalt;
    if (harshness > 2 && answers->OneIn(20)) return ErrorHandlingBehavior::kShutdown;
    if (harshness > 1 && answers->OneIn(10)) return ErrorHandlingBehavior::kStopParents;
    if (harshness > 0 && answers->OneIn(4)) return ErrorHandlingBehavior::kStop;
    return ErrorHandlingBehavior::kRestart;
  };
  node.restart = {.initial = microseconds(dice.Below(500)), .max_restarts = 5};
  node.restart.on_limit = ErrorHandlingBehavior::kStop;
  if (dice.OneIn(3)) node.on_dependency_restart = OnDependencyRestart::kRestart;
  if (dice.OneIn(4)) node.on_completion = OnCompletion::kRestart;
  return node;
}

// Gives commands as they come to mind, then stops everything.
void Operate(Supervisor& supervisor, Dice dice, std::uint64_t seed, int nodes, int commands) {
  int added = nodes;
  for (int i = 0; i < commands && !supervisor.Ended().IsSet(); ++i) {
    const std::string name = Name(dice.Below(added));
    switch (dice.Below(8)) {
      case 0:
        (void)supervisor.StopNode(name);
        break;
      case 1:
      case 2:
        (void)supervisor.StartNode(name);
        break;
      case 3:
        (void)supervisor.RestartNode(name);
        break;
      case 4: {
        Node node = RandomNode(added, dice, seed, 1);
        if (supervisor.AddNode(std::move(node)).ok()) ++added;
        break;
      }
      case 5:
        (void)supervisor.RemoveNode(name);
        break;
      default:
        (void)supervisor.GetSnapshot();
    }
  }
  supervisor.RequestStop();
  supervisor.EndSpinHalt();
}

TEST_CASE(
    "what a supervisor decides on real threads is by the rules, and a replay decides the same",
    "[supervisor][S2][S4][S5][S6][S7][S17][S24][random]") {
  const std::uint64_t seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  int entries = 0;
  for (std::uint64_t service = 0; service < kServices; ++service) {
    const std::uint64_t own = seed + 7919 * service;
    Dice dice(own);
    const int size = 1 + dice.Below(kMostNodes);
    const int harshness = dice.Below(4);
    std::vector<Node> nodes;
    for (int i = 0; i < size; ++i) nodes.push_back(RandomNode(i, dice, own, harshness));
    const auto judge = std::make_shared<Judge>();
    const auto supervisor = *Supervisor::Create(
        std::move(nodes),
        {.journal_sink = judge, .logger = std::make_shared<spdlog::logger>("silent")});
    RunResult result;
    {
      std::jthread operation(
          [&] { Operate(*supervisor, Dice(own + 1), own, size, /*commands=*/300); });
      result = supervisor->Run();
    }
    INFO("service " << service << ", of " << size << " nodes");
    REQUIRE(judge->problem() == "");
    REQUIRE(judge->finished());
    for (const NodeReport& node : result.nodes) REQUIRE(IsTerminal(node.state));
    entries += judge->entries();
  }
  CHECK(entries > 100 * kServices);
}

}  // namespace
}  // namespace stemma
