// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SOURCES_JSON_DOCUMENT_H_
#define STEMMA_TOOLS_SOURCES_JSON_DOCUMENT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "stemma/tools/sources/place.h"

namespace stemma::tools {

// JSON that remembers where everything stands, for error messages with a place. Unlike the usual
// trees it keeps members in their order and keeps duplicate keys, so that a reader can report them.

struct JsonMember;

struct JsonValue {
  struct Null {};
  using Array = std::vector<JsonValue>;
  using Object = std::vector<JsonMember>;

  std::size_t offset = 0;  // of its first byte
  // A number without fraction or exponent is an integer when it fits one, else a double.
  std::variant<Null, bool, std::int64_t, double, std::string, Array, Object> content;
};

struct JsonMember {
  std::size_t offset = 0;  // of the key's first quote
  std::string key = {};
  JsonValue value = {};
};

// What the content is, with its article: "a string", "an object".
std::string_view KindOf(const JsonValue& value);

// Reads `text`, which must be one JSON value in UTF-8 (RFC 8259) with nothing but white space
// around it, not nested deeper than 64 levels.
// Returns: nothing, and the first error in `error`, if it is not that.
std::optional<JsonValue> ParseJson(std::string_view text, Finding& error);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SOURCES_JSON_DOCUMENT_H_
