// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/dot_reader.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/internal/json_text.h"
#include "stemma/supervisor/internal/validation.h"
#include "stemma/tools/sources/json_document.h"
#include "stemma/tools/sources/named_edges.h"
#include "stemma/tools/sources/process.h"

namespace stemma::tools {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool IsSpace(char c) { return std::string_view(" \t\r\n\v\f").find(c) != std::string_view::npos; }

// Of DOT's names without quotes.
bool IsInWord(char c) {
  return c == '_' || c == '.' || c == '-' || static_cast<std::uint8_t>(c) >= 0x80 ||
         (c >= '0' && c <= '9') || (Lower(c) >= 'a' && Lower(c) <= 'z');
}

void SkipPast(std::string_view end, std::string_view& text) {
  const std::size_t at = text.find(end);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
}

void SkipSpaceAndComments(std::string_view& text) {
  while (!text.empty()) {
    if (IsSpace(text.front())) {
      text.remove_prefix(1);
    } else if (text.front() == '#' || text.starts_with("//")) {
      SkipPast("\n", text);
    } else if (text.starts_with("/*")) {
      text.remove_prefix(2);
      SkipPast("*/", text);
    } else {
      return;
    }
  }
}

// The word that `text` begins with, in lower case, perhaps none.
std::string TakeWord(std::string_view& text) {
  std::string word;
  while (!text.empty() && IsInWord(text.front())) {
    word += Lower(text.front());
    text.remove_prefix(1);
  }
  return word;
}

// "n" and the position: what ToDot calls its nodes.
bool IsOwnName(std::string_view name, std::size_t position) {
  return name == "n" + std::to_string(position);
}

// Turns what dot writes into JSON: it passes on control characters, and bytes that are not UTF-8,
// as they are. It takes those for Latin-1 itself, and so does this.
std::string CleanJson(std::string_view json) {
  std::string clean;
  clean.reserve(json.size());
  while (!json.empty()) {
    const std::size_t size = internal::CharacterSize(json);
    const auto byte = static_cast<std::uint8_t>(json.front());
    if (size == 0) {
      clean += static_cast<char>(0xC0u | (byte >> 6));
      clean += static_cast<char>(0x80u | (byte & 0x3Fu));
    } else if (byte < 0x20 && byte != '\n') {  // a newline within a string it does escape
      constexpr char kHex[] = "0123456789abcdef";
      clean += "\\u00";
      clean += kHex[byte >> 4];
      clean += kHex[byte & 0xF];
    } else {
      clean += json.substr(0, size);
    }
    json.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return clean;
}

const JsonValue* Member(const JsonValue& value, std::string_view key) {
  const auto* members = std::get_if<JsonValue::Object>(&value.content);
  if (members == nullptr) return nullptr;
  const auto found = std::find_if(members->begin(), members->end(),
                                  [key](const JsonMember& member) { return member.key == key; });
  return found == members->end() ? nullptr : &found->value;
}

template <class T>
T MemberOr(const JsonValue& value, std::string_view key, const T& otherwise) {
  const JsonValue* const member = Member(value, key);
  const T* const content = member == nullptr ? nullptr : std::get_if<T>(&member->content);
  return content == nullptr ? otherwise : *content;
}

const JsonValue::Array& Elements(const JsonValue& value, std::string_view key) {
  static const JsonValue::Array none;
  const JsonValue* const member = Member(value, key);
  const auto* elements =
      member == nullptr ? nullptr : std::get_if<JsonValue::Array>(&member->content);
  return elements == nullptr ? none : *elements;
}

// The character that an entity such as "&amp;" stands for, in UTF-8, and takes it; else nothing.
std::string_view TakeEntity(std::string_view& text) {
  constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
      {"&amp;", "&"}, {"&lt;", "<"},   {"&gt;", ">"},   {"&quot;", "\""}, {"&apos;", "'"},
      {"&#38;", "&"}, {"&#39;", "'"},  {"&#34;", "\""}, {"&#45;", "-"},   {"&#60;", "<"},
      {"&#62;", ">"}, {"&#160;", " "}, {"&nbsp;", " "}};
  for (const auto& [entity, character] : kEntities) {
    if (!text.starts_with(entity)) continue;
    text.remove_prefix(entity.size());
    return character;
  }
  return "";
}

// Whether Graphviz takes the label for HTML or for the fields of a record.
bool IsMarkup(std::string_view label) {
  if (label.find('|') != std::string_view::npos) return true;
  for (std::size_t at = label.find('<'); at != std::string_view::npos;
       at = label.find('<', at + 1)) {
    std::string_view tag = label.substr(at + 1);
    if (tag.starts_with('/')) tag.remove_prefix(1);
    const std::string word = TakeWord(tag);
    for (const std::string_view known : {"table", "tr", "td", "font", "br", "hr", "vr", "img", "b",
                                         "i", "u", "o", "s", "sub", "sup"}) {
      if (word == known) return true;
    }
  }
  return false;
}

// The first line of a label as it is shown.
std::string FirstLine(std::string_view label, std::string_view name, std::string_view graph) {
  std::string line;
  while (!label.empty()) {
    if (const std::string_view character = TakeEntity(label); !character.empty()) {
      line += character;
      continue;
    }
    const char c = label.front();
    const bool is_escape = c == '\\' && label.size() > 1;
    const char escaped = is_escape ? label[1] : c;
    if (c == '\n' || (is_escape && (escaped == 'n' || escaped == 'l' || escaped == 'r'))) break;
    if (is_escape && escaped == 'N') {
      line += name;
    } else if (is_escape && escaped == 'G') {
      line += graph;
    } else {
      line += escaped;
    }
    label.remove_prefix(is_escape ? 2 : 1);
  }
  return line;
}

std::string Trimmed(const std::string& text) {
  const auto first = std::find_if_not(text.begin(), text.end(), IsSpace);
  const auto last = std::find_if_not(text.rbegin(), text.rend(), IsSpace).base();
  return first < last ? std::string(first, last) : "";
}

// How many of the objects are subgraphs: the first ones. They may have the names of nodes.
std::size_t SubgraphCount(const JsonValue& graph) {
  const std::int64_t count = MemberOr<std::int64_t>(graph, "_subgraph_cnt", 0);
  const std::size_t objects = Elements(graph, "objects").size();
  return count < 0 ? 0 : std::min(static_cast<std::size_t>(count), objects);
}

// The nodes of legends, such as CMake draws: subgraphs that are called so, and that no edge enters
// or leaves.
std::unordered_set<std::int64_t> LegendOf(const JsonValue& graph) {
  std::unordered_set<std::int64_t> legends;
  const JsonValue::Array& objects = Elements(graph, "objects");
  for (std::size_t i = 0; i < SubgraphCount(graph); ++i) {
    std::string name = MemberOr<std::string>(objects[i], "name", "");
    std::transform(name.begin(), name.end(), name.begin(), Lower);
    if (name.find("legend") == std::string::npos) continue;
    std::unordered_set<std::int64_t> nodes;
    for (const JsonValue& node : Elements(objects[i], "nodes")) {
      if (const auto* id = std::get_if<std::int64_t>(&node.content)) nodes.insert(*id);
    }
    const JsonValue::Array& edges = Elements(graph, "edges");
    const bool is_apart = std::none_of(edges.begin(), edges.end(), [&](const JsonValue& edge) {
      return nodes.contains(MemberOr<std::int64_t>(edge, "tail", -1)) !=
             nodes.contains(MemberOr<std::int64_t>(edge, "head", -1));
    });
    if (is_apart) legends.merge(nodes);
  }
  return legends;
}

// What the nodes of a graph are called.
class Names {
 public:
  Names(const JsonValue& graph, const std::unordered_set<std::int64_t>& left_out) {
    const std::string graph_name = MemberOr<std::string>(graph, "name", "");
    const JsonValue::Array& objects = Elements(graph, "objects");
    is_own_ = graph_name == "stemma";
    for (std::size_t i = SubgraphCount(graph); i < objects.size(); ++i) {
      if (left_out.contains(MemberOr<std::int64_t>(objects[i], "_gvid", -1))) continue;
      Node& node = nodes_.emplace_back();
      node.id = MemberOr<std::int64_t>(objects[i], "_gvid", -1);
      node.name = MemberOr<std::string>(objects[i], "name", "");
      node.label = MemberOr<std::string>(objects[i], "label", "");
      is_own_ = is_own_ && IsOwnName(node.name, nodes_.size() - 1);
    }
    for (Node& node : nodes_) {
      if (node.label == "\\N" || (!is_own_ && IsMarkup(node.label))) node.label.clear();
      node.label = FirstLine(node.label, node.name, graph_name);
      if (!is_own_) node.label = Trimmed(node.label);
      ++labels_[node.label];
      names_.insert(node.name);
    }
  }

  // Whether ToDot has written the graph.
  bool is_own() const { return is_own_; }

  // Calls `take` with the id and the name of each.
  template <class Take>
  void ForEach(const Take& take) const {
    for (const Node& node : nodes_) {
      const bool has_label = !node.label.empty();
      const bool is_unique = has_label && labels_.at(node.label) == 1 &&
                             (node.label == node.name || !names_.contains(node.label));
      take(node.id, has_label && (is_own_ || is_unique) ? node.label : node.name);
    }
  }

 private:
  struct Node {
    std::int64_t id = -1;
    std::string name = {};
    std::string label = {};  // its first line; empty: none to call it by
  };
  std::vector<Node> nodes_;
  std::unordered_map<std::string, std::size_t> labels_;  // how many nodes have it
  std::unordered_set<std::string> names_;
  bool is_own_ = false;
};

GraphReading Refuse(std::string text, std::optional<Place> place = {}) {
  GraphReading reading;
  reading.problems.push_back({.place = place, .text = std::move(text)});
  return reading;
}

// What dot said of an error in the text, its first line; empty: it is none.
std::string_view SyntaxError(std::string_view errors) {
  for (const std::string_view sign : {"syntax error", "memory exhausted"}) {
    const std::size_t at = errors.find(sign);
    if (at == std::string_view::npos) continue;
    const std::string_view error = errors.substr(at);
    return error.substr(0, error.find('\n'));
  }
  return "";
}

GraphReading RefuseSyntax(std::string_view error) {
  constexpr std::string_view kLine = " in line ";
  std::optional<Place> place;
  if (const std::size_t at = error.find(kLine); at != std::string_view::npos) {
    std::string_view number = error.substr(at + kLine.size());
    number = number.substr(0, number.find_first_not_of("0123456789"));
    std::size_t line = 0;
    if (absl::SimpleAtoi(absl::string_view(number.data(), number.size()), &line)) {
      place = {.line = line};
    }
  }
  return Refuse("Graphviz: " + Printable(error), place);
}

absl::Status CannotRead(std::string_view what) {
  return absl::UnavailableError(
      absl::StrCat("DOT is read by Graphviz's program 'dot' (Debian: apt-get install graphviz): ",
                   absl::string_view(what.data(), what.size())));
}

}  // namespace

bool IsDot(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  SkipSpaceAndComments(text);
  std::string word = TakeWord(text);
  const bool is_strict = word == "strict";
  if (is_strict) {
    SkipSpaceAndComments(text);
    word = TakeWord(text);
  }
  if (word != "graph" && word != "digraph") return false;
  // An edge list may have nodes of these names: what comes next decides.
  SkipSpaceAndComments(text);
  if (text.starts_with('"')) {
    std::size_t close = 1;
    while (close < text.size() && text[close] != '"') close += text[close] == '\\' ? 2 : 1;
    text.remove_prefix(std::min(close + 1, text.size()));
  } else {
    TakeWord(text);
  }
  SkipSpaceAndComments(text);
  const bool is_torn = text.empty() && (is_strict || word == "digraph");
  return is_torn || text.starts_with('{');
}

GraphReading ReadDotJson(std::string_view json) {
  const std::string clean = CleanJson(json);
  Finding error;
  const std::optional<JsonValue> graph = ParseJson(clean, error);
  if (!graph.has_value()) {
    return Refuse(clean.find("\n}\n{") != std::string::npos
                      ? "there is more than one graph in it: give them one by one"
                      : "what Graphviz made of it cannot be read: " + error.text);
  }
  const std::unordered_set<std::int64_t> legend = LegendOf(*graph);
  const Names names(*graph, legend);
  NamedEdges edges;
  std::unordered_map<std::int64_t, std::size_t> by_id;
  names.ForEach([&](std::int64_t id, const std::string& name) { by_id[id] = edges.NodeOf(name); });
  for (const JsonValue& edge : Elements(*graph, "edges")) {
    const auto tail = by_id.find(MemberOr<std::int64_t>(edge, "tail", -1));
    const auto head = by_id.find(MemberOr<std::int64_t>(edge, "head", -1));
    if (tail == by_id.end() || head == by_id.end()) continue;
    const bool is_soft = names.is_own() && MemberOr<std::string>(edge, "style", "") == "dashed";
    edges.Add(tail->second, head->second, is_soft);
  }
  GraphReading reading;
  reading.nodes = edges.Nodes();
  absl::StatusOr<DependencyGraph> dependencies =
      DependencyGraph::Create(internal::Declarations(*reading.nodes));
  if (dependencies.ok()) {
    reading.graph = *std::move(dependencies);
  } else {
    for (internal::NodeProblem& problem : internal::Problems(*reading.nodes)) {
      reading.problems.push_back({.text = std::move(problem.text)});
    }
  }
  if (!legend.empty()) {
    reading.notes.push_back({.text = absl::StrCat("the legend is left out: ", legend.size(),
                                                  " nodes that no other is connected to")});
  }
  if (!MemberOr(*graph, "directed", true) && !Elements(*graph, "edges").empty()) {
    reading.notes.push_back(
        {.text = "this graph has no directions: a -- b is read as 'a depends on b'"});
  }
  return reading;
}

absl::StatusOr<GraphReading> ReadDot(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  // The layout does not matter, so it is the one that takes no time. What a graph names must not
  // make it read other files: with SERVER_NAME it does not.
  const absl::StatusOr<ProcessAnswer> answer =
      RunProcess({.command = {"dot", "-q", "-Kpatchwork", "-Glayout=patchwork", "-Tdot_json"},
                  .environment = {"SERVER_NAME=stemma"},
                  .input = text,
                  .keeps_errors = true});
  if (!answer.ok()) return CannotRead(std::string(answer.status().message()));
  switch (answer->end) {
    case ProcessAnswer::End::kTimedOut:
      return CannotRead("it did not end");
    case ProcessAnswer::End::kAnsweredTooMuch:
      return Refuse("too large: as JSON it has more than 256 MiB");
    case ProcessAnswer::End::kSignalled:
      return CannotRead(absl::StrCat("it was ended by signal ", answer->code));
    case ProcessAnswer::End::kExited:
      break;
  }
  if (const std::string_view error = SyntaxError(answer->errors); !error.empty()) {
    return RefuseSyntax(error);
  }
  // It may complain of a picture that is missing and the like, and has read the graph.
  if (answer->text.empty()) {
    const std::string_view errors = answer->errors;
    return CannotRead(absl::StrCat("it ended with exit code ", answer->code, ": ",
                                   Printable(errors.substr(0, errors.find('\n')))));
  }
  return ReadDotJson(answer->text);
}

}  // namespace stemma::tools
