// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/text.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "stemma/graph/internal/seed.h"

namespace {

using namespace std::string_literals;
using stemma::DependencyGraph;
using stemma::NodeId;
using stemma::ToText;
using Declarations = std::vector<DependencyGraph::Declaration>;

DependencyGraph Make(Declarations declarations) {
  return DependencyGraph::Create(std::move(declarations)).value();
}

const Declarations kService = {
    {.name = "api", .dependencies = {"cache", "db"}, .soft_dependencies = {"metrics"}},
    {.name = "cache", .dependencies = {"db"}, .soft_dependencies = {"metrics"}},
    {.name = "db"},
    {.name = "metrics"},
    {.name = "cron", .dependencies = {"cache"}}};

Declarations Chain(NodeId size) {
  Declarations declarations(size);
  for (NodeId id = 0; id < size; ++id) {
    declarations[id].name = "n" + std::to_string(id);
    if (id + 1 < size) declarations[id].dependencies = {"n" + std::to_string(id + 1)};
  }
  return declarations;
}

TEST_CASE("a tree begins at each node that nobody depends on, and draws each node once",
          "[graph][text]") {
  CHECK(ToText(Make(kService)) ==
        "api\n"
        "├── cache\n"
        "│   ├── db\n"
        "│   └╌╌ metrics\n"
        "├── db (*)\n"
        "└╌╌ metrics (*)\n"
        "cron\n"
        "└── cache (*)\n");
}

TEST_CASE("the same in ASCII", "[graph][text]") {
  CHECK(ToText(Make(kService), {.ascii = true}) ==
        "api\n"
        "|-- cache\n"
        "|   |-- db\n"
        "|   `.. metrics\n"
        "|-- db (*)\n"
        "`.. metrics (*)\n"
        "cron\n"
        "`-- cache (*)\n");
}

TEST_CASE("annotations stand in a column, beside the node and not beside its mentions",
          "[graph][text]") {
  const DependencyGraph graph = Make(kService);
  const auto annotation = [&](NodeId id) {
    return graph.name(id) == "db" ? "" : "state of " + graph.name(id);
  };
  CHECK(ToText(graph, {.annotation = annotation}) ==
        "api              state of api\n"
        "├── cache        state of cache\n"
        "│   ├── db\n"
        "│   └╌╌ metrics  state of metrics\n"
        "├── db (*)\n"
        "└╌╌ metrics (*)\n"
        "cron             state of cron\n"
        "└── cache (*)\n");
}

TEST_CASE("a heading stands above the annotations", "[graph][text]") {
  const DependencyGraph graph = Make({{.name = "api", .dependencies = {"db"}}, {.name = "db"}});
  CHECK(ToText(graph, {.annotation = [](NodeId) { return "ready"; }, .heading = "state"}) ==
        "        state\n"
        "api     ready\n"
        "└── db  ready\n");
  CHECK(ToText(DependencyGraph(), {.heading = "state"}).empty());
}

TEST_CASE("one long name does not move the column of all", "[graph][text]") {
  const std::string longest(100, 'x');
  const DependencyGraph graph = Make({{.name = longest}, {.name = "db"}});
  CHECK(ToText(graph, {.annotation = [](NodeId) { return "ready"; }}) ==
        longest + "  ready\n" + "db" + std::string(60, ' ') + "ready\n");
}

TEST_CASE("the empty graph is the empty string", "[graph][text]") {
  CHECK(ToText(DependencyGraph()).empty());
}

TEST_CASE("nothing in a name or an annotation acts on the terminal", "[graph][text]") {
  const DependencyGraph graph = Make({{.name = "a\n\x1b[31mb\u202Ec\0d"s}});
  CHECK(ToText(graph, {.annotation = [](NodeId) { return "\x1b[2J\u2067\xff"; }}) ==
        R"(a\n\x1b[31mb\u{202e}c\x00d  \x1b[2J\u{2067}\xff)"
        "\n");
}

TEST_CASE("what is too deep is drawn below, from the left margin", "[graph][text]") {
  CHECK(ToText(Make(Chain(6)), {.max_depth = 2}) ==
        "n0\n"
        "└── n1\n"
        "    └── n2 (v)\n"
        "n2\n"
        "└── n3\n"
        "    └── n4 (v)\n"
        "n4\n"
        "└── n5\n");
  CHECK(ToText(Make(Chain(3)), {.max_depth = 0}) ==
        "n0\n"
        "└── n1 (v)\n"
        "n1\n"
        "└── n2\n");
}

TEST_CASE("what was too deep is drawn where it comes next, if that is not too deep",
          "[graph][text]") {
  Declarations declarations = Chain(4);
  declarations.push_back({.name = "other", .dependencies = {"n2"}});
  CHECK(ToText(Make(declarations), {.max_depth = 2}) ==
        "n0\n"
        "└── n1\n"
        "    └── n2 (v)\n"
        "other\n"
        "└── n2\n"
        "    └── n3\n");
}

TEST_CASE("a chain of a hundred thousand nodes is drawn in proportion to its length",
          "[graph][text]") {
  const std::string text = ToText(Make(Chain(100'000)));
  CHECK(text.ends_with("n99999\n"));
  CHECK(text.size() < 100 * 100'000);
}

// One line of a drawing, taken apart.
struct Line {
  std::size_t depth = 0;
  bool is_soft = false;
  std::string name, mark;
};

Line Parse(std::string line) {
  Line parsed;
  for (; line.starts_with("|   ") || line.starts_with("    "); line.erase(0, 4)) ++parsed.depth;
  if (line.starts_with("|") || line.starts_with("`")) {
    ++parsed.depth;
    parsed.is_soft = line[1] == '.';
    line.erase(0, 4);
  }
  std::istringstream(line) >> parsed.name >> parsed.mark;
  return parsed;
}

TEST_CASE("random graphs: the drawing has every node once, every edge once, and nothing else",
          "[graph][text]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  using Edges = std::set<std::tuple<std::string, std::string, bool>>;
  for (int round = 0; round < 1'000; ++round) {
    const std::size_t size = random() % 12, max_depth = 1 + random() % 5;
    Declarations declarations(size);
    Edges edges;
    for (std::size_t i = 0; i < size; ++i) {
      declarations[i].name = "n" + std::to_string(i);
      for (std::size_t j = 0; j < size; ++j) {
        // Without a cycle: from a lesser remainder to a greater.
        if ((i * 7) % 12 >= (j * 7) % 12 || random() % 3 != 0) continue;
        const bool is_soft = random() % 4 == 0;
        const std::string to = "n" + std::to_string(j);
        (is_soft ? declarations[i].soft_dependencies : declarations[i].dependencies).push_back(to);
        edges.insert({declarations[i].name, to, is_soft});
      }
    }
    const std::string text = ToText(Make(declarations), {.ascii = true, .max_depth = max_depth});
    INFO("max_depth " << max_depth << "\n" << text);
    std::istringstream lines(text);
    std::set<std::string> drawn, postponed;
    Edges found;
    std::vector<std::string> path;
    for (std::string line; std::getline(lines, line);) {
      const Line parsed = Parse(line);
      REQUIRE(parsed.depth <= std::min(path.size(), max_depth));
      path.resize(parsed.depth);
      if (!path.empty()) REQUIRE(found.insert({path.back(), parsed.name, parsed.is_soft}).second);
      path.push_back(parsed.name);
      if (parsed.mark == "(*)") {
        REQUIRE(drawn.contains(parsed.name));
      } else if (parsed.mark == "(v)") {
        REQUIRE(!drawn.contains(parsed.name));
        postponed.insert(parsed.name);
      } else {
        REQUIRE(parsed.mark.empty());
        REQUIRE(drawn.insert(parsed.name).second);
      }
    }
    REQUIRE(drawn.size() == size);
    REQUIRE(found == edges);
    REQUIRE(std::includes(drawn.begin(), drawn.end(), postponed.begin(), postponed.end()));
  }
}

}  // namespace
