// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/edge_list.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace stemma::tools {
namespace {

using Lines = std::vector<std::string>;

// The nodes, each as "name: dependency dependency".
Lines NodesOf(const std::string& text) {
  const GraphReading reading = ReadEdgeList(text);
  Lines lines;
  for (const Node& node : reading.nodes.value_or(std::vector<Node>())) {
    std::string& line = lines.emplace_back(node.name + ":");
    for (const std::string& dependency : node.dependencies) absl::StrAppend(&line, " ", dependency);
  }
  return lines;
}

// The problems, each as "line:column: text".
Lines ProblemsOf(const std::string& text) {
  Lines lines;
  for (const SourceProblem& problem : ReadEdgeList(text).problems) {
    REQUIRE(problem.place.has_value());
    lines.push_back(
        absl::StrCat(problem.place->line, ":", problem.place->column, ": ", problem.text));
  }
  return lines;
}

// The one problem of a line, its place without the line.
std::string ProblemOf(const std::string& line) {
  const Lines problems = ProblemsOf(line);
  REQUIRE(problems.size() == 1);
  REQUIRE(problems.front().starts_with("1:"));
  return problems.front().substr(2);
}

TEST_CASE("an edge with an arrow, or without, says that the first depends on the second",
          "[tools]") {
  const Lines expected = {"a: b", "b: c", "c:"};
  CHECK(NodesOf("a b\nb c\n") == expected);
  CHECK(NodesOf("a -> b\nb->c") == expected);
  CHECK(NodesOf("a -> b -> c") == expected);
  CHECK(NodesOf("\ta  b \r\n\r\n  \nb\t->\tc\r\n") == expected);
  CHECK(NodesOf("# a comment\na b  # another -> one\nb c #\n#x y z") == expected);
  CHECK(NodesOf("\xEF\xBB\xBF"
                "a b\nb c\n") == expected);
}

TEST_CASE("nodes stand in the order of their first mention, the same edge counts once", "[tools]") {
  CHECK(NodesOf("z\ny x\nz x\nz y\nz -> x\n") == Lines{"z: x y", "y: x", "x:"});
  const GraphReading reading = ReadEdgeList("z x\nz x\n");
  CHECK(reading.problems.empty());
  CHECK(reading.graph.size() == 2);
  CHECK(reading.graph.edge_count() == 1);
}

TEST_CASE("a plain name may be a label, a version or a path", "[tools]") {
  CHECK(NodesOf("//a:b.c @x//y:z\nweb#build g++-12>=4\na-b\\c größe") ==
        Lines{"//a:b.c: @x//y:z", "@x//y:z:", "web#build: g++-12>=4", "g++-12>=4:", "a-b\\c: größe",
              "größe:"});
}

TEST_CASE("a name in quotes may have anything in it, with the escapes of JSON", "[tools]") {
  CHECK(NodesOf(R"("two words" -> "say \"hi\"\n\u00fc\\"
"#x"->"->"
"a" a)") == Lines{"two words: say \"hi\"\nü\\", "say \"hi\"\nü\\:", "#x: ->", "->:", "a: a"});
}

TEST_CASE("text without edges is a graph without them", "[tools][S1]") {
  CHECK(NodesOf("# nothing yet\n").empty());
  CHECK(ReadEdgeList("").nodes.has_value());
  CHECK(ReadEdgeList("a\nb\n").graph.size() == 2);
}

TEST_CASE("whatever else stands on a line is told with its place", "[tools]") {
  CHECK(ProblemOf("a b c") == "5: expected 'a b' or 'a -> b', found one name more: 'c'");
  CHECK(ProblemOf("größe b\tc d") == "9: expected 'a b' or 'a -> b', found one name more: 'c'");
  CHECK(ProblemOf("a ->") == "5: expected a name after ->");
  CHECK(ProblemOf("a -> # c") == "5: expected a name after ->");
  CHECK(ProblemOf("-> b") == "1: expected a name before ->");
  CHECK(ProblemOf("a -> -> b") == "6: expected a name before ->");
  CHECK(ProblemOf("a b -> c") == "3: expected -> before 'b'");
  CHECK(ProblemOf("a -> b c") == "8: expected -> before 'c'");
  CHECK(ProblemOf("\"a b") == "1: this quote is not closed on its line");
  CHECK(ProblemOf("\"a\\\"") == "1: this quote is not closed on its line");
  CHECK(ProblemOf("\"a\"b") == "4: expected white space or -> after a name in quotes");
  CHECK(ProblemOf("a\"b\"") == "2: a name with a quote in it must be in quotes");
  CHECK(ProblemOf("a \"\"") == "3: a name must not be empty");
  CHECK(ProblemOf("a: b") ==
        "2: expected 'a b' or 'a -> b'; if the name is 'a:', put it in quotes");
  CHECK(ProblemOf("a -> b;") ==
        "7: expected 'a b' or 'a -> b'; if the name is 'b;', put it in quotes");
  CHECK(ProblemOf("a\x01") == "2: a control character must be in quotes");
  CHECK(ProblemOf(std::string("a\0b", 3)) == "2: a control character must be in quotes");
  CHECK(ProblemOf("ab\xff") == "3: expected text in UTF-8");
  CHECK_THAT(ProblemOf("\"\\q\""), Catch::Matchers::ContainsSubstring("syntax error"));
  CHECK_THAT(ProblemOf("\"\xff\""), Catch::Matchers::ContainsSubstring("ill-formed UTF-8"));
}

TEST_CASE("all the lines that cannot be read are told, the first ten one by one", "[tools]") {
  CHECK(ProblemsOf("a b c\nfine too\nx y z\n").size() == 2);
  std::string text;
  for (int i = 0; i < 13; ++i) text += "a b c\n";
  const Lines problems = ProblemsOf(text);
  REQUIRE(problems.size() == 11);
  CHECK(problems.back() == "11:5: and 3 more lines that cannot be read");
  const GraphReading reading = ReadEdgeList(text);
  CHECK_FALSE(reading.nodes.has_value());
  REQUIRE(reading.notes.size() == 1);
  CHECK(reading.notes.front().text ==
        "read as an edge list: it is neither JSON nor Graphviz's DOT");
}

TEST_CASE("an edge from a node to itself is told with its place", "[tools][S1]") {
  CHECK(ProblemsOf("a b\nb c\n  b -> b\n") == Lines{"3:8: 'b' depends on itself"});
  CHECK(ReadEdgeList("a a").nodes.has_value());
}

TEST_CASE("a cycle is told by its shortest path, at the first edge of its first node",
          "[tools][S1]") {
  CHECK(ProblemsOf("x a\na b\nb c\nc d\nd a\nc a\n") == Lines{"2:1: cycle: a -> b -> c -> a"});
  CHECK(ProblemsOf("a b\nb a\nb b\n") ==
        Lines{"1:1: cycle: a -> b -> a", "3:3: 'b' depends on itself"});
}

TEST_CASE("each node and edge has the place of its first mention", "[tools]") {
  const GraphReading reading = ReadEdgeList("# c\nä b\nb -> c -> d\nä c\nä b\n");
  REQUIRE(reading.places.size() == 4);
  const auto shown = [](const Place& place) { return absl::StrCat(place.line, ":", place.column); };
  CHECK(shown(reading.places[0].node) == "2:1");
  CHECK(shown(reading.places[1].node) == "3:1");  // where it depends on another, not 2:3
  CHECK(shown(reading.places[3].node) == "3:11");
  REQUIRE(reading.places[0].dependencies.size() == 2);
  CHECK(shown(reading.places[0].dependencies[0]) == "2:3");
  CHECK(shown(reading.places[0].dependencies[1]) == "4:3");
  CHECK(shown(reading.places[1].dependencies.at(0)) == "3:6");
  CHECK(ReadEdgeList("a a").places.empty());
}

TEST_CASE("a chain of three hundred thousand nodes is read like any other graph", "[tools]") {
  constexpr std::size_t kSize = 300'000;
  std::string text;
  for (std::size_t i = 1; i < kSize; ++i) absl::StrAppend(&text, i - 1, " ", i, "\n");
  const GraphReading reading = ReadEdgeList(text);
  CHECK(reading.problems.empty());
  CHECK(reading.graph.edge_count() == kSize - 1);
}

TEST_CASE("a name of a megabyte is a name", "[tools]") {
  const std::string name(1 << 20, 'x');
  CHECK(NodesOf(name + " b") == Lines{name + ": b", "b:"});
  CHECK(NodesOf("\"" + name + "\" b") == Lines{name + ": b", "b:"});
  CHECK(ProblemOf("a b " + name).size() < 200);
}

}  // namespace
}  // namespace stemma::tools
