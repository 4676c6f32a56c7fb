// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/edge_list.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/internal/json_text.h"
#include "stemma/supervisor/internal/validation.h"
#include "stemma/tools/sources/json_document.h"
#include "stemma/tools/sources/named_edges.h"

namespace stemma::tools {
namespace {

constexpr std::string_view kArrow = "->";

bool IsBlank(char c) { return c == ' ' || c == '\t'; }

bool IsControl(char c) { return static_cast<std::uint8_t>(c) < 0x20 || c == 0x7F; }

std::string Quoted(std::string_view text) {
  constexpr std::size_t kMaxShown = 100;  // names may be of any length
  const bool is_long = text.size() > kMaxShown;
  return "'" + Printable(text.substr(0, kMaxShown)) + (is_long ? "…'" : "'");
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  GraphReading Read() {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    for (std::size_t begin = text_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
         begin < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', begin), text_.size());
      ReadLine(begin, end);
      begin = end + 1;
    }
    return findings_.empty() ? Check() : Refuse();
  }

 private:
  // A word of a line: a name or an arrow.
  struct Token {
    std::size_t offset = 0;
    std::size_t size = 0;  // of its text in the line
    bool is_arrow = false;
    std::string name = {};
  };
  struct Mention {
    std::size_t offset = 0;
    bool is_dependent = false;
  };

  // A line in error is none at all.
  void ReadLine(std::size_t begin, std::size_t end) {
    if (end > begin && text_[end - 1] == '\r') --end;
    tokens_.clear();
    for (std::size_t at = begin; at < end;) {
      if (IsBlank(text_[at])) {
        ++at;
      } else if (text_[at] == '#') {
        break;
      } else if (ReadToken(at, end)) {
        at += tokens_.back().size;
      } else {
        return;
      }
    }
    if (!tokens_.empty() && CheckLine()) TakeLine();
  }

  // The token at `at`, into tokens_. Returns: false if there is none, which was noted.
  bool ReadToken(std::size_t at, std::size_t end) {
    const std::string_view rest = text_.substr(at, end - at);
    if (rest.starts_with(kArrow)) {
      tokens_.push_back({.offset = at, .size = kArrow.size(), .is_arrow = true});
      return true;
    }
    return rest.front() == '"' ? ReadQuotedName(at, rest) : ReadPlainName(at, rest);
  }

  bool ReadPlainName(std::size_t at, std::string_view rest) {
    std::size_t size = 0;
    while (size < rest.size() && !IsBlank(rest[size]) && !rest.substr(size).starts_with(kArrow)) {
      const std::size_t bytes = internal::CharacterSize(rest.substr(size));
      if (bytes == 0) return Note(at + size, "expected text in UTF-8");
      if (IsControl(rest[size])) return Note(at + size, "a control character must be in quotes");
      if (rest[size] == '"') {
        return Note(at + size, "a name with a quote in it must be in quotes");
      }
      size += bytes;
    }
    const std::string_view name = rest.substr(0, size);
    if (const char last = name.back(); last == ':' || last == ';' || last == ',') {
      return Note(at + size - 1, absl::StrCat("expected 'a b' or 'a -> b'; if the name is ",
                                              Quoted(name), ", put it in quotes"));
    }
    tokens_.push_back({.offset = at, .size = size, .name = std::string(name)});
    return true;
  }

  bool ReadQuotedName(std::size_t at, std::string_view rest) {
    std::size_t close = 1;
    while (close < rest.size() && rest[close] != '"') close += rest[close] == '\\' ? 2 : 1;
    if (close >= rest.size()) return Note(at, "this quote is not closed on its line");
    const std::size_t size = close + 1;
    if (size < rest.size() && !IsBlank(rest[size]) && !rest.substr(size).starts_with(kArrow)) {
      return Note(at + size, "expected white space or -> after a name in quotes");
    }
    Finding error;
    std::optional<JsonValue> value = ParseJson(rest.substr(0, size), error);
    if (!value.has_value()) return Note(at + error.offset, std::move(error.text));
    std::string& name = std::get<std::string>(value->content);
    if (name.empty()) return Note(at, "a name must not be empty");
    tokens_.push_back({.offset = at, .size = size, .name = std::move(name)});
    return true;
  }

  // Whether the tokens are "a", "a b" or "a -> b -> c". REQUIRES: there are some.
  bool CheckLine() {
    const auto is_arrow = [](const Token& token) { return token.is_arrow; };
    if (std::none_of(tokens_.begin(), tokens_.end(), is_arrow)) {
      if (tokens_.size() <= 2) return true;
      return Note(tokens_[2].offset,
                  absl::StrCat("expected 'a b' or 'a -> b', found one name more: ",
                               Quoted(tokens_[2].name)));
    }
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      if (token.is_arrow == (i % 2 == 1)) continue;
      if (token.is_arrow) return Note(token.offset, "expected a name before ->");
      return Note(token.offset, absl::StrCat("expected -> before ", Quoted(token.name)));
    }
    const Token& last = tokens_.back();
    return !last.is_arrow || Note(last.offset + last.size, "expected a name after ->");
  }

  void TakeLine() {
    std::size_t dependent = SIZE_MAX;
    for (const Token& token : tokens_) {
      if (token.is_arrow) continue;
      const std::size_t node = edges_.NodeOf(token.name);
      const bool is_new = node == mentions_.size();
      if (is_new) mentions_.push_back({.offset = token.offset});
      if (dependent != SIZE_MAX) edges_.Add(dependent, node, /*is_soft=*/false, token.offset);
      if (dependent == node) self_edges_.try_emplace(node, token.offset);
      const bool is_dependent = tokens_.size() > 1 && &token != &tokens_.back();
      if (is_dependent && !mentions_[node].is_dependent) mentions_[node] = {token.offset, true};
      dependent = node;
    }
  }

  // Returns false, for the caller to return.
  bool Note(std::size_t offset, std::string text) {
    constexpr std::size_t kMaxFindings = 10;
    if (findings_.size() < kMaxFindings) {
      findings_.push_back({.offset = offset, .text = std::move(text)});
    } else if (more_++ == 0) {
      first_more_ = offset;
    }
    return false;
  }

  GraphReading Refuse() {
    if (more_ > 0) {
      const char* const lines = more_ == 1 ? " more line" : " more lines";
      findings_.push_back({.offset = first_more_,
                           .text = absl::StrCat("and ", more_, lines, " that cannot be read")});
    }
    GraphReading reading;
    AddProblems(reading);
    reading.notes.push_back(
        {.text = "read as an edge list: it is neither JSON nor Graphviz's DOT"});
    return reading;
  }

  // What a supervisor would refuse, found by the code that refuses it (S1).
  GraphReading Check() {
    GraphReading reading;
    reading.nodes = edges_.Nodes();
    absl::StatusOr<DependencyGraph> graph =
        DependencyGraph::Create(internal::Declarations(*reading.nodes));
    if (graph.ok()) {
      reading.graph = *std::move(graph);
      AddPlaces(reading);
      return reading;
    }
    for (internal::NodeProblem& problem : internal::Problems(*reading.nodes)) {
      // An edge from a node to itself is told before its other cycles, and its place is its own.
      std::size_t offset = mentions_[problem.node].offset;
      if (const auto self_edge = self_edges_.find(problem.node); self_edge != self_edges_.end()) {
        offset = self_edge->second;
        self_edges_.erase(self_edge);
      }
      findings_.push_back({.offset = offset, .text = std::move(problem.text)});
    }
    AddProblems(reading);
    return reading;
  }

  // One pass over the text for all of them: each offset, and where its place belongs.
  void AddPlaces(GraphReading& reading) {
    std::vector<NodePlaces>& places = reading.places;
    places.resize(mentions_.size());
    std::vector<std::pair<std::size_t, Place*>> wanted;
    const std::vector<std::vector<std::size_t>> offsets = edges_.Offsets();
    for (std::size_t node = 0; node < places.size(); ++node) {
      wanted.emplace_back(mentions_[node].offset, &places[node].node);
      places[node].dependencies.resize(offsets[node].size());
      for (std::size_t i = 0; i < offsets[node].size(); ++i) {
        wanted.emplace_back(offsets[node][i], &places[node].dependencies[i]);
      }
    }
    std::sort(wanted.begin(), wanted.end());
    std::vector<std::size_t> in_order;
    in_order.reserve(wanted.size());
    for (const auto& [offset, place] : wanted) in_order.push_back(offset);
    const std::vector<Place> found = PlacesOf(text_, in_order);
    for (std::size_t i = 0; i < wanted.size(); ++i) *wanted[i].second = found[i];
  }

  void AddProblems(GraphReading& reading) {
    for (Problem& problem : ProblemsOf(text_, std::move(findings_))) {
      reading.problems.push_back({.place = problem.place, .text = std::move(problem.text)});
    }
  }

  const std::string_view text_;
  std::vector<Token> tokens_;  // of the line
  NamedEdges edges_;
  std::vector<Mention> mentions_;  // by node: where it depends on another first, or else stands
  std::unordered_map<std::size_t, std::size_t> self_edges_;  // by node
  std::vector<Finding> findings_;
  std::size_t more_ = 0;  // findings that are not told one by one
  std::size_t first_more_ = 0;
};

}  // namespace

GraphReading ReadEdgeList(std::string_view text) { return Reader(text).Read(); }

}  // namespace stemma::tools
