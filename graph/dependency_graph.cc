// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/dependency_graph.h"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/graph/internal/cycles.h"
#include "stemma/graph/internal/id_set.h"
#include "stemma/graph/internal/name_index.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"

namespace stemma {
namespace {

using internal::Adjacency;
using internal::Edge;
using internal::IdSet;
using internal::NameIndex;

std::string Quoted(std::string_view name) { return "'" + Printable(name) + "'"; }

// Gives the nearest name for unknown ones, until it has compared so many that a graph with very
// many errors would take long to refuse.
class Suggestions {
 public:
  explicit Suggestions(const std::vector<DependencyGraph::Declaration>& declarations)
      : declarations_(declarations) {}

  // The end of a message about `name`, unknown, which node `by` was declared with. Never suggests
  // `by` itself.
  std::string For(std::string_view name, NodeId by) {
    if (comparisons_ > kMaxComparisons) return "";
    if (names_.empty()) {
      for (const auto& declaration : declarations_) names_.push_back(declaration.name);
    }
    comparisons_ += names_.size();
    const std::string_view own = std::exchange(names_[by], "");  // the empty name is near to none
    std::string suggestion = DidYouMean(name, names_);
    names_[by] = own;
    return suggestion;
  }

 private:
  static constexpr std::size_t kMaxComparisons = 1'000'000;

  const std::vector<DependencyGraph::Declaration>& declarations_;
  std::vector<std::string_view> names_;  // of declarations_, once one is asked for
  std::size_t comparisons_ = 0;
};

// The edges of one kind, from both ends: each node's in ascending order.
struct BothWays {
  Adjacency dependents, dependencies;

  BothWays(std::size_t nodes, std::span<const Edge> edges)
      : dependents(Adjacency(nodes, edges).Reversed()), dependencies(dependents.Reversed()) {}
};

// Every node after its dependencies and soft dependencies, the smallest id first; without those on
// a cycle or with a path to one.
std::vector<NodeId> TopologicalOrder(const BothWays& hard, const BothWays& soft) {
  const std::size_t size = hard.dependents.size();
  std::vector<std::size_t> missing(size);
  IdSet available(size);
  for (NodeId id = 0; id < size; ++id) {
    missing[id] = hard.dependencies[id].size() + soft.dependencies[id].size();
    if (missing[id] == 0) available.Add(id);
  }
  std::vector<NodeId> order;
  order.reserve(size);
  while (!available.empty()) {
    const NodeId id = available.TakeSmallest();
    order.push_back(id);
    for (const Adjacency* const dependents : {&hard.dependents, &soft.dependents}) {
      for (const NodeId dependent : (*dependents)[id]) {
        if (--missing[dependent] == 0) available.Add(dependent);
      }
    }
  }
  return order;
}

// Whatever can be reached from `starts` by one edge or more, in ascending order.
std::vector<NodeId> Reachable(const Adjacency& edges, std::span<const NodeId> starts) {
  std::vector<bool> seen(edges.size());
  std::vector<NodeId> found;
  const auto visit = [&](NodeId id) {
    for (NodeId target : edges[id]) {
      if (seen[target]) continue;
      seen[target] = true;
      found.push_back(target);
    }
  };
  for (NodeId id : starts) visit(id);
  for (std::size_t i = 0; i < found.size(); ++i) visit(found[i]);
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

struct DependencyGraph::Reading {
  explicit Reading(const std::vector<Declaration>& declarations);

  void ReadNames(const std::vector<Declaration>& declarations);
  void ReadEdges(const std::vector<Declaration>& declarations);
  void FindCycles(const std::vector<Declaration>& declarations);

  std::vector<Problem> problems;
  NameIndex id_by_name;  // of a name declared more than once the first
  std::vector<Edge> hard_edges, soft_edges;
  std::optional<BothWays> hard, soft;
  std::vector<NodeId> start_order;  // all the nodes when there are no problems
};

DependencyGraph::Reading::Reading(const std::vector<Declaration>& declarations)
    : id_by_name(declarations.size()) {
  ReadNames(declarations);
  ReadEdges(declarations);
  hard.emplace(declarations.size(), hard_edges);
  soft.emplace(declarations.size(), soft_edges);
  start_order = TopologicalOrder(*hard, *soft);
  if (start_order.size() != declarations.size()) FindCycles(declarations);
}

void DependencyGraph::Reading::ReadNames(const std::vector<Declaration>& declarations) {
  const auto name_of = [&](NodeId id) -> std::string_view { return declarations[id].name; };
  for (NodeId id = 0; id < declarations.size(); ++id) {
    const std::string& name = declarations[id].name;
    if (name.empty()) {
      problems.push_back({id, absl::StrCat("node ", id, " (counting from 0) has an empty name")});
      continue;
    }
    const NodeId first = id_by_name.Add(name, id, name_of);
    if (first != NameIndex::kNone) {
      problems.push_back(
          {id, absl::StrCat("the name ", Quoted(name), " is declared twice: by node ", first,
                            " and by node ", id, " (counting from 0)")});
    }
  }
}

void DependencyGraph::Reading::ReadEdges(const std::vector<Declaration>& declarations) {
  // How often the node that is being read mentions another. One for each name, so that a repeated
  // edge is seen in constant time; it counts from 0 again when `by` is not the node that is being
  // read.
  struct Mention {
    NodeId by = std::numeric_limits<NodeId>::max();
    int hard = 0;
    int soft = 0;
  };
  std::vector<Mention> mentions(declarations.size());
  const auto name_of = [&](NodeId id) -> std::string_view { return declarations[id].name; };
  std::unordered_map<std::string_view, NodeId> unknown;  // numbered on from the declared nodes
  Suggestions suggestions(declarations);

  for (NodeId id = 0; id < declarations.size(); ++id) {
    const Declaration& declaration = declarations[id];
    const auto refuse = [&](const auto&... words) {
      const std::string subject =
          declaration.name.empty() ? absl::StrCat("node ", id) : Quoted(declaration.name);
      problems.push_back({id, absl::StrCat(subject, words...)});
    };
    for (const bool is_soft : {false, true}) {
      for (const std::string& name :
           is_soft ? declaration.soft_dependencies : declaration.dependencies) {
        const NodeId known = id_by_name.Find(name, name_of);
        const bool is_known = known != NameIndex::kNone;
        const NodeId next_unknown = static_cast<NodeId>(mentions.size());
        const NodeId target =
            is_known ? known : unknown.try_emplace(name, next_unknown).first->second;
        if (target == next_unknown) mentions.emplace_back();

        Mention& mention = mentions[target];
        if (mention.by != id) mention = {.by = id};
        const int times = ++(is_soft ? mention.soft : mention.hard);
        if (is_soft && mention.hard > 0) {
          if (times == 1) {
            refuse(" has ", Quoted(name),
                   " both as a dependency and as a soft dependency; keep one");
          }
        } else if (times > 1) {
          if (times == 2) {
            refuse(" has the ", is_soft ? "soft " : "", "dependency ", Quoted(name), " twice");
          }
        } else if (is_known && name == declaration.name) {
          refuse(" depends on itself");
        } else if (!is_known) {
          refuse(" has the unknown ", is_soft ? "soft " : "", "dependency ", Quoted(name),
                 suggestions.For(name, id));
        } else {
          (is_soft ? soft_edges : hard_edges).push_back({.from = id, .to = target});
        }
      }
    }
  }
}

void DependencyGraph::Reading::FindCycles(const std::vector<Declaration>& declarations) {
  std::vector<Edge> edges = hard_edges;
  edges.insert(edges.end(), soft_edges.begin(), soft_edges.end());
  const BothWays all(declarations.size(), edges);
  for (std::vector<NodeId> cycle : internal::ShortestCycles(all.dependencies)) {
    cycle.push_back(cycle.front());
    std::vector<std::string> names, soft_steps;
    for (NodeId id : cycle) names.push_back(Printable(declarations[id].name));
    for (std::size_t i = 0; i + 1 < cycle.size(); ++i) {
      const std::span<const NodeId> targets = soft->dependencies[cycle[i]];
      if (!std::binary_search(targets.begin(), targets.end(), cycle[i + 1])) continue;
      soft_steps.push_back(absl::StrCat(names[i], " -> ", names[i + 1]));
    }
    problems.push_back({cycle.front(), absl::StrCat("cycle: ", absl::StrJoin(names, " -> "),
                                                    soft_steps.empty() ? "" : "; soft: ",
                                                    absl::StrJoin(soft_steps, ", "))});
  }
}

absl::StatusOr<DependencyGraph> DependencyGraph::Create(std::vector<Declaration> declarations) {
  Reading reading(declarations);
  if (!reading.problems.empty()) {
    const auto append = [](std::string* out, const Problem& problem) { *out += problem.text; };
    return absl::InvalidArgumentError(absl::StrJoin(reading.problems, "\n", append));
  }
  DependencyGraph graph;
  graph.id_by_name_ = std::move(reading.id_by_name);
  graph.dependents_ = std::move(reading.hard->dependents);
  graph.dependencies_ = std::move(reading.hard->dependencies);
  graph.soft_dependents_ = std::move(reading.soft->dependents);
  graph.soft_dependencies_ = std::move(reading.soft->dependencies);
  graph.start_order_ = std::move(reading.start_order);
  graph.names_.reserve(declarations.size());
  for (Declaration& declaration : declarations) graph.names_.push_back(std::move(declaration.name));
  return graph;
}

std::vector<DependencyGraph::Problem> DependencyGraph::Problems(
    const std::vector<Declaration>& declarations) {
  return Reading(declarations).problems;
}

std::vector<DependencyGraph::Declaration> DependencyGraph::Declarations() const {
  std::vector<Declaration> declarations(size());
  for (NodeId id = 0; id < size(); ++id) {
    declarations[id].name = name(id);
    for (const NodeId to : Dependencies(id)) declarations[id].dependencies.push_back(name(to));
    for (const NodeId to : SoftDependencies(id)) {
      declarations[id].soft_dependencies.push_back(name(to));
    }
  }
  return declarations;
}

absl::StatusOr<DependencyGraph> DependencyGraph::With(Declaration declaration) const {
  std::vector<Declaration> declarations = Declarations();
  declarations.push_back(std::move(declaration));
  return Create(std::move(declarations));
}

DependencyGraph DependencyGraph::Without(NodeId id) const {
  std::vector<Declaration> declarations = Declarations();
  for (const NodeId dependent : SoftDependents(id)) {
    std::erase(declarations[dependent].soft_dependencies, name(id));
  }
  declarations.erase(declarations.begin() + id);
  return *Create(std::move(declarations));
}

std::size_t DependencyGraph::edge_count() const {
  return dependencies_.edge_count() + soft_dependencies_.edge_count();
}

std::optional<NodeId> DependencyGraph::Find(std::string_view name) const {
  const auto name_of = [&](NodeId id) -> std::string_view { return names_[id]; };
  const NodeId found = id_by_name_.Find(name, name_of);
  if (found == NameIndex::kNone) return std::nullopt;
  return found;
}

std::vector<NodeId> DependencyGraph::Ancestors(NodeId id) const {
  return Ancestors(std::span(&id, 1));
}

std::vector<NodeId> DependencyGraph::Ancestors(std::span<const NodeId> ids) const {
  return Reachable(dependencies_, ids);
}

std::vector<NodeId> DependencyGraph::Descendants(NodeId id) const {
  return Descendants(std::span(&id, 1));
}

std::vector<NodeId> DependencyGraph::Descendants(std::span<const NodeId> ids) const {
  return Reachable(dependents_, ids);
}

std::vector<NodeId> DependencyGraph::StopOrder() const {
  return {start_order_.rbegin(), start_order_.rend()};
}

std::vector<std::vector<NodeId>> DependencyGraph::Waves() const {
  std::vector<std::size_t> wave(size(), 0);
  std::size_t count = 0;
  for (NodeId id : start_order_) {
    for (NodeId dependency : Dependencies(id)) wave[id] = std::max(wave[id], wave[dependency] + 1);
    for (NodeId dependency : SoftDependencies(id)) {
      wave[id] = std::max(wave[id], wave[dependency] + 1);
    }
    count = std::max(count, wave[id] + 1);
  }
  std::vector<std::vector<NodeId>> waves(count);
  for (NodeId id = 0; id < size(); ++id) waves[wave[id]].push_back(id);
  return waves;
}

}  // namespace stemma
