// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/layout.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <unordered_map>

#include "absl/status/status.h"
#include "stemma/tools/views/columns.h"
#include "stemma/tools/views/crossings.h"
#include "stemma/tools/views/layers.h"
#include "stemma/tools/views/packing.h"
#include "stemma/tools/views/parts.h"
#include "stemma/tools/views/shortcuts.h"

namespace stemma::tools {
namespace {

constexpr double kBendGap = 12;  // between an edge that passes and what is beside it
constexpr double kLeastBendGap = 3;
constexpr double kAspect = 1.6;    // of a screen: width by height
constexpr double kFewBoxes = 12;   // so many always fit side by side
constexpr double kTooWide = 1.25;  // as wide as is needed, and this much more
constexpr double kPort = 14;       // between two edges at the border of a box, at most

using Sizes = std::span<const std::pair<double, double>>;

// The graph's edges, without their lines: by dependent; of one, the hard ones first.
std::vector<EdgePath> EdgesOf(const DependencyGraph& graph) {
  std::vector<EdgePath> edges;
  edges.reserve(graph.edge_count());
  for (NodeId from = 0; from < graph.size(); ++from) {
    for (const NodeId to : graph.Dependencies(from)) edges.push_back({.edge = {from, to}});
    for (const NodeId to : graph.SoftDependencies(from)) {
      edges.push_back({.edge = {from, to}, .soft = true});
    }
  }
  return edges;
}

// Lays out one part, from (0, 0).
class PartLayout {
 public:
  PartLayout(const Part& part, Sizes sizes, const LayoutOptions& options,
             const std::function<bool(double)>& go_on)
      : part_(part), sizes_(sizes), options_(options), go_on_(go_on) {}

  absl::StatusOr<Layout> Make() {
    std::vector<double> box_widths;
    for (Item box = 0; box < part_.nodes.size(); ++box) {
      box_widths.push_back(Width(box) + options_.node_gap);
    }
    const double width = ScreenWidth(box_widths);
    absl::StatusOr<Layers> layers =
        MakeLayers(part_.nodes.size(), part_.edges, {.most_width = width, .widths = box_widths});
    if (!layers.ok()) return layers.status();
    layers_ = *std::move(layers);
    if (!ReduceCrossings(layers_, go_on_)) return absl::CancelledError("the layout was given up");
    PlaceAcross(std::move(box_widths), width);
    PlaceRows();
    PlaceBoxes();
    DrawEdges();
    return std::move(layout_);
  }

 private:
  double Width(Item box) const { return sizes_[part_.nodes[box]].first; }
  double Height(Item box) const { return sizes_[part_.nodes[box]].second; }

  // How wide the drawing should be, to have about the shape of a screen: no layer is broken that is
  // not much wider than that, and none with few boxes.
  double ScreenWidth(const std::vector<double>& box_widths) const {
    double area = 0, total = 0;
    for (Item box = 0; box < box_widths.size(); ++box) {
      area += box_widths[box] * (Height(box) + options_.rank_gap);
      total += box_widths[box];
    }
    const double few = kFewBoxes * total / static_cast<double>(box_widths.size());
    return std::max(few, std::sqrt(kAspect * area));
  }

  // Chooses x for all items: in columns, if those are not much wider than `width`.
  void PlaceAcross(std::vector<double> widths, double width) {
    std::size_t most_bends = 0;
    for (const std::vector<Item>& row : layers_.rows) {
      const auto is_bend = [this](Item item) { return layers_.IsBend(item); };
      most_bends = std::max<std::size_t>(
          most_bends, static_cast<std::size_t>(std::count_if(row.begin(), row.end(), is_bend)));
    }
    // Where very many edges pass, nobody follows a single one.
    const double gap =
        std::clamp(width / 2 / static_cast<double>(std::max<std::size_t>(most_bends, 1)),
                   kLeastBendGap, kBendGap);
    widths.resize(layers_.row.size(), gap);
    for (const std::vector<Item>& row : layers_.rows) {
      double needed = 0;
      for (const Item item : row) needed += widths[item];
      width = std::max(width, needed);
    }
    const auto right = [&] {
      double most = 0;
      for (Item item = 0; item < x_.size(); ++item) {
        most = std::max(most, x_[item] + widths[item] / 2);
      }
      return most;
    };
    x_ = Columns(layers_, widths);
    if (right() > kTooWide * width) x_ = PackedColumns(layers_, widths, width, std::move(x_));
    layout_.width = right();
  }

  void PlaceRows() {
    double y = options_.rank_gap / 2;
    for (const std::vector<Item>& row : layers_.rows) {
      double height = 0;
      for (const Item item : row) {
        if (!layers_.IsBend(item)) height = std::max(height, Height(item));
      }
      tops_.push_back(y);
      bottoms_.push_back(y + height);
      y += height + options_.rank_gap;
    }
    layout_.height = y - options_.rank_gap / 2;
  }

  void PlaceBoxes() {
    for (Item box = 0; box < layers_.boxes; ++box) {
      const std::size_t row = layers_.row[box];
      layout_.nodes.push_back({.x = x_[box],
                               .y = (tops_[row] + bottoms_[row]) / 2,
                               .width = Width(box),
                               .height = Height(box)});
    }
  }

  // Where on the border of `box` the edges begin or end that come from `others` or go there: side
  // by side in the order of these, so that they do not cross at once. Edges that share a bend share
  // a port.
  std::vector<double> Ports(Item box, const std::vector<Item>& others) const {
    std::vector<Item> order = others;
    std::sort(order.begin(), order.end(),
              [this](Item a, Item b) { return std::pair(x_[a], a) < std::pair(x_[b], b); });
    order.erase(std::unique(order.begin(), order.end()), order.end());
    const double count = static_cast<double>(order.size());
    const double gap = std::min(kPort, Width(box) / (count + 1));
    std::unordered_map<Item, double> port;
    for (std::size_t i = 0; i < order.size(); ++i) {
      port[order[i]] = x_[box] + gap * (static_cast<double>(i) - (count - 1) / 2);
    }
    std::vector<double> ports;
    for (const Item other : others) ports.push_back(port[other]);
    return ports;
  }

  void DrawEdges() {
    const std::size_t count = part_.edges.size();
    std::vector<std::vector<std::size_t>> from(layers_.boxes), to(layers_.boxes);  // edges
    std::vector<Item> last(count);  // before its dependency
    for (std::size_t i = 0; i < count; ++i) {
      const Edge& edge = part_.edges[i].edge;
      from[edge.from].push_back(i);
      to[edge.to].push_back(i);
      last[i] = edge.from;
      for (Item next = layers_.first[i]; next != edge.to; next = layers_.next[next]) {
        last[i] = next;
      }
    }
    std::vector<double> begin(count), end(count);  // x
    const auto place = [&](Item box, const std::vector<std::size_t>& edges,
                           const std::vector<Item>& items, std::vector<double>& out) {
      std::vector<Item> others;
      for (const std::size_t i : edges) others.push_back(items[i]);
      const std::vector<double> ports = Ports(box, others);
      for (std::size_t i = 0; i < edges.size(); ++i) out[edges[i]] = ports[i];
    };
    for (Item box = 0; box < layers_.boxes; ++box) {
      place(box, from[box], layers_.first, begin);
      place(box, to[box], last, end);
    }
    std::vector<double> widths(x_.size());
    for (Item box = 0; box < layers_.boxes; ++box) widths[box] = Width(box);
    const Shortcuts shortcuts(layers_, x_, widths);
    for (std::size_t i = 0; i < count; ++i) DrawEdge(i, begin[i], end[i], shortcuts);
  }

  void DrawEdge(std::size_t i, double begin, double end, const Shortcuts& shortcuts) {
    const auto& [edge, soft] = part_.edges[i];
    EdgePath path = {.edge = edge, .soft = soft};
    const auto add = [&path](Point point) {
      std::vector<Point>& points = path.points;
      const std::size_t size = points.size();
      if (size > 0) point.y = std::max(point.y, points.back().y);  // arithmetic rounds
      if (size > 0 && points.back() == point) return;
      // A straight line needs no point on its way down.
      if (size > 1 && points[size - 2].x == point.x && points[size - 1].x == point.x) {
        points.back() = point;
      } else {
        points.push_back(point);
      }
    };
    const Box& top = layout_.nodes[edge.from];
    const Box& bottom = layout_.nodes[edge.to];
    add({begin, top.bottom()});
    add({begin, bottoms_[layers_.row[edge.from]]});
    for (const Item bend : shortcuts.Needed(begin, layers_.first[i])) {
      add({x_[bend], tops_[layers_.row[bend]]});
      add({x_[bend], bottoms_[layers_.row[bend]]});
    }
    add({end, tops_[layers_.row[edge.to]]});
    add({end, bottom.top()});
    layout_.edges.push_back(std::move(path));
  }

  const Part& part_;
  const Sizes sizes_;
  const LayoutOptions& options_;
  const std::function<bool(double)>& go_on_;
  Layers layers_ = {};
  std::vector<double> x_ = {};                    // by item
  std::vector<double> tops_ = {}, bottoms_ = {};  // by row
  Layout layout_ = {};
};

}  // namespace

absl::StatusOr<Layout> LayOut(const DependencyGraph& graph, Sizes sizes,
                              const LayoutOptions& options) {
  if (sizes.size() != graph.size()) {
    return absl::InvalidArgumentError("there must be a size for each node");
  }
  Layout layout;
  layout.nodes.resize(graph.size());
  layout.edges = EdgesOf(graph);
  const std::vector<Part> parts = PartsOf(graph);
  std::vector<Layout> layouts;
  double area = 0, widest = 0;
  std::size_t done = 0;  // nodes and edges
  for (const Part& part : parts) {
    const std::size_t size = part.nodes.size() + part.edges.size();
    const std::function<bool(double)> go_on = [&](double share) {
      return !options.progress ||
             options.progress((static_cast<double>(done) + share * static_cast<double>(size)) /
                              static_cast<double>(graph.size() + graph.edge_count()));
    };
    if (!go_on(0)) return absl::CancelledError("the layout was given up");
    absl::StatusOr<Layout> made = PartLayout(part, sizes, options, go_on).Make();
    done += size;
    if (!made.ok()) return made.status();
    area += made->width * made->height;
    widest = std::max(widest, made->width);
    layouts.push_back(*std::move(made));
  }
  Shelves shelves(std::max(widest, std::sqrt(2 * area)));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto [left, top] = shelves.Place(layouts[i].width, layouts[i].height);
    for (std::size_t id = 0; id < parts[i].nodes.size(); ++id) {
      Box& box = layout.nodes[parts[i].nodes[id]];
      box = layouts[i].nodes[id];
      box.x += left;
      box.y += top;
    }
    for (std::size_t edge = 0; edge < parts[i].edges.size(); ++edge) {
      EdgePath& path = layout.edges[parts[i].places[edge]];
      path.points = std::move(layouts[i].edges[edge].points);
      for (Point& point : path.points) point = {point.x + left, point.y + top};
    }
  }
  layout.width = shelves.width();
  layout.height = shelves.height();
  return layout;
}

}  // namespace stemma::tools
