// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/columns.h"

#include <algorithm>

namespace stemma::tools {

std::vector<double> Columns(const Layers& layers, std::span<const double> widths) {
  std::vector<double> x(widths.size());
  double widest = 0;
  for (const std::vector<Item>& row : layers.rows) {
    double width = 0;
    for (const Item item : row) width += widths[item];
    widest = std::max(widest, width);
  }
  for (const std::vector<Item>& row : layers.rows) {
    double width = 0;
    for (const Item item : row) width += widths[item];
    double at = (widest - width) / 2;
    for (const Item item : row) {
      x[item] = at + widths[item] / 2;
      at += widths[item];
    }
  }
  return x;
}

}  // namespace stemma::tools
