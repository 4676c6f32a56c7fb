// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_COLUMNS_H_
#define STEMMA_TOOLS_VIEWS_COLUMNS_H_

#include <span>
#include <vector>

#include "stemma/tools/views/layers.h"

namespace stemma::tools {

// Chooses where across the drawing each item has its middle, so that edges are short and mostly
// straight, and bends in a row of their own stand exactly below each other.
//
// In a row the items keep their order, each as far from the next as half of both their `widths`.
// Returns: x by item; the least left border is at 0. Cost: items + steps.
std::vector<double> Columns(const Layers& layers, std::span<const double> widths);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_COLUMNS_H_
