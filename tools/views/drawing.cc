// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/drawing.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/graph/dot.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"
#include "stemma/graph/text.h"
#include "stemma/supervisor/manifest.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/sources/process.h"

namespace stemma::tools {
namespace {

// What stands beside a node: its verdict, unless that is the default.
std::string VerdictOf(const Node& node) {
  ErrorHandlingBehavior verdict;
  if (!IsAlways(node.on_error, verdict)) return "handler";
  if (verdict == ErrorHandlingBehavior::kRestart) return "";
  return std::string(ManifestWord(verdict));
}

// The more a failure of the node takes down, the warmer. Text stays readable on all of them.
std::string ColorOf(const Node& node) {
  ErrorHandlingBehavior verdict;
  if (!IsAlways(node.on_error, verdict)) return "#dbe9f6";
  switch (verdict) {
    case ErrorHandlingBehavior::kRestart:
      return "#e3f1de";
    case ErrorHandlingBehavior::kStop:
      return "#fdf3c8";
    case ErrorHandlingBehavior::kStopParents:
      return "#fde0b8";
    case ErrorHandlingBehavior::kShutdown:
      return "#f9c9bc";
    case ErrorHandlingBehavior::kSpinHalt:
      return "#ee9f9f";
  }
  return "white";
}

absl::StatusOr<std::string> DrawSvg(const std::string& dot) {
  const absl::StatusOr<ProcessAnswer> answer =
      RunProcess({.command = {"dot", "-Tsvg", "-Nfontname=Helvetica,Arial,sans-serif",
                              "-Nfontsize=12", "-Ecolor=#555555", "-Earrowsize=0.7"},
                  .input = dot});
  if (!answer.ok()) {
    return absl::UnavailableError(absl::StrCat(
        "SVG needs Graphviz's program 'dot' (Debian: apt-get install graphviz); --format dot works "
        "without it. ",
        answer.status().message()));
  }
  if (answer->end != ProcessAnswer::End::kExited || answer->code != 0 || answer->text.empty()) {
    return absl::UnavailableError(
        absl::StrCat("Graphviz's program 'dot' failed (",
                     answer->end == ProcessAnswer::End::kExited ? "exit code " : "signal ",
                     answer->code, "); --format dot works without it"));
  }
  return answer->text;
}

}  // namespace

absl::StatusOr<Format> FormatNamed(std::string_view name) {
  constexpr std::string_view kNames[] = {"text", "dot", "svg", "html", "json"};
  constexpr Format kFormats[] = {Format::kText, Format::kDot, Format::kSvg, Format::kHtml,
                                 Format::kJson};
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if (name == kNames[i]) return kFormats[i];
  }
  return absl::InvalidArgumentError(absl::StrCat("no format '", Printable(name),
                                                 "'; there are text, dot, svg, html and json",
                                                 DidYouMean(name, kNames)));
}

absl::StatusOr<Format> FormatFor(std::string_view path) {
  const std::string_view file = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  const std::size_t dot = file.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return Format::kText;
  const std::string_view ending = file.substr(dot + 1);
  if (ending == "txt") return Format::kText;
  if (ending == "dot" || ending == "gv") return Format::kDot;
  if (ending == "svg") return Format::kSvg;
  if (ending == "html") return Format::kHtml;
  if (ending == "json") return Format::kJson;
  return absl::InvalidArgumentError(
      absl::StrCat("no format goes with the ending of '", Printable(file),
                   "': .txt, .dot, .gv, .svg, .html or .json; or choose one with --format"));
}

absl::StatusOr<std::string> Draw(const std::vector<Node>& nodes, const DependencyGraph& graph,
                                 Format format, bool ascii) {
  const auto verdict = [&nodes](NodeId id) { return VerdictOf(nodes[id]); };
  const auto attributes = [&](NodeId id) {
    return DotAttributes{.extra_label = verdict(id),
                         .style = "rounded,filled",
                         .color = "#555555",
                         .fill_color = ColorOf(nodes[id])};
  };
  switch (format) {
    case Format::kText:
      return ToText(graph, {.ascii = ascii, .annotation = verdict});
    case Format::kDot:
      return ToDot(graph, {.attributes = attributes});
    case Format::kSvg:
      return DrawSvg(ToDot(graph, {.attributes = attributes}));
    case Format::kHtml:
      break;
    case Format::kJson:
      return ManifestJson(nodes);
  }
  return absl::InternalError("a format that is not there");
}

}  // namespace stemma::tools
