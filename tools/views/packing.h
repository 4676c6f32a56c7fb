// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_PACKING_H_
#define STEMMA_TOOLS_VIEWS_PACKING_H_

#include <span>
#include <vector>

#include "stemma/tools/views/layers.h"

namespace stemma::tools {

// Pushes together what Columns has placed at `x`, into no more room than `most_width`: edges are
// short, and bends above each other mostly straight, as far as that goes.
// REQUIRES: every row fits into `most_width`.
// Returns: x by item; the least left border is at 0. Cost: items + steps.
std::vector<double> PackedColumns(const Layers& layers, std::span<const double> widths,
                                  double most_width, std::vector<double> x);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_PACKING_H_
