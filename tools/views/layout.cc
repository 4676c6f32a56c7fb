// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/layout.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "absl/status/status.h"
#include "stemma/tools/views/columns.h"
#include "stemma/tools/views/crossings.h"
#include "stemma/tools/views/layers.h"

namespace stemma::tools {
namespace {

constexpr double kBendGap = 12;  // between an edge that passes and what is beside it
constexpr double kPort = 14;     // between two edges at the border of a box, at most

using Sizes = std::span<const std::pair<double, double>>;

// Nodes that hang together, with all their edges. Nodes are counted from 0 here.
struct Component {
  std::vector<NodeId> nodes = {};        // the graph's ids, in ascending order
  std::vector<MarkedEdge> edges = {};    // in the order of Layout::edges
  std::vector<std::size_t> places = {};  // of each edge in Layout::edges
};

std::vector<Component> Components(const DependencyGraph& graph, std::vector<EdgePath>& edges) {
  constexpr NodeId kNone = static_cast<NodeId>(-1);
  std::vector<NodeId> component(graph.size(), kNone), local(graph.size());
  std::vector<Component> components;
  std::vector<NodeId> open;
  for (NodeId root = 0; root < graph.size(); ++root) {
    if (component[root] != kNone) continue;
    const NodeId number = static_cast<NodeId>(components.size());
    Component& found = components.emplace_back();
    component[root] = number;
    open.push_back(root);
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      found.nodes.push_back(id);
      for (const auto& beside : {graph.Dependencies(id), graph.SoftDependencies(id),
                                 graph.Dependents(id), graph.SoftDependents(id)}) {
        for (const NodeId other : beside) {
          if (component[other] != kNone) continue;
          component[other] = number;
          open.push_back(other);
        }
      }
    }
    std::sort(found.nodes.begin(), found.nodes.end());
    for (std::size_t i = 0; i < found.nodes.size(); ++i) {
      local[found.nodes[i]] = static_cast<NodeId>(i);
    }
  }
  const auto add = [&](NodeId from, NodeId to, bool soft) {
    Component& home = components[component[from]];
    home.edges.push_back({.edge = {local[from], local[to]}, .soft = soft});
    home.places.push_back(edges.size());
    edges.push_back({.edge = {from, to}, .soft = soft});
  };
  for (NodeId from = 0; from < graph.size(); ++from) {
    for (const NodeId to : graph.Dependencies(from)) add(from, to, false);
    for (const NodeId to : graph.SoftDependencies(from)) add(from, to, true);
  }
  return components;
}

// Lays out one component, from (0, 0).
class ComponentLayout {
 public:
  ComponentLayout(const Component& component, Sizes sizes, const LayoutOptions& options,
                  const std::function<bool(double)>& go_on)
      : component_(component), sizes_(sizes), options_(options), go_on_(go_on) {}

  absl::StatusOr<Layout> Make() {
    absl::StatusOr<Layers> layers = MakeLayers(component_.nodes.size(), component_.edges);
    if (!layers.ok()) return layers.status();
    layers_ = *std::move(layers);
    if (!ReduceCrossings(layers_, go_on_)) return absl::CancelledError("the layout was given up");
    std::vector<double> widths;
    for (Item item = 0; item < layers_.row.size(); ++item) {
      widths.push_back(layers_.IsBend(item) ? kBendGap : Width(item) + options_.node_gap);
    }
    x_ = Columns(layers_, widths);
    for (Item item = 0; item < x_.size(); ++item) {
      layout_.width = std::max(layout_.width, x_[item] + widths[item] / 2);
    }
    PlaceRows();
    PlaceBoxes();
    DrawEdges();
    return std::move(layout_);
  }

 private:
  double Width(Item box) const { return sizes_[component_.nodes[box]].first; }
  double Height(Item box) const { return sizes_[component_.nodes[box]].second; }

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

  // Where on the border of `box` the edges begin or end that go to `others`: side by side in the
  // order of these, so that they do not cross at once.
  std::vector<double> Ports(Item box, const std::vector<double>& others) const {
    std::vector<std::size_t> order(others.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return others[a] < others[b]; });
    const double count = static_cast<double>(others.size());
    const double gap = std::min(kPort, Width(box) / (count + 1));
    std::vector<double> ports(others.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      ports[order[i]] = x_[box] + gap * (static_cast<double>(i) - (count - 1) / 2);
    }
    return ports;
  }

  void DrawEdges() {
    const std::size_t count = component_.edges.size();
    std::vector<std::vector<std::size_t>> from(layers_.boxes), to(layers_.boxes);  // edges
    std::vector<double> second(count), last(count), begin(count), end(count);      // x
    for (std::size_t i = 0; i < count; ++i) {
      const Edge& edge = component_.edges[i].edge;
      from[edge.from].push_back(i);
      to[edge.to].push_back(i);
      second[i] = x_[layers_.first[i]];
      Item item = edge.from;
      for (Item next = layers_.first[i]; next != edge.to; next = layers_.next[next]) item = next;
      last[i] = x_[item];
    }
    const auto place = [&](Item box, const std::vector<std::size_t>& edges,
                           const std::vector<double>& others, std::vector<double>& out) {
      std::vector<double> beside;
      for (const std::size_t i : edges) beside.push_back(others[i]);
      const std::vector<double> ports = Ports(box, beside);
      for (std::size_t i = 0; i < edges.size(); ++i) out[edges[i]] = ports[i];
    };
    for (Item box = 0; box < layers_.boxes; ++box) {
      place(box, from[box], second, begin);
      place(box, to[box], last, end);
    }
    for (std::size_t i = 0; i < count; ++i) DrawEdge(i, begin[i], end[i]);
  }

  void DrawEdge(std::size_t i, double begin, double end) {
    const auto& [edge, soft] = component_.edges[i];
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
    for (Item bend = layers_.first[i]; bend != edge.to; bend = layers_.next[bend]) {
      add({x_[bend], tops_[layers_.row[bend]]});
      add({x_[bend], bottoms_[layers_.row[bend]]});
    }
    add({end, tops_[layers_.row[edge.to]]});
    add({end, bottom.top()});
    layout_.edges.push_back(std::move(path));
  }

  const Component& component_;
  const Sizes sizes_;
  const LayoutOptions& options_;
  const std::function<bool(double)>& go_on_;
  Layers layers_ = {};
  std::vector<double> x_ = {};                    // by item
  std::vector<double> tops_ = {}, bottoms_ = {};  // by row
  Layout layout_ = {};
};

// Puts the components side by side in shelves, like books.
class Shelves {
 public:
  explicit Shelves(double width) : width_(width) {}

  // Returns: where the upper left corner goes.
  Point Place(double width, double height) {
    if (x_ > 0 && x_ + width > width_) {
      y_ += height_;
      x_ = height_ = 0;
    }
    const Point place = {x_, y_};
    x_ += width;
    height_ = std::max(height_, height);
    right_ = std::max(right_, x_);
    return place;
  }
  double width() const { return right_; }
  double height() const { return y_ + height_; }

 private:
  const double width_;
  double x_ = 0, y_ = 0, height_ = 0, right_ = 0;
};

}  // namespace

absl::StatusOr<Layout> LayOut(const DependencyGraph& graph, Sizes sizes,
                              const LayoutOptions& options) {
  if (sizes.size() != graph.size()) {
    return absl::InvalidArgumentError("there must be a size for each node");
  }
  Layout layout;
  layout.nodes.resize(graph.size());
  const std::vector<Component> components = Components(graph, layout.edges);
  std::vector<Layout> parts;
  double area = 0, widest = 0;
  std::size_t done = 0;  // nodes and edges
  for (const Component& component : components) {
    const std::size_t size = component.nodes.size() + component.edges.size();
    const std::function<bool(double)> go_on = [&](double share) {
      return !options.progress ||
             options.progress((static_cast<double>(done) + share * static_cast<double>(size)) /
                              static_cast<double>(graph.size() + graph.edge_count()));
    };
    if (!go_on(0)) return absl::CancelledError("the layout was given up");
    absl::StatusOr<Layout> part = ComponentLayout(component, sizes, options, go_on).Make();
    done += size;
    if (!part.ok()) return part.status();
    area += part->width * part->height;
    widest = std::max(widest, part->width);
    parts.push_back(*std::move(part));
  }
  Shelves shelves(std::max(widest, std::sqrt(2 * area)));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Point corner = shelves.Place(parts[i].width, parts[i].height);
    for (std::size_t id = 0; id < parts[i].nodes.size(); ++id) {
      Box& box = layout.nodes[components[i].nodes[id]];
      box = parts[i].nodes[id];
      box.x += corner.x;
      box.y += corner.y;
    }
    for (std::size_t edge = 0; edge < parts[i].edges.size(); ++edge) {
      EdgePath& path = layout.edges[components[i].places[edge]];
      path.points = std::move(parts[i].edges[edge].points);
      for (Point& point : path.points) point = {point.x + corner.x, point.y + corner.y};
    }
  }
  layout.width = shelves.width();
  layout.height = shelves.height();
  return layout;
}

}  // namespace stemma::tools
