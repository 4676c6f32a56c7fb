// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/review_text.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/questions/markdown.h"
#include "stemma/tools/questions/names.h"
#include "stemma/tools/views/paint.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;

// One change, in words that Markdown and the terminal share.
struct Line {
  char mark = '~';  // +, - or ~
  std::string what = {};
};

struct Section {
  std::string title = {};
  std::vector<Line> lines = {};
};

// How a name is written.
using Name = std::function<std::string(const std::string&)>;

std::string Word(ErrorHandlingBehavior verdict) { return std::string(ManifestWord(verdict)); }

// "a, b and 3 more".
std::string List(const std::vector<std::string>& names, const Name& name) {
  constexpr std::size_t kMost = 6;
  std::string list;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i) {
    absl::StrAppend(&list, i == 0 ? "" : ", ", name(names[i]));
  }
  if (names.size() > kMost) absl::StrAppend(&list, " and ", Grouped(names.size() - kMost), " more");
  return list;
}

// "a -> b -> c", the middle of long ones left out.
std::string Path(const std::vector<std::string>& names, const Name& name) {
  constexpr std::size_t kMost = 12;
  std::string path;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) path += ", ";
    if (names.size() > kMost && i == kMost / 2) {
      absl::StrAppend(&path, "(", Grouped(names.size() - kMost), " more), ");
      i += names.size() - kMost;
    }
    path += name(names[i]);
  }
  return path;
}

Section Nodes(const Review& review, const Name& name) {
  Section section = {.title = "nodes"};
  for (const std::string& node : review.graph.added_nodes) {
    section.lines.push_back({'+', name(node)});
  }
  for (const std::string& node : review.graph.removed_nodes) {
    section.lines.push_back({'-', name(node)});
  }
  return section;
}

Section Edges(const Review& review, const Name& name) {
  Section section = {.title = "dependencies"};
  const auto add = [&](char mark, const std::vector<GraphDifference::NamedEdge>& edges) {
    for (const auto& [from, to, soft] : edges) {
      const char* remark = mark == '~' ? (soft ? ": was hard, is soft" : ": was soft, is hard")
                                       : (soft ? ", soft" : "");
      section.lines.push_back({mark, absl::StrCat(name(from), " on ", name(to), remark)});
    }
  };
  add('+', review.graph.added_edges);
  add('-', review.graph.removed_edges);
  add('~', review.graph.changed_edges);
  return section;
}

Section Policies(const Review& review, const Name& name) {
  Section section = {.title = "policies"};
  for (const auto& [node, field, before, after] : review.policies) {
    section.lines.push_back({'~', absl::StrCat(name(node), ": ", name(field), ": ", name(before),
                                               " to ", name(after))});
  }
  return section;
}

std::string Change(std::size_t before, std::size_t after) {
  return before == after ? Grouped(after) : absl::StrCat(Grouped(before), " to ", Grouped(after));
}

// Nodes at which a verdict takes down the same ones more and less are told together.
Section Radii(const Review& review, const Name& name) {
  constexpr std::size_t kMost = 30;
  Section section = {.title = "what a failure takes down"};
  for (const auto& [node, was, is, before, after] : review.own_radii) {
    section.lines.push_back(
        {'~', absl::StrCat(name(node), " by its own verdict, ", name(Word(was)), " before and now ",
                           name(Word(is)), ": ", Change(before, after), " nodes")});
  }
  using Key = std::tuple<ErrorHandlingBehavior, std::vector<std::string>, std::vector<std::string>>;
  std::vector<std::pair<Key, std::vector<const Review::RadiusChange*>>> groups;
  std::map<Key, std::size_t> group_of;
  for (const Review::RadiusChange& change : review.radii) {
    const Key key = {change.verdict, change.gained, change.lost};
    const auto [group, is_new] = group_of.emplace(key, groups.size());
    // Without names there is nothing that two of them would share.
    if (is_new || !review.names_radii) {
      group->second = groups.size();
      groups.push_back({key, {}});
    }
    groups[group->second].second.push_back(&change);
  }
  // The ones that changed most come first where not all can be told.
  if (groups.size() > kMost) {
    std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
      const auto difference = [](const Review::RadiusChange& change) {
        return change.after > change.before ? change.after - change.before
                                            : change.before - change.after;
      };
      return difference(*a.second.front()) > difference(*b.second.front());
    });
  }
  for (std::size_t i = 0; i < std::min(groups.size(), kMost); ++i) {
    const auto& [key, changes] = groups[i];
    const auto& [verdict, gained, lost] = key;
    std::vector<std::string> nodes;
    for (const Review::RadiusChange* change : changes) nodes.push_back(change->node);
    std::string what = absl::StrCat(name(Word(verdict)), " at ", List(nodes, name), ": ");
    if (changes.size() == 1) {
      absl::StrAppend(&what, Change(changes[0]->before, changes[0]->after), " nodes");
      if (!gained.empty() || !lost.empty()) what += "; ";
    }
    if (!gained.empty()) absl::StrAppend(&what, "now also ", List(gained, name));
    if (!gained.empty() && !lost.empty()) what += "; ";
    if (!lost.empty()) absl::StrAppend(&what, "no longer ", List(lost, name));
    section.lines.push_back({'~', what});
  }
  if (groups.size() > kMost) {
    section.lines.push_back({'~', absl::StrCat("and ", Grouped(groups.size() - kMost), " more")});
  }
  return section;
}

Section Stop(const Review& review, const Name& name) {
  Section section = {.title = "how long an ordered stop may take"};
  if (!review.stop.has_value()) return section;
  const auto& [before, after, path] = *review.stop;
  std::string what = absl::StrCat(ManifestDuration(before), " to ", ManifestDuration(after));
  if (before != kNoTimeout && after != kNoTimeout) {
    absl::StrAppend(&what, ", ", ManifestDuration(after > before ? after - before : before - after),
                    after > before ? " more" : " less");
  }
  section.lines.push_back({'~', absl::StrCat(what, ": ", Path(path, name))});
  return section;
}

std::vector<Section> Sections(const Review& review, const Name& name) {
  std::vector<Section> sections = {Nodes(review, name), Edges(review, name), Policies(review, name),
                                   Radii(review, name), Stop(review, name)};
  std::erase_if(sections, [](const Section& section) { return section.lines.empty(); });
  return sections;
}

std::string Size(std::size_t before, std::size_t after, const char* noun) {
  if (before == after) return Counted(after, noun);
  return absl::StrCat(Grouped(before), " to ", Counted(after, noun));
}

std::string Sizes(const Review& review) {
  return absl::StrCat(Size(review.nodes_before, review.nodes_after, "node"), ", ",
                      Size(review.edges_before, review.edges_after, "edge"));
}

constexpr char kNoPolicies[] = "policies are not compared: one side has none";

}  // namespace

std::string ReviewText(const Review& review, bool color) {
  std::string text;
  for (const Section& section : Sections(review, Shown)) {
    absl::StrAppend(&text, Painted(section.title, Paint::kBold, color), "\n");
    for (const auto& [mark, what] : section.lines) {
      const Paint paint = mark == '+' ? Paint::kGreen : mark == '-' ? Paint::kRed : Paint::kYellow;
      absl::StrAppend(
          &text, Painted(absl::StrCat("  ", std::string(1, mark), " ", what), paint, color), "\n");
    }
  }
  absl::StrAppend(&text, review.is_same() ? "no difference: " : "in all: ", Sizes(review), "\n");
  if (!review.has_policies) absl::StrAppend(&text, kNoPolicies, "\n");
  return text;
}

std::string ReviewMarkdown(const Review& review) {
  const auto name = [](const std::string& text) {
    // Cut first: a character reference must not be.
    const std::string shown = Shown(text);
    return MarkdownText(shown);
  };
  std::string text = absl::StrCat(
      "### The component graph: ", review.is_same() ? "no difference" : Sizes(review), "\n");
  for (const auto& [title, lines] : Sections(review, name)) {
    absl::StrAppend(&text, "\n| | ", title, " |\n| --- | --- |\n");
    for (const auto& [mark, what] : lines) {
      const char* const word = mark == '+' ? "added" : mark == '-' ? "removed" : "changed";
      absl::StrAppend(&text, "| ", word, " | ", what, " |\n");
    }
  }
  if (!review.has_policies) absl::StrAppend(&text, "\nNote: ", kNoPolicies, ".\n");
  return text;
}

}  // namespace stemma::tools
