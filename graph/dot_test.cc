// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/dot.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace std::string_literals;
using stemma::DependencyGraph;
using stemma::DotOptions;
using stemma::NodeId;
using stemma::ToDot;

DependencyGraph Make(std::vector<DependencyGraph::Declaration> declarations) {
  return DependencyGraph::Create(std::move(declarations)).value();
}

// The line of the one node of that name.
std::string NodeLine(const std::string& name, const DotOptions& options = {}) {
  const std::string dot = ToDot(Make({{.name = name}}), options);
  const std::string before = "digraph stemma {\n  node [shape=box];\n  ", after = "\n}\n";
  REQUIRE(dot.starts_with(before));
  REQUIRE(dot.ends_with(after));
  return dot.substr(before.size(), dot.size() - before.size() - after.size());
}

TEST_CASE("an arrow goes from the dependent to its dependency, dashed when soft",
          "[graph][dot][S20]") {
  CHECK(ToDot(Make(
            {{.name = "api", .dependencies = {"db", "cache"}, .soft_dependencies = {"metrics"}},
             {.name = "cache", .dependencies = {"db"}},
             {.name = "db"},
             {.name = "metrics"}})) ==
        "digraph stemma {\n"
        "  node [shape=box];\n"
        "  n0 [label=\"api\"];\n"
        "  n1 [label=\"cache\"];\n"
        "  n2 [label=\"db\"];\n"
        "  n3 [label=\"metrics\"];\n"
        "  n0 -> n1;\n"
        "  n0 -> n2;\n"
        "  n0 -> n3 [style=dashed];\n"
        "  n1 -> n2;\n"
        "}\n");
}

TEST_CASE("the empty graph is a drawing without nodes", "[graph][dot]") {
  CHECK(ToDot(DependencyGraph()) == "digraph stemma {\n  node [shape=box];\n}\n");
}

TEST_CASE("quotes cannot end a label", "[graph][dot][trap30]") {
  CHECK(NodeLine(R"(a"]; n0 -> evil; n9 [label=")") ==
        R"(n0 [label="a\"]; n0 -> evil; n9 [label=\""];)");
}

TEST_CASE("backslashes are shown and begin no escape of a label", "[graph][dot]") {
  CHECK(NodeLine(R"(C:\new\N\G\l)") == R"(n0 [label="C:\\new\\N\\G\\l"];)");
  CHECK(NodeLine(R"(end\)") == R"(n0 [label="end\\"];)");
  CHECK(NodeLine(R"(\")") == R"(n0 [label="\\\""];)");
}

TEST_CASE("ampersands begin no entity", "[graph][dot]") {
  CHECK(NodeLine("R&D &lt;") == R"(n0 [label="R&amp;D &amp;lt;"];)");
}

TEST_CASE("what looks like HTML or DOT is a label like any", "[graph][dot]") {
  CHECK(NodeLine("<b>digraph</b> -> {n1}; // #") ==
        R"(n0 [label="<b>digraph</b> -> {n1}; // #"];)");
}

TEST_CASE("a newline breaks the line of a label", "[graph][dot]") {
  CHECK(NodeLine("one\ntwo\n") == R"(n0 [label="one\ntwo\n"];)");
  CHECK(NodeLine("\n\n") == R"(n0 [label="\n\n"];)");
}

TEST_CASE("control characters and broken UTF-8 are written out", "[graph][dot]") {
  CHECK(NodeLine("a\r\t\x1b[0m\0z"s) == R"(n0 [label="a\\r\\t\\x1b[0m\\x00z"];)");
  CHECK(NodeLine("\u202Ea") == R"(n0 [label="\\u{202e}a"];)");
  CHECK(NodeLine("\xff") == R"(n0 [label="\\xff"];)");
}

TEST_CASE("letters of any script stay as they are", "[graph][dot]") {
  CHECK(NodeLine("éclair 数据库 🦀") == "n0 [label=\"éclair 数据库 🦀\"];");
}

TEST_CASE("a very long name is a label like any", "[graph][dot]") {
  CHECK(NodeLine(std::string(1'000'000, '"')).size() == 2'000'000 + R"(n0 [label=""];)"s.size());
}

TEST_CASE("attributes are shown beside the name, escaped", "[graph][dot]") {
  const auto attributes = [](NodeId) {
    return stemma::DotAttributes{.extra_label = "ready\n\"2 restarts\"",
                                 .style = "filled",
                                 .color = "red\"",
                                 .fill_color = "#ffeeee"};
  };
  CHECK(
      NodeLine("db", {.attributes = attributes}) ==
      R"(n0 [label="db\nready\n\"2 restarts\"", style="filled", color="red\"", fillcolor="#ffeeee"];)");
}

TEST_CASE("each node is asked for its own attributes, once and in order", "[graph][dot]") {
  std::vector<NodeId> asked;
  const DependencyGraph graph = Make({{.name = "a", .dependencies = {"b"}}, {.name = "b"}});
  const std::string dot =
      ToDot(graph, {.attributes = [&](NodeId id) {
              asked.push_back(id);
              return stemma::DotAttributes{.extra_label = id == 0 ? "" : "second"};
            }});
  CHECK(asked == std::vector<NodeId>{0, 1});
  CHECK(dot.find("  n0 [label=\"a\"];\n  n1 [label=\"b\\nsecond\"];\n") != std::string::npos);
}

TEST_CASE("a legend is the label of the graph, and its text is text", "[graph][dot]") {
  const std::string dot =
      ToDot(Make({{.name = "a"}}),
            {.legend_title = "If \"it\" <fails>",
             .legend = {{.sample = "stop & go", .meaning = "it goes", .fill_color = "#fdf3c8"},
                        {.sample = "- - -", .meaning = "soft"}}});
  CHECK(dot ==
        "digraph stemma {\n"
        "  node [shape=box];\n"
        "  n0 [label=\"a\"];\n"
        "  labelloc=b;\n"
        "  labeljust=l;\n"
        "  label=<<table border=\"0\" cellborder=\"0\" cellspacing=\"4\">\n"
        "    <tr><td colspan=\"2\" align=\"left\">If &quot;it&quot; &lt;fails&gt;</td></tr>\n"
        "    <tr><td border=\"1\" style=\"rounded\" bgcolor=\"#fdf3c8\">stop &amp; go</td>"
        "<td align=\"left\">it goes</td></tr>\n"
        "    <tr><td>- - -</td><td align=\"left\">soft</td></tr>\n"
        "  </table>>;\n"
        "}\n");
}

}  // namespace
