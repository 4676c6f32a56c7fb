// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_QUESTIONS_LINT_H_
#define STEMMA_TOOLS_QUESTIONS_LINT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/node_id.h"
#include "stemma/supervisor/node.h"

namespace stemma::tools {

// What a supervisor accepts and nobody can have meant. Each is a fact about the graph or the
// policies, by the very rules of the engine, not a matter of taste.
enum class Lint : std::uint8_t {
  // It has a restart policy, and nothing asks for a restart: neither on_error nor on_completion
  // (S4, S19). Or only for ones that max_restarts = 0 refuses.
  kUnusedRestart,
  // Its pauses are so long that never more than max_restarts fall within the window (S8): it is
  // restarted for ever.
  kLimitOutOfReach,
  // No pause and no limit: a component that fails at once is restarted as fast as the machine can.
  kBusyRestart,
  // Its kStopParents takes down every node, and so is a kShutdown (S4).
  kStopParentsIsShutdown,
  // A hard edge beside a longer path that says the same (graph/transitive_reduction.h).
  kRedundantDependency,
  // A soft edge beside a path of hard ones, which bind and order (S20).
  kRedundantSoftDependency,
  // It restarts with its dependencies (S6), and has none.
  kUnusedFollow,
  // A node without edges among others that have some.
  kOrphan,
};

inline constexpr Lint kLints[] = {Lint::kUnusedRestart,       Lint::kLimitOutOfReach,
                                  Lint::kBusyRestart,         Lint::kStopParentsIsShutdown,
                                  Lint::kRedundantDependency, Lint::kRedundantSoftDependency,
                                  Lint::kUnusedFollow,        Lint::kOrphan};

// Its name on the command line: "redundant-dependency".
std::string_view ToString(Lint lint);

// One of them, somewhere.
struct Remark {
  Lint lint = Lint::kOrphan;
  NodeId node = 0;
  std::string field = {};                   // of the node, as in a manifest; empty: the node itself
  std::optional<std::size_t> element = {};  // of the field, which is a list of names
  std::string text = {};                    // one line, which names the node
};

struct LintReport {
  std::vector<Remark> remarks = {};  // by node; of each kind at most as many as were asked for
  std::map<Lint, std::size_t> found = {};  // how many there are of each kind
};

// Looks for all of them. `nodes` have `graph`, by the same ids. `has_policies`: what the nodes say
// of restarts and verdicts was chosen by someone; else only the edges are looked at.
// `most`: how many of a kind are told with their words, so that a large graph costs little.
//
// Cost: that of RedundantEdges and CountBlastRadius, and nodes + edges for each remark on an edge.
LintReport LintOf(const std::vector<Node>& nodes, const DependencyGraph& graph, bool has_policies,
                  std::size_t most = 100);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_QUESTIONS_LINT_H_
