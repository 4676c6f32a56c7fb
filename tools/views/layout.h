// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_LAYOUT_H_
#define STEMMA_TOOLS_VIEWS_LAYOUT_H_

#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/edge.h"

namespace stemma::tools {

// Where everything of a drawn graph is: layers of boxes, dependents above what they depend on. The
// unit is that of the sizes that went in; x grows to the right and y downward, from 0.

struct Point {
  double x = 0;
  double y = 0;

  friend bool operator==(const Point&, const Point&) = default;
};

struct Box {
  double x = 0;  // of its centre
  double y = 0;
  double width = 0;
  double height = 0;

  double left() const { return x - width / 2; }
  double right() const { return x + width / 2; }
  double top() const { return y - height / 2; }
  double bottom() const { return y + height / 2; }
};

// The line of an edge, from the lower border of the dependent's box to the upper border of its
// dependency's. It never goes up, and meets no other box. Drawn between two successive points p and
// q as a curve with the control points (p.x, m) and (q.x, m), m being the middle of p.y and q.y, it
// is smooth and meets no box either.
struct EdgePath {
  Edge edge = {};
  bool soft = false;
  std::vector<Point> points = {};  // two or more
};

struct Layout {
  std::vector<Box> nodes = {};  // by id; no two overlap
  std::vector<EdgePath> edges =
      {};            // by dependent; of one, the hard edges first; then by dependency
  double width = 0;  // all is within these two
  double height = 0;
};

struct LayoutOptions {
  double node_gap = 24;  // between boxes side by side. REQUIRES: not negative
  double rank_gap = 48;  // between layers, at least. REQUIRES: positive
  // Called now and then with the share of the work that is done, 0 to 1. Answers whether to go on.
  // Default: goes on.
  std::function<bool(double share)> progress = {};
};

// Lays the graph out: layers by longest path, with short edges; few crossings; edges mostly
// straight. What is not connected stands side by side. A layer that is much wider than the rest
// calls for stands in several rows. The same graph and sizes give the same layout. Nothing
// recurses.
//
// `sizes`: width and height of each node's box, by id. REQUIRES: positive.
// Returns: Cancelled if `progress` said so; ResourceExhausted if the edges are so long that they
// would take gigabytes; InvalidArgument unless there is one size for each node.
// Thread safety: any thread. What `progress` throws passes through.
absl::StatusOr<Layout> LayOut(const DependencyGraph& graph,
                              std::span<const std::pair<double, double>> sizes,
                              const LayoutOptions& options = {});

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_LAYOUT_H_
