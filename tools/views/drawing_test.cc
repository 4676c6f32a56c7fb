// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/drawing.h"

#include <stdlib.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <set>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "stemma/supervisor/manifest.h"
#include "stemma/tools/sources/load.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

// api on db, and softly on log; each with another verdict.
LoadedGraph Service() {
  LoadedGraph loaded = {.label = "service", .is_readable = true};
  loaded.nodes = {
      {.name = "api", .dependencies = {"db"}, .soft_dependencies = {"log"}},
      {.name = "db", .on_error = Always(ErrorHandlingBehavior::kSpinHalt)},
      {.name = "log", .on_error = [](const Failure&) { return ErrorHandlingBehavior::kStop; }}};
  loaded.graph = DependencyGraph::Create({{"api", {"db"}, {"log"}}, {"db"}, {"log"}}).value();
  return loaded;
}

// Names and edges only: n0 on n1, that on n2, and so on.
LoadedGraph Chain(std::size_t size) {
  LoadedGraph loaded = {.label = "chain", .is_readable = true, .has_policies = false};
  std::vector<DependencyGraph::Declaration> declarations(size);
  for (std::size_t i = 0; i < size; ++i) {
    declarations[i].name = "n" + std::to_string(i);
    if (i + 1 < size) declarations[i].dependencies = {"n" + std::to_string(i + 1)};
    loaded.nodes.push_back({.name = declarations[i].name});
  }
  loaded.graph = DependencyGraph::Create(declarations).value();
  return loaded;
}

std::string Drawn(const LoadedGraph& loaded, const DrawingRequest& request) {
  const absl::StatusOr<Drawing> drawing = Draw(loaded, request);
  INFO(drawing.status().message());  // names the package when Graphviz is missing
  REQUIRE(drawing.ok());
  return drawing->content;
}

// While it lives there is no program.
class NoPrograms {
 public:
  NoPrograms() { setenv("PATH", "/nonexistent", 1); }
  ~NoPrograms() { setenv("PATH", path_.c_str(), 1); }
  NoPrograms(const NoPrograms&) = delete;
  NoPrograms& operator=(const NoPrograms&) = delete;

 private:
  const std::string path_ = getenv("PATH");
};

TEST_CASE("a format has a name", "[tools]") {
  CHECK(FormatNamed("text").value() == Format::kText);
  CHECK(FormatNamed("dot").value() == Format::kDot);
  CHECK(FormatNamed("svg").value() == Format::kSvg);
  CHECK(FormatNamed("png").value() == Format::kPng);
  CHECK(FormatNamed("mermaid").value() == Format::kMermaid);
  CHECK(FormatNamed("html").value() == Format::kHtml);
  CHECK(FormatNamed("json").value() == Format::kJson);
  const absl::Status wrong = FormatNamed("jsn").status();
  CHECK(wrong.code() == absl::StatusCode::kInvalidArgument);
  CHECK(std::string(wrong.message()) ==
        "no format 'jsn'; there are text|dot|svg|png|mermaid|html|json");
}

TEST_CASE("a file's ending chooses the format", "[tools]") {
  CHECK(FormatFor("").value() == Format::kText);
  CHECK(FormatFor("-").value() == Format::kText);
  CHECK(FormatFor("graph").value() == Format::kText);
  CHECK(FormatFor("a.svg/graph").value() == Format::kText);
  CHECK(FormatFor("a.txt").value() == Format::kText);
  CHECK(FormatFor("a.gv").value() == Format::kDot);
  CHECK(FormatFor("dir.x/a.b.dot").value() == Format::kDot);
  CHECK(FormatFor("a.svg").value() == Format::kSvg);
  CHECK(FormatFor("a.png").value() == Format::kPng);
  CHECK(FormatFor("a.mmd").value() == Format::kMermaid);
  CHECK(FormatFor("a.html").value() == Format::kHtml);
  CHECK(FormatFor("a.json").value() == Format::kJson);
  const absl::Status wrong = FormatFor("dir/a.pdf").status();
  CHECK(wrong.code() == absl::StatusCode::kInvalidArgument);
  CHECK_THAT(std::string(wrong.message()), ContainsSubstring("'a.pdf'"));
}

TEST_CASE("a text shows each verdict that is not the default, in a tree or in layers", "[tools]") {
  CHECK(Drawn(Service(), {.shape = TextShape::kTree, .ascii = true}) ==
        "api\n"
        "|-- db   spin_halt\n"
        "`.. log  handler\n");
  const std::string layers = Drawn(Service(), {.shape = TextShape::kLayers, .ascii = true});
  CHECK_THAT(layers, ContainsSubstring("| api |") && ContainsSubstring("| spin_halt |") &&
                         ContainsSubstring("| handler |") && !ContainsSubstring("restart"));
}

TEST_CASE("a text is in layers if it is small and fits, else a tree", "[tools]") {
  CHECK_THAT(Drawn(Service(), {}), ContainsSubstring("│ api │"));
  CHECK_THAT(Drawn(Service(), {.width = 20}), StartsWith("api\n"));
  CHECK_THAT(Drawn(Chain(20), {}), ContainsSubstring("│ n0 │"));
  CHECK_THAT(Drawn(Chain(30), {}), StartsWith("n0\n"));
  CHECK_THAT(Drawn(Chain(30), {.shape = TextShape::kLayers}), ContainsSubstring("│ n0 │"));
}

TEST_CASE("where a state is known it stands beside the node, in columns", "[tools]") {
  const std::string journal =
      R"({"stemma_journal":1,"at":1000000000,"options":{"on_stuck":"abandon",)"
      R"("shutdown_deadline":"none","shutdown_delay":0,"spin_halt_reminder":60000000000,)"
      R"("jitter_seed":"1"},"nodes":[{"name":"db","dependencies":[],"soft_dependencies":[],)"
      R"("restart":{"initial":100000000,"max":30000000000,"multiplier":2,"jitter":0.2,)"
      R"("reset_after":60000000000,"max_restarts":5,"window":60000000000,)"
      R"("on_limit":"shutdown"},"start_timeout":30000000000,"stop_timeout":10000000000,)"
      R"("on_completion":"complete","on_dependency_restart":"keep"}]})"
      "\n"
      R"({"at":3500000000,"input":"begin","actions":[{"event":"transition","node":"db",)"
      R"("incarnation":1,"from":"waiting","to":"starting"},{"do":"launch","node":"db",)"
      R"("incarnation":1}]})"
      "\n";
  const LoadedGraph loaded = LoadText({.text = journal}).value();
  REQUIRE(loaded.problems.empty());
  CHECK(Drawn(loaded, {}) ==
        "    state     incarnations       since  failures\n"
        "db  starting             1  2.500000 s         0\n");
  CHECK_THAT(Drawn(loaded, {.shape = TextShape::kLayers}), ContainsSubstring("│ starting │"));
  CHECK_THAT(Drawn(loaded, {.format = Format::kDot}),
             ContainsSubstring("[label=\"db\\n▷ starting\""));
}

TEST_CASE("a drawing for Graphviz shows verdicts as words, symbols and colors, and a legend",
          "[tools]") {
  const std::string dot = Drawn(Service(), {.format = Format::kDot});
  CHECK_THAT(dot, ContainsSubstring("n1 [label=\"db\\n⊖ spin_halt\"") &&
                      ContainsSubstring("n0 -> n2 [style=dashed];"));
  std::set<std::string> colors;
  for (std::size_t at = dot.find("fillcolor="); at != std::string::npos;
       at = dot.find("fillcolor=", at + 1)) {
    colors.insert(dot.substr(at, dot.find(']', at) - at));
  }
  CHECK(colors.size() == 3);
  CHECK_THAT(dot, ContainsSubstring(">⊖ spin_halt</td>") && ContainsSubstring(">{} handler</td>") &&
                      ContainsSubstring(">depends on</td>") && !ContainsSubstring(">■ stop"));
  CHECK_THAT(Drawn(Chain(3), {.format = Format::kDot}), !ContainsSubstring("<table"));
}

TEST_CASE("nodes of a cycle, as one, are told by a word and a thick line", "[tools]") {
  LoadedGraph loaded = Chain(2);
  loaded.members = {{"a", "b", "c"}, {}};
  const std::string dot = Drawn(loaded, {.format = Format::kDot});
  CHECK_THAT(dot, ContainsSubstring("[label=\"n0\\ncycle of 3\"") &&
                      ContainsSubstring("penwidth=3") &&
                      ContainsSubstring(">nodes in a cycle, as one</td>"));
}

TEST_CASE("as JSON a drawing is the manifest itself", "[tools]") {
  CHECK(Drawn(Service(), {.format = Format::kJson}) == ManifestJson(Service().nodes));
}

TEST_CASE("a picture is drawn by Graphviz", "[tools][graphviz]") {
  const std::string svg = Drawn(Service(), {.format = Format::kSvg});
  CHECK_THAT(svg, ContainsSubstring("<svg") && ContainsSubstring("graphviz") &&
                      ContainsSubstring("spin_halt</text>") && ContainsSubstring("</svg>"));
  CHECK_THAT(Drawn(Service(), {.format = Format::kPng}), StartsWith("\x89PNG"));
}

TEST_CASE("without Graphviz stemma lays a picture out, and says so", "[tools]") {
  const NoPrograms none;
  const Drawing drawing = Draw(Service(), {.format = Format::kSvg}).value();
  CHECK_THAT(drawing.content, ContainsSubstring("⊖ spin_halt</text>"));
  REQUIRE(drawing.notes.size() == 1);
  CHECK_THAT(drawing.notes[0], ContainsSubstring("apt-get install graphviz"));
  CHECK(
      Draw(Service(), {.format = Format::kSvg, .layouter = Layouter::kOwn}).value().notes.empty());
}

TEST_CASE("what needs a program that is not there names its package and a way around it",
          "[tools]") {
  const NoPrograms none;
  const absl::Status dot =
      Draw(Service(), {.format = Format::kSvg, .layouter = Layouter::kGraphviz}).status();
  CHECK(absl::IsUnavailable(dot));
  CHECK_THAT(std::string(dot.message()),
             ContainsSubstring("apt-get install graphviz") && ContainsSubstring("--format dot"));
  const absl::Status png = Draw(Service(), {.format = Format::kPng}).status();
  CHECK(absl::IsUnavailable(png));
  CHECK_THAT(std::string(png.message()),
             ContainsSubstring("apt-get install graphviz, or librsvg2-bin") &&
                 ContainsSubstring("-o FILE.svg"));
}

TEST_CASE("what is too large for Graphviz is laid out by stemma, and it says so", "[tools]") {
  const Drawing drawing = Draw(Chain(1'000), {.format = Format::kSvg}).value();
  REQUIRE(drawing.notes.size() == 1);
  CHECK_THAT(drawing.notes[0],
             ContainsSubstring("1000 nodes and 999 edges") && ContainsSubstring("--layout dot"));
}

TEST_CASE("more than Mermaid draws is drawn for it, with a warning", "[tools][mermaid]") {
  CHECK(Draw(Chain(501), {.format = Format::kMermaid}).value().notes.empty());
  const Drawing drawing = Draw(Chain(502), {.format = Format::kMermaid}).value();
  REQUIRE(drawing.notes.size() == 1);
  CHECK_THAT(drawing.notes[0], ContainsSubstring("500 edges") && ContainsSubstring("--reduce"));
}

}  // namespace
}  // namespace stemma::tools
