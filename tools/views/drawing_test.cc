// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/drawing.h"

#include <stdlib.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <string>

#include "absl/status/status.h"
#include "stemma/supervisor/manifest.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;

const std::vector<Node> kNodes = {
    {.name = "api", .dependencies = {"db"}, .soft_dependencies = {"log"}},
    {.name = "db", .on_error = Always(ErrorHandlingBehavior::kSpinHalt)},
    {.name = "log", .on_error = [](const Failure&) { return ErrorHandlingBehavior::kStop; }}};

absl::StatusOr<std::string> DrawNodes(Format format) {
  const DependencyGraph graph =
      DependencyGraph::Create({{"api", {"db"}, {"log"}}, {"db"}, {"log"}}).value();
  return Draw(kNodes, graph, format, /*ascii=*/true);
}

TEST_CASE("a format has a name, and a wrong one is answered with all of them", "[tools]") {
  CHECK(FormatNamed("text").value() == Format::kText);
  CHECK(FormatNamed("dot").value() == Format::kDot);
  CHECK(FormatNamed("svg").value() == Format::kSvg);
  CHECK(FormatNamed("json").value() == Format::kJson);
  const absl::Status wrong = FormatNamed("jsn").status();
  CHECK(wrong.code() == absl::StatusCode::kInvalidArgument);
  CHECK(std::string(wrong.message()) ==
        "no format 'jsn'; there are text, dot, svg, html and json; did you mean 'json'?");
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
  CHECK(FormatFor("a.json").value() == Format::kJson);
  const absl::Status wrong = FormatFor("dir/a.pdf").status();
  CHECK(wrong.code() == absl::StatusCode::kInvalidArgument);
  CHECK_THAT(std::string(wrong.message()), ContainsSubstring("'a.pdf'"));
}

TEST_CASE("a text drawing shows each verdict that is not the default", "[tools]") {
  CHECK(DrawNodes(Format::kText).value() ==
        "api\n"
        "|-- db   spin_halt\n"
        "`.. log  handler\n");
}

TEST_CASE("a drawing for Graphviz shows verdicts as words and colors", "[tools]") {
  const std::string dot = DrawNodes(Format::kDot).value();
  CHECK_THAT(dot, ContainsSubstring("n1 [label=\"db\\nspin_halt\""));
  CHECK_THAT(dot, ContainsSubstring("n0 -> n2 [style=dashed];"));
  std::vector<std::string> colors;
  for (std::size_t at = dot.find("fillcolor="); at != std::string::npos;
       at = dot.find("fillcolor=", at + 1)) {
    colors.push_back(dot.substr(at, dot.find(']', at) - at));
  }
  REQUIRE(colors.size() == 3);
  CHECK(colors[0] != colors[1]);
  CHECK(colors[1] != colors[2]);
  CHECK(colors[0] != colors[2]);
}

TEST_CASE("as JSON a drawing is the manifest itself", "[tools]") {
  CHECK(DrawNodes(Format::kJson).value() == ManifestJson(kNodes));
}

TEST_CASE("a picture is drawn by Graphviz", "[tools][graphviz]") {
  const absl::StatusOr<std::string> svg = DrawNodes(Format::kSvg);
  INFO(svg.status().message());  // names the package when it is missing
  REQUIRE(svg.ok());
  CHECK_THAT(*svg, ContainsSubstring("<svg"));
  CHECK_THAT(*svg, ContainsSubstring(">spin_halt</text>"));
  CHECK_THAT(*svg, ContainsSubstring("</svg>"));
}

TEST_CASE("without Graphviz the error names its package and the way around it", "[tools]") {
  const std::string path = getenv("PATH");
  setenv("PATH", "/nonexistent", 1);
  const absl::Status missing = DrawNodes(Format::kSvg).status();
  setenv("PATH", path.c_str(), 1);
  CHECK(missing.code() == absl::StatusCode::kUnavailable);
  CHECK_THAT(std::string(missing.message()),
             ContainsSubstring("apt-get install graphviz") && ContainsSubstring("--format dot"));
}

}  // namespace
}  // namespace stemma::tools
