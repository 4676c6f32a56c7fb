// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/simulation/random_run.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

class Dice {
 public:
  explicit Dice(std::mt19937& random) : random_(random) {}
  std::size_t Below(std::size_t n) { return random_() % n; }
  bool OneIn(std::size_t n) { return Below(n) == 0; }
  nanoseconds Time(milliseconds most) {
    return milliseconds(Below(static_cast<std::size_t>(most.count())));
  }
  ErrorHandlingBehavior Verdict() {
    constexpr std::array kVerdicts = {
        ErrorHandlingBehavior::kRestart,     ErrorHandlingBehavior::kRestart,
        ErrorHandlingBehavior::kRestart,     ErrorHandlingBehavior::kStop,
        ErrorHandlingBehavior::kStop,        ErrorHandlingBehavior::kStopParents,
        ErrorHandlingBehavior::kStopParents, ErrorHandlingBehavior::kShutdown,
        ErrorHandlingBehavior::kSpinHalt};
    // Everything goes down seldom, so that there is something to see.
    return kVerdicts[Below(OneIn(4) ? kVerdicts.size() : 7)];
  }

 private:
  std::mt19937& random_;
};

// Depends on some of `names`.
Node RandomNode(std::string name, const std::vector<std::string>& names, Dice& dice) {
  Node node{.name = std::move(name)};
  for (std::size_t edges = dice.Below(4); edges > 0 && !names.empty(); --edges) {
    const std::string& to = names[dice.Below(names.size())];
    const auto has = [&](const std::vector<std::string>& others) {
      return std::find(others.begin(), others.end(), to) != others.end();
    };
    if (has(node.dependencies) || has(node.soft_dependencies)) continue;
    (dice.OneIn(4) ? node.soft_dependencies : node.dependencies).push_back(to);
  }
  node.on_error = Always(dice.Verdict());
  node.restart = {.initial = dice.Time(200ms), .max_restarts = static_cast<int>(dice.Below(4))};
  node.restart.on_limit =
      dice.OneIn(2) ? ErrorHandlingBehavior::kStop : ErrorHandlingBehavior::kStopParents;
  if (dice.OneIn(8)) node.restart.on_limit = ErrorHandlingBehavior::kShutdown;
  if (dice.OneIn(3)) node.on_dependency_restart = OnDependencyRestart::kRestart;
  if (dice.OneIn(4)) node.on_completion = OnCompletion::kRestart;
  if (dice.OneIn(16)) node.on_completion = OnCompletion::kShutdown;
  node.start_timeout = 2s;
  node.stop_timeout = 1s;
  if (dice.OneIn(4)) node.watchdog = 500ms;
  return node;
}

Behavior RandomBehavior(Dice& dice) {
  Behavior behavior;
  if (!dice.OneIn(4)) behavior.start = dice.Time(1000ms);
  if (dice.OneIn(20)) behavior.start = kNever;
  if (!dice.OneIn(4)) behavior.stop = dice.Time(500ms);
  if (dice.OneIn(20)) behavior.stop = dice.OneIn(2) ? kNever : 1500ms;
  if (dice.OneIn(4)) behavior.destroy = dice.Time(100ms);
  if (dice.OneIn(40)) behavior.destroy = kNever;
  if (dice.OneIn(4)) behavior.answer = dice.Time(100ms);
  if (dice.OneIn(40)) behavior.answer = kNever;
  if (dice.OneIn(10)) behavior.run = dice.Time(3000ms);
  if (dice.OneIn(2)) behavior.run_failure = Simulation::SimulatedFailure();
  if (dice.OneIn(20)) {
    behavior.start_failure = {.kind = FailureKind::kStart,
                              .status = absl::UnavailableError("no\n\"disk\"\xff")};
  }
  return behavior;
}

std::string AnyNode(const Simulation& simulation, Dice& dice) {
  const DependencyGraph& graph = simulation.engine().graph();
  return graph.size() == 0 ? "" : graph.name(static_cast<NodeId>(dice.Below(graph.size())));
}

// Something happens, or cannot: what is refused is fine.
void Happen(Simulation& simulation, Dice& dice, std::size_t number) {
  const std::string name = AnyNode(simulation, dice);
  switch (dice.Below(12)) {
    case 0:
      return simulation.End(name).IgnoreError();
    case 1:
      return simulation.FallSilent(name).IgnoreError();
    case 2:
      return simulation.StopNode(name).IgnoreError();
    case 3:
    case 4:
      return simulation.StartNode(name).IgnoreError();
    case 5:
      return simulation.RestartNode(name).IgnoreError();
    case 6:
      return simulation.RemoveNode(name).IgnoreError();
    case 7: {
      const auto names = simulation.engine().graph().names();
      std::string added = dice.OneIn(2) ? "added" : "added " + std::to_string(number);
      simulation.Behave(added, RandomBehavior(dice));
      return simulation.AddNode(RandomNode(std::move(added), {names.begin(), names.end()}, dice))
          .IgnoreError();
    }
    default: {
      Failure failure = Simulation::SimulatedFailure();
      if (dice.OneIn(30)) failure.kind = FailureKind::kNestedSpinHalt;
      return simulation.Fail(name, dice.Verdict(), std::move(failure)).IgnoreError();
    }
  }
}

}  // namespace

Simulation RandomRun(std::mt19937& random, std::size_t most) {
  Dice dice(random);
  std::vector<Node> nodes;
  std::vector<std::string> names;
  for (std::size_t i = dice.Below(most) + 1; i > 0; --i) {
    nodes.push_back(RandomNode("n" + std::to_string(i), names, dice));
    names.push_back(nodes.back().name);
  }
  std::shuffle(nodes.begin(), nodes.end(), random);
  EngineOptions options{.jitter_seed = random()};
  if (dice.OneIn(8)) options.on_stuck = dice.OneIn(2) ? OnStuck::kWait : OnStuck::kAbort;
  if (dice.OneIn(4)) options.shutdown_delay = dice.Time(300ms);
  if (dice.OneIn(4)) options.shutdown_deadline = dice.Time(1500ms) + 1ms;
  options.latch = dice.OneIn(4);
  options.nested = dice.OneIn(8);
  Simulation simulation = Simulation::Create(std::move(nodes), options).value();
  for (const std::string& name : names) simulation.Behave(name, RandomBehavior(dice));
  if (dice.OneIn(8)) simulation.StopNode(names.front()).IgnoreError();
  simulation.Begin();
  for (std::size_t steps = dice.Below(25); steps > 0 && !simulation.over(); --steps) {
    simulation.Advance(dice.OneIn(4) ? 0ms : dice.Time(700ms)).IgnoreError();
    Happen(simulation, dice, steps);
  }
  if (dice.OneIn(5)) {  // cut off in the middle of something
    simulation.Advance(dice.Time(500ms)).IgnoreError();
    return simulation;
  }
  if (dice.OneIn(3)) {
    simulation.Terminate();
  } else if (dice.OneIn(2)) {
    simulation.Interrupt();
  } else {
    simulation.RequestStop();
  }
  simulation.Settle(simulation.now() + 1min).IgnoreError();
  return simulation;
}

}  // namespace stemma::tools
