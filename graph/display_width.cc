// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/display_width.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace stemma {
namespace {

struct Range {
  std::uint32_t first, last;
};

// Of Unicode's East Asian Width, W and F, and the blocks in which nearly all is so. In order.
constexpr Range kWide[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x26D4, 0x26D4},   {0x2705, 0x2705},   {0x274C, 0x274C},
    {0x2753, 0x2755},   {0x2757, 0x2757},   {0x2795, 0x2797},   {0x2B1B, 0x2B1C},
    {0x2B50, 0x2B50},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
    {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x16FE0, 0x18CFF}, {0x1B000, 0x1B2FF}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
    {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD}};

// Combining marks, and what joins or varies the character before. In order.
constexpr Range kMarks[] = {
    {0x0300, 0x036F},   {0x0483, 0x0489},  {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
    {0x0E34, 0x0E3A},   {0x0E47, 0x0E4E},  {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200D},
    {0x20D0, 0x20FF},   {0x302A, 0x302D},  {0x3099, 0x309A}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
    {0x1F3FB, 0x1F3FF}, {0xE0100, 0xE01EF}};

template <std::size_t count>
bool IsIn(const Range (&ranges)[count], std::uint32_t character) {
  const Range* const range =
      std::lower_bound(std::begin(ranges), std::end(ranges), character,
                       [](const Range& r, std::uint32_t c) { return r.last < c; });
  return range != std::end(ranges) && range->first <= character;
}

std::uint32_t FirstCharacter(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::size_t length = CharacterLength(text);
  if (length == 1) return byte(0);
  std::uint32_t character = byte(0) & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) character = character << 6 | (byte(i) & 0x3Fu);
  return character;
}

}  // namespace

std::size_t CharacterLength(std::string_view text) {
  const auto byte = static_cast<std::uint8_t>(text.front());
  const std::size_t length = byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
  return std::min(length, text.size());
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const std::uint32_t character = FirstCharacter(text);
    width += IsIn(kMarks, character) ? 0 : IsIn(kWide, character) ? 2 : 1;
    text.remove_prefix(CharacterLength(text));
  }
  return width;
}

}  // namespace stemma
