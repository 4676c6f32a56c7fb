// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_CROSSINGS_H_
#define STEMMA_TOOLS_VIEWS_CROSSINGS_H_

#include <cstdint>
#include <functional>

#include "stemma/tools/views/layers.h"

namespace stemma::tools {

// How many pairs of steps cross when they are drawn as straight lines. Cost: steps, times the
// logarithm of the longest row.
std::uint64_t CountCrossings(const Layers& layers);

// Reorders the rows so that fewer steps cross, never more: sweeps over the layers, each of which
// sorts every row by where its items' neighbours are, and in smaller graphs swaps of two
// neighbours. How much it tries goes by the size of the graph, so that large ones take little
// longer than a few sweeps.
//
// `go_on` is asked after each sweep with the share that is done. Returns: whether it always said
// yes; if not, the rows are in one of the orders tried.
bool ReduceCrossings(Layers& layers, const std::function<bool(double share)>& go_on);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_CROSSINGS_H_
