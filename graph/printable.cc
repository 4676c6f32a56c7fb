// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/printable.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "absl/strings/str_format.h"

namespace stemma {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Not here: U+200C and U+200D, the joiners, without which some scripts cannot be written.
constexpr Range kActing[] = {
    {0x00, 0x1F},        // C0 controls
    {0x7F, 0x9F},        // DEL and the C1 controls, of which U+009B begins an escape sequence
    {0xAD, 0xAD},        // soft hyphen
    {0x061C, 0x061C},    // direction mark
    {0x180E, 0x180E},    // invisible separator
    {0x200B, 0x200B},    // zero width space
    {0x200E, 0x200F},    // direction marks
    {0x2028, 0x202E},    // line and paragraph separators, direction embeddings and overrides
    {0x2060, 0x206F},    // invisible operators, direction isolates, deprecated format characters
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFF9, 0xFFFB},    // interlinear annotations
    {0xE0000, 0xE0FFF},  // tags and other invisible characters
};

bool Acts(char32_t c) {
  return std::any_of(std::begin(kActing), std::end(kActing),
                     [c](Range range) { return range.first <= c && c <= range.last; });
}

struct Character {
  char32_t code = 0;
  std::size_t size = 0;  // bytes; 0: not valid UTF-8
};

// Reads the character that `text` begins with. REQUIRES: text is not empty.
Character First(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  char32_t code = lead & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0u) != 0x80) return {};
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < kLeast[size] || code > 0x10FFFF || surrogate) return {};
  return {code, size};
}

}  // namespace

std::string Printable(std::string_view text) {
  const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
  if (std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);  // as nearly all
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character c = First(text);
    if (c.size == 0) {
      absl::StrAppendFormat(&out, "\\x%02x",
                            static_cast<unsigned>(static_cast<std::uint8_t>(text[0])));
    } else if (c.code == '\n') {
      out += "\\n";
    } else if (c.code == '\r') {
      out += "\\r";
    } else if (c.code == '\t') {
      out += "\\t";
    } else if (!Acts(c.code)) {
      out += text.substr(0, c.size);
    } else if (c.code < 0x80) {
      absl::StrAppendFormat(&out, "\\x%02x", static_cast<unsigned>(c.code));
    } else {
      absl::StrAppendFormat(&out, "\\u{%x}", static_cast<unsigned>(c.code));
    }
    text.remove_prefix(std::max<std::size_t>(c.size, 1));
  }
  return out;
}

}  // namespace stemma
