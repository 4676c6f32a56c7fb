// SPDX-License-Identifier: Apache-2.0
// Random graphs against a naive model, which is a matrix of edges and thinks with nested loops.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/internal/seed.h"

namespace {

using stemma::DependencyGraph;
using stemma::NodeId;
using Declarations = std::vector<DependencyGraph::Declaration>;
using Ids = std::vector<NodeId>;

enum class Edge { kNone, kHard, kSoft };

struct NaiveGraph {
  explicit NaiveGraph(std::size_t size) : edges(size, std::vector<Edge>(size, Edge::kNone)) {}

  NodeId size() const { return static_cast<NodeId>(edges.size()); }

  Ids Neighbours(NodeId id, Edge kind, bool turned) const {
    Ids ids;
    for (NodeId other = 0; other < size(); ++other) {
      if ((turned ? edges[other][id] : edges[id][other]) == kind) ids.push_back(other);
    }
    return ids;
  }

  // What a path of edges leads to, by Warshall's closure.
  std::vector<std::vector<bool>> Closure(bool with_soft) const {
    std::vector<std::vector<bool>> reaches(size(), std::vector<bool>(size()));
    for (NodeId i = 0; i < size(); ++i) {
      for (NodeId j = 0; j < size(); ++j) {
        reaches[i][j] = edges[i][j] == Edge::kHard || (with_soft && edges[i][j] == Edge::kSoft);
      }
    }
    for (NodeId k = 0; k < size(); ++k) {
      for (NodeId i = 0; i < size(); ++i) {
        for (NodeId j = 0; j < size(); ++j) {
          if (reaches[i][k] && reaches[k][j]) reaches[i][j] = true;
        }
      }
    }
    return reaches;
  }

  // How many sets of nodes reach each other: what has to be refused as cycles.
  std::size_t Tangles() const {
    const auto reaches = Closure(true);
    std::size_t tangles = 0;
    for (NodeId i = 0; i < size(); ++i) {
      bool is_earliest = reaches[i][i];
      for (NodeId j = 0; j < i; ++j) is_earliest = is_earliest && !(reaches[i][j] && reaches[j][i]);
      tangles += is_earliest ? 1 : 0;
    }
    return tangles;
  }

  // Again and again, the first node that is not in the order and whose dependencies are. REQUIRES:
  // no cycle.
  Ids StartOrder() const {
    Ids order;
    std::vector<bool> started(size());
    while (order.size() < size()) {
      for (NodeId i = 0; i < size(); ++i) {
        bool next = !started[i];
        for (NodeId j = 0; j < size(); ++j)
          next = next && (edges[i][j] == Edge::kNone || started[j]);
        if (!next) continue;
        started[i] = true;
        order.push_back(i);
        break;
      }
    }
    return order;
  }

  // Again and again, all the nodes that are in no wave and whose dependencies are in earlier ones.
  // REQUIRES: no cycle.
  std::vector<Ids> Waves() const {
    std::vector<Ids> waves;
    std::vector<bool> done(size());
    for (NodeId left = size(); left > 0;) {
      Ids wave;
      for (NodeId i = 0; i < size(); ++i) {
        bool next = !done[i];
        for (NodeId j = 0; j < size(); ++j) next = next && (edges[i][j] == Edge::kNone || done[j]);
        if (next) wave.push_back(i);
      }
      for (NodeId i : wave) done[i] = true;
      left -= static_cast<NodeId>(wave.size());
      waves.push_back(std::move(wave));
    }
    return waves;
  }

  Declarations Declare() const {
    Declarations declarations(size());
    for (NodeId i = 0; i < size(); ++i) {
      declarations[i].name = "n" + std::to_string(i);
      for (NodeId j : Neighbours(i, Edge::kHard, false))
        declarations[i].dependencies.push_back("n" + std::to_string(j));
      for (NodeId j : Neighbours(i, Edge::kSoft, false)) {
        declarations[i].soft_dependencies.push_back("n" + std::to_string(j));
      }
    }
    return declarations;
  }

  std::vector<std::vector<Edge>> edges;  // [from][to]
};

// Edges from later to earlier nodes of a random order, so without a cycle.
NaiveGraph RandomAcyclic(std::mt19937& random) {
  NaiveGraph naive(random() % 13);
  Ids order(naive.size());
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), random);
  const double density = std::uniform_real_distribution<double>(0, 0.6)(random);
  std::bernoulli_distribution has_edge(density), is_soft(0.25);
  for (NodeId i = 0; i < naive.size(); ++i) {
    for (NodeId j = 0; j < i; ++j) {
      if (has_edge(random))
        naive.edges[order[i]][order[j]] = is_soft(random) ? Edge::kSoft : Edge::kHard;
    }
  }
  return naive;
}

std::vector<Ids> Related(const std::vector<std::vector<bool>>& reaches, bool turned) {
  std::vector<Ids> related(reaches.size());
  for (NodeId i = 0; i < reaches.size(); ++i) {
    for (NodeId j = 0; j < reaches.size(); ++j) {
      if (turned ? reaches[j][i] : reaches[i][j]) related[i].push_back(j);
    }
  }
  return related;
}

Ids Copy(std::span<const NodeId> ids) { return {ids.begin(), ids.end()}; }

TEST_CASE("random graphs: every answer is the naive one", "[graph]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 2'000; ++round) {
    const NaiveGraph naive = RandomAcyclic(random);
    Declarations declarations = naive.Declare();
    std::size_t edges = 0;
    for (auto& declaration : declarations) {
      std::shuffle(declaration.dependencies.begin(), declaration.dependencies.end(), random);
      edges += declaration.dependencies.size() + declaration.soft_dependencies.size();
    }
    const absl::StatusOr<DependencyGraph> graph = DependencyGraph::Create(std::move(declarations));
    INFO("round " << round << ": " << graph.status().ToString());
    REQUIRE(graph.ok());
    REQUIRE(graph->size() == naive.size());
    REQUIRE(graph->edge_count() == edges);
    REQUIRE(Copy(graph->StartOrder()) == naive.StartOrder());
    Ids stop_order = naive.StartOrder();
    std::reverse(stop_order.begin(), stop_order.end());
    REQUIRE(graph->StopOrder() == stop_order);
    REQUIRE(graph->Waves() == naive.Waves());

    const std::vector<Ids> ancestors = Related(naive.Closure(false), false);
    const std::vector<Ids> descendants = Related(naive.Closure(false), true);
    for (NodeId id = 0; id < naive.size(); ++id) {
      REQUIRE(graph->Find("n" + std::to_string(id)) == id);
      REQUIRE(Copy(graph->Dependencies(id)) == naive.Neighbours(id, Edge::kHard, false));
      REQUIRE(Copy(graph->Dependents(id)) == naive.Neighbours(id, Edge::kHard, true));
      REQUIRE(Copy(graph->SoftDependencies(id)) == naive.Neighbours(id, Edge::kSoft, false));
      REQUIRE(Copy(graph->SoftDependents(id)) == naive.Neighbours(id, Edge::kSoft, true));
      REQUIRE(graph->Ancestors(id) == ancestors[id]);
      REQUIRE(graph->Descendants(id) == descendants[id]);
    }

    Ids some, ancestors_of_some, descendants_of_some;
    for (NodeId id = 0; id < naive.size(); ++id) {
      if (random() % 3 != 0) continue;
      some.push_back(id);
      ancestors_of_some.insert(ancestors_of_some.end(), ancestors[id].begin(), ancestors[id].end());
      descendants_of_some.insert(descendants_of_some.end(), descendants[id].begin(),
                                 descendants[id].end());
    }
    for (Ids* ids : {&ancestors_of_some, &descendants_of_some}) {
      std::sort(ids->begin(), ids->end());
      ids->erase(std::unique(ids->begin(), ids->end()), ids->end());
    }
    REQUIRE(graph->Ancestors(some) == ancestors_of_some);
    REQUIRE(graph->Descendants(some) == descendants_of_some);
  }
}

TEST_CASE("random edges: refused exactly when there is a cycle, with one problem for each tangle",
          "[graph][S1]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  int refused = 0, accepted = 0;
  for (int round = 0; round < 4'000; ++round) {
    NaiveGraph naive(1 + random() % 10);
    for (auto n = random() % (2 * naive.size()); n > 0; --n) {
      const NodeId from = static_cast<NodeId>(random() % naive.size()),
                   to = static_cast<NodeId>(random() % naive.size());
      if (from != to) naive.edges[from][to] = random() % 4 == 0 ? Edge::kSoft : Edge::kHard;
    }
    const std::vector<DependencyGraph::Problem> problems =
        DependencyGraph::Problems(naive.Declare());
    INFO("round " << round);
    REQUIRE(problems.size() == naive.Tangles());
    for (const DependencyGraph::Problem& problem : problems) {
      REQUIRE(problem.text.starts_with("cycle: " + naive.Declare()[problem.node].name + " -> "));
    }
    REQUIRE(DependencyGraph::Create(naive.Declare()).ok() == problems.empty());
    ++(problems.empty() ? accepted : refused);
  }
  CHECK(refused > 100);  // both sides were tried
  CHECK(accepted > 100);
}

}  // namespace
