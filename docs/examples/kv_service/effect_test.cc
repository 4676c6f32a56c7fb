// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/effect.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

#include "absl/status/status.h"

namespace kv {
namespace {

const WallTime kTime{std::chrono::milliseconds(1'700'000'000'123)};

TEST_CASE("every effect is decoded as it was encoded", "[kv]") {
  const std::string bytes("\r\n\0$", 4);
  for (const Effect& effect : std::initializer_list<Effect>{
           Put{bytes, bytes, std::nullopt}, Put{"k", "", kTime}, Remove{{"a", bytes, ""}},
           Expire{"k", kTime}, Expire{"k", WallTime(std::chrono::milliseconds(-5))}, Clear{}}) {
    const auto decoded = DecodeEffect(EncodeEffect(effect));
    REQUIRE(decoded.ok());
    CHECK(*decoded == effect);
  }
}

TEST_CASE("an effect is kept as a Redis command with an absolute time", "[kv]") {
  CHECK(EncodeEffect(Put{"k", "v", kTime}) ==
        "*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n$4\r\nPXAT\r\n$13\r\n1700000000123\r\n");
}

TEST_CASE("anything else is data loss", "[kv]") {
  const std::string clear = EncodeEffect(Clear{});
  for (const std::string& bytes :
       {std::string(), std::string("*x\r\n"), clear.substr(0, clear.size() - 1), clear + clear,
        std::string("*1\r\n$3\r\nGET\r\n"), std::string("*1\r\n$3\r\nDEL\r\n"),
        std::string("*3\r\n$9\r\nPEXPIREAT\r\n$1\r\nk\r\n$1\r\nx\r\n"),
        std::string("*5\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n$2\r\nPX\r\n$1\r\n5\r\n")}) {
    INFO(bytes);
    CHECK(DecodeEffect(bytes).status().code() == absl::StatusCode::kDataLoss);
  }
}

}  // namespace
}  // namespace kv
