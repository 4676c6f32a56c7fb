// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_LAYERED_TEXT_H_
#define STEMMA_TOOLS_VIEWS_LAYERED_TEXT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/graph/dependency_graph.h"

namespace stemma::tools {

struct LayeredTextOptions {
  bool ascii = false;  // lines of ASCII only
  // Columns of the terminal. What does not hang together stands side by side where there is room.
  // The drawing is wider if it must be.
  std::size_t width = 80;
};

struct LayeredText {
  std::string text = {};  // lines, each with a newline at its end
  std::size_t width = 0;  // columns
  std::size_t height = 0;
};

// Draws a small graph for a terminal: boxes in layers, dependents above what they depend on, and
// lines between them.
//
//   ┌─────┐
//   │ api │
//   └─┬─┬─┘
//     │ ╰╌╌╌╮
//     ▼     ▽
//   ┌────┐ ┌─────┐
//   │ db │ │ log │
//   └────┘ └─────┘
//
// A line that leads down from a box leads to one dependency: a soft one if the line is dashed and
// ends in ▽ (in ASCII: of : and ~). Lines to the same dependency join on their way. Where lines
// cross without having to do with each other, the one that goes across is interrupted: ─│─.
//
// `labels`: what stands in each node's box, lines that are Printable, by id.
// Returns: ResourceExhausted if the graph is much too large for this, a few hundred nodes.
// REQUIRES: a label with a line for each node.
absl::StatusOr<LayeredText> ToLayeredText(const DependencyGraph& graph,
                                          const std::vector<std::vector<std::string>>& labels,
                                          const LayeredTextOptions& options = {});

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_LAYERED_TEXT_H_
