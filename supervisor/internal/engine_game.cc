// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/engine_game.h"

#include <algorithm>
#include <random>

#include "stemma/supervisor/internal/engine_harness.h"

namespace stemma::internal {
namespace {

using namespace std::chrono_literals;

ErrorHandlingBehavior AnyVerdict(Dice& dice) {
  return static_cast<ErrorHandlingBehavior>(dice.Roll(5));
}

NodePolicy AnyPolicy(Dice& dice) {
  NodePolicy policy;
  policy.restart.initial = dice.OneOf<std::chrono::nanoseconds>({0ns, 2ns, 100ms, 7s});
  policy.restart.jitter = dice.OneOf<double>({0, 0.5, 1});
  policy.restart.reset_after = dice.OneOf<std::chrono::nanoseconds>({0ns, 5s, kNoTimeout});
  policy.restart.max_restarts = dice.OneOf({0, 3, 10, kUnlimitedRestarts});
  policy.restart.window = dice.OneOf<std::chrono::nanoseconds>({1s, 1min, kNoTimeout});
  policy.restart.on_limit = static_cast<ErrorHandlingBehavior>(1 + dice.Roll(dice.Once(3) ? 4 : 2));
  policy.start_timeout = dice.OneOf<std::chrono::nanoseconds>({1s, 30s, kNoTimeout});
  policy.stop_timeout = dice.OneOf<std::chrono::nanoseconds>({1s, 10s, 10s, kNoTimeout});
  policy.watchdog = dice.OneOf<std::chrono::nanoseconds>({2s, 1min, kNoTimeout, kNoTimeout});
  if (dice.Once(4)) policy.on_completion = OnCompletion::kRestart;
  if (dice.Once(30)) policy.on_completion = OnCompletion::kShutdown;
  if (dice.Once(2)) policy.on_dependency_restart = OnDependencyRestart::kRestart;
  return policy;
}

EngineOptions AnyOptions(Dice& dice) {
  EngineOptions options;
  options.on_stuck = dice.OneOf(
      {OnStuck::kAbandon, OnStuck::kAbandon, OnStuck::kAbandon, OnStuck::kWait, OnStuck::kAbort});
  options.shutdown_deadline = dice.OneOf<std::chrono::nanoseconds>({kNoTimeout, 3s, 20s});
  options.shutdown_delay = dice.OneOf<std::chrono::nanoseconds>({0ns, 0ns, 5s});
  options.spin_halt_reminder = dice.OneOf<std::chrono::nanoseconds>({0ns, 60s});
  options.nested = dice.Once(4);
  options.latch = !options.nested && dice.Once(2);
  options.jitter_seed = dice.Roll(1000);
  return options;
}

// Acyclic by construction, and declared in an order that has nothing to do with the edges.
DependencyGraph AnyGraph(Dice& dice) {
  const std::size_t size = 1 + dice.Roll(8);
  const std::size_t sparse = 1 + dice.Roll(4), soft = 2 + dice.Roll(5);
  std::vector<DependencyGraph::Declaration> declarations(size);
  for (std::size_t i = 0; i < size; ++i) {
    declarations[i].name = std::string(1, static_cast<char>('a' + i));
    for (std::size_t j = 0; j < i; ++j) {
      if (!dice.Once(1 + sparse)) continue;
      (dice.Once(soft) ? declarations[i].soft_dependencies : declarations[i].dependencies)
          .push_back(declarations[j].name);
    }
  }
  dice.Shuffle(declarations);
  return *DependencyGraph::Create(std::move(declarations));
}

}  // namespace

Dice::Dice(unsigned seed)
    : roll_([generator = std::mt19937(seed)](std::size_t sides) mutable {
        return std::uniform_int_distribution<std::size_t>(0, sides - 1)(generator);
      }) {}

EngineGame::EngineGame(Dice& dice)
    : dice_(dice),
      graph_(std::make_shared<const DependencyGraph>(AnyGraph(dice))),
      policies_([&] {
        std::vector<NodePolicy> policies(graph_->size());
        for (NodePolicy& policy : policies) policy = AnyPolicy(dice);
        return policies;
      }()),
      options_(AnyOptions(dice)),
      engine_(graph_, policies_, options_),
      referee_(graph_, policies_, options_),
      rare_(20 + dice.Roll(1000)),
      obedience_(1 + dice.Roll(6)),
      severe_(2 + dice.Roll(50)),
      mortal_(1 + dice.Roll(30)),
      meddling_(dice.Once(2) ? 4 + dice.Roll(60) : 1000000),
      slow_(4 + dice.Roll(100)) {}

bool EngineGame::Play(std::size_t steps) {
  if (dice_.Once(100) && !Send({.kind = Input::Kind::kStopRequested})) return false;
  // An operator's commands may come before it.
  for (std::size_t early = dice_.Once(4) ? dice_.Roll(6) : 0; early > 0; --early) {
    if (!Command()) return false;
  }
  if (!Send({.kind = Input::Kind::kBegin})) return false;
  for (std::size_t i = 0; i < steps && !referee_.over(); ++i) {
    if (!Step()) return false;
  }
  return true;
}

bool EngineGame::Obey(bool stop) {
  if (stop && !(Send({.kind = Input::Kind::kStopRequested}))) return false;
  if (!Send({.kind = Input::Kind::kEndSpinHalt})) return false;
  for (std::size_t steps = 0; !referee_.over(); ++steps) {
    if (steps > 20 * referee_.size() + 20) return Break("the run does not end");
    std::vector<Input> owed = referee_.Owed();
    if (!stop) {
      for (NodeId id = 0; id < referee_.size(); ++id) {
        if (engine_.state(id) == NodeState::kReady) owed.push_back(Of(id, Input::Kind::kDone));
      }
    }
    if (!owed.empty()) {
      Input input = dice_.OneOf<Input>(owed);
      input.verdict = ErrorHandlingBehavior::kStop;
      input.at = now_;
      if (!Send(input)) return false;
    } else if (const auto next = engine_.next_deadline()) {
      now_ = std::max(now_, *next);
      if (!Send({.kind = Input::Kind::kTick})) return false;
    } else if (!std::exchange(stop, true)) {  // S24: an operator has stopped some
      if (!Send({.kind = Input::Kind::kStopRequested})) return false;
    } else {
      return Break("nothing is owed or due, and the run goes on");
    }
  }
  return true;
}

bool EngineGame::Replay() const {
  Engine engine(graph_, policies_, options_);
  std::vector<Action> actions;
  for (const auto& [input, at] : said_) engine.Handle(input, at, actions);
  return actions == actions_;
}

bool EngineGame::MayEndByItself() const {
  return may_end_by_itself_ &&
         std::none_of(policies_.begin(), policies_.end(), [](const NodePolicy& policy) {
           return policy.on_completion == OnCompletion::kRestart;
         });
}

std::string EngineGame::Transcript() const {
  std::string text;
  for (const DependencyGraph::Declaration& node : graph_->Declarations()) {
    text += node.name + " ->";
    for (const std::string& other : node.dependencies) text += " " + other;
    for (const std::string& other : node.soft_dependencies) text += " (" + other + ")";
    text += "\n";
  }
  Engine engine(graph_, policies_, options_);
  for (const auto& [input, at] : said_) {
    const auto before = engine.shared_graph();
    text += std::to_string(at / 1ms) + " ms: " + Describe(*before, input) + "\n";
    std::vector<Action> actions;
    engine.Handle(input, at, actions);
    // A removal comes last: what is said before it is said of the old graph.
    const bool grown = engine.graph().size() > before->size();
    for (const Action& action : actions)
      text += "    " + Describe(grown ? engine.graph() : *before, action) + "\n";
  }
  return text;
}

Input EngineGame::Of(NodeId id, Input::Kind kind) const {
  return {.kind = kind, .node = id, .incarnation = engine_.incarnation(id)};
}

bool EngineGame::Break(std::string what) {
  broken_ = std::move(what);
  return false;
}

bool EngineGame::Send(const Input& input) {
  std::vector<Action> actions;
  engine_.Handle(input, now_, actions);
  said_.emplace_back(input, now_);
  actions_.insert(actions_.end(), actions.begin(), actions.end());
  broken_ = referee_.Judge(ClaimsOf(engine_), input, now_, actions);
  return broken_.empty();
}

bool EngineGame::Step() {
  if (dice_.Once(rare_)) {
    return Send({.kind = dice_.OneOf({Input::Kind::kStopRequested, Input::Kind::kInterrupt,
                                      Input::Kind::kTerminate, Input::Kind::kEndSpinHalt,
                                      Input::Kind::kLatchFailed})});
  }
  if (dice_.Once(meddling_)) return Command();
  const std::vector<Input> owed = referee_.Owed();
  if (dice_.Once(owed.empty() ? 4 : slow_)) return PassTime();
  if (!owed.empty() && !dice_.Once(1 + obedience_)) return Answer(dice_.OneOf<Input>(owed));
  return Surprise();
}

bool EngineGame::Answer(Input input) {
  if (input.kind == Input::Kind::kVerdict) {
    input.verdict = dice_.Once(severe_) ? AnyVerdict(dice_) : ErrorHandlingBehavior::kRestart;
    if (dice_.Once(rare_)) input.verdict = static_cast<ErrorHandlingBehavior>(17);
    if (dice_.Once(rare_)) input.kind = Input::Kind::kHandlerThrew;
  }
  if (input.kind == Input::Kind::kHeartbeat) input.at = SomeTimeAgo();
  return Send(input);
}

// An operator's command (S24), about any node or none.
bool EngineGame::Command() {
  Input input{.kind = dice_.OneOf({Input::Kind::kStopNode, Input::Kind::kStartNode,
                                   Input::Kind::kStartNode, Input::Kind::kRestartNode,
                                   Input::Kind::kAddNode, Input::Kind::kRemoveNode}),
              .node = static_cast<NodeId>(dice_.Roll(referee_.size() + 1))};
  if (input.kind != Input::Kind::kAddNode) return Send(input);
  Addition addition{.declaration = {.name = "new" + std::to_string(added_++)},
                    .policy = AnyPolicy(dice_)};
  if (dice_.Once(20))
    addition.declaration.name = referee_.size() == 0 ? "" : engine_.graph().name(0);
  const std::size_t sparse = 1 + dice_.Roll(6);
  for (const std::string& name : engine_.graph().names()) {
    if (!dice_.Once(1 + sparse)) continue;
    (dice_.Once(3) ? addition.declaration.soft_dependencies : addition.declaration.dependencies)
        .push_back(name);
  }
  if (addition.policy.on_completion == OnCompletion::kRestart) may_end_by_itself_ = false;
  input.node = kNoNode;
  input.addition = std::make_shared<const Addition>(std::move(addition));
  return Send(input);
}

// What nobody asked for: failures, ends, news of dead incarnations, and what makes no sense.
bool EngineGame::Surprise() {
  if (referee_.size() == 0 || dice_.Once(10)) return Send(OldNews());
  const NodeId id = static_cast<NodeId>(dice_.Roll(referee_.size()));
  if (dice_.Once(rare_)) return Send(Of(id, Input::Kind::kLeftBehind));
  Input input = Of(id, dice_.OneOf({Input::Kind::kFailed, Input::Kind::kFailed, Input::Kind::kDone,
                                    Input::Kind::kReady, Input::Kind::kGone, Input::Kind::kVerdict,
                                    Input::Kind::kHandlerThrew, Input::Kind::kHeartbeat}));
  if (input.incarnation > 1 && dice_.Once(4))
    input.incarnation -= 1 + dice_.Roll(input.incarnation - 1);
  if (input.kind == Input::Kind::kFailed) {
    input.failure =
        dice_.OneOf({FailureKind::kThrown, FailureKind::kFactory, FailureKind::kWatchdog});
    if (dice_.Once(rare_)) input.failure = FailureKind::kNestedSpinHalt;
  }
  // Ends that nobody asked for are rarer in some games, or they would all be short.
  if (input.kind == Input::Kind::kDone && !dice_.Once(mortal_)) input.kind = Input::Kind::kReady;
  return Answer(input);
}

// Something that was said before: by now the node may be a step further, or have another
// incarnation, another id, or be gone.
Input EngineGame::OldNews() {
  Input input = dice_.OneOf(said_).first;
  if (input.incarnation == 0) return {.kind = Input::Kind::kTick};
  if (dice_.Once(4)) input.node = static_cast<NodeId>(dice_.Roll(referee_.size() + 2));
  return input;
}

Engine::Time EngineGame::SomeTimeAgo() {
  return now_ - dice_.OneOf<std::chrono::nanoseconds>({0ns, 0ns, 1ns, 300ms, 2s, 5s, 1min});
}

bool EngineGame::PassTime() {
  const auto next = engine_.next_deadline();
  if (next && !dice_.Once(4)) {
    now_ = std::max(now_, *next);
    if (dice_.Once(3)) now_ += 2s;  // the tick comes late
  } else {
    now_ += dice_.OneOf<std::chrono::nanoseconds>({0ns, 1ns, 300ms, 5s, 1min});
    if (dice_.Once(2)) return true;  // and something else comes before the tick
  }
  return Send({.kind = Input::Kind::kTick});
}

}  // namespace stemma::internal
