// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_WIRING_H_
#define STEMMA_TOOLS_VIEWS_WIRING_H_

#include <cstddef>
#include <optional>
#include <vector>

namespace stemma::tools {

// A line between two rows of boxes, out of vertical and horizontal strokes: from its tops, in the
// row above, to its bottom in the row below. All are even columns.
struct Wire {
  std::vector<std::size_t> tops = {};
  std::size_t bottom = 0;
};

// How a wire goes. From each top down to `track`, along that, and from the bottom's column down. If
// all tops are at the bottom's column it goes straight down, and has no track.
struct WireRoute {
  struct Step {
    std::size_t column = 0;  // an even one, of this wire alone
    std::size_t track = 0;   // below the first
  };
  std::optional<std::size_t> track = {};  // counted from the upper row down, from 0
  // If so, it goes from the first track down this column to the other track, and along that to the
  // bottom's column.
  std::optional<Step> step = {};
};

struct Wiring {
  std::vector<WireRoute> routes = {};  // by wire
  std::size_t tracks = 0;
};

// Finds tracks so that no two wires have a stroke in common: they meet only where a horizontal
// stroke of one crosses a vertical one of another. On one track at least one column is free between
// two wires. Few tracks, and few crossings.
//
// REQUIRES: no column is a top of two wires, and none the bottom of two.
// Cost: pairs of wires, times their tops.
Wiring Route(const std::vector<Wire>& wires);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_WIRING_H_
