// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/text.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "stemma/graph/display_width.h"
#include "stemma/graph/printable.h"

namespace stemma {
namespace {

struct Lines {
  std::string_view edge, last_edge, soft_edge, last_soft_edge;  // to a node
  std::string_view passing, nothing;                            // beside what is below a node
};

constexpr Lines kUnicode = {"├── ", "└── ", "├╌╌ ", "└╌╌ ", "│   ", "    "};
constexpr Lines kAscii = {"|-- ", "`-- ", "|.. ", "`.. ", "|   ", "    "};

constexpr std::size_t kWidestColumn = 60;  // one long name does not push all off the screen
constexpr std::size_t kGap = 2;

struct Row {
  std::string text = {};
  std::optional<NodeId> drawn = {};  // the node whose annotation belongs here
};

class Drawing {
 public:
  Drawing(const DependencyGraph& graph, const TextOptions& options)
      : graph_(graph),
        lines_(options.ascii ? kAscii : kUnicode),
        max_depth_(std::max<std::size_t>(options.max_depth, 1)),
        is_drawn_(graph.size()) {}

  std::vector<Row> Draw() {
    for (NodeId id = 0; id < graph_.size(); ++id) {
      if (graph_.Dependents(id).empty() && graph_.SoftDependents(id).empty()) DrawTree(id);
    }
    for (std::size_t i = 0; i < postponed_.size(); ++i) {  // grows while it is worked off
      if (!is_drawn_[postponed_[i]]) DrawTree(postponed_[i]);
    }
    return std::move(rows_);
  }

 private:
  // A node of which some edges are still to be drawn.
  struct Open {
    NodeId node = 0;
    std::size_t next = 0;         // edge
    std::size_t indentation = 0;  // bytes that stand before its edges
  };

  void DrawTree(NodeId root) {
    std::string indentation;
    std::vector<Open> path;
    DrawNode(root, Printable(graph_.name(root)));
    path.push_back({.node = root});
    while (!path.empty()) {
      Open& open = path.back();
      const auto hard = graph_.Dependencies(open.node), soft = graph_.SoftDependencies(open.node);
      if (open.next == hard.size() + soft.size()) {
        path.pop_back();
        continue;
      }
      const bool is_soft = open.next >= hard.size();
      const NodeId node = is_soft ? soft[open.next - hard.size()] : hard[open.next];
      const bool is_last = ++open.next == hard.size() + soft.size();
      indentation.resize(open.indentation);
      std::string text = indentation;
      text += is_soft ? (is_last ? lines_.last_soft_edge : lines_.soft_edge)
                      : (is_last ? lines_.last_edge : lines_.edge);
      text += Printable(graph_.name(node));
      if (is_drawn_[node]) {
        rows_.push_back({.text = text + " (*)"});
      } else if (path.size() >= max_depth_ && HasEdges(node)) {
        rows_.push_back({.text = text + " (v)"});
        postponed_.push_back(node);
      } else {
        DrawNode(node, std::move(text));
        indentation += is_last ? lines_.nothing : lines_.passing;
        path.push_back({.node = node, .indentation = indentation.size()});
      }
    }
  }

  void DrawNode(NodeId node, std::string text) {
    is_drawn_[node] = true;
    rows_.push_back({.text = std::move(text), .drawn = node});
  }

  bool HasEdges(NodeId node) const {
    return !graph_.Dependencies(node).empty() || !graph_.SoftDependencies(node).empty();
  }

  const DependencyGraph& graph_;
  const Lines& lines_;
  const std::size_t max_depth_;
  std::vector<bool> is_drawn_;
  std::vector<NodeId> postponed_;
  std::vector<Row> rows_;
};

}  // namespace

std::string ToText(const DependencyGraph& graph, const TextOptions& options) {
  std::vector<Row> rows = Drawing(graph, options).Draw();
  if (!options.heading.empty() && !rows.empty()) rows.insert(rows.begin(), Row());
  std::size_t column = 0;
  if (options.annotation) {
    for (const Row& row : rows) {
      column = std::max(column, std::min(DisplayWidth(row.text), kWidestColumn));
    }
  }
  std::string out;
  for (const Row& row : rows) {
    out += row.text;
    std::string annotation;
    if (options.annotation && row.drawn) annotation = Printable(options.annotation(*row.drawn));
    if (row.text.empty()) annotation = Printable(options.heading);
    if (!annotation.empty()) {
      out.append(column - std::min(column, DisplayWidth(row.text)) + kGap, ' ');
      out += annotation;
    }
    out += '\n';
  }
  return out;
}

}  // namespace stemma
