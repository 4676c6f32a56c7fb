// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/svg.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"
#include "stemma/tools/views/text_width.h"

namespace stemma::tools {
namespace {

// In pixels.
constexpr double kNameSize = 12, kLineSize = 11;  // of the fonts
constexpr double kRow = 15;                       // from line to line
constexpr double kPadding = 8;                    // in a box above and below, twice that beside
constexpr double kWidest = 360;                   // of a name, before it is cut
constexpr double kMargin = 12;                    // around everything
constexpr double kHead = 7;                       // of an arrow
constexpr double kLegendRow = 24;

constexpr std::size_t kManyEdges = 1'500;

// As text of XML.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : Printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// A tenth of a pixel is enough, and short.
std::string Number(double value) { return absl::StrCat(std::round(value * 10) / 10); }

class Picture {
 public:
  Picture(const DependencyGraph& graph, const Looks& looks) : graph_(graph), looks_(looks) {
    for (const std::string& name : graph.names()) {
      const std::string whole = Printable(name);
      names_.push_back(CutToWidth(whole, kWidest / kNameSize));
    }
  }

  std::vector<std::pair<double, double>> Sizes() const {
    std::vector<std::pair<double, double>> sizes;
    for (NodeId id = 0; id < graph_.size(); ++id) {
      const std::string line = looks_.nodes[id].Line();
      const double text = std::max(kNameSize * TextWidth(names_[id]), kLineSize * TextWidth(line));
      sizes.emplace_back(std::ceil(text + 4 * kPadding),
                         kRow * (line.empty() ? 1 : 2) + 2 * kPadding);
    }
    return sizes;
  }

  SvgPicture Draw(const Layout& layout, std::string_view title) {
    for (const EdgePath& edge : layout.edges) DrawEdge(edge);
    for (NodeId id = 0; id < graph_.size(); ++id) DrawNode(id, layout.nodes[id]);
    const auto [legend_width, legend_height] = DrawLegend(layout.height);
    SvgPicture picture = {.width = std::max(layout.width, legend_width) + 2 * kMargin,
                          .height = layout.height + legend_height + 2 * kMargin};
    const std::string width = Number(picture.width), height = Number(picture.height);
    const std::string margin = Number(-kMargin);
    // Thousands of lines are one black field unless they are fine.
    const char* const line = layout.edges.size() > kManyEdges ? "#888;stroke-width:.5" : "#555";
    const std::string size = absl::StrCat("\"", margin, " ", margin, " ", width, " ", height, "\"");
    picture.text = absl::StrCat(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", width, "\" height=\"", height,
        "\" viewBox=", size, " role=\"img\" font-family=\"Helvetica,Arial,sans-serif\" ",
        "text-anchor=\"middle\" fill=\"#17202c\">\n<title>", Escaped(title), "</title>\n",
        "<style>.e{fill:none;stroke:", line, "}.s{stroke-dasharray:5 4}.h{fill:#555}",
        ".b{stroke:#555}.c{stroke-width:3}.n{font-size:", kNameSize, "px}.l{font-size:", kLineSize,
        "px}.m{font-size:", kNameSize, "px;text-anchor:start}</style>\n<rect x=\"", margin,
        "\" y=\"", margin, "\" width=\"", width, "\" height=\"", height, "\" fill=\"#fff\"/>\n",
        out_, "</svg>\n");
    return picture;
  }

 private:
  void DrawEdge(const EdgePath& edge) {
    std::vector<Point> points = edge.points;
    const Point end = points.back();
    points.back().y = std::max(end.y - kHead + 1, points[points.size() - 2].y);
    std::string path = absl::StrCat("M", Number(points[0].x), " ", Number(points[0].y));
    for (std::size_t i = 1; i < points.size(); ++i) {
      const Point& p = points[i - 1];
      const Point& q = points[i];
      if (p.x == q.x) {
        absl::StrAppend(&path, "V", Number(q.y));
        continue;
      }
      const std::string middle = Number((p.y + q.y) / 2);
      absl::StrAppend(&path, "C", Number(p.x), " ", middle, " ", Number(q.x), " ", middle, " ",
                      Number(q.x), " ", Number(q.y));
    }
    absl::StrAppend(&out_, "<path class=\"e", edge.soft ? " s" : "", "\" d=\"", path, "\"/>");
    DrawHead(end, 0, 1);
    out_ += '\n';
  }

  // `x`, `y`: where it points to, one of them 1.
  void DrawHead(Point tip, double x, double y) {
    const double half = kHead / 2 - 0.5;
    absl::StrAppend(&out_, "<path class=\"h\" d=\"M", Number(tip.x), " ", Number(tip.y), "l",
                    Number(-kHead * x - half * y), " ", Number(-kHead * y - half * x), "l",
                    Number(2 * half * y), " ", Number(2 * half * x), "z\"/>");
  }

  void DrawBox(const Box& box, const Look& look) {
    absl::StrAppend(&out_, "<rect class=\"b", look.members > 0 ? " c" : "", "\" x=\"",
                    Number(box.left()), "\" y=\"", Number(box.top()), "\" width=\"",
                    Number(box.width), "\" height=\"", Number(box.height), "\" rx=\"6\" fill=\"",
                    look.color, "\"/>");
  }

  void DrawText(std::string_view kind, double x, double y, const std::string& text) {
    absl::StrAppend(&out_, "<text class=\"", absl::string_view(kind.data(), kind.size()), "\" x=\"",
                    Number(x), "\" y=\"", Number(y), "\">", Escaped(text), "</text>");
  }

  void DrawNode(NodeId id, const Box& box) {
    const std::string line = looks_.nodes[id].Line();
    out_ += "<g>";
    const std::string whole = Printable(graph_.name(id));
    if (names_[id] != whole) absl::StrAppend(&out_, "<title>", Escaped(whole), "</title>");
    DrawBox(box, looks_.nodes[id]);
    const double first = box.y + kNameSize / 3 - (line.empty() ? 0 : kRow / 2);
    DrawText("n", box.x, first, names_[id]);
    if (!line.empty()) DrawText("l", box.x, first + kRow, line);
    out_ += "</g>\n";
  }

  // Returns: its width and height, 0 for none.
  std::pair<double, double> DrawLegend(double y) {
    if (looks_.legend.empty()) return {0, 0};
    double sample = 40, meaning = 0;
    for (const LegendRow& row : looks_.legend) {
      sample = std::max(sample, kLineSize * TextWidth(SampleText(row)) + 2 * kPadding);
      meaning = std::max(meaning, kNameSize * TextWidth(row.meaning));
    }
    y += kLegendRow;
    DrawText("m", 0, y, looks_.legend_title);
    for (const LegendRow& row : looks_.legend) {
      y += kLegendRow;
      const double middle = y - kNameSize / 3;
      if (row.sample == LegendRow::Sample::kBox) {
        DrawBox({.x = sample / 2, .y = middle, .width = sample, .height = kLegendRow - 5},
                row.look);
        DrawText("l", sample / 2, y, SampleText(row));
      } else {
        const bool soft = row.sample == LegendRow::Sample::kSoftEdge;
        absl::StrAppend(&out_, "<path class=\"e", soft ? " s" : "", "\" d=\"M0 ", Number(middle),
                        "H", Number(sample - kHead + 1), "\"/>");
        DrawHead({sample, middle}, 1, 0);
      }
      DrawText("m", sample + kPadding, y, row.meaning);
      out_ += '\n';
    }
    const double rows = static_cast<double>(looks_.legend.size()) + 1;
    return {sample + kPadding + meaning, kLegendRow * rows + kPadding};
  }

  static std::string SampleText(const LegendRow& row) {
    if (row.sample != LegendRow::Sample::kBox) return "";
    return row.look.members > 0 ? "cycle" : row.look.Line();
  }

  const DependencyGraph& graph_;
  const Looks& looks_;
  std::vector<std::string> names_ = {};  // as they are shown
  std::string out_ = {};
};

}  // namespace

absl::StatusOr<SvgPicture> ToSvg(const DependencyGraph& graph, const Looks& looks,
                                 std::string_view title, LayoutOptions options) {
  Picture picture(graph, looks);
  options.node_gap = 20;
  options.rank_gap = 44;
  const absl::StatusOr<Layout> layout = LayOut(graph, picture.Sizes(), options);
  if (!layout.ok()) return layout.status();
  return picture.Draw(*layout, title);
}

}  // namespace stemma::tools
