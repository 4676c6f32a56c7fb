// SPDX-License-Identifier: Apache-2.0
// What `graph` says of a verdict is what the engine does.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <memory>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "stemma/graph/blast_radius.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"
#include "stemma/graph/waves.h"
#include "stemma/supervisor/engine.h"

namespace stemma::internal {
namespace {

using Verdict = ErrorHandlingBehavior;

// A service of which every node is ready, and then one fails. All that obey do so at once and
// together, so that what happens comes in waves.
class Failing {
 public:
  Failing(const DependencyGraph& graph, const std::vector<bool>& follows)
      : engine_(std::make_shared<const DependencyGraph>(graph), PoliciesOf(follows)) {
    Send({.kind = Input::Kind::kBegin});
    GetReady();
    for (NodeId id = 0; id < graph.size(); ++id) before_.push_back(engine_.incarnation(id));
  }

  bool all_ready() const { return engine_.all_ready(); }

  // Returns: who ended, by waves, until nothing goes on.
  NodeWaves Fail(NodeId id, Verdict verdict) {
    const Input failure{.kind = Input::Kind::kFailed, .node = id, .incarnation = before_[id]};
    Send(failure);
    Send({.kind = Input::Kind::kVerdict,
          .verdict = verdict,
          .node = id,
          .incarnation = failure.incarnation});
    NodeWaves waves;
    while (!owed_.empty()) {
      std::vector<NodeId> ended;
      for (const Action& action : std::exchange(owed_, {})) Obey(action, ended);
      std::sort(ended.begin(), ended.end());
      if (!ended.empty()) waves.push_back(ended);
    }
    return waves;
  }

  // Returns: who is launched, by waves, once the backoff is over.
  NodeWaves ComeBack() {
    now_ += std::chrono::hours(1);
    Send({.kind = Input::Kind::kTick});
    return GetReady();
  }

  // Those that are ready, and the incarnation that they were before the failure.
  std::vector<NodeId> Untouched() const {
    std::vector<NodeId> ids;
    for (NodeId id = 0; id < before_.size(); ++id) {
      if (engine_.state(id) == NodeState::kReady && engine_.incarnation(id) == before_[id]) {
        ids.push_back(id);
      }
    }
    return ids;
  }

 private:
  static std::vector<NodePolicy> PoliciesOf(const std::vector<bool>& follows) {
    std::vector<NodePolicy> policies(follows.size());
    for (NodeId id = 0; id < follows.size(); ++id) {
      if (follows[id]) policies[id].on_dependency_restart = OnDependencyRestart::kRestart;
    }
    return policies;
  }

  void Send(const Input& input) {
    std::vector<Action> actions;
    engine_.Handle(input, now_, actions);
    for (const Action& action : actions) {
      if (action.kind == Action::Kind::kLaunch) launched_.push_back(action);
      if (action.kind == Action::Kind::kRequestStop || action.kind == Action::Kind::kDestroy) {
        owed_.push_back(action);
      }
    }
  }

  // Returns: who was launched, by waves; those that wait for a dependency come in a later one.
  NodeWaves GetReady() {
    NodeWaves waves;
    while (!launched_.empty()) {
      std::vector<NodeId>& wave = waves.emplace_back();
      for (const Action& launch : std::exchange(launched_, {})) {
        wave.push_back(launch.node);
        Send({.kind = Input::Kind::kReady, .node = launch.node, .incarnation = launch.incarnation});
      }
      std::sort(wave.begin(), wave.end());
    }
    return waves;
  }

  // A node that is asked is done, and if it may be destroyed it is gone, too.
  void Obey(const Action& action, std::vector<NodeId>& ended) {
    if (action.kind == Action::Kind::kRequestStop) {
      Send({.kind = Input::Kind::kDone, .node = action.node, .incarnation = action.incarnation});
      if (owed_.empty() || owed_.back().kind != Action::Kind::kDestroy ||
          owed_.back().node != action.node) {
        return;  // the node that failed has to wait for its dependents
      }
      owed_.pop_back();
    }
    ended.push_back(action.node);
    Send({.kind = Input::Kind::kGone, .node = action.node, .incarnation = action.incarnation});
  }

  Engine engine_;
  Engine::Time now_ = std::chrono::hours(1);
  std::vector<Incarnation> before_;  // by id
  std::vector<Action> owed_, launched_;
};

std::vector<NodeId> Without(const DependencyGraph& graph, const std::vector<NodeId>& ids) {
  std::vector<NodeId> others;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (!std::binary_search(ids.begin(), ids.end(), id)) others.push_back(id);
  }
  return others;
}

TEST_CASE(
    "random graphs: each verdict at each node takes down its blast radius, in its order, and what "
    "restarts comes back",
    "[supervisor][S4][S5][S6][S20]") {
  const unsigned seed = Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    const DependencyGraph graph = RandomGraph(random, 14);
    std::vector<NodeId> all(graph.size());
    std::iota(all.begin(), all.end(), NodeId{0});
    std::vector<bool> follows;
    for (NodeId id = 0; id < graph.size(); ++id) follows.push_back(random() % 2 == 0);
    for (NodeId id = 0; id < graph.size(); ++id) {
      INFO("graph " << round << ", node " << graph.name(id));
      const std::pair<Verdict, std::vector<NodeId>> down[] = {
          {Verdict::kStop, StopRadius(graph, id)},
          {Verdict::kStopParents, StopParentsRadius(graph, id)},
          {Verdict::kShutdown, all},
          {Verdict::kSpinHalt, all}};
      for (const auto& [verdict, radius] : down) {
        Failing failing(graph, follows);
        REQUIRE(failing.all_ready());
        CHECK(failing.Fail(id, verdict) == StopWaves(graph, radius));
        CHECK(failing.Untouched() == Without(graph, radius));
        CHECK(failing.ComeBack().empty());
      }
      const std::vector<NodeId> radius = RestartRadius(graph, id, follows);
      Failing failing(graph, follows);
      CHECK(failing.Fail(id, Verdict::kRestart) == StopWaves(graph, radius, EdgeKinds::kHard));
      CHECK(failing.Untouched() == Without(graph, radius));
      CHECK(failing.ComeBack() == StartWaves(graph, radius));
      CHECK(failing.all_ready());
    }
  }
}

}  // namespace
}  // namespace stemma::internal
