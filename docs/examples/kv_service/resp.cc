// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/resp.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "absl/status/status.h"

namespace kv {
namespace {

// Consumed bytes are dropped from the buffer in pieces of at least this size, so that a long
// pipeline does not move its tail once per request.
constexpr std::size_t kCompactBytes = 64 * 1024;

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f' || c == '\0';
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

char Unescape(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'b':
      return '\b';
    case 'a':
      return '\a';
    default:
      return c;
  }
}

// Reads a quoted word; `at` is just after the opening quote, and afterwards just after the closing
// one.
bool ReadQuoted(std::string_view line, char quote, std::size_t& at, std::string& word) {
  while (at < line.size()) {
    const char c = line[at];
    if (c == quote) {
      ++at;
      return at == line.size() || IsBlank(line[at]);  // the closing quote ends the word
    }
    if (c == '\\' && quote == '"' && at + 3 < line.size() && line[at + 1] == 'x' &&
        HexDigit(line[at + 2]) >= 0 && HexDigit(line[at + 3]) >= 0) {
      word += static_cast<char>(HexDigit(line[at + 2]) * 16 + HexDigit(line[at + 3]));
      at += 4;
    } else if (c == '\\' && quote == '"' && at + 1 < line.size()) {
      word += Unescape(line[at + 1]);
      at += 2;
    } else if (c == '\\' && quote == '\'' && at + 1 < line.size() && line[at + 1] == '\'') {
      word += '\'';
      at += 2;
    } else {
      word += c;
      ++at;
    }
  }
  return false;
}

void AppendLine(std::string& out, char type, std::string_view text) {
  out += type;
  out += text;
  out += "\r\n";
}

void AppendCount(std::string& out, char type, std::size_t count) {
  AppendLine(out, type, std::to_string(count));
}

// A reply of one line must stay one line, whatever a client put into its arguments.
void AppendOneLine(std::string& out, char type, std::string_view text) {
  const std::size_t begin = out.size();
  AppendLine(out, type, text);
  std::replace_if(
      out.begin() + static_cast<std::ptrdiff_t>(begin), out.end() - 2,
      [](char c) { return c == '\r' || c == '\n'; }, ' ');
}

}  // namespace

void RequestParser::Feed(std::string_view bytes) {
  if (!broken_.ok()) return;  // nothing after a protocol error has a meaning
  if (position_ == buffer_.size()) {
    buffer_.clear();
    position_ = 0;
  } else if (position_ >= kCompactBytes) {
    buffer_.erase(0, position_);
    position_ = 0;
  }
  buffer_ += bytes;
}

std::size_t RequestParser::pending_bytes() const {
  return buffer_.size() - position_ + static_cast<std::size_t>(argument_bytes_);
}

absl::StatusOr<std::optional<Request>> RequestParser::Next() {
  while (broken_.ok()) {
    if (arguments_left_ == 0) {
      if (position_ == buffer_.size()) return std::nullopt;
      if (buffer_[position_] != '*') {
        auto request = NextInline();
        if (request.ok() && request->has_value() && (*request)->empty()) continue;
        return request;
      }
      auto count = CountLine("too big mbulk count string", "invalid multibulk length");
      if (!count.ok()) return count.status();
      if (!count->has_value()) return std::nullopt;
      if (**count > limits_.arguments) return Break("invalid multibulk length");
      if (**count <= 0) continue;  // as Redis: nothing was asked, nothing is answered
      arguments_left_ = **count;
      argument_bytes_ = 0;
      arguments_.clear();
    }
    return NextArray();
  }
  return broken_;
}

absl::StatusOr<std::optional<Request>> RequestParser::NextInline() {
  const std::size_t newline = buffer_.find('\n', position_);
  const std::size_t end = newline == std::string::npos ? buffer_.size() : newline;
  if (end - position_ > limits_.inline_bytes) return Break("too big inline request");
  if (newline == std::string::npos) return std::nullopt;
  std::string_view line(buffer_.data() + position_, end - position_);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  std::optional<Request> request = SplitInline(line);
  position_ = newline + 1;
  if (!request) return Break("unbalanced quotes in request");
  return request;
}

absl::StatusOr<std::optional<Request>> RequestParser::NextArray() {
  while (arguments_left_ > 0) {
    if (!bulk_length_) {
      if (position_ == buffer_.size()) return std::nullopt;
      if (const char type = buffer_[position_]; type != '$') {
        return Break(std::string("expected '$', got '") + type + "'");
      }
      auto length = CountLine("too big bulk count string", "invalid bulk length");
      if (!length.ok()) return length.status();
      if (!length->has_value()) return std::nullopt;
      if (**length < 0 || **length > limits_.bulk_bytes ||
          **length > limits_.request_bytes - argument_bytes_) {
        return Break("invalid bulk length");
      }
      bulk_length_ = *length;
    }
    const auto length = static_cast<std::size_t>(*bulk_length_);
    if (buffer_.size() - position_ < length + 2) return std::nullopt;
    arguments_.emplace_back(buffer_, position_, length);
    argument_bytes_ += *bulk_length_;
    position_ += length + 2;  // with its line end
    bulk_length_.reset();
    --arguments_left_;
  }
  argument_bytes_ = 0;
  return std::optional<Request>(std::exchange(arguments_, {}));
}

// Reads "<type><number>\r\n" at the position. nullopt: its end has not arrived.
absl::StatusOr<std::optional<std::int64_t>> RequestParser::CountLine(std::string_view too_big,
                                                                     std::string_view not_a_count) {
  const std::size_t end = std::min(buffer_.find('\r', position_), buffer_.size());
  // Whether its end has arrived or not: how the bytes were cut into pieces must not matter.
  if (end - position_ > limits_.inline_bytes) return Break(too_big);
  if (end + 1 >= buffer_.size()) return std::nullopt;
  const auto value =
      ParseInteger(std::string_view(buffer_.data() + position_ + 1, end - position_ - 1));
  if (!value) return Break(not_a_count);
  position_ = end + 2;
  return value;
}

absl::Status RequestParser::Break(std::string_view what) {
  broken_ = absl::InvalidArgumentError("Protocol error: " + std::string(what));
  buffer_.clear();
  position_ = 0;
  arguments_.clear();
  argument_bytes_ = 0;
  return broken_;
}

std::optional<Request> SplitInline(std::string_view line) {
  Request words;
  std::size_t at = 0;
  for (;;) {
    while (at < line.size() && IsBlank(line[at])) ++at;
    if (at == line.size()) return words;
    std::string word;
    while (at < line.size() && !IsBlank(line[at])) {
      const char c = line[at++];
      if (c != '"' && c != '\'') {
        word += c;
      } else if (!ReadQuoted(line, c, at, word)) {
        return std::nullopt;
      }
    }
    words.push_back(std::move(word));
  }
}

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  const std::string_view digits = text.substr(text.front() == '-' ? 1 : 0);
  if (digits.front() == '0' && text != "0") return std::nullopt;
  return value;
}

void AppendSimpleString(std::string& out, std::string_view text) { AppendOneLine(out, '+', text); }

void AppendError(std::string& out, std::string_view text) { AppendOneLine(out, '-', text); }

void AppendInteger(std::string& out, std::int64_t value) {
  AppendLine(out, ':', std::to_string(value));
}

void AppendBulk(std::string& out, std::string_view value) {
  AppendCount(out, '$', value.size());
  out += value;
  out += "\r\n";
}

void AppendNull(std::string& out) { out += "$-1\r\n"; }

void AppendArrayHeader(std::string& out, std::size_t elements) { AppendCount(out, '*', elements); }

std::string EncodeRequest(const Request& request) {
  std::string out;
  AppendArrayHeader(out, request.size());
  for (const std::string& argument : request) AppendBulk(out, argument);
  return out;
}

}  // namespace kv
