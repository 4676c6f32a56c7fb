// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_SHORTCUTS_H_
#define STEMMA_TOOLS_VIEWS_SHORTCUTS_H_

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "stemma/tools/views/layers.h"

namespace stemma::tools {

// Finds the bends that long edges can do without: between two others there is no box in the way of
// a smooth curve. What shares bends keeps sharing those that are left.
class Shortcuts {
 public:
  // `x`: the middle of each item. `widths`: of each item, without what is to be left free beside.
  // REQUIRES: `layers` outlives this. Cost: items + steps.
  Shortcuts(const Layers& layers, std::span<const double> x, std::span<const double> widths);

  // The bends that a line from `x`, in the row above `first`, has to pass on its way down from
  // there to a box; perhaps none.
  std::vector<Item> Needed(double x, Item first) const;

 private:
  using Room = std::pair<double, double>;  // from border to border

  // Whether a curve between these x stays in the room of all from `bend` down to before `end`.
  bool IsFree(double a, double b, Item bend, Item end) const;
  void FindRooms(std::span<const double> widths);
  void Choose(const std::vector<Item>& chain);

  const Layers& layers_;
  const std::span<const double> x_;
  std::vector<Room> room_ = {};       // by item, of bends: between the boxes beside it
  std::vector<bool> is_needed_ = {};  // by item
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_SHORTCUTS_H_
