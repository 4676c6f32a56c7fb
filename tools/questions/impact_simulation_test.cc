// SPDX-License-Identifier: Apache-2.0
// `stemma impact` and `stemma simulate` give one answer.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstddef>
#include <random>
#include <utility>
#include <vector>

#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"
#include "stemma/supervisor/simulation.h"
#include "stemma/tools/questions/impact.h"

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;  // NOLINT: the literals are all there is in it
using Verdict = ErrorHandlingBehavior;

std::vector<Node> RandomNodes(std::mt19937& random, const DependencyGraph& graph) {
  std::vector<Node> nodes;
  for (DependencyGraph::Declaration& declaration : graph.Declarations()) {
    nodes.push_back({.name = std::move(declaration.name),
                     .dependencies = std::move(declaration.dependencies),
                     .soft_dependencies = std::move(declaration.soft_dependencies),
                     .on_dependency_restart = random() % 2 == 0 ? OnDependencyRestart::kRestart
                                                                : OnDependencyRestart::kKeep});
  }
  return nodes;
}

// Who was told of in inputs of that kind, from entry `begin` on, in waves of one second each.
NodeWaves WavesOf(const Simulation& simulation, std::size_t begin, Input::Kind kind) {
  NodeWaves waves;
  std::chrono::nanoseconds at = {};
  for (std::size_t i = begin; i < simulation.entries().size(); ++i) {
    const JournalEntry& entry = simulation.entries()[i];
    if (entry.input.kind != kind) continue;
    if (waves.empty() || entry.at != at) {
      if (!waves.empty() && entry.at != at + 1s) return {};  // no wave begins between two others
      at = entry.at;
      waves.emplace_back();
    }
    waves.back().push_back(entry.input.node);
  }
  for (std::vector<NodeId>& wave : waves) std::sort(wave.begin(), wave.end());
  return waves;
}

TEST_CASE("impact agrees with simulate on every node and verdict of 1,000 random graphs",
          "[questions][S4][S5][S6][S20]") {
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  std::size_t compared = 0;
  for (int round = 0; round < 1000; ++round) {
    const DependencyGraph graph = internal::RandomGraph(random, 10);
    const std::vector<Node> nodes = RandomNodes(random, graph);
    for (NodeId id = 0; id < graph.size(); ++id) {
      for (const Verdict verdict : kVerdicts) {
        INFO("graph " << round << ", node " << graph.name(id) << ", verdict "
                      << static_cast<int>(verdict));
        Simulation simulation = Simulation::Create(nodes).value();
        // Each takes a second to become ready, and one to be destroyed.
        for (const Node& node : nodes) simulation.Behave(node.name, {.start = 1s, .destroy = 1s});
        simulation.Begin();
        REQUIRE(simulation.Settle().ok());
        REQUIRE(simulation.engine().all_ready());
        const std::size_t before = simulation.entries().size();
        std::vector<Incarnation> incarnations;
        for (NodeId other = 0; other < graph.size(); ++other) {
          incarnations.push_back(simulation.engine().incarnation(other));
        }
        REQUIRE(simulation.Fail(graph.name(id), verdict).ok());
        REQUIRE(simulation.Settle().ok());

        const Impact impact = ImpactOf(graph, FollowsOf(nodes), id, verdict);
        CHECK(WavesOf(simulation, before, Input::Kind::kGone) == impact.goes_down);
        CHECK(WavesOf(simulation, before, Input::Kind::kReady) == impact.comes_back);
        std::vector<bool> down(graph.size());
        for (const NodeId other : impact.in_order()) down[other] = true;
        for (NodeId other = 0; other < graph.size(); ++other) {
          const bool is_ready = simulation.engine().state(other) == NodeState::kReady;
          const bool is_same = simulation.engine().incarnation(other) == incarnations[other];
          CHECK(is_ready == (!down[other] || verdict == Verdict::kRestart));
          CHECK(is_same == (!down[other] || verdict != Verdict::kRestart));
        }
        ++compared;
      }
    }
  }
  CHECK(compared > 10'000);
}

}  // namespace
}  // namespace stemma::tools
