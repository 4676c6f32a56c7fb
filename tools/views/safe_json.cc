// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/safe_json.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "absl/strings/str_format.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/internal/json_text.h"

namespace stemma::tools {
namespace {

constexpr char kDelete = '\x7f';

bool IsAscii(char c) { return static_cast<std::uint8_t>(c) < 0x7F; }  // and shown

// "\u202e"; above U+FFFF two of these. REQUIRES: one character.
std::string Escaped(std::string_view character) {
  const std::size_t size = character.size();
  std::uint32_t code =
      static_cast<std::uint8_t>(character[0]) & (size == 1 ? 0x7Fu : 0x7Fu >> size);
  for (const char c : character.substr(1)) {
    code = (code << 6) | (static_cast<std::uint8_t>(c) & 0x3Fu);
  }
  if (code < 0x10000) return absl::StrFormat("\\u%04x", code);
  code -= 0x10000;
  return absl::StrFormat("\\u%04x\\u%04x", 0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF));
}

}  // namespace

std::string SafeJson(std::string json) {
  if (std::all_of(json.begin(), json.end(), IsAscii)) return json;  // as nearly all is
  std::string safe;
  for (std::string_view left = json; !left.empty();) {
    // Of what is not UTF-8, against what is required, each byte stays.
    const std::size_t size = std::max<std::size_t>(internal::CharacterSize(left), 1);
    const std::string_view character = left.substr(0, size);
    if (character[0] == kDelete || (size > 1 && Printable(character) != character)) {
      safe += Escaped(character);
    } else {
      safe += character;
    }
    left.remove_prefix(size);
  }
  return safe;
}

}  // namespace stemma::tools
