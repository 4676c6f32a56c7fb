// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/drawing.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/graph/display_width.h"
#include "stemma/graph/dot.h"
#include "stemma/graph/printable.h"
#include "stemma/graph/text.h"
#include "stemma/supervisor/manifest.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/sources/process.h"
#include "stemma/tools/views/graphviz.h"
#include "stemma/tools/views/html.h"
#include "stemma/tools/views/layered_text.h"
#include "stemma/tools/views/look.h"
#include "stemma/tools/views/mermaid.h"
#include "stemma/tools/views/safe_json.h"
#include "stemma/tools/views/status_columns.h"
#include "stemma/tools/views/svg.h"

namespace stemma::tools {
namespace {

// What is drawn in layers without being asked: more is hard to follow, however wide the terminal.
constexpr std::size_t kMostLayeredNodes = 24, kMostLayeredEdges = 40;

// Nodes and edges of which Graphviz makes a picture in seconds; of twice as many it may take
// minutes.
constexpr std::size_t kMostForGraphviz = 800;

constexpr std::size_t kMostPoints = 8'000;  // of a PNG, in width or height

// What stands beside a node in a text: its verdict, unless that is the default.
std::string VerdictOf(const LoadedGraph& loaded, NodeId id) {
  ErrorHandlingBehavior verdict;
  if (!loaded.has_policies) return "";
  if (!IsAlways(loaded.nodes[id].on_error, verdict)) return "handler";
  if (verdict == ErrorHandlingBehavior::kRestart) return "";
  return std::string(ManifestWord(verdict));
}

absl::StatusOr<LayeredText> DrawLayers(const LoadedGraph& loaded, const DrawingRequest& request) {
  std::vector<std::vector<std::string>> labels;
  for (NodeId id = 0; id < loaded.graph.size(); ++id) {
    std::vector<std::string>& lines = labels.emplace_back();
    lines.push_back(Printable(loaded.graph.name(id)));
    std::string below = loaded.states.empty() ? VerdictOf(loaded, id)
                                              : std::string(ToString(loaded.states[id].state));
    if (!below.empty()) lines.push_back(std::move(below));
  }
  return ToLayeredText(loaded.graph, labels, {.ascii = request.ascii, .width = request.width});
}

std::string DrawTree(const LoadedGraph& loaded, const DrawingRequest& request) {
  TextOptions options = {.ascii = request.ascii};
  if (loaded.states.empty()) {
    options.annotation = [&loaded](NodeId id) { return VerdictOf(loaded, id); };
    return ToText(loaded.graph, options);
  }
  const StatusColumns columns = StatusColumnsOf(loaded);
  options.heading = columns.heading;
  options.annotation = [&columns](NodeId id) { return columns.rows[id]; };
  return ToText(loaded.graph, options);
}

// Whether no name alone is too wide: one of a megabyte would take a gigabyte to draw.
bool NamesFit(const DependencyGraph& graph, std::size_t width) {
  return std::all_of(graph.names().begin(), graph.names().end(), [width](const std::string& name) {
    return DisplayWidth(Printable(name)) <= width;
  });
}

absl::StatusOr<std::string> DrawText(const LoadedGraph& loaded, const DrawingRequest& request) {
  const DependencyGraph& graph = loaded.graph;
  const bool is_automatic = request.shape == TextShape::kAutomatic;
  const bool is_small = graph.size() <= kMostLayeredNodes &&
                        graph.edge_count() <= kMostLayeredEdges && NamesFit(graph, request.width);
  if (request.shape == TextShape::kTree ||
      (is_automatic && (!is_small || !loaded.states.empty()))) {
    return DrawTree(loaded, request);
  }
  absl::StatusOr<LayeredText> layers = DrawLayers(loaded, request);
  if (!layers.ok()) return layers.status();
  if (is_automatic && layers->width > request.width) return DrawTree(loaded, request);
  return std::move(layers->text);
}

std::string DrawDot(const LoadedGraph& loaded, const Looks& looks) {
  constexpr int kOfCycle = 3;
  DotOptions options = {.legend_title = looks.legend_title};
  options.attributes = [&looks](NodeId id) {
    const Look& look = looks.nodes[id];
    return DotAttributes{.extra_label = look.Line(),
                         .style = "rounded,filled",
                         .color = "#555555",
                         .fill_color = look.color,
                         .pen_width = look.members > 0 ? kOfCycle : 1};
  };
  for (const LegendRow& row : looks.legend) {
    DotLegendRow& line = options.legend.emplace_back(DotLegendRow{.meaning = row.meaning});
    switch (row.sample) {
      case LegendRow::Sample::kBox:
        line.sample = row.look.members > 0 ? "cycle" : row.look.Line();
        line.fill_color = row.look.color;
        line.pen_width = row.look.members > 0 ? kOfCycle : 1;
        break;
      case LegendRow::Sample::kEdge:
        line.sample = "——▸";
        break;
      case LegendRow::Sample::kSoftEdge:
        line.sample = "- - -▸";
        break;
    }
  }
  return ToDot(loaded.graph, options);
}

// Decides who lays a picture out, and tells why where that may surprise.
Layouter ChooseLayouter(const LoadedGraph& loaded, Layouter asked,
                        std::vector<std::string>& notes) {
  if (asked != Layouter::kAutomatic) return asked;
  if (!HasGraphviz()) {
    notes.push_back(
        "without Graphviz (Debian: apt-get install graphviz) the picture is laid out by stemma");
    return Layouter::kOwn;
  }
  const std::size_t nodes = loaded.graph.size(), edges = loaded.graph.edge_count();
  if (nodes + edges <= kMostForGraphviz) return Layouter::kGraphviz;
  notes.push_back(absl::StrCat("laid out by stemma: Graphviz may take minutes for ", nodes,
                               " nodes and ", edges, " edges; --layout dot asks for it anyway"));
  return Layouter::kOwn;
}

absl::StatusOr<SvgPicture> DrawOwnSvg(const LoadedGraph& loaded, const Looks& looks,
                                      const DrawingRequest& request) {
  return ToSvg(loaded.graph, looks, loaded.label, {.progress = request.progress});
}

absl::StatusOr<std::string> DrawOwnPng(const LoadedGraph& loaded, const Looks& looks,
                                       const DrawingRequest& request,
                                       std::vector<std::string>& notes) {
  if (!HasProgram("rsvg-convert")) {
    return absl::UnavailableError(absl::StrCat(
        "PNG needs ", request.layouter == Layouter::kOwn ? "" : "Graphviz's program 'dot' or ",
        "the program 'rsvg-convert' (Debian: apt-get install ",
        request.layouter == Layouter::kOwn ? "" : "graphviz, or ",
        "librsvg2-bin); SVG needs neither: -o FILE.svg"));
  }
  const absl::StatusOr<SvgPicture> svg = DrawOwnSvg(loaded, looks, request);
  if (!svg.ok()) return svg.status();
  std::vector<std::string> command = {"rsvg-convert", "--unlimited", "--format=png"};
  if (std::max(svg->width, svg->height) > static_cast<double>(kMostPoints)) {
    command.push_back(
        absl::StrCat(svg->width > svg->height ? "--width=" : "--height=", kMostPoints));
    command.push_back("--keep-aspect-ratio");
    notes.push_back(absl::StrCat("made smaller, to ", kMostPoints,
                                 " points; an SVG can be enlarged: -o FILE.svg"));
  }
  const absl::StatusOr<ProcessAnswer> answer = RunProcess({.command = command, .input = svg->text});
  if (!answer.ok()) return answer.status();
  if (answer->end != ProcessAnswer::End::kExited || answer->code != 0 || answer->text.empty()) {
    return absl::UnavailableError("the program 'rsvg-convert' failed; SVG works without it");
  }
  return answer->text;
}

absl::StatusOr<std::string> DrawPicture(const LoadedGraph& loaded, const DrawingRequest& request,
                                        std::vector<std::string>& notes) {
  const Looks looks = LooksOf(loaded);
  const bool is_svg = request.format == Format::kSvg;
  if (ChooseLayouter(loaded, request.layouter, notes) == Layouter::kGraphviz) {
    return DrawByGraphviz(DrawDot(loaded, looks), is_svg ? "svg" : "png");
  }
  if (!is_svg) return DrawOwnPng(loaded, looks, request, notes);
  absl::StatusOr<SvgPicture> svg = DrawOwnSvg(loaded, looks, request);
  if (!svg.ok()) return svg.status();
  return std::move(svg->text);
}

std::string DrawMermaid(const LoadedGraph& loaded, std::vector<std::string>& notes) {
  const Looks looks = LooksOf(loaded);
  const std::size_t edges = loaded.graph.edge_count();
  std::string mermaid = ToMermaid(loaded.graph, looks);
  if (edges + (looks.legend.empty() ? 0 : 1) > kMermaidMaxEdges) {
    notes.push_back(absl::StrCat("Mermaid draws no more than ", kMermaidMaxEdges,
                                 " edges unless its maxEdges is raised, and there are ", edges,
                                 "; --reduce leaves out those that say nothing new"));
  } else if (mermaid.size() > kMermaidMaxTextSize) {
    notes.push_back(absl::StrCat("Mermaid takes no more than ", kMermaidMaxTextSize,
                                 " characters unless its maxTextSize is raised, and there are ",
                                 mermaid.size(), "; --focus and --reduce make it smaller"));
  }
  return mermaid;
}

constexpr std::pair<std::string_view, Format> kNames[] = {
    {"text", Format::kText}, {"dot", Format::kDot},         {"svg", Format::kSvg},
    {"png", Format::kPng},   {"mermaid", Format::kMermaid}, {"html", Format::kHtml},
    {"json", Format::kJson}};

constexpr std::pair<std::string_view, Format> kEndings[] = {
    {"txt", Format::kText},        {"dot", Format::kDot},   {"gv", Format::kDot},
    {"svg", Format::kSvg},         {"png", Format::kPng},   {"mmd", Format::kMermaid},
    {"mermaid", Format::kMermaid}, {"html", Format::kHtml}, {"json", Format::kJson}};

}  // namespace

absl::StatusOr<Format> FormatNamed(std::string_view name) {
  for (const auto& [known, format] : kNames) {
    if (name == known) return format;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no format '", Printable(name), "'; there are ", kFormatNames));
}

absl::StatusOr<Format> FormatFor(std::string_view path) {
  const std::string_view file = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  const std::size_t dot = file.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return Format::kText;
  for (const auto& [ending, format] : kEndings) {
    if (file.substr(dot + 1) == ending) return format;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no format goes with the ending of '", Printable(file),
                   "': .txt, .dot, .gv, .svg, .png, .mmd, .html or .json; or choose one with "
                   "--format"));
}

absl::StatusOr<Drawing> Draw(const LoadedGraph& loaded, const DrawingRequest& request) {
  Drawing drawing;
  const auto with = [&drawing](absl::StatusOr<std::string> content) -> absl::StatusOr<Drawing> {
    if (!content.ok()) return content.status();
    drawing.content = *std::move(content);
    return std::move(drawing);
  };
  switch (request.format) {
    case Format::kText:
      return with(DrawText(loaded, request));
    case Format::kDot:
      return with(DrawDot(loaded, LooksOf(loaded)));
    case Format::kSvg:
    case Format::kPng:
      return with(DrawPicture(loaded, request, drawing.notes));
    case Format::kMermaid:
      return with(DrawMermaid(loaded, drawing.notes));
    case Format::kHtml:
      return with(ToHtml(loaded, {.progress = request.progress}));
    case Format::kJson:
      return with(SafeJson(ManifestJson(loaded.nodes)));
  }
  return absl::InternalError("a format that is not there");
}

}  // namespace stemma::tools
