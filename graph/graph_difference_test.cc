// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/graph_difference.h"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace {

using stemma::DependencyGraph;
using stemma::Difference;
using stemma::GraphDifference;
using stemma::NodeId;
using stemma::internal::GraphOf;
using Edges = std::vector<GraphDifference::NamedEdge>;
using Names = std::vector<std::string>;

TEST_CASE("a graph does not differ from itself, nor from another order of declaration", "[graph]") {
  CHECK(Difference(DependencyGraph(), DependencyGraph()).empty());
  CHECK(Difference(stemma::internal::Diamond(), stemma::internal::Diamond()).empty());
  CHECK(Difference(GraphOf({{.name = "a", .dependencies = {"b"}}, {.name = "b"}}),
                   GraphOf({{.name = "b"}, {.name = "a", .dependencies = {"b"}}}))
            .empty());
}

TEST_CASE("nodes come and go with their edges", "[graph]") {
  const DependencyGraph before = GraphOf({{.name = "api", .dependencies = {"cache", "db"}},
                                          {.name = "cache", .dependencies = {"db"}},
                                          {.name = "db"}});
  const DependencyGraph after = GraphOf({{.name = "web", .dependencies = {"api"}},
                                         {.name = "db"},
                                         {.name = "api", .dependencies = {"db"}}});
  const GraphDifference difference = Difference(before, after);
  CHECK(difference.added_nodes == Names{"web"});
  CHECK(difference.removed_nodes == Names{"cache"});
  CHECK(difference.added_edges == Edges{{"web", "api"}});
  CHECK(difference.removed_edges == Edges{{"api", "cache"}, {"cache", "db"}});
  CHECK(difference.changed_edges.empty());
  CHECK_FALSE(difference.empty());
}

TEST_CASE("an edge that was hard and is soft has changed, and so the other way round",
          "[graph][S20]") {
  const DependencyGraph hard = GraphOf({{.name = "a", .dependencies = {"b"}}, {.name = "b"}});
  const DependencyGraph soft = GraphOf({{.name = "a", .soft_dependencies = {"b"}}, {.name = "b"}});
  GraphDifference expected;
  expected.changed_edges = {{"a", "b", true}};
  CHECK(Difference(hard, soft) == expected);
  expected.changed_edges = {{"a", "b", false}};
  CHECK(Difference(soft, hard) == expected);
}

TEST_CASE("an edge that turned round was removed and added", "[graph]") {
  const GraphDifference difference =
      Difference(GraphOf({{.name = "a", .dependencies = {"b"}}, {.name = "b"}}),
                 GraphOf({{.name = "a"}, {.name = "b", .dependencies = {"a"}}}));
  CHECK(difference.added_edges == Edges{{"b", "a"}});
  CHECK(difference.removed_edges == Edges{{"a", "b"}});
}

TEST_CASE("random graphs: the old one with the difference is the new one", "[graph]") {
  using Picture = std::map<std::pair<std::string, std::string>, bool>;  // (x, "") is a node
  const auto picture_of = [](const DependencyGraph& graph) {
    Picture picture;
    for (const auto& [name, dependencies, soft_dependencies] : graph.Declarations()) {
      picture[{name, ""}] = false;
      for (const std::string& to : dependencies) picture[{name, to}] = false;
      for (const std::string& to : soft_dependencies) picture[{name, to}] = true;
    }
    return picture;
  };
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 1'000; ++round) {
    INFO("round " << round);
    const DependencyGraph before = stemma::internal::RandomGraph(random, 10);
    const DependencyGraph after = stemma::internal::RandomGraph(random, 10);
    const GraphDifference difference = Difference(before, after);
    Picture picture = picture_of(before);
    for (const auto& [from, to, soft] : difference.removed_edges) {
      const auto found = picture.find({from, to});
      REQUIRE(found != picture.end());
      REQUIRE(found->second == soft);
      picture.erase(found);
    }
    for (const std::string& name : difference.removed_nodes)
      REQUIRE(picture.erase({name, ""}) == 1);
    for (const std::string& name : difference.added_nodes) {
      REQUIRE(picture.insert({{name, ""}, false}).second);
    }
    for (const auto& [from, to, soft] : difference.added_edges) {
      REQUIRE(picture.insert({{from, to}, soft}).second);
    }
    for (const auto& [from, to, soft] : difference.changed_edges) {
      const auto found = picture.find({from, to});
      REQUIRE(found != picture.end());
      REQUIRE(found->second != soft);
      found->second = soft;
    }
    REQUIRE(picture == picture_of(after));
    REQUIRE(difference.empty() == (picture_of(before) == picture_of(after)));
  }
}

}  // namespace
