// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/condensation.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace {

using stemma::Condensation;
using stemma::Condense;
using stemma::DependencyGraph;
using stemma::NodeId;
using stemma::internal::Declarations;
using Names = std::vector<std::string>;

Names NamesOf(const DependencyGraph& graph) { return {graph.names().begin(), graph.names().end()}; }

TEST_CASE("a graph without cycles comes out as it is", "[graph]") {
  const DependencyGraph diamond = stemma::internal::Diamond();
  const Condensation condensation = Condense(diamond.Declarations()).value();
  CHECK(NamesOf(condensation.graph) == NamesOf(diamond));
  CHECK(condensation.graph.edge_count() == 4);
  CHECK(condensation.members[1] == Names{"left"});
  CHECK(Condense({}).value().graph.size() == 0);
}

TEST_CASE("nodes that depend on each other become one", "[graph][S1]") {
  const Condensation condensation = Condense({{.name = "api", .dependencies = {"a", "b"}},
                                              {.name = "b", .dependencies = {"a", "disk"}},
                                              {.name = "a", .dependencies = {"b", "disk"}},
                                              {.name = "disk"}})
                                        .value();
  CHECK(NamesOf(condensation.graph) == Names{"api", "{b, a}", "disk"});
  CHECK(condensation.members == std::vector<Names>{{"api"}, {"b", "a"}, {"disk"}});
  CHECK(condensation.graph.Ancestors(0) == std::vector<NodeId>{1, 2});
  CHECK(condensation.graph.edge_count() == 2);
}

TEST_CASE("a soft edge can close a cycle, and a hard one beats it", "[graph][S20]") {
  const Condensation condensation =
      Condense({{.name = "a", .dependencies = {"b"}, .soft_dependencies = {"x", "y"}},
                {.name = "b", .dependencies = {"x"}, .soft_dependencies = {"a"}},
                {.name = "x"},
                {.name = "y"}})
          .value();
  REQUIRE(NamesOf(condensation.graph) == Names{"{a, b}", "x", "y"});
  CHECK(condensation.graph.Dependencies(0).size() == 1);
  CHECK(condensation.graph.Dependencies(0)[0] == 1);
  CHECK(condensation.graph.SoftDependencies(0).size() == 1);
  CHECK(condensation.graph.SoftDependencies(0)[0] == 2);
}

TEST_CASE("a node that depends on itself stays, without that edge", "[graph][S1]") {
  const Condensation condensation = Condense({{.name = "a", .dependencies = {"a"}}}).value();
  CHECK(NamesOf(condensation.graph) == Names{"a"});
  CHECK(condensation.graph.edge_count() == 0);
}

TEST_CASE("a large cycle is called after three of its nodes, and a taken name is avoided",
          "[graph]") {
  Declarations ring(7);
  for (std::size_t i = 0; i < ring.size(); ++i) {
    ring[i].name = "n" + std::to_string(i);
    ring[i].dependencies = {"n" + std::to_string((i + 1) % ring.size())};
  }
  CHECK(Condense(ring).value().graph.name(0) == "{n0, n1, n2 and 4 more}");
  ring.push_back({.name = "{n0, n1, n2 and 4 more}"});
  CHECK(Condense(ring).value().graph.name(0) == "{n0, n1, n2 and 4 more}'");
  CHECK(NamesOf(Condense({{.name = "a", .dependencies = {"b, c"}},
                          {.name = "b, c", .dependencies = {"a"}},
                          {.name = "a, b", .dependencies = {"c"}},
                          {.name = "c", .dependencies = {"a, b"}}})
                    .value()
                    .graph) == Names{"{a, b, c}", "{a, b, c}'"});
}

TEST_CASE("what is wrong beside cycles is reported", "[graph][S1]") {
  const absl::StatusOr<Condensation> condensation =
      Condense({{.name = "a", .dependencies = {"b"}},
                {.name = "b", .dependencies = {"a", "tom"}},
                {.name = "b"}});
  CHECK(condensation.status().code() == absl::StatusCode::kInvalidArgument);
  const std::string message(condensation.status().message());
  CHECK(message.find("cycle") == std::string::npos);
  CHECK(message.find("'tom'") != std::string::npos);
  CHECK(message.find("declared twice") != std::string::npos);
}

TEST_CASE("a ring of 300,000 nodes becomes one node", "[graph]") {
  Declarations ring = stemma::internal::Chain(300'000).Declarations();
  ring.back().dependencies = {"n0"};
  const Condensation condensation = Condense(ring).value();
  CHECK(condensation.graph.size() == 1);
  CHECK(condensation.members[0].size() == ring.size());
}

TEST_CASE("random graphs: one node for each set that reaches itself, and the edges among them",
          "[graph][S1]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 1'000; ++round) {
    INFO("round " << round);
    const std::size_t size = 1 + random() % 9;
    std::map<std::pair<std::size_t, std::size_t>, bool> edges;  // soft
    for (auto n = random() % (2 * size); n > 0; --n) {
      edges[{random() % size, random() % size}] = random() % 4 == 0;
    }
    Declarations declarations(size);
    std::vector<std::vector<bool>> reaches(size, std::vector<bool>(size));
    for (std::size_t i = 0; i < size; ++i) {
      declarations[i].name = std::to_string(i);
      reaches[i][i] = true;
    }
    for (const auto& [edge, soft] : edges) {
      (soft ? declarations[edge.first].soft_dependencies : declarations[edge.first].dependencies)
          .push_back(std::to_string(edge.second));
      reaches[edge.first][edge.second] = true;
    }
    for (std::size_t k = 0; k < size; ++k) {
      for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < size; ++j) {
          if (reaches[i][k] && reaches[k][j]) reaches[i][j] = true;
        }
      }
    }
    std::vector<Names> members;
    std::vector<std::size_t> place(size);  // in `members`
    for (std::size_t i = 0; i < size; ++i) {
      place[i] = members.size();
      for (std::size_t j = 0; j < i; ++j) {
        if (reaches[i][j] && reaches[j][i]) place[i] = std::min(place[i], place[j]);
      }
      if (place[i] == members.size()) members.emplace_back();
      members[place[i]].push_back(std::to_string(i));
    }
    std::map<std::pair<std::size_t, std::size_t>, bool> expected;
    for (const auto& [edge, soft] : edges) {
      const std::pair between(place[edge.first], place[edge.second]);
      if (between.first == between.second) continue;
      const auto [found, is_new] = expected.try_emplace(between, soft);
      if (!is_new) found->second = found->second && soft;
    }
    const Condensation condensation = Condense(declarations).value();
    REQUIRE(condensation.members == members);
    std::map<std::pair<std::size_t, std::size_t>, bool> found;
    for (NodeId id = 0; id < condensation.graph.size(); ++id) {
      for (const NodeId to : condensation.graph.Dependencies(id)) found[{id, to}] = false;
      for (const NodeId to : condensation.graph.SoftDependencies(id)) found[{id, to}] = true;
    }
    REQUIRE(found == expected);
  }
}

}  // namespace
