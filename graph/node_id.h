// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_NODE_ID_H_
#define STEMMA_GRAPH_NODE_ID_H_

#include <cstdint>

namespace stemma {

// A node of one DependencyGraph: its position in the declarations, counting from 0. Ids are dense,
// so that what is known about each node can be kept in a vector. An id means nothing in another
// graph.
using NodeId = std::uint32_t;

}  // namespace stemma

#endif  // STEMMA_GRAPH_NODE_ID_H_
