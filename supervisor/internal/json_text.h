// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_JSON_TEXT_H_
#define STEMMA_SUPERVISOR_INTERNAL_JSON_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace stemma::internal {

// What it takes to write JSON (RFC 8259). Reading it is for the tools, which may use a library.
// Thread safety: any thread. Neither depends on the locale.

// How many bytes the character takes that `text` begins with; 0 when that is not valid UTF-8, such
// as an overlong form or a surrogate. REQUIRES: text is not empty.
std::size_t CharacterSize(std::string_view text);

// Returns `text` as a JSON string, with its quotes, on one line and in valid UTF-8: quotes,
// backslashes and control characters are escaped, and each byte that is not part of valid UTF-8
// becomes U+FFFD.
std::string JsonString(std::string_view text);

// Returns `bytes` as JsonString does, but so that nothing is lost: a byte that is not part of valid
// UTF-8 becomes the text \xff, and a backslash two, before JSON's own escapes.
std::string JsonBytes(std::string_view bytes);

// Returns the bytes that JsonBytes wrote as the JSON string whose value is `text`; nothing if it
// writes no such text.
std::optional<std::string> BytesOf(std::string_view text);

// Returns the shortest JSON number that reads back as `value`. JSON has no infinities and no NaN:
// those become the strings "inf", "-inf" and "nan", so that a reader can name what is wrong.
std::string JsonNumber(double value);

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_JSON_TEXT_H_
