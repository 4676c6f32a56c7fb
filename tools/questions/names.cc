// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/names.h"

#include <algorithm>

#include "stemma/graph/printable.h"

namespace stemma::tools {

std::string Shown(std::string_view name) {
  constexpr std::size_t kMost = 100;
  if (name.size() <= kMost) return Printable(name);
  std::size_t end = kMost;  // not within a character
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0u) == 0x80) --end;
  return Printable(name.substr(0, end)) + "...";
}

std::string Quoted(std::string_view name) { return "'" + Shown(name) + "'"; }

std::string NameList(const DependencyGraph& graph, std::span<const NodeId> ids, std::size_t most) {
  std::string list;
  for (std::size_t i = 0; i < std::min(ids.size(), most); ++i) {
    if (i > 0) list += ", ";
    list += Shown(graph.name(ids[i]));
  }
  if (ids.size() > most) list += " and " + Grouped(ids.size() - most) + " more";
  return list;
}

std::string PathText(const DependencyGraph& graph, std::span<const NodeId> path, std::size_t most) {
  const bool whole = path.size() <= most;
  const std::size_t head = whole ? path.size() : most / 2;
  std::string text;
  for (std::size_t i = 0; i < head; ++i) {
    if (i > 0) text += " -> ";
    text += Shown(graph.name(path[i]));
  }
  if (whole) return text;
  const std::size_t tail = most - head;
  text += " -> (" + Grouped(path.size() - most) + " more)";
  for (const NodeId id : path.last(tail)) text += " -> " + Shown(graph.name(id));
  return text;
}

std::string Counted(std::size_t count, std::string_view noun) {
  return Grouped(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string Grouped(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

}  // namespace stemma::tools
