// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/json_text.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <limits>
#include <string>

namespace stemma::internal {
namespace {

TEST_CASE("plain text becomes a JSON string as it is", "[supervisor]") {
  CHECK(JsonString("") == R"("")");
  CHECK(JsonString("order store") == R"("order store")");
  CHECK(JsonString("größe 漢字 🌳") == "\"größe 漢字 🌳\"");
}

TEST_CASE("quotes, backslashes and control characters are escaped", "[supervisor]") {
  CHECK(JsonString(R"(a"b\c)") == R"("a\"b\\c")");
  CHECK(JsonString("a\nb\rc\td") == R"("a\nb\rc\td")");
  CHECK(JsonString(std::string("\0\x01\x1f\x7f", 4)) == R"("\u0000\u0001\u001f\u007f")");
}

TEST_CASE("each byte that is not part of valid UTF-8 becomes the replacement character",
          "[supervisor]") {
  const std::string replaced = "\xEF\xBF\xBD";
  CHECK(JsonString("a\xFFz") == "\"a" + replaced + "z\"");
  CHECK(JsonString("\x80") == "\"" + replaced + "\"");                 // a stray follower
  CHECK(JsonString("\xC3") == "\"" + replaced + "\"");                 // cut short
  CHECK(JsonString("\xE2\x82") == "\"" + replaced + replaced + "\"");  // cut short
  CHECK(JsonString("\xC3\"") == "\"" + replaced + "\\\"\"");           // the quote stays one
  CHECK(JsonString("\xC0\xAF") == "\"" + replaced + replaced + "\"");  // overlong
  CHECK(JsonString("\xE0\x80\xAF") == "\"" + replaced + replaced + replaced + "\"");  // overlong
  CHECK(JsonString("\xED\xA0\x80") == "\"" + replaced + replaced + replaced + "\"");  // surrogate
  CHECK(JsonString("\xF4\x90\x80\x80") ==
        "\"" + replaced + replaced + replaced + replaced + "\"");  // beyond U+10FFFF
  CHECK(JsonString("\xF0\x80\x80\x80") ==
        "\"" + replaced + replaced + replaced + replaced + "\"");  // overlong
}

TEST_CASE("the first and last character of each length stay as they are", "[supervisor]") {
  for (const std::string text :
       {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xEF\xBF\xBF",
        "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    CHECK(JsonString(text) == "\"" + text + "\"");
  }
}

TEST_CASE("a number is written in its shortest form that reads back the same", "[supervisor]") {
  CHECK(JsonNumber(2.0) == "2");
  CHECK(JsonNumber(0.2) == "0.2");
  CHECK(JsonNumber(-1.5) == "-1.5");
  for (const double value : {0.1 + 0.2, 1e300, std::numeric_limits<double>::denorm_min(),
                             std::numeric_limits<double>::lowest()}) {
    CHECK(std::strtod(JsonNumber(value).c_str(), nullptr) == value);
  }
}

TEST_CASE("what JSON has no number for is written as text", "[supervisor]") {
  CHECK(JsonNumber(std::numeric_limits<double>::quiet_NaN()) == R"("nan")");
  CHECK(JsonNumber(std::numeric_limits<double>::infinity()) == R"("inf")");
  CHECK(JsonNumber(-std::numeric_limits<double>::infinity()) == R"("-inf")");
}

TEST_CASE("bytes that are no text are written so that they can be read back", "[supervisor][S17]") {
  CHECK(JsonBytes("größe") == "\"größe\"");
  CHECK(JsonBytes("a\xFF\n\"") == R"("a\\xff\n\"")");
  CHECK(JsonBytes(R"(a\xff)") == R"("a\\\\xff")");
  for (const std::string& bytes : {std::string("plain"), std::string("\0\xFF\xFE\xC3", 4),
                                   std::string(R"(\xff\\x)"), std::string("größe \x80 漢字")}) {
    // What a reader of JSON makes of it, but for the control characters, which are not in question.
    std::string json = JsonBytes(bytes);
    std::string value;
    for (std::size_t i = 1; i + 1 < json.size(); ++i) {
      if (json.compare(i, 6, "\\u0000") == 0) {
        value += '\0';
        i += 5;
      } else {
        if (json[i] == '\\') ++i;
        value += json[i];
      }
    }
    CHECK(BytesOf(value) == bytes);
  }
}

TEST_CASE("text that JsonBytes does not write is refused", "[supervisor][S17]") {
  for (const char* text : {"\\", "a\\n", "\\x", "\\xf", "\\xfg", "\\x-1"}) {
    INFO(text);
    CHECK_FALSE(BytesOf(text).has_value());
  }
}

}  // namespace
}  // namespace stemma::internal
