// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/svg.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;

DependencyGraph Make(std::vector<DependencyGraph::Declaration> declarations) {
  return DependencyGraph::Create(std::move(declarations)).value();
}

std::size_t Count(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + what.size())) {
    ++count;
  }
  return count;
}

// Whether every element is closed, in order, and nothing but elements and text is there.
bool IsWellFormed(std::string_view text) {
  std::vector<std::string_view> open;
  while (!text.empty()) {
    if (text.front() != '<') {
      text.remove_prefix(1);
      continue;
    }
    const std::size_t end = text.find('>');
    if (end == std::string_view::npos) return false;
    const std::string_view tag = text.substr(1, end - 1);
    text.remove_prefix(end + 1);
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(tag.substr(0, tag.find(' ')));
    }
  }
  return open.empty();
}

TEST_CASE("a picture has each node and each edge, soft ones dashed", "[tools][svg]") {
  const DependencyGraph graph =
      Make({{"api", {"db", "cache"}, {"log"}}, {"db"}, {"cache"}, {"log"}});
  const SvgPicture picture = ToSvg(graph, {.nodes = std::vector<Look>(4)}, "shop.json").value();
  CHECK(IsWellFormed(picture.text));
  CHECK_THAT(picture.text, ContainsSubstring("<title>shop.json</title>"));
  for (const char* const name : {">api<", ">db<", ">cache<", ">log<"}) {
    CHECK(Count(picture.text, name) == 1);
  }
  CHECK(Count(picture.text, "<rect class=\"b\"") == 4);
  CHECK(Count(picture.text, "class=\"e\"") == 2);
  CHECK(Count(picture.text, "class=\"e s\"") == 1);
  CHECK(Count(picture.text, "class=\"h\"") == 3);
}

TEST_CASE("a legend shows the looks that are there", "[tools][svg]") {
  const Look stop = {.word = "stop", .symbol = "■", .color = "#fdf3c8"};
  const SvgPicture bare = ToSvg(Make({{.name = "a"}}), {.nodes = {stop}}, "").value();
  const SvgPicture picture =
      ToSvg(Make({{.name = "a"}}),
            {.nodes = {stop},
             .legend_title = "If a node fails",
             .legend = {{.look = stop, .meaning = "its descendants go down, too"},
                        {.sample = LegendRow::Sample::kSoftEdge, .meaning = "soft"}}},
            "")
          .value();
  CHECK(IsWellFormed(picture.text));
  CHECK(Count(picture.text, ">■ stop</text>") == 2);
  CHECK(Count(picture.text, ">its descendants go down, too</text>") == 1);
  CHECK(Count(picture.text, "class=\"e s\"") == 1);
  CHECK(picture.height > bare.height);
}

TEST_CASE("names are text, whatever is in them, and cut when they are very long", "[tools][svg]") {
  const std::string hostile = "\"><script>alert(1)</script>&amp;\x1b\u202e";
  const std::string longest(1'000'000, 'x');
  const SvgPicture picture =
      ToSvg(Make({{.name = hostile}, {.name = longest}}), {.nodes = std::vector<Look>(2)}, hostile)
          .value();
  CHECK(IsWellFormed(picture.text));
  CHECK(Count(picture.text, "<script") == 0);
  CHECK_THAT(picture.text,
             ContainsSubstring("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;") &&
                 ContainsSubstring("xxx…</text>") && ContainsSubstring("<title>xxx"));
  CHECK(picture.width < 1'000);
}

TEST_CASE("the empty graph is a picture too", "[tools][svg]") {
  CHECK(IsWellFormed(ToSvg(DependencyGraph(), {}, "nothing").value().text));
}

TEST_CASE("a picture is given up when that is asked", "[tools][svg]") {
  const auto status = ToSvg(Make({{.name = "a"}}), {.nodes = {Look()}}, "",
                            {.progress = [](double) { return false; }})
                          .status();
  CHECK(absl::IsCancelled(status));
}

}  // namespace
}  // namespace stemma::tools
