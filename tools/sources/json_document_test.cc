// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/json_document.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace stemma::tools {
namespace {

JsonValue Parsed(std::string_view text) {
  Finding error;
  std::optional<JsonValue> value = ParseJson(text, error);
  INFO(error.text);
  REQUIRE(value.has_value());
  return *value;
}

Finding ErrorIn(std::string_view text) {
  Finding error;
  CHECK_FALSE(ParseJson(text, error).has_value());
  return error;
}

const JsonValue::Object& Members(const JsonValue& value) {
  return std::get<JsonValue::Object>(value.content);
}
const JsonValue::Array& Elements(const JsonValue& value) {
  return std::get<JsonValue::Array>(value.content);
}

TEST_CASE("each kind of value is read as what it is", "[tools]") {
  const JsonValue root = Parsed(R"([null, true, 12, -3, 1.5, 2e3, "text", [], {}])");
  const JsonValue::Array& values = Elements(root);
  REQUIRE(values.size() == 9);
  CHECK(KindOf(values[0]) == "null");
  CHECK(std::get<bool>(values[1].content));
  CHECK(std::get<std::int64_t>(values[2].content) == 12);
  CHECK(std::get<std::int64_t>(values[3].content) == -3);
  CHECK(std::get<double>(values[4].content) == 1.5);
  CHECK(std::get<double>(values[5].content) == 2000);
  CHECK(std::get<std::string>(values[6].content) == "text");
  CHECK(KindOf(values[7]) == "an array");
  CHECK(KindOf(values[8]) == "an object");
  CHECK(KindOf(root) == "an array");
}

TEST_CASE("a whole number too large for an integer is a number all the same", "[tools]") {
  CHECK(std::get<double>(Parsed("9223372036854775808").content) == 9223372036854775808.0);
  CHECK(std::get<std::int64_t>(Parsed("9223372036854775807").content) == 9223372036854775807);
}

TEST_CASE("every value and key knows where it begins", "[tools]") {
  const std::string text =
      R"( {"a\"b\\" : [1,-2.5e3 , true,false,null,"x\\\"", {"k":""}], "n": {}, "z": 7})";
  const JsonValue root = Parsed(text);
  const auto at = [&](std::size_t offset, std::string_view expected) {
    return std::string_view(text).substr(offset, expected.size()) == expected;
  };
  CHECK(at(root.offset, "{\"a"));
  CHECK(at(Members(root)[0].offset, R"("a\"b\\")"));
  CHECK(Members(root)[0].key == R"(a"b\)");
  const JsonValue::Array& values = Elements(Members(root)[0].value);
  REQUIRE(values.size() == 7);
  CHECK(at(Members(root)[0].value.offset, "[1"));
  CHECK(at(values[0].offset, "1,"));
  CHECK(at(values[1].offset, "-2.5e3"));
  CHECK(at(values[2].offset, "true"));
  CHECK(at(values[3].offset, "false"));
  CHECK(at(values[4].offset, "null"));
  CHECK(at(values[5].offset, R"("x\\\"")"));
  CHECK(at(Members(values[6])[0].offset, "\"k\""));
  CHECK(at(Members(values[6])[0].value.offset, "\"\"}"));
  CHECK(at(Members(root)[1].value.offset, "{}"));
  CHECK(at(Members(root)[2].value.offset, "7}"));
  CHECK(Parsed("42").offset == 0);  // a number at the very end, and at the very beginning
}

TEST_CASE("members keep their order, and duplicate keys are kept", "[tools]") {
  const JsonValue root = Parsed(R"({"b": 1, "a": 2, "b": 3})");
  REQUIRE(Members(root).size() == 3);
  CHECK(Members(root)[0].key == "b");
  CHECK(Members(root)[1].key == "a");
  CHECK(Members(root)[2].key == "b");
  CHECK(std::get<std::int64_t>(Members(root)[2].value.content) == 3);
}

TEST_CASE("text that is not one JSON value is refused where it goes wrong", "[tools]") {
  CHECK(ErrorIn("").offset == 0);
  CHECK(ErrorIn("{\"a\": NaN}").offset == 6);
  CHECK(ErrorIn("[1, 2,]").offset == 6);
  CHECK(ErrorIn("{} {}").offset == 3);
  CHECK(ErrorIn("{\"a\" 1}").offset == 5);
  CHECK(ErrorIn("[1").offset == 2);
  CHECK(ErrorIn("\"abc").offset == 4);
  CHECK(ErrorIn("// no comments\n1").offset == 0);
  CHECK(ErrorIn("1e999").text.find("overflow") != std::string::npos);
}

TEST_CASE("text that is cut off anywhere is refused", "[tools]") {
  const std::string text = R"({"a": [1, "b\u00e9", {"c": null}], "d": "é"})";
  Parsed(text);
  for (std::size_t size = 0; size < text.size(); ++size) {
    INFO(size);
    ErrorIn(text.substr(0, size));
  }
}

TEST_CASE("invalid UTF-8 is refused, and the message is safe to show", "[tools]") {
  for (const char* text :
       {"\"\xFF\"", "\"\xC0\xAF\"", "\"\xED\xA0\x80\"", "\"\xE2\x82\"", "\xFF"}) {
    CHECK_FALSE(ErrorIn(text).text.empty());
  }
  const Finding error = ErrorIn("\"\x1b[31m\"");
  CHECK(error.text.find('\x1b') == std::string::npos);
  CHECK(error.text.find('\n') == std::string::npos);
}

TEST_CASE("deep nesting is refused before it costs anything", "[tools]") {
  const std::string deep(1'000'000, '[');
  CHECK(ErrorIn(deep).text == "nested deeper than 64 levels");
  CHECK(ErrorIn(deep).offset == 64);
  Parsed(std::string(64, '[') + std::string(64, ']'));
  std::string objects;
  for (int i = 0; i < 100; ++i) objects += "{\"a\":";
  CHECK(ErrorIn(objects).text == "nested deeper than 64 levels");
}

TEST_CASE("a string of a megabyte is read, and does not fill an error message", "[tools]") {
  const std::string name(1 << 20, 'n');
  CHECK(std::get<std::string>(Parsed("\"" + name + "\"").content) == name);
  CHECK(ErrorIn("[\"" + name + "\" 1]").text.size() < 1000);
  CHECK(ErrorIn("[\"" + name).text.size() < 1000);
}

TEST_CASE("places count lines and characters from 1", "[tools]") {
  const std::string text = "ab\nцé\n\nx";
  const std::vector<Place> places =
      PlacesOf(text, {0, 1, 2, 3, 5, text.size() - 1, text.size(), text.size() + 9});
  const std::vector<std::pair<std::size_t, std::size_t>> expected = {
      {1, 1}, {1, 2}, {1, 3}, {2, 1}, {2, 2}, {4, 1}, {4, 2}, {4, 2}};
  REQUIRE(places.size() == expected.size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    INFO(i);
    CHECK(places[i].line == expected[i].first);
    CHECK(places[i].column == expected[i].second);
  }
}

}  // namespace
}  // namespace stemma::tools
