// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_TEXT_H_
#define STEMMA_GRAPH_TEXT_H_

#include <cstddef>
#include <functional>
#include <string>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"

namespace stemma {

struct TextOptions {
  // Draw lines with | - ` and . only; names stay as they are. Default: Unicode lines.
  bool ascii = false;

  // How many levels a tree has at most, the first node's among them; 0 counts as 1. What lies
  // deeper is drawn after the trees, from the left margin again, so that a long chain stays
  // readable and takes no space with the square of its length. A last node without dependencies may
  // stand one level deeper. Default: 32.
  std::size_t max_depth = 32;

  // Called once for each node, where it is drawn; the answer stands in a column to the right, made
  // Printable. Default: no such column.
  std::function<std::string(NodeId)> annotation = {};

  // Stands above that column, on a line of its own, made Printable. Default: no such line.
  std::string heading = {};
};

// Returns a drawing of the graph for a terminal, in UTF-8, one line for each node and edge, each
// with a newline at its end. A tree begins at each node that nobody depends on, in the order of
// declaration, with the node's dependencies below it and then, on dotted lines, its soft
// dependencies:
//
//   api
//   ├── cache
//   │   └── db
//   ├── db (*)
//   └╌╌ metrics
//
// (*): drawn further up, with all that is below it. (v): drawn further down, because here it is too
// deep (max_depth).
//
// Names are made Printable, so that nothing in them acts on the terminal. Columns are those of
// a terminal (DisplayWidth). The empty graph is the empty string. Nothing recurses.
//
// Thread safety: any thread. What `annotation` throws passes through.
//
// Example:
//   std::cout << stemma::ToText(graph);
std::string ToText(const DependencyGraph& graph, const TextOptions& options = {});

}  // namespace stemma

#endif  // STEMMA_GRAPH_TEXT_H_
