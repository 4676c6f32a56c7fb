// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_GRAPH_DEPENDENCY_GRAPH_H_
#define STEMMA_GRAPH_DEPENDENCY_GRAPH_H_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/graph/internal/adjacency.h"
#include "stemma/graph/internal/name_index.h"
#include "stemma/graph/node_id.h"

namespace stemma {

// Which node depends on which, checked once and immutable from then on.
//
// Declare every node with the names of its dependencies, in any order. Create refuses what cannot
// be started (S1) and gives each node an id: the position of its declaration. All else is asked by
// id.
//
// There are two kinds of edges. A (hard) dependency binds: it makes ancestors and descendants. A
// soft dependency orders and no more (S20): it counts for cycles, StartOrder, StopOrder and Waves,
// and for nothing else.
//
// Promises: every answer is deterministic, ids within an answer are in ascending order (but for the
// orders), and nothing recurses, so that a chain of a million nodes is as good as any graph.
//
// Thread safety: const methods from any thread.
// Lifetime: a value, cheap to move; spans and references that it returns view the graph, and end
// with it. A graph that was moved from may be assigned to or destroyed.
//
// Example:
//   absl::StatusOr<stemma::DependencyGraph> graph = stemma::DependencyGraph::Create({
//       {.name = "api", .dependencies = {"db", "cache"}},
//       {.name = "cache", .dependencies = {"db"}},
//       {.name = "db"},
//   });
//   if (!graph.ok()) return graph.status();
//   for (stemma::NodeId id : graph->StartOrder()) {
//     std::cout << graph->name(id) << "\n";  // db, cache, api
//   }
class DependencyGraph {
 public:
  struct Declaration {
    std::string name = {};                            // REQUIRES: not empty, and like no other
    std::vector<std::string> dependencies = {};       // names of declared nodes
    std::vector<std::string> soft_dependencies = {};  // names of declared nodes; order only (S20)
  };

  // What is wrong with some declarations.
  struct Problem {
    NodeId node =
        0;  // where to look: of a cycle its first node, of a name declared twice the second
    std::string text = {};  // one line, names made Printable
  };

  // Returns the graph, or InvalidArgument with all the Problems, one on each line: the caller
  // corrects the declarations. Cost: nodes + edges.
  static absl::StatusOr<DependencyGraph> Create(std::vector<Declaration> declarations);

  // Returns what Create would refuse (S1); nothing when it would not: empty names, names declared
  // more than once, unknown dependencies (with the nearest known name, where there is one; in a
  // graph with very many such errors for the first of them only), nodes that depend on themselves,
  // edges given twice or both hard and soft; then cycles over hard and soft edges, one for each set
  // of nodes that depend on each other, a shortest one (S1: `a -> b -> c -> a`), beginning at its
  // earliest node.
  static std::vector<Problem> Problems(const std::vector<Declaration>& declarations);

  DependencyGraph() = default;  // the empty graph

  // What Create would make the same graph of. Each list of dependencies is in the order of ids.
  std::vector<Declaration> Declarations() const;

  // Returns this graph and one node more, whose id is size(); InvalidArgument as Create. The other
  // ids stay. Cost: nodes + edges.
  absl::StatusOr<DependencyGraph> With(Declaration declaration) const;

  // Returns this graph without the node, and without the soft dependencies on it. The ids above its
  // own go down by one. Cost: nodes + edges. REQUIRES: id < size(), and no node depends on it.
  DependencyGraph Without(NodeId id) const;

  std::size_t size() const { return names_.size(); }  // nodes; their ids are 0 to size() - 1
  std::size_t edge_count() const;                     // hard and soft

  // REQUIRES, here and below: id < size().
  const std::string& name(NodeId id) const { return names_[id]; }
  std::span<const std::string> names() const { return names_; }  // by id

  // Returns the node of that name, or nothing. Constant time.
  std::optional<NodeId> Find(std::string_view name) const;

  // The two ends of an edge. Constant time.
  std::span<const NodeId> Dependencies(NodeId id) const { return dependencies_[id]; }
  std::span<const NodeId> Dependents(NodeId id) const { return dependents_[id]; }
  std::span<const NodeId> SoftDependencies(NodeId id) const { return soft_dependencies_[id]; }
  std::span<const NodeId> SoftDependents(NodeId id) const { return soft_dependents_[id]; }

  // Ancestors: the node's dependencies, theirs, and so on. Descendants: its dependents, theirs, and
  // so on. The node itself is neither. Of several nodes: the union of each one's, which holds one
  // of them if it is another's.
  // Cost: what is returned, sorted, and its edges; and clearing one bit for each node.
  std::vector<NodeId> Ancestors(NodeId id) const;
  std::vector<NodeId> Ancestors(std::span<const NodeId> ids) const;
  std::vector<NodeId> Descendants(NodeId id) const;
  std::vector<NodeId> Descendants(std::span<const NodeId> ids) const;

  // Every node after its dependencies and soft dependencies; of those that could come next, the one
  // declared first.
  std::span<const NodeId> StartOrder() const { return start_order_; }

  // The reverse of StartOrder: every node after its dependents and soft dependents.
  std::vector<NodeId> StopOrder() const;

  // Who starts side by side if every start takes equally long: wave 0 has no dependencies, hard or
  // soft; any other node is in the wave after the latest wave of its dependencies and soft
  // dependencies.
  std::vector<std::vector<NodeId>> Waves() const;

 private:
  struct Reading;  // what Create and Problems find in the declarations

  std::vector<std::string> names_;
  internal::NameIndex id_by_name_;
  internal::Adjacency dependencies_, dependents_;
  internal::Adjacency soft_dependencies_, soft_dependents_;
  std::vector<NodeId> start_order_;
};

}  // namespace stemma

#endif  // STEMMA_GRAPH_DEPENDENCY_GRAPH_H_
