// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/paint.h"

#include <catch2/catch_test_macros.hpp>

namespace stemma::tools {
namespace {

TEST_CASE("text is painted only when it is to be", "[tools]") {
  CHECK(Painted("db", Paint::kRed, true) == "\x1b[31mdb\x1b[0m");
  CHECK(Painted("db", Paint::kBold, true) == "\x1b[1mdb\x1b[0m");
  CHECK(Painted("db", Paint::kRed, false) == "db");
  CHECK(Painted("db", Paint::kPlain, true) == "db");
  CHECK(Painted("", Paint::kRed, true).empty());
}

TEST_CASE("each line is painted by itself, and empty ones are not", "[tools]") {
  CHECK(Painted("a\n\nb\n", Paint::kDim, true) == "\x1b[2ma\x1b[0m\n\n\x1b[2mb\x1b[0m\n");
}

TEST_CASE("what was painted can be had without its paint", "[tools]") {
  for (const char* text : {"", "a", "a\nb\n", "m [0m"}) {
    CHECK(Unpainted(Painted(text, Paint::kCyan, true)) == text);
    CHECK(Unpainted("x" + Painted(text, Paint::kBlue, true) + "y") ==
          std::string("x") + text + "y");
  }
  CHECK(Unpainted("cut\x1b[3") == "cut");
}

}  // namespace
}  // namespace stemma::tools
