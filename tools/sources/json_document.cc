// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/json_document.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "stemma/graph/printable.h"

namespace stemma::tools {
namespace {

constexpr std::size_t kMaxDepth = 64;  // bounds recursion, that of destructors too

// Feeds the parser, and shows through a shared counter how far it has read: the parser itself tells
// a position only with an error.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* count) : at_(at), count_(count) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*count_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator old = *this;
    ++*this;
    return old;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) {
    return a.at_ == b.at_;
  }

 private:
  const char* at_;
  std::size_t* count_;
};

// Builds the tree. Each call comes right after its token was read, so a token's end is where the
// parser stands, and its beginning is found by looking back from there.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, const std::size_t& read) : text_(text), read_(read) {}

  JsonValue& root() { return root_; }
  const Finding& error() const { return error_; }

  bool null() { return Add(WordBegin(4), JsonValue::Null{}); }
  bool boolean(bool value) { return Add(WordBegin(value ? 4 : 5), value); }
  bool number_integer(std::int64_t value) { return Add(NumberBegin(), value); }
  bool number_unsigned(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return Add(NumberBegin(), static_cast<double>(value));
    }
    return Add(NumberBegin(), static_cast<std::int64_t>(value));
  }
  bool number_float(double value, const std::string&) { return Add(NumberBegin(), value); }
  bool string(std::string& value) { return Add(StringBegin(), std::move(value)); }
  bool binary(std::vector<std::uint8_t>&) { return false; }  // not in JSON text

  bool start_object(std::size_t) { return Open(JsonValue::Object{}); }
  bool start_array(std::size_t) { return Open(JsonValue::Array{}); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }

  bool key(std::string& key) {
    auto& members = std::get<JsonValue::Object>(open_.back()->content);
    members.push_back({.offset = StringBegin(), .key = std::move(key)});
    return true;
  }

  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::json::exception& exception) {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while …":
    // what comes before the last part is the parser's own affair, or told by the place.
    std::string_view what = exception.what();
    const std::size_t begin = what.find("syntax error");
    if (begin != std::string_view::npos) what.remove_prefix(begin);
    // Messages repeat the token, which may be of any length.
    constexpr std::size_t kMaxToken = 60;
    std::string message(what);
    if (last_token.size() > kMaxToken) {
      const std::size_t token = message.find(last_token);
      if (token != std::string::npos) {
        message.replace(token + kMaxToken, last_token.size() - kMaxToken, "…");
      }
    }
    constexpr std::size_t kMaxMessage = 400;
    if (message.size() > kMaxMessage) message = message.substr(0, kMaxMessage) + "…";
    // The position counts what was read; the last byte of that is the offending one.
    error_ = {.offset = std::min(position == 0 ? 0 : position - 1, text_.size()),
              .text = Printable(message)};
    return false;
  }

 private:
  bool Add(std::size_t offset, decltype(JsonValue::content) content) {
    JsonValue& value = NewValue();
    value.offset = offset;
    value.content = std::move(content);
    return true;
  }

  bool Open(decltype(JsonValue::content) content) {
    if (open_.size() == kMaxDepth) {
      error_ = {.offset = read_ - 1, .text = "nested deeper than 64 levels"};
      return false;
    }
    JsonValue& value = NewValue();
    value.offset = read_ - 1;
    value.content = std::move(content);
    open_.push_back(&value);
    return true;
  }

  bool Close() {
    open_.pop_back();
    return true;
  }

  // Pointers in open_ stay good: a container grows only while it is the innermost open one, that
  // is, while nothing points into it.
  JsonValue& NewValue() {
    if (open_.empty()) return root_;
    if (auto* array = std::get_if<JsonValue::Array>(&open_.back()->content)) {
      return array->emplace_back();
    }
    return std::get<JsonValue::Object>(open_.back()->content).back().value;
  }

  std::size_t WordBegin(std::size_t size) const { return read_ - size; }

  // From the closing quote back to the opening one, the nearest that no backslash escapes.
  std::size_t StringBegin() const {
    std::size_t at = read_ - 1;
    for (;;) {
      at = text_.rfind('"', at - 1);
      std::size_t backslashes = 0;
      while (backslashes < at && text_[at - 1 - backslashes] == '\\') ++backslashes;
      if (backslashes % 2 == 0) return at;
    }
  }

  std::size_t NumberBegin() const {
    const auto in_number = [this](std::size_t i) {
      return std::string_view("0123456789+-.eE").find(text_[i]) != std::string_view::npos;
    };
    std::size_t at = read_;
    if (!in_number(at - 1)) --at;  // the parser had to read on to see that the number ends
    while (at > 0 && in_number(at - 1)) --at;
    return at;
  }

  const std::string_view text_;
  const std::size_t& read_;  // bytes that the parser has taken
  JsonValue root_;
  std::vector<JsonValue*> open_;  // the containers that the parser is in, outermost first
  Finding error_;
};

}  // namespace

std::string_view KindOf(const JsonValue& value) {
  constexpr std::string_view kKinds[] = {"null",     "true or false", "a number", "a number",
                                         "a string", "an array",      "an object"};
  return kKinds[value.content.index()];
}

std::optional<JsonValue> ParseJson(std::string_view text, Finding& error) {
  std::size_t read = 0;
  TreeBuilder builder(text, read);
  const CountingIterator begin(text.data(), &read);
  const CountingIterator end(text.data() + text.size(), &read);
  if (!nlohmann::json::sax_parse(begin, end, &builder)) {
    error = builder.error();
    return std::nullopt;
  }
  return std::move(builder.root());
}

}  // namespace stemma::tools
