// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_EDGE_H_
#define STEMMA_GRAPH_EDGE_H_

#include <compare>

#include "stemma/graph/node_id.h"

namespace stemma {

// One node depends on another, hard or soft. As drawn, the arrow goes from the dependent to its
// dependency. In order of `from`, then `to`.
struct Edge {
  NodeId from = 0;  // the dependent
  NodeId to = 0;    // its dependency

  friend auto operator<=>(const Edge&, const Edge&) = default;
};

// Which edges a question follows.
enum class EdgeKinds {
  kHard,         // dependencies that bind: what ancestors and descendants are made of
  kHardAndSoft,  // also those that only order (S20): what starts and ends are made of
};

}  // namespace stemma

#endif  // STEMMA_GRAPH_EDGE_H_
