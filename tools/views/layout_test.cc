// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/layout.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <cstddef>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace {

using stemma::DependencyGraph;
using stemma::Edge;
using stemma::NodeId;
using stemma::internal::Chain;
using stemma::internal::Diamond;
using stemma::internal::GraphOf;
using stemma::internal::RandomGraph;
using stemma::internal::Star;
using stemma::tools::Box;
using stemma::tools::EdgePath;
using stemma::tools::Layout;
using stemma::tools::LayOut;
using stemma::tools::LayoutOptions;
using stemma::tools::Point;
using Sizes = std::vector<std::pair<double, double>>;

constexpr double kTiny = 1e-6;  // what arithmetic may lose

Sizes SizesOf(std::size_t count, double width = 100, double height = 30) {
  return Sizes(count, {width, height});
}

Sizes RandomSizes(std::mt19937& random, std::size_t count) {
  std::uniform_real_distribution<double> width(10, 300), height(10, 60);
  Sizes sizes(count);
  for (auto& size : sizes) size = {width(random), height(random)};
  return sizes;
}

bool Overlap(const Box& a, const Box& b) {
  return a.left() < b.right() - kTiny && b.left() < a.right() - kTiny &&
         a.top() < b.bottom() - kTiny && b.top() < a.bottom() - kTiny;
}

std::size_t Overlaps(const Layout& layout) {
  std::size_t overlaps = 0;
  for (std::size_t a = 0; a < layout.nodes.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      overlaps += Overlap(layout.nodes[a], layout.nodes[b]) ? 1 : 0;
    }
  }
  return overlaps;
}

// The curve between two successive points of a path, as layout.h has it drawn, as short lines.
std::vector<Point> Curve(const Point& p, const Point& q) {
  if (p.x == q.x) return {p, q};
  std::vector<Point> points;
  const double middle = (p.y + q.y) / 2;
  constexpr int kSteps = 16;
  for (int i = 0; i <= kSteps; ++i) {
    const double t = static_cast<double>(i) / kSteps, s = 1 - t;
    const double end = s * s * s, near = 3 * s * s * t, far = 3 * s * t * t, begin = t * t * t;
    points.push_back({(end + near) * p.x + (far + begin) * q.x,
                      end * p.y + (near + far) * middle + begin * q.y});
  }
  return points;
}

// Whether the line from p to q, which goes down, has a point within the box.
bool Meets(const Point& p, const Point& q, const Box& box) {
  const double from = std::max(p.y, box.top() + kTiny), to = std::min(q.y, box.bottom() - kTiny);
  if (from > to) return false;
  const auto x = [&](double y) {
    return q.y - p.y < kTiny ? p.x : p.x + (q.x - p.x) * (y - p.y) / (q.y - p.y);
  };
  double least = std::min(x(from), x(to)), most = std::max(x(from), x(to));
  if (q.y - p.y < kTiny) least = std::min(p.x, q.x), most = std::max(p.x, q.x);
  return most > box.left() + kTiny && least < box.right() - kTiny;
}

// What is wrong with the line of an edge; empty: nothing.
std::string WrongWith(const EdgePath& path, const Layout& layout) {
  const std::vector<Point>& points = path.points;
  if (points.size() < 2) return "no line";
  const Box& from = layout.nodes[path.edge.from];
  const Box& to = layout.nodes[path.edge.to];
  const Point& begin = points.front();
  const Point& end = points.back();
  if (std::abs(begin.y - from.bottom()) > kTiny || begin.x < from.left() || begin.x > from.right())
    return "it does not begin at the lower border of its dependent";
  if (std::abs(end.y - to.top()) > kTiny || end.x < to.left() || end.x > to.right())
    return "it does not end at the upper border of its dependency";
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    if (points[i + 1].y < points[i].y) return "it goes up";
    const auto is_near = [&](const Box& box) {
      return box.bottom() > points[i].y && box.top() < points[i + 1].y &&
             box.right() > std::min(points[i].x, points[i + 1].x) &&
             box.left() < std::max(points[i].x, points[i + 1].x);
    };
    const std::vector<Point> curve = Curve(points[i], points[i + 1]);
    for (const Box& box : layout.nodes) {
      if (!is_near(box)) continue;
      for (std::size_t j = 0; j + 1 < curve.size(); ++j) {
        if (Meets(curve[j], curve[j + 1], box)) return "it runs through a box";
      }
    }
  }
  return "";
}

bool Within(const Layout& layout, const Point& point) {
  return point.x >= -kTiny && point.y >= -kTiny && point.x <= layout.width + kTiny &&
         point.y <= layout.height + kTiny;
}

void CheckLayout(const DependencyGraph& graph, const Sizes& sizes, const Layout& layout) {
  REQUIRE(layout.nodes.size() == graph.size());
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Box& box = layout.nodes[id];
    REQUIRE(std::pair(box.width, box.height) == sizes[id]);
    REQUIRE(Within(layout, {box.left(), box.top()}));
    REQUIRE(Within(layout, {box.right(), box.bottom()}));
  }
  REQUIRE(Overlaps(layout) == 0);
  std::vector<std::pair<Edge, bool>> expected, drawn;
  for (NodeId id = 0; id < graph.size(); ++id) {
    for (const NodeId to : graph.Dependencies(id)) expected.push_back({{id, to}, false});
    for (const NodeId to : graph.SoftDependencies(id)) expected.push_back({{id, to}, true});
  }
  for (const EdgePath& path : layout.edges) {
    drawn.push_back({path.edge, path.soft});
    INFO(path.edge.from << " -> " << path.edge.to);
    REQUIRE(WrongWith(path, layout) == "");
    REQUIRE(std::all_of(path.points.begin(), path.points.end(),
                        [&](const Point& point) { return Within(layout, point); }));
  }
  REQUIRE(drawn == expected);
}

bool Same(const Layout& a, const Layout& b) {
  const auto same_box = [](const Box& p, const Box& q) {
    return p.x == q.x && p.y == q.y && p.width == q.width && p.height == q.height;
  };
  const auto same_path = [](const EdgePath& p, const EdgePath& q) {
    return p.edge == q.edge && p.soft == q.soft && p.points == q.points;
  };
  return a.width == b.width && a.height == b.height &&
         std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(), same_box) &&
         std::equal(a.edges.begin(), a.edges.end(), b.edges.begin(), b.edges.end(), same_path);
}

TEST_CASE("the empty graph takes no space", "[tools][layout]") {
  const Layout layout = LayOut(DependencyGraph(), {}).value();
  CHECK(layout.nodes.empty());
  CHECK(layout.edges.empty());
  CHECK(layout.width == 0);
  CHECK(layout.height == 0);
}

TEST_CASE("a chain is a straight line down", "[tools][layout]") {
  const DependencyGraph graph = Chain(5);
  const Layout layout = LayOut(graph, SizesOf(5)).value();
  CheckLayout(graph, SizesOf(5), layout);
  for (NodeId id = 1; id < 5; ++id) {
    CHECK(layout.nodes[id].x == layout.nodes[0].x);
    CHECK(layout.nodes[id].top() > layout.nodes[id - 1].bottom());
  }
  for (const EdgePath& path : layout.edges) CHECK(path.points.size() == 2);
}

TEST_CASE("a diamond is symmetric", "[tools][layout]") {
  const Layout layout = LayOut(Diamond(), SizesOf(4)).value();
  const auto& [top, left, right, bottom] =
      std::tie(layout.nodes[0], layout.nodes[1], layout.nodes[2], layout.nodes[3]);
  CHECK(top.x == bottom.x);
  CHECK(left.y == right.y);
  CHECK(std::abs((left.x + right.x) / 2 - top.x) < kTiny);
}

TEST_CASE("boxes do not overlap, edges go down between the borders of theirs and through no other",
          "[tools][layout]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 50; ++round) {
    INFO("round " << round);
    const DependencyGraph graph = RandomGraph(random, 22);
    const Sizes sizes = RandomSizes(random, graph.size());
    const Layout layout = LayOut(graph, sizes).value();
    CheckLayout(graph, sizes, layout);
    if (round % 5 == 0) REQUIRE(Same(layout, LayOut(graph, sizes).value()));
  }
}

// As many nodes as `layers` has, each on some of the layer below.
DependencyGraph Layered(const std::vector<std::size_t>& layers, std::mt19937& random) {
  std::vector<DependencyGraph::Declaration> declarations;
  std::size_t above = 0;  // where the layer above begins
  for (const std::size_t size : layers) {
    const std::size_t begin = declarations.size();
    for (std::size_t i = 0; i < size; ++i) {
      declarations.push_back({.name = "n" + std::to_string(begin + i)});
    }
    for (std::size_t i = above; i < begin; ++i) {
      for (std::size_t target = random() % size, step = 0; step < 3 && step < size; ++step) {
        declarations[i].dependencies.push_back("n" +
                                               std::to_string(begin + (target + step) % size));
      }
    }
    above = begin;
  }
  return GraphOf(std::move(declarations));
}

TEST_CASE("a layer that is much wider than the rest stands in several rows", "[tools][layout]") {
  std::mt19937 random(1);
  const std::vector<std::vector<std::size_t>> shapes = {
      {1, 60}, {60, 1}, {5, 90, 5}, {30, 30, 30, 30}, {150}, {1, 50, 1, 50, 1}};
  for (const std::vector<std::size_t>& shape : shapes) {
    const DependencyGraph graph = Layered(shape, random);
    INFO(graph.size() << " nodes in " << shape.size() << " layers");
    const Layout layout = LayOut(graph, SizesOf(graph.size())).value();
    CheckLayout(graph, SizesOf(graph.size()), layout);
    // About the shape of a screen.
    CHECK(layout.width < 4 * layout.height);
    CHECK(layout.height < 2 * layout.width);
  }
}

TEST_CASE("a large graph has about the shape of a screen", "[tools][layout]") {
  std::mt19937 random(1);
  std::vector<DependencyGraph::Declaration> declarations(500);
  for (std::size_t i = 0; i < declarations.size(); ++i) {
    declarations[i].name = "n" + std::to_string(i);
    // On some of those before, the first ones more often.
    std::set<std::size_t> targets;
    for (int edge = 0; edge < 3 && i > 0; ++edge) targets.insert(random() % (random() % i + 1));
    for (const std::size_t to : targets) {
      declarations[i].dependencies.push_back("n" + std::to_string(to));
    }
  }
  const DependencyGraph graph = GraphOf(std::move(declarations));
  const Layout layout = LayOut(graph, SizesOf(graph.size())).value();
  CHECK(Overlaps(layout) == 0);
  CHECK(layout.width < 3 * layout.height);
  CHECK(layout.height < 2 * layout.width);
  double boxes = 0;
  for (const Box& box : layout.nodes) boxes += (box.width + 24) * (box.height + 48);
  CHECK(layout.width * layout.height < 4 * boxes);
}

TEST_CASE("there must be a size for each node", "[tools][layout]") {
  CHECK(LayOut(Chain(3), SizesOf(2)).status().code() == absl::StatusCode::kInvalidArgument);
}

TEST_CASE("a layout is given up when that is asked", "[tools][layout]") {
  LayoutOptions options;
  options.progress = [](double) { return false; };
  CHECK(LayOut(Chain(3), SizesOf(3), options).status().code() == absl::StatusCode::kCancelled);
}

}  // namespace
