// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/review_dot.h"

#include <cstddef>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "stemma/tools/questions/names.h"

namespace stemma::tools {
namespace {

// A DOT string that Graphviz shows as these lines, each of which is Printable. Its parser knows \"
// only; what draws the label knows more escapes, and entities.
std::string Label(const std::vector<std::string>& lines) {
  std::string out = "\"";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += "\\n";
    for (const char c : lines[i]) {
      if (c == '&') {
        out += "&amp;";
        continue;
      }
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + "\"";
}

constexpr char kAdded[] = "style=\"filled,bold\", color=\"#1a7f37\", fillcolor=\"#dafbe1\"";
constexpr char kRemoved[] = "style=\"filled,dotted\", color=\"#cf222e\", fillcolor=\"#ffebe9\"";
constexpr char kChanged[] = "style=\"filled\", color=\"#9a6700\", fillcolor=\"#fff8c5\"";
constexpr char kSame[] = "color=\"#57606a\"";

class Writer {
 public:
  Writer(const DependencyGraph& before, const DependencyGraph& after, const Review& review)
      : after_(after) {
    for (const std::string& name : after.names()) ids_.emplace(name, ids_.size());
    for (const std::string& name : before.names()) ids_.emplace(name, ids_.size());
    added_.insert(review.graph.added_nodes.begin(), review.graph.added_nodes.end());
    for (const Review::PolicyChange& change : review.policies) {
      changes_[change.node].push_back(absl::StrCat(Shown(change.field), ": ", Shown(change.before),
                                                   " to ", Shown(change.after)));
    }
    for (const auto& edge : review.graph.added_edges) added_edges_[edge.from].insert(edge.to);
    for (const auto& edge : review.graph.changed_edges) changed_edges_[edge.from].insert(edge.to);
    removed_nodes_ = review.graph.removed_nodes;
    removed_edges_ = review.graph.removed_edges;
  }

  std::string Write() {
    out_ = "digraph difference {\n  node [shape=box];\n";
    for (const std::string& name : after_.names()) {
      const auto changes = changes_.find(name);
      if (added_.contains(name)) {
        WriteNode(name, {"+ " + Shown(name)}, kAdded);
      } else if (changes != changes_.end()) {
        std::vector<std::string> lines = {"~ " + Shown(name)};
        lines.insert(lines.end(), changes->second.begin(), changes->second.end());
        WriteNode(name, lines, kChanged);
      } else {
        WriteNode(name, {Shown(name)}, kSame);
      }
    }
    for (const std::string& name : removed_nodes_) {
      WriteNode(name, {"- " + Shown(name)}, kRemoved);
    }
    for (NodeId id = 0; id < after_.size(); ++id) {
      for (const NodeId to : after_.Dependencies(id)) WriteNewEdge(id, to, false);
      for (const NodeId to : after_.SoftDependencies(id)) WriteNewEdge(id, to, true);
    }
    for (const auto& edge : removed_edges_) {
      WriteEdge(edge.from, edge.to, edge.soft ? "- soft" : "-",
                "style=dotted, color=\"#cf222e\", fontcolor=\"#cf222e\"");
    }
    absl::StrAppend(&out_,
                    "  subgraph cluster_legend {\n"
                    "    label=\"legend; a dashed arrow is a soft dependency\";\n"
                    "    legend0 [label=\"+ added\", ",
                    kAdded, "];\n    legend1 [label=\"- removed\", ", kRemoved,
                    "];\n    legend2 [label=\"~ changed\", ", kChanged, "];\n  }\n}\n");
    return out_;
  }

 private:
  using NamesByName = std::unordered_map<std::string, std::unordered_set<std::string>>;

  static bool Has(const NamesByName& edges, const std::string& from, const std::string& to) {
    const auto found = edges.find(from);
    return found != edges.end() && found->second.contains(to);
  }

  void WriteNode(const std::string& name, const std::vector<std::string>& lines,
                 const char* attributes) {
    absl::StrAppend(&out_, "  n", ids_.at(name), " [label=", Label(lines), ", ", attributes,
                    "];\n");
  }

  void WriteNewEdge(NodeId from_id, NodeId to_id, bool soft) {
    const std::string& from = after_.name(from_id);
    const std::string& to = after_.name(to_id);
    if (Has(added_edges_, from, to)) {
      WriteEdge(from, to, "+",
                soft ? "style=\"bold,dashed\", color=\"#1a7f37\", fontcolor=\"#1a7f37\""
                     : "style=bold, color=\"#1a7f37\", fontcolor=\"#1a7f37\"");
    } else if (Has(changed_edges_, from, to)) {
      WriteEdge(from, to, soft ? "~ now soft" : "~ now hard",
                soft ? "style=dashed, color=\"#9a6700\", fontcolor=\"#9a6700\""
                     : "color=\"#9a6700\", fontcolor=\"#9a6700\"");
    } else {
      WriteEdge(from, to, "", soft ? "style=dashed, color=\"#57606a\"" : kSame);
    }
  }

  void WriteEdge(const std::string& from, const std::string& to, const char* label,
                 const char* attributes) {
    absl::StrAppend(&out_, "  n", ids_.at(from), " -> n", ids_.at(to), " [", attributes);
    if (*label != '\0') absl::StrAppend(&out_, ", label=", Label({label}));
    out_ += "];\n";
  }

  const DependencyGraph& after_;
  std::unordered_map<std::string, std::size_t> ids_;
  std::unordered_set<std::string> added_;
  std::unordered_map<std::string, std::vector<std::string>> changes_;
  NamesByName added_edges_, changed_edges_;
  std::vector<std::string> removed_nodes_;
  std::vector<GraphDifference::NamedEdge> removed_edges_;
  std::string out_;
};

}  // namespace

std::string ReviewDot(const DependencyGraph& before, const DependencyGraph& after,
                      const Review& review) {
  return Writer(before, after, review).Write();
}

}  // namespace stemma::tools
