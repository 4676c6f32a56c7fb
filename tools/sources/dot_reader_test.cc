// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/dot_reader.h"

#include <stdlib.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <random>
#include <string>
#include <vector>

#include "stemma/graph/dot.h"
#include "stemma/graph/internal/seed.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;
using Lines = std::vector<std::string>;

GraphReading Read(const std::string& dot) {
  absl::StatusOr<GraphReading> reading = ReadDot(dot);
  INFO(reading.status().message());
  REQUIRE(reading.ok());
  return *std::move(reading);
}

// The nodes, each as "name: dependency dependency ~soft".
Lines NodesOf(const std::string& dot) {
  const GraphReading reading = Read(dot);
  for (const SourceProblem& problem : reading.problems) UNSCOPED_INFO(problem.text);
  REQUIRE(reading.nodes.has_value());
  Lines lines;
  for (const Node& node : *reading.nodes) {
    std::string& line = lines.emplace_back(node.name + ":");
    for (const std::string& dependency : node.dependencies) line += " " + dependency;
    for (const std::string& dependency : node.soft_dependencies) line += " ~" + dependency;
  }
  return lines;
}

Lines ProblemsOf(const std::string& dot) {
  Lines lines;
  for (const SourceProblem& problem : Read(dot).problems) lines.push_back(problem.text);
  return lines;
}

TEST_CASE("DOT is known by its first words", "[tools]") {
  for (const char* const text :
       {"digraph{}", "graph g {", "strict digraph \"a \\\" {\" {", "DiGraph G{a->b}",
        "\xEF\xBB\xBF"
        "digraph {}",
        "/* graph */ // strict\n# x\n strict\n graph/**/{", "digraph", "digraph g",
        "strict graph"}) {
    INFO(text);
    CHECK(IsDot(text));
  }
  for (const char* const text :
       {"", "a -> b", "graph store\nlog graph\n", "graph", "graph -> store", "digraph -> store",
        "subgraph {}", "//a:b //c:d\n", "/*", "strict mode\n", "\"digraph\" {"}) {
    INFO(text);
    CHECK_FALSE(IsDot(text));
  }
}

TEST_CASE("an arrow goes from the dependent to its dependency, the same edge counts once",
          "[tools]") {
  CHECK(NodesOf("digraph { b -> c; a -> b -> c; a -> { b c }; d }") ==
        Lines{"b: c", "c:", "a: b c", "d:"});
  CHECK(NodesOf("digraph {}").empty());
}

TEST_CASE("ports, clusters and looks are left out", "[tools]") {
  CHECK(NodesOf(R"(strict digraph "my graph" {
    node [shape=record, style=filled];
    subgraph cluster_a { label="A"; a:out:n -> b:in [style=dashed, color=red]; }
    subgraph b { b; }  /* has the name of a node */
  })") == Lines{"a: b", "b:"});
}

TEST_CASE("a node is called by its label, if that is one and no other node's", "[tools]") {
  CHECK(NodesOf(R"dot(digraph g {
    "[root] x (expand)" [label="x", shape=box];
    node0 [label="lib\n(ns::lib)"]; node1 [label="  app\l"];
    t1 [label="twice"]; t2 [label="twice"]; node2 [label="t1"];
    none [label=""]; same; self [label="self"]; whole [label="<\N> of \G"];
    record [label="{a|<p> b}"]; html [label=<<b>bold</b><br/>>];
    entity [label="a &amp; b &lt;T&gt; \"q\" c\\d"];
    node0 -> node1;
  })dot") == Lines{"x:", "lib: app", "app:", "t1:", "t2:", "node2:", "none:", "same:", "self:",
                   "<whole> of g:", "record:", "html:", "a & b <T> \"q\" c\\d:"});
}

TEST_CASE("an undirected edge is read from left to right, and a note says so", "[tools]") {
  const GraphReading reading = Read("graph { b; a -- b }");
  REQUIRE(reading.nodes.has_value());
  CHECK(reading.graph.edge_count() == 1);
  CHECK(reading.nodes->back().dependencies == Lines{"b"});
  REQUIRE(reading.notes.size() == 1);
  CHECK(reading.notes.front().text ==
        "this graph has no directions: a -- b is read as 'a depends on b'");
  CHECK(Read("digraph { a -> b }").notes.empty());
}

TEST_CASE("a legend is left out, and a note says so", "[tools]") {
  const std::string legend = "subgraph clusterLegend { l0 -> l1; l2 } ";
  CHECK(NodesOf("digraph { " + legend + "a -> b }") == Lines{"a: b", "b:"});
  CHECK(Read("digraph { " + legend + "}").notes.front().text ==
        "the legend is left out: 3 nodes that no other is connected to");
  CHECK(NodesOf("digraph { " + legend + "a -> l0 }") == Lines{"l0: l1", "l1:", "l2:", "a: l0"});
  CHECK(NodesOf("digraph { subgraph cluster_x { l0 -> l1 } }") == Lines{"l0: l1", "l1:"});
}

TEST_CASE("cycles and edges from a node to itself are told", "[tools][S1]") {
  CHECK(ProblemsOf("digraph { x -> a -> b -> c -> d -> a; c -> a; x -> x }") ==
        Lines{"'x' depends on itself", "cycle: a -> b -> c -> a"});
}

TEST_CASE("what Graphviz cannot read is told with its line", "[tools]") {
  const GraphReading reading = Read("digraph {\n  a -> b\n  } }\n");
  CHECK_FALSE(reading.nodes.has_value());
  REQUIRE(reading.problems.size() == 1);
  CHECK(reading.problems.front().text == "Graphviz: syntax error in line 3 near '}'");
  REQUIRE(reading.problems.front().place.has_value());
  CHECK(reading.problems.front().place->line == 3);

  for (const char* const torn :
       {"digraph", "digraph {", "digraph { a [label=\"x", "strict graph g"}) {
    INFO(torn);
    CHECK_FALSE(Read(torn).nodes.has_value());
  }
}

TEST_CASE("several graphs at once are refused", "[tools]") {
  CHECK(ProblemsOf("digraph { a }\ndigraph { b }\n") ==
        Lines{"there is more than one graph in it: give them one by one"});
}

TEST_CASE("without Graphviz the user is told what to install", "[tools]") {
  const std::string path = getenv("PATH");
  setenv("PATH", "/nonexistent", 1);
  const absl::Status status = ReadDot("digraph {}").status();
  setenv("PATH", path.c_str(), 1);
  CHECK(status.code() == absl::StatusCode::kUnavailable);
  CHECK_THAT(std::string(status.message()), ContainsSubstring("apt-get install graphviz"));
}

TEST_CASE("names that are not plain text arrive", "[tools]") {
  CHECK(NodesOf("digraph { \"a\x01z\" -> \"gr\xf6\xdf"
                "e\"; \"\u202e<script>\" }") ==
        Lines{"a\x01z: größe", "größe:", "\u202e<script>:"});
}

TEST_CASE("a layout that the graph asks for is not made", "[tools]") {
  std::string dot = "digraph { layout=dot;\n";
  for (int i = 0; i < 60; ++i) {
    for (int j = 0; j < 60; ++j) dot += "a" + std::to_string(i) + " -> b" + std::to_string(j) + ";";
  }
  CHECK(Read(dot + "}").graph.edge_count() == 3600);  // laid out it takes minutes
}

TEST_CASE("what ToDot has written is read back: names, hard and soft edges", "[tools][S20]") {
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  const auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  const Lines pieces = {"a", "n0",  "\\",  "\"", "&", "&amp;", "<", "<b>", "|",    "{",
                        "}", "\\N", "\\n", " ",  "ü", "->",    "#", "x|y", "twice"};
  for (int round = 0; round < 20; ++round) {
    std::vector<DependencyGraph::Declaration> declarations;
    for (std::size_t i = 0; i < 12; ++i) {
      DependencyGraph::Declaration& declaration = declarations.emplace_back();
      for (std::size_t k = below(4); k > 0; --k) declaration.name += pieces[below(pieces.size())];
      declaration.name += "." + std::to_string(i);
      for (std::size_t j = 0; j < i; ++j) {
        const std::size_t choice = below(6);
        if (choice == 0) declaration.dependencies.push_back(declarations[j].name);
        if (choice == 1) declaration.soft_dependencies.push_back(declarations[j].name);
      }
    }
    const auto graph = DependencyGraph::Create(declarations);
    REQUIRE(graph.ok());
    const std::string dot = ToDot(*graph, {.attributes = [](NodeId id) {
      return DotAttributes{.extra_label = id % 2 == 0 ? "shutdown\nmore" : "", .style = "filled"};
    }});
    INFO(dot);
    const GraphReading reading = Read(dot);
    REQUIRE(reading.problems.empty());
    const std::vector<DependencyGraph::Declaration> read = reading.graph.Declarations();
    const std::vector<DependencyGraph::Declaration> expected = graph->Declarations();
    REQUIRE(read.size() == expected.size());
    for (std::size_t i = 0; i < read.size(); ++i) {
      CHECK(read[i].name == expected[i].name);
      CHECK(read[i].dependencies == expected[i].dependencies);
      CHECK(read[i].soft_dependencies == expected[i].soft_dependencies);
    }
  }
}

TEST_CASE("whatever is in the place of Graphviz's JSON, nothing breaks", "[tools]") {
  const std::string json = R"({"name": "stemma", "directed": false, "_subgraph_cnt": 1,
    "objects": [{"name": "c", "_gvid": 0}, {"name": "n0", "_gvid": 1, "label": "a\\"},
                {"name": "n1", "_gvid": 2, "label": "&am"}],
    "edges": [{"tail": 1, "head": 2, "style": "dashed"}, {"tail": 2, "head": 9}]})";
  CHECK(ReadDotJson(json).graph.edge_count() == 1);
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  const auto below = [&](std::size_t bound) {
    return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random);
  };
  for (int round = 0; round < 3000; ++round) {
    std::string mutated = json;
    for (std::size_t k = below(4) + 1; k > 0; --k) {
      mutated[below(mutated.size())] = "0-1\"{}[]:,xn\\\xff"[below(15)];
    }
    ReadDotJson(mutated.substr(0, below(10) == 0 ? below(mutated.size()) : mutated.size()));
  }
  for (const char* const odd : {"", "null", "[]", "{}", "{\"objects\": 3, \"edges\": {}}",
                                "{\"_subgraph_cnt\": 99999999999, \"objects\": [{}]}",
                                "{\"_subgraph_cnt\": -1, \"objects\": [[], 1, {}]}"}) {
    ReadDotJson(odd);
  }
}

}  // namespace
}  // namespace stemma::tools
