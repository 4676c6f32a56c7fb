// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/json_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <system_error>

namespace stemma::internal {
std::size_t CharacterSize(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0u) != 0x80) return 0;
  }
  // The second byte has narrower bounds after these leads: overlong forms, surrogates, and what
  // lies beyond U+10FFFF.
  if (lead == 0xE0 && byte(1) < 0xA0) return 0;
  if (lead == 0xED && byte(1) > 0x9F) return 0;
  if (lead == 0xF0 && byte(1) < 0x90) return 0;
  if (lead == 0xF4 && byte(1) > 0x8F) return 0;
  return size;
}

namespace {

constexpr char kHex[] = "0123456789abcdef";

void AppendEscaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto byte = static_cast<std::uint8_t>(c);
  if (byte < 0x20 || byte == 0x7F) {
    out += "\\u00";
    out += kHex[byte >> 4];
    out += kHex[byte & 0xF];
  } else {
    out += c;
  }
}

// True if every character stands for itself.
bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

// `append_invalid` writes a byte that is not part of valid UTF-8; `backslash` is written for one.
template <class AppendInvalid>
std::string Quoted(std::string_view text, const AppendInvalid& append_invalid,
                   std::string_view backslash) {
  std::string out;
  out.reserve(text.size() + 2);
  out += '"';
  if (IsPlain(text)) {  // as nearly all are
    out += text;
    out += '"';
    return out;
  }
  while (!text.empty()) {
    const std::size_t size = CharacterSize(text);
    if (size == 0) {
      append_invalid(out, static_cast<std::uint8_t>(text[0]));
    } else if (text[0] == '\\') {
      out += backslash;
    } else if (size == 1) {
      AppendEscaped(out, text[0]);
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
  out += '"';
  return out;
}

}  // namespace

std::string JsonString(std::string_view text) {
  // U+FFFD
  return Quoted(
      text, [](std::string& out, std::uint8_t) { out += "\xEF\xBF\xBD"; }, "\\\\");
}

std::string JsonBytes(std::string_view bytes) {
  const auto append_byte = [](std::string& out, std::uint8_t byte) {
    out += "\\\\x";
    out += kHex[byte >> 4];
    out += kHex[byte & 0xF];
  };
  return Quoted(bytes, append_byte, "\\\\\\\\");
}

std::optional<std::string> BytesOf(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size());
  while (!text.empty()) {
    std::size_t taken = 1;
    char byte = text[0];
    if (byte == '\\') {
      if (text.size() >= 2 && text[1] == '\\') {
        taken = 2;
      } else {
        unsigned value = 0;
        if (text.size() < 4 || text[1] != 'x') return std::nullopt;
        const auto [end, error] = std::from_chars(&text[2], &text[2] + 2, value, 16);
        if (error != std::errc() || end != &text[2] + 2) return std::nullopt;
        byte = static_cast<char>(value);
        taken = 4;
      }
    }
    bytes += byte;
    text.remove_prefix(taken);
  }
  return bytes;
}

std::string JsonNumber(double value) {
  if (std::isnan(value)) return "\"nan\"";
  if (std::isinf(value)) return value > 0 ? "\"inf\"" : "\"-inf\"";
  char digits[32];  // the shortest form of a double has at most 24 characters
  const std::to_chars_result end = std::to_chars(digits, digits + sizeof(digits), value);
  return std::string(digits, end.ptr);
}

}  // namespace stemma::internal
