// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/mermaid.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;

DependencyGraph Make(std::vector<DependencyGraph::Declaration> declarations) {
  return DependencyGraph::Create(std::move(declarations)).value();
}

// The first line of the label of the only node, as it is written.
std::string LabelOf(const std::string& name) {
  const std::string text = ToMermaid(Make({{.name = name}}), {.nodes = {Look()}});
  constexpr std::string_view kBefore = "flowchart TD\n  n0[\"", kAfter = "\"]\n";
  REQUIRE(text.starts_with(kBefore));
  REQUIRE(text.ends_with(kAfter));
  return text.substr(kBefore.size(), text.size() - kBefore.size() - kAfter.size());
}

constexpr int kSpaceWithoutWidth = 8203;

// What Mermaid shows of it: #60; is a character by its number.
std::string Shown(std::string_view label) {
  std::string shown;
  while (!label.empty()) {
    const std::size_t end = label.front() == '#' ? label.find(';') : std::string_view::npos;
    if (end == std::string_view::npos) {
      shown += label.front();
      label.remove_prefix(1);
    } else {
      const int character = std::stoi(std::string(label.substr(1, end - 1)));
      if (character != kSpaceWithoutWidth) shown += static_cast<char>(character);
      label.remove_prefix(end + 1);
    }
  }
  return shown;
}

TEST_CASE("an arrow goes from the dependent to its dependency, dotted when soft",
          "[tools][mermaid][S20]") {
  const DependencyGraph graph = Make({{"api", {"db"}, {"log"}}, {"db"}, {"log"}});
  CHECK(ToMermaid(graph, {.nodes = std::vector<Look>(3)}) ==
        "flowchart TD\n"
        "  n0[\"api\"]\n"
        "  n1[\"db\"]\n"
        "  n2[\"log\"]\n"
        "  n0 --> n1\n"
        "  n0 -.-> n2\n");
}

TEST_CASE("each look is a class, and a legend tells what it means", "[tools][mermaid]") {
  const Look stop = {.word = "stop", .symbol = "■", .color = "#fdf3c8"};
  const Look cycle = {.members = 3};
  const std::string text =
      ToMermaid(Make({{"api", {}, {"db"}}, {"db"}}),
                {.nodes = {stop, cycle},
                 .legend_title = "If a node fails",
                 .legend = {{.look = stop, .meaning = "its descendants go down, too"},
                            {.look = cycle, .meaning = "nodes in a cycle, as one"},
                            {.sample = LegendRow::Sample::kSoftEdge, .meaning = "soft"}}});
  CHECK(text ==
        "flowchart TD\n"
        "  n0[\"api<br/>■ stop\"]\n"
        "  n1[\"db<br/>cycle of 3\"]\n"
        "  n0 -.-> n1\n"
        "  legend[\"If a node fails<br/>■ stop#58; its descendants go down, too"
        "<br/>cycle#58; nodes in a cycle, as one<br/>····▸#58; soft\"]\n"
        "  n1 ~~~ legend\n"
        "  style legend fill:none,stroke:#aaaaaa,text-align:left\n"
        "  classDef cycle fill:white,stroke:#555555,color:#17202c,stroke-width:3px\n"
        "  class n1 cycle\n"
        "  classDef is_stop fill:#fdf3c8,stroke:#555555,color:#17202c\n"
        "  class n0 is_stop\n");
}

TEST_CASE("nothing in a name means anything to Mermaid or HTML", "[tools][mermaid][trap30]") {
  for (const std::string name :
       {"\"]; n0 --> evil[\"", "<script>alert(1)</script>", "&lt;", "#quot;", "#35;", "a\\nb",
        "`**bold**`", "%%{init: {}}%%", "fa:fa-bomb", "$$x^2$$", "end", "1. one", "- item",
        "style a:b#c;", "[[x]]{y}|z|", "click n0 \"javascript:alert(1)\"", "~~~", "@{shape: x}"}) {
    const std::string label = LabelOf(name);
    INFO(name << ": " << label);
    CHECK(Shown(label) == name);
    std::string plain;  // what is left without the codes
    for (std::size_t at = 0; at < label.size(); ++at) {
      if (label[at] == '#')
        at = label.find(';', at);
      else
        plain += label[at];
    }
    CHECK(plain.find_first_of("\"#;<>&`%$:\\[]{}|*_~^=-@!'") == std::string::npos);
  }
}

TEST_CASE("what Mermaid finds even in codes is taken apart", "[tools][mermaid]") {
  CHECK(LabelOf("a\\nb") == "a#92;#8203;nb");
  CHECK(LabelOf("fa:fa-bomb") == "fa#58;#8203;fa#45;bomb");
  CHECK(LabelOf("$$x") == "#36;#8203;#36;x");
}

TEST_CASE("what acts without being seen is written out", "[tools][mermaid]") {
  CHECK(Shown(LabelOf("two\nlines\u202e")) == "two\\nlines\\u{202e}");
  CHECK(LabelOf("数据库 é") == "数据库 é");
}

}  // namespace
}  // namespace stemma::tools
