// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/condensation.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/graph/edge.h"
#include "stemma/graph/internal/adjacency.h"
#include "stemma/graph/internal/components.h"
#include "stemma/graph/node_id.h"

namespace stemma {
namespace {

using Declarations = std::vector<DependencyGraph::Declaration>;

constexpr NodeId kNone = std::numeric_limits<NodeId>::max();

// By node the number of the strongly connected component. Names that mean nothing are passed over;
// of a name that is declared more than once the first counts.
std::vector<NodeId> ComponentsOf(const Declarations& declarations) {
  std::unordered_map<std::string_view, NodeId> id_by_name;
  for (NodeId id = 0; id < declarations.size(); ++id) {
    id_by_name.try_emplace(declarations[id].name, id);
  }
  std::vector<Edge> edges;
  for (NodeId id = 0; id < declarations.size(); ++id) {
    for (const auto* names :
         {&declarations[id].dependencies, &declarations[id].soft_dependencies}) {
      for (const std::string& name : *names) {
        const auto found = id_by_name.find(name);
        if (found != id_by_name.end()) edges.push_back({id, found->second});
      }
    }
  }
  return internal::StronglyConnectedComponents(internal::Adjacency(declarations.size(), edges));
}

// Without the edges within a component.
Declarations WithoutCycles(Declarations declarations, const std::vector<NodeId>& component_of) {
  std::unordered_map<std::string, NodeId> component_by_name;
  for (NodeId id = 0; id < declarations.size(); ++id) {
    component_by_name.try_emplace(declarations[id].name, component_of[id]);
  }
  for (NodeId id = 0; id < declarations.size(); ++id) {
    const auto is_within = [&](const std::string& name) {
      const auto found = component_by_name.find(name);
      return found != component_by_name.end() && found->second == component_of[id];
    };
    std::erase_if(declarations[id].dependencies, is_within);
    std::erase_if(declarations[id].soft_dependencies, is_within);
  }
  return declarations;
}

std::string NameOf(const std::vector<std::string>& members,
                   std::unordered_set<std::string>& taken) {
  if (members.size() == 1) return members[0];
  std::string name = absl::StrCat("{", members[0], ", ", members[1]);
  if (members.size() > 2) absl::StrAppend(&name, ", ", members[2]);
  if (members.size() > 3) absl::StrAppend(&name, " and ", members.size() - 3, " more");
  name += "}";
  while (!taken.insert(name).second) name += "'";
  return name;
}

}  // namespace

absl::StatusOr<Condensation> Condense(const Declarations& declarations) {
  const std::vector<NodeId> component_of = ComponentsOf(declarations);
  // Of what is left of the declarations, only what is wrong with them beside their cycles.
  const absl::StatusOr<DependencyGraph> acyclic =
      DependencyGraph::Create(WithoutCycles(declarations, component_of));
  if (!acyclic.ok()) return acyclic.status();

  // Components in the order of their first nodes, whose numbers are then the new ids.
  Condensation result;
  std::vector<NodeId> new_id(declarations.size(), kNone);  // by component
  std::unordered_set<std::string> taken;
  for (NodeId id = 0; id < declarations.size(); ++id) {
    taken.insert(declarations[id].name);
    NodeId& own = new_id[component_of[id]];
    if (own == kNone) {
      own = static_cast<NodeId>(result.members.size());
      result.members.emplace_back();
    }
    result.members[own].push_back(declarations[id].name);
  }

  Declarations condensed(result.members.size());
  for (NodeId id = 0; id < condensed.size(); ++id) {
    condensed[id].name = NameOf(result.members[id], taken);
  }
  const auto targets_of = [&](NodeId id, bool soft) {
    return soft ? acyclic->SoftDependencies(id) : acyclic->Dependencies(id);
  };
  for (const bool soft : {false, true}) {
    std::vector<Edge> edges;
    for (NodeId id = 0; id < declarations.size(); ++id) {
      for (const NodeId to : targets_of(id, soft)) {
        edges.push_back({new_id[component_of[id]], new_id[component_of[to]]});
      }
    }
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    for (const auto& [from, to] : edges) {
      (soft ? condensed[from].soft_dependencies : condensed[from].dependencies)
          .push_back(condensed[to].name);
    }
  }
  for (auto& [name, dependencies, soft_dependencies] : condensed) {  // hard beats soft
    const std::unordered_set<std::string_view> hard(dependencies.begin(), dependencies.end());
    std::erase_if(soft_dependencies, [&](const std::string& to) { return hard.contains(to); });
  }
  absl::StatusOr<DependencyGraph> graph = DependencyGraph::Create(std::move(condensed));
  if (!graph.ok()) return graph.status();
  result.graph = *std::move(graph);
  return result;
}

}  // namespace stemma
