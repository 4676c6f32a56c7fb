// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_PARTS_H_
#define STEMMA_TOOLS_VIEWS_PARTS_H_

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"
#include "stemma/tools/views/layers.h"

namespace stemma::tools {

// What of a graph hangs together, with all of its edges. Its nodes are counted from 0 of their own.
struct Part {
  std::vector<NodeId> nodes = {};        // the graph's ids, in ascending order
  std::vector<MarkedEdge> edges = {};    // by dependent; of one, the hard ones first
  std::vector<std::size_t> places = {};  // of each edge among all the graph's, in that same order
};

// By their least nodes.
std::vector<Part> PartsOf(const DependencyGraph& graph);

// Puts drawings of parts side by side in shelves, like books.
class Shelves {
 public:
  explicit Shelves(double width) : width_(width) {}

  // Returns: where the upper left corner goes, x and y.
  std::pair<double, double> Place(double width, double height) {
    if (x_ > 0 && x_ + width > width_) {
      y_ += height_;
      x_ = height_ = 0;
    }
    const std::pair place(x_, y_);
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

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_PARTS_H_
