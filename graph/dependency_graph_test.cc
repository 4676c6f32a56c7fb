// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/dependency_graph.h"

#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace {

using stemma::DependencyGraph;
using stemma::NodeId;
using Declarations = std::vector<DependencyGraph::Declaration>;
using Names = std::vector<std::string>;

DependencyGraph Make(Declarations declarations) {
  absl::StatusOr<DependencyGraph> graph = DependencyGraph::Create(std::move(declarations));
  INFO(graph.status().ToString());
  REQUIRE(graph.ok());
  return *std::move(graph);
}

Names NamesOf(const DependencyGraph& graph, std::span<const NodeId> ids) {
  Names names;
  for (NodeId id : ids) names.push_back(graph.name(id));
  return names;
}

Names Problems(const Declarations& declarations) {
  Names texts;
  for (const DependencyGraph::Problem& problem : DependencyGraph::Problems(declarations)) {
    texts.push_back(problem.text);
  }
  return texts;
}

std::vector<Names> WavesOf(const DependencyGraph& graph) {
  std::vector<Names> waves;
  for (const std::vector<NodeId>& wave : graph.Waves()) waves.push_back(NamesOf(graph, wave));
  return waves;
}

Names AncestorsOf(const DependencyGraph& graph, std::string_view name) {
  return NamesOf(graph, graph.Ancestors(graph.Find(name).value()));
}

Names DescendantsOf(const DependencyGraph& graph, std::string_view name) {
  return NamesOf(graph, graph.Descendants(graph.Find(name).value()));
}

const Declarations kChain = {
    {.name = "a", .dependencies = {"b"}}, {.name = "b", .dependencies = {"c"}}, {.name = "c"}};

const Declarations kDiamond = {{.name = "top", .dependencies = {"right", "left"}},
                               {.name = "left", .dependencies = {"bottom"}},
                               {.name = "right", .dependencies = {"bottom"}},
                               {.name = "bottom"}};

// Two dependencies, three dependents: the one in the middle depends on both.
const Declarations kM = {{.name = "p"},
                         {.name = "q"},
                         {.name = "x", .dependencies = {"p"}},
                         {.name = "y", .dependencies = {"p", "q"}},
                         {.name = "z", .dependencies = {"q"}}};

TEST_CASE("the empty graph is fine", "[graph][S1]") {
  for (const DependencyGraph& graph : {Make({}), DependencyGraph()}) {
    CHECK(graph.size() == 0);
    CHECK(graph.edge_count() == 0);
    CHECK(graph.names().empty());
    CHECK(graph.Find("") == std::nullopt);
    CHECK(graph.StartOrder().empty());
    CHECK(graph.StopOrder().empty());
    CHECK(graph.Waves().empty());
    CHECK(graph.Ancestors(std::vector<NodeId>()).empty());
  }
}

TEST_CASE("an id is the position of the declaration", "[graph]") {
  const DependencyGraph graph = Make(kDiamond);
  CHECK(graph.size() == 4);
  CHECK(graph.edge_count() == 4);
  CHECK(Names(graph.names().begin(), graph.names().end()) ==
        Names{"top", "left", "right", "bottom"});
  for (NodeId id = 0; id < graph.size(); ++id) CHECK(graph.Find(graph.name(id)) == id);
  CHECK(graph.Find("Top") == std::nullopt);
  CHECK(graph.Find("") == std::nullopt);
}

TEST_CASE("chain: one after the other", "[graph]") {
  const DependencyGraph graph = Make(kChain);
  CHECK(NamesOf(graph, graph.Dependencies(0)) == Names{"b"});
  CHECK(NamesOf(graph, graph.Dependents(1)) == Names{"a"});
  CHECK(AncestorsOf(graph, "a") == Names{"b", "c"});
  CHECK(AncestorsOf(graph, "c").empty());
  CHECK(DescendantsOf(graph, "c") == Names{"a", "b"});
  CHECK(DescendantsOf(graph, "a").empty());
  CHECK(NamesOf(graph, graph.StartOrder()) == Names{"c", "b", "a"});
  CHECK(NamesOf(graph, graph.StopOrder()) == Names{"a", "b", "c"});
  CHECK(WavesOf(graph) == std::vector<Names>{{"c"}, {"b"}, {"a"}});
}

TEST_CASE("diamond: the two sides are in one wave, and nothing is named twice", "[graph]") {
  const DependencyGraph graph = Make(kDiamond);
  CHECK(NamesOf(graph, graph.Dependencies(0)) ==
        Names{"left", "right"});  // ascending, not as declared
  CHECK(NamesOf(graph, graph.Dependents(3)) == Names{"left", "right"});
  CHECK(AncestorsOf(graph, "top") == Names{"left", "right", "bottom"});
  CHECK(DescendantsOf(graph, "bottom") == Names{"top", "left", "right"});
  CHECK(NamesOf(graph, graph.StartOrder()) == Names{"bottom", "left", "right", "top"});
  CHECK(WavesOf(graph) == std::vector<Names>{{"bottom"}, {"left", "right"}, {"top"}});
}

TEST_CASE("M: descendants of the ancestors reach further than the node's own", "[graph]") {
  const DependencyGraph graph = Make(kM);
  CHECK(AncestorsOf(graph, "y") == Names{"p", "q"});
  CHECK(DescendantsOf(graph, "p") == Names{"x", "y"});
  CHECK(NamesOf(graph, graph.Descendants(graph.Ancestors(3))) == Names{"x", "y", "z"});
  CHECK(WavesOf(graph) == std::vector<Names>{{"p", "q"}, {"x", "y", "z"}});
}

TEST_CASE("star: everyone depends on the hub", "[graph]") {
  const DependencyGraph graph = Make({{.name = "ray1", .dependencies = {"hub"}},
                                      {.name = "hub"},
                                      {.name = "ray2", .dependencies = {"hub"}},
                                      {.name = "ray3", .dependencies = {"hub"}}});
  CHECK(DescendantsOf(graph, "hub") == Names{"ray1", "ray2", "ray3"});
  CHECK(NamesOf(graph, graph.StartOrder()) == Names{"hub", "ray1", "ray2", "ray3"});
  CHECK(WavesOf(graph) == std::vector<Names>{{"hub"}, {"ray1", "ray2", "ray3"}});
}

TEST_CASE("two components: neither knows the other, the orders follow declaration", "[graph]") {
  const DependencyGraph graph = Make({{.name = "a", .dependencies = {"b"}},
                                      {.name = "x", .dependencies = {"y"}},
                                      {.name = "y"},
                                      {.name = "b"}});
  CHECK(AncestorsOf(graph, "a") == Names{"b"});
  CHECK(DescendantsOf(graph, "y") == Names{"x"});
  CHECK(NamesOf(graph, graph.StartOrder()) == Names{"y", "x", "b", "a"});
  CHECK(WavesOf(graph) == std::vector<Names>{{"y", "b"}, {"a", "x"}});
}

TEST_CASE("of several nodes it is the union, with those that are another's", "[graph]") {
  const DependencyGraph graph = Make(kChain);
  CHECK(NamesOf(graph, graph.Ancestors(std::vector<NodeId>{0, 1})) == Names{"b", "c"});
  CHECK(NamesOf(graph, graph.Descendants(std::vector<NodeId>{1, 2, 2})) == Names{"a", "b"});
  CHECK(graph.Descendants(std::vector<NodeId>()).empty());
}

TEST_CASE("soft dependencies order and do not bind", "[graph][S20]") {
  const DependencyGraph graph =
      Make({{.name = "api", .dependencies = {"db"}, .soft_dependencies = {"metrics"}},
            {.name = "db"},
            {.name = "metrics"}});
  CHECK(graph.edge_count() == 2);
  CHECK(NamesOf(graph, graph.Dependencies(0)) == Names{"db"});
  CHECK(NamesOf(graph, graph.SoftDependencies(0)) == Names{"metrics"});
  CHECK(graph.Dependents(2).empty());
  CHECK(NamesOf(graph, graph.SoftDependents(2)) == Names{"api"});
  CHECK(AncestorsOf(graph, "api") == Names{"db"});
  CHECK(DescendantsOf(graph, "metrics").empty());
  CHECK(NamesOf(graph, graph.StartOrder()) == Names{"db", "metrics", "api"});
  CHECK(WavesOf(graph) == std::vector<Names>{{"db", "metrics"}, {"api"}});
}

TEST_CASE("a wave is counted along the longest path", "[graph]") {
  const DependencyGraph graph = Make({{.name = "c"},
                                      {.name = "a", .dependencies = {"c", "b"}},
                                      {.name = "b", .soft_dependencies = {"c"}}});
  CHECK(WavesOf(graph) == std::vector<Names>{{"c"}, {"b"}, {"a"}});
}

TEST_CASE("a copy and a moved graph answer as the first did", "[graph]") {
  DependencyGraph first = Make(kDiamond);
  const DependencyGraph copy = first;
  const DependencyGraph moved = std::move(first);
  for (const DependencyGraph& graph : {copy, moved}) {
    CHECK(graph.Find("bottom") == NodeId{3});
    CHECK(DescendantsOf(graph, "bottom") == Names{"top", "left", "right"});
    CHECK(NamesOf(graph, graph.StartOrder()) == Names{"bottom", "left", "right", "top"});
  }
}

TEST_CASE("a cycle is refused with its full path", "[graph][S1]") {
  CHECK(Problems({{.name = "b", .dependencies = {"c"}},
                  {.name = "a", .dependencies = {"b"}},
                  {.name = "c", .dependencies = {"a"}}}) == Names{"cycle: b -> c -> a -> b"});
  CHECK(Problems({{.name = "a", .dependencies = {"b"}}, {.name = "b", .dependencies = {"a"}}}) ==
        Names{"cycle: a -> b -> a"});
}

TEST_CASE("soft dependencies make cycles too, and are named as soft", "[graph][S1][S20]") {
  CHECK(Problems({{.name = "a", .soft_dependencies = {"b"}},
                  {.name = "b", .dependencies = {"c"}},
                  {.name = "c", .soft_dependencies = {"a"}}}) ==
        Names{"cycle: a -> b -> c -> a; soft: a -> b, c -> a"});
}

TEST_CASE("each tangle is one problem, with a shortest cycle", "[graph][S1]") {
  CHECK(Problems({{.name = "a", .dependencies = {"b"}},
                  {.name = "b", .dependencies = {"c"}},
                  {.name = "c", .dependencies = {"a", "d"}},
                  {.name = "d", .dependencies = {"c"}},
                  {.name = "x", .dependencies = {"y", "a"}},
                  {.name = "y", .dependencies = {"x"}}}) ==
        Names{"cycle: c -> d -> c", "cycle: x -> y -> x"});
}

TEST_CASE("an unknown dependency is refused with the nearest known name", "[graph][S1]") {
  CHECK(Problems({{.name = "api", .dependencies = {"bd"}}, {.name = "db"}}) ==
        Names{"'api' has the unknown dependency 'bd'; did you mean 'db'?"});
  CHECK(Problems({{.name = "api", .soft_dependencies = {"metric"}}, {.name = "metrics"}}) ==
        Names{"'api' has the unknown soft dependency 'metric'; did you mean 'metrics'?"});
}

TEST_CASE("an unknown dependency that is near to nothing is refused without a guess",
          "[graph][S1]") {
  CHECK(Problems({{.name = "api", .dependencies = {"listener"}}, {.name = "db"}}) ==
        Names{"'api' has the unknown dependency 'listener'"});
  // A node is never told to depend on itself.
  CHECK(Problems({{.name = "store", .dependencies = {"stores"}}}) ==
        Names{"'store' has the unknown dependency 'stores'"});
}

TEST_CASE("a node that depends on itself is refused", "[graph][S1]") {
  CHECK(Problems({{.name = "a", .dependencies = {"a"}}}) == Names{"'a' depends on itself"});
  CHECK(Problems({{.name = "a", .soft_dependencies = {"a"}}}) == Names{"'a' depends on itself"});
}

TEST_CASE("an edge given twice is refused once", "[graph][S1]") {
  CHECK(Problems({{.name = "a", .dependencies = {"b", "b", "b"}}, {.name = "b"}}) ==
        Names{"'a' has the dependency 'b' twice"});
  CHECK(Problems({{.name = "a", .soft_dependencies = {"b", "b"}}, {.name = "b"}}) ==
        Names{"'a' has the soft dependency 'b' twice"});
}

TEST_CASE("an edge both hard and soft is refused", "[graph][S1]") {
  CHECK(
      Problems({{.name = "a", .dependencies = {"b"}, .soft_dependencies = {"b"}}, {.name = "b"}}) ==
      Names{"'a' has 'b' both as a dependency and as a soft dependency; keep one"});
}

TEST_CASE("an empty name and a name declared twice are refused", "[graph][S1]") {
  CHECK(Problems({{.name = "a"}, {.name = ""}}) ==
        Names{"node 1 (counting from 0) has an empty name"});
  CHECK(Problems({{.name = "a"}, {.name = "b"}, {.name = "a"}}) ==
        Names{"the name 'a' is declared twice: by node 0 and by node 2 (counting from 0)"});
  CHECK(
      Problems({{.name = "", .dependencies = {""}}}) ==
      Names{"node 0 (counting from 0) has an empty name", "node 0 has the unknown dependency ''"});
}

TEST_CASE("all the problems are in one error, one on each line", "[graph][S1]") {
  const Declarations declarations = {{.name = "a", .dependencies = {"b", "b"}},
                                     {.name = "b", .dependencies = {"a", "x\ny"}},
                                     {.name = "b"},
                                     {.name = "c", .dependencies = {"c"}}};
  const absl::StatusOr<DependencyGraph> graph = DependencyGraph::Create(declarations);
  REQUIRE(graph.status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(std::string(graph.status().message()) ==
        "the name 'b' is declared twice: by node 1 and by node 2 (counting from 0)\n"
        "'a' has the dependency 'b' twice\n"
        "'b' has the unknown dependency 'x\\ny'\n"
        "'c' depends on itself\n"
        "cycle: a -> b -> a");
}

TEST_CASE("a problem tells the node where to look", "[graph][S1]") {
  std::vector<NodeId> nodes;
  for (const DependencyGraph::Problem& problem :
       DependencyGraph::Problems({{.name = "fine"},
                                  {.name = "a", .dependencies = {"b"}},
                                  {.name = "b", .dependencies = {"a", "x"}},
                                  {.name = "fine"},
                                  {.name = ""}})) {
    nodes.push_back(problem.node);
  }
  // Of the name declared twice the second, the empty name, the unknown 'x', the cycle's first.
  CHECK(nodes == std::vector<NodeId>{3, 4, 2, 1});
}

TEST_CASE("a graph that is fine has no problems", "[graph][S1]") {
  for (const Declarations& declarations : {kChain, kDiamond, kM})
    CHECK(Problems(declarations).empty());
}

TEST_CASE("a chain of a million nodes does not overflow the stack", "[graph]") {
  constexpr NodeId kSize = 1'000'000;
  Declarations declarations(kSize);
  for (NodeId id = 0; id < kSize; ++id) {
    declarations[id].name = std::to_string(id);
    if (id + 1 < kSize) declarations[id].dependencies = {std::to_string(id + 1)};
  }
  const DependencyGraph graph = Make(std::move(declarations));
  CHECK(graph.StartOrder().front() == kSize - 1);
  CHECK(graph.StopOrder().front() == 0);
  CHECK(graph.Ancestors(0).size() == kSize - 1);
  CHECK(graph.Descendants(kSize - 1).size() == kSize - 1);
  CHECK(graph.Waves().size() == kSize);
}

TEST_CASE("a hundred thousand nodes with four hundred thousand unknown dependencies are refused",
          "[graph][S1]") {
  constexpr NodeId kSize = 100'000;
  Declarations declarations(kSize);
  for (NodeId id = 0; id < kSize; ++id) {
    declarations[id].name = "component-" + std::to_string(id);
    for (const char* end : {"a", "b", "c", "d"})
      declarations[id].dependencies.push_back(declarations[id].name + end);
  }
  const Names problems = Problems(declarations);  // to compare them all: 4 * 10^10
  CHECK(problems.size() == 4 * kSize);
  CHECK(problems.front() ==
        "'component-0' has the unknown dependency 'component-0a'; did you mean 'component-1'?");
  CHECK(problems.back() == "'component-99999' has the unknown dependency 'component-99999d'");
}

}  // namespace
