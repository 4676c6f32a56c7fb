// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_LAYERS_H_
#define STEMMA_TOOLS_VIEWS_LAYERS_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/graph/edge.h"
#include "stemma/graph/internal/adjacency.h"

namespace stemma::tools {

// What stands in a layer: a node's box, or a bend, where an edge passes on its way to a lower
// layer.
using Item = std::uint32_t;

// A graph cut into layers, so that every edge goes down, and in steps of one layer. The steps of an
// edge: from its dependent to `first`, and on along `next` until that is its dependency.
struct Layers {
  std::size_t boxes = 0;  // the items below this number are boxes, by the node's id; others bends
  std::vector<std::vector<Item>> rows = {};  // the layers top to bottom, each left to right
  std::vector<std::uint32_t> row = {};       // by item
  internal::Adjacency below = {};            // the ends of the steps from an item down
  internal::Adjacency above = {};            // the same steps from below
  std::vector<Item> first = {};              // by edge
  std::vector<Item> next = {};               // by item; of a bend only

  bool IsBend(Item item) const { return item >= boxes; }
};

// Any edge with a mark of its kind. Edges of different kinds never share bends.
struct MarkedEdge {
  Edge edge = {};
  bool soft = false;
};

// Whether the long edges to one dependency share their bends: all of the same kind do.
enum class BendSharing {
  kWhenMany,  // when bends of their own would be very many, or a layer stands in several rows
  kAlways,
};

struct LayerOptions {
  BendSharing sharing = BendSharing::kWhenMany;
  // A layer that is wider than this stands in several rows. Default: none is.
  double most_width = std::numeric_limits<double>::infinity();
  std::span<const double> widths = {};  // of the nodes, if there is a most_width
};

// Cuts the graph into layers: each node as high as its dependents allow, then moved so that edges
// get shorter. In each layer what hangs together is side by side.
//
// REQUIRES: no cycle. Returns: ResourceExhausted if even so there would be too many bends.
// Cost: nodes + edges + bends.
absl::StatusOr<Layers> MakeLayers(std::size_t nodes, std::span<const MarkedEdge> edges,
                                  const LayerOptions& options = {});

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_LAYERS_H_
