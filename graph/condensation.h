// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_CONDENSATION_H_
#define STEMMA_GRAPH_CONDENSATION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/graph/dependency_graph.h"

namespace stemma {

// A graph with cycles cannot be started, but it can be looked at: draw each set of nodes that
// depend on each other as one node, and no cycle is left.
struct Condensation {
  DependencyGraph graph = {};
  // By id, the names that the node stands for, as declared: its own, or those of two nodes or more
  // that depend on each other.
  std::vector<std::vector<std::string>> members = {};
};

// Condenses what Create would refuse for its cycles alone. Hard and soft edges count. A node for
// several stands where the first of them was declared and is called after the first three,
// "{a, b, c and 4 more}" (with a ' at its end, or more of them, if that name is taken).
// It has a hard dependency if one of its members had, a soft one if they were all soft. Edges
// within are left out, those from a node to itself too. A graph without cycles comes out as it is.
//
// Returns: InvalidArgument with what else is wrong with the declarations (S1), one problem on each
// line: the caller corrects them. Cost: as Create. Nothing recurses. Thread safety: any thread.
absl::StatusOr<Condensation> Condense(
    const std::vector<DependencyGraph::Declaration>& declarations);

}  // namespace stemma

#endif  // STEMMA_GRAPH_CONDENSATION_H_
