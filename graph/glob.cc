// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/glob.h"

#include <cstddef>

namespace stemma {
namespace {

// The bytes of the first character. REQUIRES: text is not empty.
std::size_t CharacterLength(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
  if (length > text.size()) return 1;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) return 1;
  }
  return length;
}

}  // namespace

bool MatchesGlob(std::string_view name, std::string_view pattern) {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t at = 0, in_pattern = 0;
  // After the last `*`: where the pattern goes on, and what the star has taken so far. Only the
  // last one need be tried again: an earlier one that took more would leave less for the rest.
  std::size_t after_star = kNone, star_end = 0;
  while (true) {
    if (in_pattern < pattern.size() && pattern[in_pattern] == '*') {
      after_star = ++in_pattern;
      star_end = at;
      continue;
    }
    if (at == name.size() && in_pattern == pattern.size()) return true;
    if (at < name.size() && in_pattern < pattern.size()) {
      if (pattern[in_pattern] == '?') {
        at += CharacterLength(name.substr(at));
        ++in_pattern;
        continue;
      }
      const bool escapes = pattern[in_pattern] == '\\' && in_pattern + 1 < pattern.size();
      if (pattern[in_pattern + (escapes ? 1 : 0)] == name[at]) {
        ++at;
        in_pattern += escapes ? 2 : 1;
        continue;
      }
    }
    if (after_star == kNone || star_end == name.size()) return false;
    star_end += CharacterLength(name.substr(star_end));
    at = star_end;
    in_pattern = after_star;
  }
}

std::vector<NodeId> NodesMatching(const DependencyGraph& graph, std::string_view pattern) {
  std::vector<NodeId> ids;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (MatchesGlob(graph.name(id), pattern)) ids.push_back(id);
  }
  return ids;
}

}  // namespace stemma
