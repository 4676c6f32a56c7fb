// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/focus.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/graph/condensation.h"
#include "stemma/graph/glob.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"
#include "stemma/graph/subgraph.h"
#include "stemma/graph/transitive_reduction.h"
#include "stemma/supervisor/internal/validation.h"

namespace stemma::tools {
namespace {

// The nodes that one of `globs` matches.
absl::StatusOr<std::vector<NodeId>> Matching(const DependencyGraph& graph,
                                             const std::vector<std::string>& globs,
                                             std::string_view option) {
  std::vector<NodeId> nodes;
  for (const std::string& glob : globs) {
    const std::vector<NodeId> matching = NodesMatching(graph, glob);
    if (matching.empty()) {
      const std::vector<std::string_view> names(graph.names().begin(), graph.names().end());
      return absl::InvalidArgumentError(
          absl::StrCat("no node matches --", absl::string_view(option.data(), option.size()), " '",
                       Printable(glob), "'", DidYouMean(glob, names)));
    }
    nodes.insert(nodes.end(), matching.begin(), matching.end());
  }
  return nodes;
}

// Gives the nodes the edges of `graph`, which may have fewer than they.
void TakeEdges(const DependencyGraph& graph, std::vector<Node>& nodes) {
  std::vector<DependencyGraph::Declaration> declarations = graph.Declarations();
  for (std::size_t id = 0; id < nodes.size(); ++id) {
    nodes[id].dependencies = std::move(declarations[id].dependencies);
    nodes[id].soft_dependencies = std::move(declarations[id].soft_dependencies);
  }
}

void Keep(const std::vector<NodeId>& ids, LoadedGraph& loaded) {
  loaded.places.clear();
  Subgraph part = InducedSubgraph(loaded.graph, ids);
  std::vector<Node> nodes;
  std::vector<NodeStatus> states;
  std::vector<std::vector<std::string>> members;
  for (const NodeId id : part.originals) {
    nodes.push_back(std::move(loaded.nodes[id]));
    if (!loaded.members.empty()) members.push_back(std::move(loaded.members[id]));
    if (!loaded.states.empty()) states.push_back(loaded.states[id]);
  }
  loaded.nodes = std::move(nodes);
  loaded.states = std::move(states);
  loaded.members = std::move(members);
  loaded.graph = std::move(part.graph);
  TakeEdges(loaded.graph, loaded.nodes);
}

void Reduce(LoadedGraph& loaded) {
  std::vector<bool> follows;
  for (const Node& node : loaded.nodes) {
    follows.push_back(node.on_dependency_restart == OnDependencyRestart::kRestart);
  }
  loaded.places.clear();
  loaded.graph = TransitiveReduction(loaded.graph, follows);
  TakeEdges(loaded.graph, loaded.nodes);
}

// Makes one node of those that depend on each other. What else is wrong stays wrong.
void CondenseCycles(LoadedGraph& loaded) {
  // Were there anything but cycles, it would be lost with them.
  if (internal::Problems(loaded.nodes).size() != loaded.problems.size()) return;
  absl::StatusOr<Condensation> condensation = Condense(internal::Declarations(loaded.nodes));
  if (!condensation.ok()) return;
  std::unordered_map<std::string, std::size_t> by_name;
  for (std::size_t i = 0; i < loaded.nodes.size(); ++i) by_name[loaded.nodes[i].name] = i;
  std::vector<Node> nodes;
  for (NodeId id = 0; id < condensation->graph.size(); ++id) {
    const std::vector<std::string>& members = condensation->members[id];
    if (members.size() == 1) {
      nodes.push_back(std::move(loaded.nodes[by_name[members.front()]]));
    } else {
      nodes.push_back({.name = condensation->graph.name(id)});
    }
    loaded.members.push_back(members.size() == 1 ? std::vector<std::string>() : members);
  }
  TakeEdges(condensation->graph, nodes);
  if (!internal::Problems(nodes).empty()) {
    loaded.members.clear();
    return;
  }
  loaded.nodes = std::move(nodes);
  loaded.states.clear();  // of no journal without problems
  loaded.graph = std::move(condensation->graph);
  loaded.problems.clear();
}

// Whether there is something wrong, and --condense would put it right.
bool HasOnlyCycles(const LoadedGraph& loaded) {
  const auto is_cycle = [](const SourceProblem& problem) {
    return problem.text.starts_with("cycle: ");
  };
  return !loaded.problems.empty() &&
         std::all_of(loaded.problems.begin(), loaded.problems.end(), is_cycle);
}

}  // namespace

void DeclareFocus(CLI::App& app, FocusArguments& focus) {
  constexpr char kGroup[] = "What of the graph";
  app.add_option("--around,--focus", focus.focus,
                 "Only these nodes with their ancestors and descendants; * and ? stand\n"
                 "for any characters and for one. May be given again")
      ->type_name("GLOB")
      ->group(kGroup);
  app.add_flag("--ancestors", focus.ancestors, "Of the focus, its ancestors only")->group(kGroup);
  app.add_flag("--descendants", focus.descendants, "Of the focus, its descendants only")
      ->group(kGroup);
  app.add_option("--depth", focus.depth, "Only so many edges away from the focus")
      ->type_name("NUMBER")
      ->group(kGroup);
  app.add_option("--from", focus.from, "Only the paths on which these nodes depend on something")
      ->type_name("GLOB")
      ->group(kGroup);
  app.add_option("--to", focus.to, "Only the paths on which something depends on these nodes")
      ->type_name("GLOB")
      ->group(kGroup);
  app.add_flag("--reduce", focus.reduce,
               "Without each edge that says nothing new: a longer path says it too")
      ->group(kGroup);
  app.add_flag("--condense", focus.condense, "Nodes that depend on each other count as one node")
      ->group(kGroup);
}

absl::StatusOr<LoadedGraph> Focused(LoadedGraph loaded, const FocusArguments& focus) {
  if (focus.focus.empty() && (focus.ancestors || focus.descendants || focus.depth.has_value())) {
    return absl::InvalidArgumentError(
        "--ancestors, --descendants and --depth need --focus: of which node?");
  }
  if (!focus.focus.empty()) {
    const absl::StatusOr<std::vector<NodeId>> nodes = Matching(loaded.graph, focus.focus, "focus");
    if (!nodes.ok()) return nodes.status();
    const bool both = focus.ancestors == focus.descendants;
    Neighbourhood neighbourhood = {.ancestors = both || focus.ancestors,
                                   .descendants = both || focus.descendants,
                                   .kinds = EdgeKinds::kHardAndSoft};
    if (focus.depth.has_value()) neighbourhood.depth = *focus.depth;
    Keep(Around(loaded.graph, *nodes, neighbourhood), loaded);
  }
  if (!focus.from.empty() || !focus.to.empty()) {
    const auto chosen = [&](const std::vector<std::string>& globs, std::string_view option) {
      return Matching(loaded.graph, globs.empty() ? std::vector<std::string>{"*"} : globs, option);
    };
    const absl::StatusOr<std::vector<NodeId>> from = chosen(focus.from, "from");
    if (!from.ok()) return from.status();
    const absl::StatusOr<std::vector<NodeId>> to = chosen(focus.to, "to");
    if (!to.ok()) return to.status();
    Keep(Between(loaded.graph, *from, *to, EdgeKinds::kHardAndSoft), loaded);
  }
  if (focus.reduce) Reduce(loaded);
  return loaded;
}

absl::StatusOr<LoadedGraph> LoadFocused(const GraphSource& source, const FocusArguments& focus,
                                        Session& session) {
  absl::StatusOr<LoadedGraph> loaded = Load(source, session);
  if (!loaded.ok()) return loaded.status();
  if (focus.condense && !loaded->problems.empty()) CondenseCycles(*loaded);
  if (absl::Status sound = ReportProblems(*loaded, session); !sound.ok()) {
    if (HasOnlyCycles(*loaded)) {
      session.Report({.severity = Diagnostic::Severity::kNote,
                      .label = loaded->label,
                      .text = "with --condense the nodes of a cycle count as one"});
    }
    return sound;
  }
  return Focused(*std::move(loaded), focus);
}

}  // namespace stemma::tools
