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

// What Graphviz shows as `text` in a label that is like HTML.
std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : Printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void AppendLegend(const DotOptions& options, std::string& out) {
  absl::StrAppend(&out,
                  "  labelloc=b;\n  labeljust=l;\n"
                  "  label=<<table border=\"0\" cellborder=\"0\" cellspacing=\"4\">\n"
                  "    <tr><td colspan=\"2\" align=\"left\">",
                  Escaped(options.legend_title), "</td></tr>\n");
  for (const DotLegendRow& row : options.legend) {
    out += "    <tr><td";
    if (!row.fill_color.empty()) {
      absl::StrAppend(&out, " border=\"", row.pen_width, "\" style=\"rounded\" bgcolor=\"",
                      Escaped(row.fill_color), "\"");
    }
    absl::StrAppend(&out, ">", Escaped(row.sample), "</td><td align=\"left\">",
                    Escaped(row.meaning), "</td></tr>\n");
  }
  out += "  </table>>;\n";
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
    if (attributes.pen_width != 1) absl::StrAppend(&out, ", penwidth=", attributes.pen_width);
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
  if (!options.legend.empty()) AppendLegend(options, out);
  return out + "}\n";
}

}  // namespace stemma
