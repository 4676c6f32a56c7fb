// SPDX-License-Identifier: Apache-2.0
// Every small graph, every verdict at every node, every interleaving, judged by EngineReferee.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>

#include "stemma/supervisor/engine.h"
#include "stemma/supervisor/internal/engine_harness.h"
#include "stemma/supervisor/internal/engine_referee.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using namespace internal;  // NOLINT: the test's own vocabulary

using Graph = std::shared_ptr<const DependencyGraph>;

enum Edges { kHardEdges, kHardAndSoftEdges };

// Every acyclic graph of `size` nodes, but for their names: each node may depend on those before
// it.
void ForEachGraph(std::size_t size, Edges edges, const std::function<void(const Graph&)>& body) {
  const std::size_t kinds = edges == kHardEdges ? 2 : 3;  // none, hard, soft
  std::size_t count = 1;
  for (std::size_t pair = 0; pair < size * (size - 1) / 2; ++pair) count *= kinds;
  for (std::size_t number = 0; number < count; ++number) {
    std::vector<DependencyGraph::Declaration> nodes(size);
    std::size_t rest = number;
    for (std::size_t i = 0; i < size; ++i) {
      nodes[i].name = std::string(1, static_cast<char>('a' + i));
      for (std::size_t j = 0; j < i; ++j, rest /= kinds) {
        if (rest % kinds == 1) nodes[i].dependencies.push_back(nodes[j].name);
        if (rest % kinds == 2) nodes[i].soft_dependencies.push_back(nodes[j].name);
      }
    }
    // Declared the other way round every other time: S2's order is not that of the edges.
    if (number % 2 == 1) std::reverse(nodes.begin(), nodes.end());
    body(std::make_shared<const DependencyGraph>(*DependencyGraph::Create(std::move(nodes))));
  }
}

// How much may happen in one run that nobody asked for.
struct Surprises {
  int failures = 0, ends = 0, stops = 0, deadlines = 0;
};

// Walks through every order in which all that may happen can happen. What was done before with the
// same picture of the run is not done again: it would go on alike.
class Walk {
 public:
  Walk(Graph graph, const NodePolicy& policy, const EngineOptions& options)
      : graph_(std::move(graph)), policies_(graph_->size(), policy), options_(options) {}

  // Returns: the first rule that was broken; empty if none was.
  std::string Run(const Surprises& surprises) {
    Go({Engine(graph_, policies_, options_), EngineReferee(graph_, policies_, options_), surprises},
       {.kind = Input::Kind::kBegin});
    return broken_;
  }

 private:
  struct Position {
    Engine engine;
    EngineReferee referee;
    Surprises left;
    Engine::Time now = 1h;
  };

  void Go(Position at, const Input& input) {
    path_.push_back(input);
    std::vector<Action> actions;
    at.engine.Handle(input, at.now, actions);
    broken_ = at.referee.Judge(at.engine, input, at.now, actions);
    if (broken_.empty() && !at.referee.over() && IsNew(at)) GoOn(at);
    if (!broken_.empty()) broken_ = Describe(*graph_, path_.back()) + "\n" + broken_;
    path_.pop_back();
  }

  bool IsNew(const Position& at) {
    std::string picture = at.referee.Picture();
    for (const int left : {at.left.failures, at.left.ends, at.left.stops, at.left.deadlines}) {
      picture += static_cast<char>(left);
    }
    return seen_.insert(std::move(picture)).second;
  }

  void GoOn(const Position& at) {
    const std::vector<Input> owed = at.referee.Owed();
    for (Input input : owed) {
      if (input.kind != Input::Kind::kVerdict) {
        Try(at, input);
        continue;
      }
      for (int verdict = 0; verdict < 5; ++verdict) {
        input.verdict = static_cast<ErrorHandlingBehavior>(verdict);
        Try(at, input);
      }
    }
    // When all that was owed is paid the run rests: everything that goes down has ended.
    if (owed.empty() && at.engine.stopping() && at.engine.outcome() != Outcome::kSpinHalt) {
      broken_ = "nothing is owed, and the stop goes on";
    }
    for (NodeId id = 0; id < graph_->size(); ++id) {
      const EngineReferee::Life& life = at.referee.life(id);
      if (!life.exists || life.done) continue;
      Input input{.kind = Input::Kind::kFailed, .node = id, .incarnation = life.incarnation};
      if (at.left.failures > 0 && !life.failed) Try(at, input, &Surprises::failures);
      input.kind = Input::Kind::kDone;
      if (at.left.ends > 0 && !life.asked) Try(at, input, &Surprises::ends);
    }
    if (at.left.stops > 0) Try(at, {.kind = Input::Kind::kStopRequested}, &Surprises::stops);
    if (const auto next = at.engine.next_deadline(); next && at.left.deadlines > 0) {
      Position later = at;
      later.now = *next;
      Try(later, {.kind = Input::Kind::kTick}, &Surprises::deadlines);
    }
  }

  void Try(const Position& from, const Input& input, int Surprises::*used = nullptr) {
    if (!broken_.empty()) return;
    Position next = from;
    if (used != nullptr) --(next.left.*used);
    Go(std::move(next), input);
  }

  Graph graph_;
  std::vector<NodePolicy> policies_;
  EngineOptions options_;
  std::unordered_set<std::string> seen_;
  std::vector<Input> path_;
  std::string broken_;
};

std::string Drawn(const DependencyGraph& graph) {
  std::string text;
  for (NodeId id = 0; id < graph.size(); ++id) {
    text += graph.name(id) + " ->";
    for (const NodeId other : graph.Dependencies(id)) text += " " + graph.name(other);
    for (const NodeId other : graph.SoftDependencies(id)) text += " (" + graph.name(other) + ")";
    text += "\n";
  }
  return text;
}

// Restarts at once and once, so that a walk has an end.
NodePolicy Policy(OnDependencyRestart on_dependency_restart) {
  NodePolicy policy;
  policy.restart.initial = 0s;
  policy.restart.max_restarts = 1;
  policy.restart.window = kNoTimeout;
  policy.on_dependency_restart = on_dependency_restart;
  return policy;
}

void WalkAll(std::size_t largest, Edges edges, const NodePolicy& policy, const Surprises& surprises,
             const EngineOptions& options = {}) {
  for (std::size_t size = 1; size <= largest; ++size) {
    ForEachGraph(size, edges, [&](const Graph& graph) {
      const std::string broken = Walk(graph, policy, options).Run(surprises);
      INFO(Drawn(*graph) << broken);
      REQUIRE(broken.empty());
    });
  }
}

TEST_CASE("in every graph of up to 3 nodes: two failures, any verdicts, every order",
          "[supervisor][S4][S5][S6][S7]") {
  WalkAll(3, kHardEdges,
          Policy(GENERATE(OnDependencyRestart::kKeep, OnDependencyRestart::kRestart)),
          {.failures = 2});
}

TEST_CASE("in every graph of up to 3 nodes, with soft edges too: a failure, a stop, every order",
          "[supervisor][S4][S5][S20]") {
  WalkAll(3, kHardAndSoftEdges, Policy(OnDependencyRestart::kRestart), {.failures = 1, .stops = 1});
}

TEST_CASE("in every graph of up to 3 nodes: a failure, an end and a stop, every order",
          "[supervisor][S4][S5][S7]") {
  WalkAll(3, kHardEdges, Policy(OnDependencyRestart::kRestart),
          {.failures = 1, .ends = 1, .stops = 1});
}

TEST_CASE("in every graph of up to 3 nodes: a failure, an end that means something, every order",
          "[supervisor][S19]") {
  NodePolicy policy = Policy(OnDependencyRestart::kRestart);
  policy.on_completion = GENERATE(OnCompletion::kRestart, OnCompletion::kShutdown);
  WalkAll(3, kHardEdges, policy, {.failures = 1, .ends = 1});
}

TEST_CASE("in every graph of up to 3 nodes: a failure and a deadline, every order",
          "[supervisor][S3][S9][S12]") {
  NodePolicy policy = Policy(OnDependencyRestart::kRestart);
  policy.restart.on_limit = ErrorHandlingBehavior::kStop;
  WalkAll(3, kHardEdges, policy, {.failures = 1, .deadlines = 1}, {.shutdown_deadline = 5s});
}

TEST_CASE("in every graph of up to 2 nodes: everything at once, every order",
          "[supervisor][S4][S5][S7][S12]") {
  WalkAll(2, kHardAndSoftEdges, Policy(OnDependencyRestart::kRestart),
          {.failures = 2, .ends = 1, .stops = 1, .deadlines = 1});
}

TEST_CASE("in every graph of up to 4 nodes: a failure, any verdict, every order",
          "[supervisor][S4][S5][S6]") {
  WalkAll(4, kHardEdges,
          Policy(GENERATE(OnDependencyRestart::kKeep, OnDependencyRestart::kRestart)),
          {.failures = 1});
}

}  // namespace
}  // namespace stemma
