// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/resp.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace kv {
namespace {

using Requests = std::vector<Request>;

// Every request in `bytes`, fed in pieces of `piece` bytes.
Requests ParseAll(std::string_view bytes, std::size_t piece = 1 << 20) {
  RequestParser parser;
  Requests requests;
  while (!bytes.empty()) {
    parser.Feed(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    for (;;) {
      auto next = parser.Next();
      REQUIRE(next.ok());
      if (!next->has_value()) break;
      requests.push_back(**next);
    }
  }
  CHECK(parser.pending_bytes() == 0);
  return requests;
}

std::string ProtocolError(std::string_view bytes, RequestLimits limits = {}) {
  RequestParser parser(limits);
  parser.Feed(bytes);
  auto next = parser.Next();
  if (next.ok()) return "no error";
  CHECK(next.status().code() == absl::StatusCode::kInvalidArgument);
  parser.Feed("PING\r\n");
  CHECK(parser.Next().status() == next.status());  // there is no way back
  return std::string(next.status().message());
}

constexpr std::string_view kPipeline =
    "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$4\r\na\r\nb\r\n"
    "PING\r\n"
    "\r\n*0\r\n*-1\r\n"
    "*2\r\n$3\r\nGET\r\n$0\r\n\r\n"
    "set key \"two words\"\n";
const Requests kPipelined = {
    {"SET", "k", "a\r\nb"}, {"PING"}, {"GET", ""}, {"set", "key", "two words"}};

TEST_CASE("a pipeline gives the same requests however its bytes are cut", "[kv]") {
  const auto piece = GENERATE(1u, 2u, 3u, 7u, 1000u);
  INFO("pieces of " << piece);
  CHECK(ParseAll(kPipeline, piece) == kPipelined);
}

TEST_CASE("a long pipeline is parsed without loss when the buffer is compacted", "[kv]") {
  std::string bytes;
  Requests expected;
  for (int i = 0; i < 5000; ++i) {
    expected.push_back({"SET", "key:" + std::to_string(i), std::string(40, 'x')});
    bytes += EncodeRequest(expected.back());
  }
  CHECK(ParseAll(bytes, 70'001) == expected);
}

TEST_CASE("an argument may hold any bytes", "[kv]") {
  std::string every_byte;
  for (int c = 0; c < 256; ++c) every_byte += static_cast<char>(c);
  const Request request = {"SET", every_byte, ""};
  CHECK(ParseAll(EncodeRequest(request), 5) == Requests{request});
}

TEST_CASE("a request that has not arrived in full is not an error", "[kv]") {
  const std::string whole = EncodeRequest({"SET", "k", "value"});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO("the first " << length << " bytes");
    RequestParser parser;
    parser.Feed(whole.substr(0, length));
    const auto next = parser.Next();
    REQUIRE(next.ok());
    CHECK(!next->has_value());
  }
}

TEST_CASE("protocol errors have Redis's wording and are final", "[kv]") {
  CHECK(ProtocolError("*abc\r\n") == "Protocol error: invalid multibulk length");
  CHECK(ProtocolError("*1048577\r\n") == "Protocol error: invalid multibulk length");
  CHECK(ProtocolError("*99999999999999999999\r\n") == "Protocol error: invalid multibulk length");
  CHECK(ProtocolError("*\r\n") == "Protocol error: invalid multibulk length");
  CHECK(ProtocolError("*1\r\n:5\r\n") == "Protocol error: expected '$', got ':'");
  CHECK(ProtocolError("*1\r\n$-1\r\n") == "Protocol error: invalid bulk length");
  CHECK(ProtocolError("*1\r\n$536870913\r\n") == "Protocol error: invalid bulk length");
  CHECK(ProtocolError("*1\r\n$x\r\n") == "Protocol error: invalid bulk length");
  CHECK(ProtocolError("*" + std::string(65537, '1')) ==
        "Protocol error: too big mbulk count string");
  CHECK(ProtocolError("*1\r\n$" + std::string(65537, '1')) ==
        "Protocol error: too big bulk count string");
  CHECK(ProtocolError(std::string(65537, 'a')) == "Protocol error: too big inline request");
  CHECK(ProtocolError(std::string(65537, 'a') + "\r\n") ==
        "Protocol error: too big inline request");
  CHECK(ProtocolError("set k \"v\r\n") == "Protocol error: unbalanced quotes in request");
}

TEST_CASE("the arguments of one request are limited together", "[kv]") {
  const RequestLimits limits{.bulk_bytes = 6, .request_bytes = 10};
  CHECK(ProtocolError("*2\r\n$6\r\naaaaaa\r\n$5\r\n", limits) ==
        "Protocol error: invalid bulk length");
  CHECK(ProtocolError("*2\r\n$6\r\naaaaaa\r\n$4\r\naaaa\r\n", limits) == "no error");
}

TEST_CASE("an inline request is split as Redis splits it", "[kv]") {
  CHECK(SplitInline("  a\tb  ") == Request{"a", "b"});
  CHECK(SplitInline("") == Request{});
  CHECK(SplitInline(R"("x\n\r\t\b\a\"\\\x41\xzz" 'it\'s \n' "")") ==
        Request{"x\n\r\t\b\a\"\\Axzz", "it's \\n", ""});
  CHECK(SplitInline(R"(pre"fix")") == Request{"prefix"});
  CHECK(!SplitInline(R"("a"b)"));
  CHECK(!SplitInline(R"('a)"));
  CHECK(!SplitInline(R"("a\)"));
}

TEST_CASE("an integer has one form only", "[kv]") {
  CHECK(ParseInteger("0") == 0);
  CHECK(ParseInteger("-12") == -12);
  CHECK(ParseInteger("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  CHECK(ParseInteger("-9223372036854775808") == std::numeric_limits<std::int64_t>::min());
  for (const char* text : {"", "-", "+1", " 1", "1 ", "01", "-0", "-01", "00", "1.0", "0x1", "abc",
                           "9223372036854775808", "-9223372036854775809"}) {
    INFO(text);
    CHECK(!ParseInteger(text));
  }
}

TEST_CASE("replies are written as RESP2", "[kv]") {
  std::string out;
  AppendSimpleString(out, "OK");
  AppendError(out, "ERR no");
  AppendInteger(out, -7);
  AppendBulk(out, "a\r\nb");
  AppendBulk(out, "");
  AppendNull(out);
  AppendArrayHeader(out, 2);
  CHECK(out == "+OK\r\n-ERR no\r\n:-7\r\n$4\r\na\r\nb\r\n$0\r\n\r\n$-1\r\n*2\r\n");
}

TEST_CASE("an error reply stays on one line, whatever it quotes", "[kv]") {
  std::string out;
  AppendError(out, "ERR unknown command 'a\r\n+OK'");
  CHECK(out == "-ERR unknown command 'a  +OK'\r\n");
}

}  // namespace
}  // namespace kv
