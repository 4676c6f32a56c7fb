// SPDX-License-Identifier: Apache-2.0
// Prints random graphs and what stemma/graph/blast_radius.h says of each node, as JSON: for the
// test that the page says the same.
#include <cstddef>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <vector>

#include "stemma/graph/blast_radius.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace stemma {
namespace {

using Json = nlohmann::ordered_json;

// The graph as it is in a page's data (html.cc), as far as the page's answers depend on it.
Json PageOf(const DependencyGraph& graph, const std::vector<bool>& follows) {
  Json nodes = Json::array(), edges = Json::array();
  for (NodeId id = 0; id < graph.size(); ++id) {
    nodes.push_back(
        {{"name", graph.name(id)}, {"on_dependency_restart", follows[id] ? "restart" : "keep"}});
    for (const NodeId to : graph.Dependencies(id)) edges.push_back({id, to, 0});
    for (const NodeId to : graph.SoftDependencies(id)) edges.push_back({id, to, 1});
  }
  return {{"nodes", std::move(nodes)}, {"edges", std::move(edges)}};
}

Json AnswersFor(const DependencyGraph& graph, const std::vector<bool>& follows) {
  Json answers = Json::array();
  for (NodeId id = 0; id < graph.size(); ++id) {
    answers.push_back({{"ancestors", graph.Ancestors(id)},
                       {"descendants", graph.Descendants(id)},
                       {"restart", RestartRadius(graph, id, follows)},
                       {"stop", StopRadius(graph, id)},
                       {"stop_parents", StopParentsRadius(graph, id)}});
  }
  return answers;
}

}  // namespace
}  // namespace stemma

int main() {
  const unsigned seed = stemma::internal::Seed();
  std::mt19937 random(seed);
  stemma::Json cases = stemma::Json::array();
  for (int i = 0; i < 200; ++i) {
    const stemma::DependencyGraph graph = stemma::internal::RandomGraph(random, 24);
    std::vector<bool> follows(graph.size());
    for (std::size_t id = 0; id < follows.size(); ++id) follows[id] = random() % 2 == 0;
    cases.push_back({{"page", stemma::PageOf(graph, follows)},
                     {"answers", stemma::AnswersFor(graph, follows)}});
  }
  std::cout << stemma::Json({{"seed", seed}, {"cases", std::move(cases)}}).dump() << "\n";
}
