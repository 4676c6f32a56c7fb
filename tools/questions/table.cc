// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/table.h"

#include <algorithm>
#include <cstddef>

namespace stemma::tools {
namespace {

// In characters: bytes of UTF-8 that begin one.
std::size_t Width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0u) != 0x80;
  }));
}

}  // namespace

std::string Table(const std::vector<std::vector<std::string>>& lines,
                  const std::vector<Alignment>& alignments) {
  constexpr std::size_t kWidest = 40;
  std::vector<std::size_t> widths;
  for (const std::vector<std::string>& cells : lines) {
    widths.resize(std::max(widths.size(), cells.size()));
    for (std::size_t i = 0; i < cells.size(); ++i) {
      widths[i] = std::max(widths[i], std::min(Width(cells[i]), kWidest));
    }
  }
  std::string text;
  for (const std::vector<std::string>& cells : lines) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::size_t width = Width(cells[i]);
      const std::string padding(widths[i] > width ? widths[i] - width : 0, ' ');
      text += "  ";
      const bool right = i < alignments.size() && alignments[i] == Alignment::kRight;
      if (right) text += padding;
      text += cells[i];
      if (!right && i + 1 < cells.size()) text += padding;
    }
    text += '\n';
  }
  return text;
}

}  // namespace stemma::tools
