// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/mermaid.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/graph/printable.h"

namespace stemma::tools {
namespace {

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         (static_cast<unsigned char>(c) & 0x80u) != 0;
}

// What Mermaid takes for something else even when it is written as codes: \n for a new line, :fa-
// for an icon, $$ for a formula.
bool MeansSomethingTogether(char a, char b) {
  return (a == '\\' && b == 'n') || (a == ':' && b == 'f') || (a == '$' && b == '$');
}

// A text as Mermaid shows it. All punctuation is written as codes, but for what is surely plain:
// quotes end a label, backquotes begin Markdown, # begins a code, %% a directive, < begins a tag of
// HTML.
void AppendText(std::string_view text, std::string& out) {
  constexpr std::string_view kAlsoPlain = " /,.()";
  constexpr std::string_view kNothing = "#8203;";  // a space without width
  char before = ' ';
  for (const char c : Printable(text)) {
    const bool begins_a_list = c == '.' && before >= '0' && before <= '9';  // of Markdown
    if (MeansSomethingTogether(before, c)) out += kNothing;
    if (IsPlain(c) || (kAlsoPlain.find(c) != std::string_view::npos && !begins_a_list)) {
      out += c;
    } else {
      absl::StrAppend(&out, "#", static_cast<int>(c), ";");
    }
    before = c;
  }
}

// The name of a look's class: letters only.
std::string ClassOf(const Look& look) {
  if (look.members > 0) return "cycle";
  std::string name = look.word;
  for (char& c : name) {
    if (c == ' ') c = '_';
  }
  return name.empty() ? "" : "is_" + name;  // "default" would be another class
}

class Writer {
 public:
  Writer(const DependencyGraph& graph, const Looks& looks) : graph_(graph), looks_(looks) {}

  std::string Write() {
    out_ = "flowchart TD\n";
    for (NodeId id = 0; id < graph_.size(); ++id) {
      WriteNode(id);
    }
    for (NodeId id = 0; id < graph_.size(); ++id) {
      for (const NodeId to : graph_.Dependencies(id)) {
        absl::StrAppend(&out_, "  n", id, " --> n", to, "\n");
      }
      for (const NodeId to : graph_.SoftDependencies(id)) {
        absl::StrAppend(&out_, "  n", id, " -.-> n", to, "\n");
      }
    }
    if (!looks_.legend.empty()) WriteLegend();
    for (const auto& [name, used] : classes_) {
      absl::StrAppend(&out_, "  classDef ", name, " fill:", used.color,
                      ",stroke:#555555,color:#17202c");
      if (name == "cycle") out_ += ",stroke-width:3px";
      absl::StrAppend(&out_, "\n  class ", absl::StrJoin(used.nodes, ","), " ", name, "\n");
    }
    return out_;
  }

 private:
  struct Class {
    std::string color = {};
    std::vector<std::string> nodes = {};
  };

  void WriteNode(NodeId id) {
    const Look& look = looks_.nodes[id];
    absl::StrAppend(&out_, "  n", id, "[\"");
    AppendText(graph_.name(id), out_);
    if (const std::string line = look.Line(); !line.empty()) {
      out_ += "<br/>";
      AppendText(line, out_);
    }
    out_ += "\"]\n";
    const std::string class_name = ClassOf(look);
    if (class_name.empty()) return;
    classes_[class_name].color = look.color;
    classes_[class_name].nodes.push_back(absl::StrCat("n", id));
  }

  // All in one box, in the lowest layer, where it is in nobody's way: a link that is not seen holds
  // it there.
  void WriteLegend() {
    out_ += "  legend[\"";
    AppendText(looks_.legend_title, out_);
    for (const LegendRow& row : looks_.legend) {
      out_ += "<br/>";
      switch (row.sample) {
        case LegendRow::Sample::kBox:
          AppendText(row.look.members > 0 ? "cycle" : row.look.Line(), out_);
          break;
        case LegendRow::Sample::kEdge:
          out_ += "——▸";
          break;
        case LegendRow::Sample::kSoftEdge:
          out_ += "····▸";
          break;
      }
      AppendText(": ", out_);
      AppendText(row.meaning, out_);
    }
    absl::StrAppend(&out_, "\"]\n  n", Lowest(), " ~~~ legend\n",
                    "  style legend fill:none,stroke:#aaaaaa,text-align:left\n");
  }

  // A node of the lowest layer.
  NodeId Lowest() const {
    std::vector<std::size_t> layer(graph_.size());
    for (const NodeId id : graph_.StopOrder()) {
      for (const auto& below : {graph_.Dependencies(id), graph_.SoftDependencies(id)}) {
        for (const NodeId to : below) layer[to] = std::max(layer[to], layer[id] + 1);
      }
    }
    return static_cast<NodeId>(std::max_element(layer.begin(), layer.end()) - layer.begin());
  }

  const DependencyGraph& graph_;
  const Looks& looks_;
  std::string out_ = {};
  std::map<std::string, Class> classes_ = {};
};

}  // namespace

std::string ToMermaid(const DependencyGraph& graph, const Looks& looks) {
  return Writer(graph, looks).Write();
}

}  // namespace stemma::tools
