// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_SMALL_GRAPHS_H_
#define STEMMA_TESTING_SMALL_GRAPHS_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "stemma/graph/dependency_graph.h"

namespace stemma {

enum class Edges { kHard, kHardAndSoft };

// Every acyclic graph of `size` nodes, but for their names: of those that only differ in who is
// called what, one. Nodes are called a, b, c and so on. Every other graph is declared in the
// reverse of the start order.
//
// Of 1, 2, 3, 4, 5 nodes there are 1, 2, 6, 31, 302 with hard edges. Cost: 2 or 3 to the power of
// the pairs of nodes, times the orders of nodes: for tests of up to 5 nodes, 4 with soft edges.
std::vector<std::shared_ptr<const DependencyGraph>> SmallGraphs(std::size_t size,
                                                                Edges edges = Edges::kHard);

}  // namespace stemma

#endif  // STEMMA_TESTING_SMALL_GRAPHS_H_
