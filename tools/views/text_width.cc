// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/text_width.h"

#include <cstddef>

#include "stemma/graph/display_width.h"

namespace stemma::tools {
namespace {

// Of the character that `text` begins with.
double CharacterWidth(std::string_view text) {
  const auto byte = static_cast<unsigned char>(text.front());
  if (byte >= 0xE1) return 1;  // from Hangul on, most are wide
  const char c = text.front();
  if (std::string_view("fijlrtI.,:;'|!()[]{} -").find(c) != std::string_view::npos) return 0.4;
  if (std::string_view("mwMW@%").find(c) != std::string_view::npos) return 0.97;
  return 0.67;
}

}  // namespace

double TextWidth(std::string_view text) {
  double width = 0;
  while (!text.empty()) {
    width += CharacterWidth(text);
    text.remove_prefix(CharacterLength(text));
  }
  return width;
}

std::string CutToWidth(std::string_view text, double width) {
  constexpr double kEllipsis = 1;
  double taken = 0;
  std::size_t fits = 0;  // bytes that leave room for the ellipsis
  for (std::size_t at = 0; at < text.size();) {
    taken += CharacterWidth(text.substr(at));
    at += CharacterLength(text.substr(at));
    if (taken > width) return std::string(text.substr(0, fits)) + "…";
    if (taken <= width - kEllipsis) fits = at;
  }
  return std::string(text);
}

}  // namespace stemma::tools
