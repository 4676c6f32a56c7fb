// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/dot.h"

#include <cstddef>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"

namespace stemma {
namespace {

// A DOT string that Graphviz shows as `text`. Two readers have to be satisfied: the parser, for
// which only \" is an escape, and whatever draws the label, for which \N, \G, \l, … and entities
// such as &lt; are. A doubled backslash and &amp; are one character again only for the second.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t end = 0;; text.remove_prefix(end + 1)) {
    end = text.find('\n');
    for (char c : Printable(text.substr(0, end))) {
      if (c == '&') {
        out += "&amp;";
        continue;
      }
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    if (end == std::string_view::npos) break;
    out += "\\n";
  }
  return out + "\"";
}

void AppendAttribute(std::string_view name, const std::string& value, std::string& out) {
  if (!value.empty()) absl::StrAppend(&out, ", ", std::string(name), "=", Quoted(value));
}

}  // namespace

std::string ToDot(const DependencyGraph& graph, const DotOptions& options) {
  std::string out = "digraph stemma {\n  node [shape=box];\n";
  for (NodeId id = 0; id < graph.size(); ++id) {
    const DotAttributes attributes = options.attributes ? options.attributes(id) : DotAttributes();
    std::string label = graph.name(id);
    if (!attributes.extra_label.empty()) absl::StrAppend(&label, "\n", attributes.extra_label);
    absl::StrAppend(&out, "  n", id, " [label=", Quoted(label));
    AppendAttribute("style", attributes.style, out);
    AppendAttribute("color", attributes.color, out);
    AppendAttribute("fillcolor", attributes.fill_color, out);
    out += "];\n";
  }
  for (NodeId id = 0; id < graph.size(); ++id) {
    for (NodeId dependency : graph.Dependencies(id)) {
      absl::StrAppend(&out, "  n", id, " -> n", dependency, ";\n");
    }
    for (NodeId dependency : graph.SoftDependencies(id)) {
      absl::StrAppend(&out, "  n", id, " -> n", dependency, " [style=dashed];\n");
    }
  }
  return out + "}\n";
}

}  // namespace stemma
