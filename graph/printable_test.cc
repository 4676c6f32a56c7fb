// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/printable.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <string_view>

namespace {

using namespace std::string_view_literals;
using stemma::Printable;

TEST_CASE("letters of any script stay as they are", "[graph][printable]") {
  for (std::string_view text :
       {""sv, "db-1.main/éclair"sv, "数据库"sv, "база"sv, "مخزن"sv, "🦀"sv, "\U0010FFFD"sv}) {
    CHECK(Printable(text) == text);
  }
}

TEST_CASE("quotes and backslashes stay as they are", "[graph][printable]") {
  CHECK(Printable(R"(a\b"c'd)") == R"(a\b"c'd)");
}

TEST_CASE("control characters are written out", "[graph][printable]") {
  CHECK(Printable("a\nb\rc\td") == R"(a\nb\rc\td)");
  CHECK(Printable("\x1b[31mred\x07\x7f"sv) == R"(\x1b[31mred\x07\x7f)");
  CHECK(Printable("nul\0nul"sv) == R"(nul\x00nul)");
  CHECK(Printable("\u009b31m\u0085") == R"(\u{9b}31m\u{85})");
}

TEST_CASE("marks that turn the direction of writing are written out", "[graph][printable]") {
  CHECK(Printable("\u202Egnp.exe") == R"(\u{202e}gnp.exe)");
  CHECK(Printable("\u2066\u2069\u200F\u061C") == R"(\u{2066}\u{2069}\u{200f}\u{61c})");
}

TEST_CASE("invisible characters are written out, joiners excepted", "[graph][printable]") {
  CHECK(Printable("d\u200Bb\uFEFF\u00AD\u2028\U000E0041") ==
        R"(d\u{200b}b\u{feff}\u{ad}\u{2028}\u{e0041})");
  CHECK(Printable("\u200C\u200D") == "\u200C\u200D");
}

TEST_CASE("bytes that are not UTF-8 are written out one by one", "[graph][printable]") {
  CHECK(Printable("a\xff\x80z"sv) == R"(a\xff\x80z)");
  CHECK(Printable("\xe2\x82"sv) == R"(\xe2\x82)");                  // truncated
  CHECK(Printable("\xe2\x82q"sv) == R"(\xe2\x82q)");                // broken off
  CHECK(Printable("\xc0\xaf"sv) == R"(\xc0\xaf)");                  // overlong
  CHECK(Printable("\xe0\x80\xaf"sv) == R"(\xe0\x80\xaf)");          // overlong
  CHECK(Printable("\xf0\x80\x80\xaf"sv) == R"(\xf0\x80\x80\xaf)");  // overlong
  CHECK(Printable("\xed\xa0\x80"sv) == R"(\xed\xa0\x80)");          // a surrogate
  CHECK(Printable("\xf4\x90\x80\x80"sv) == R"(\xf4\x90\x80\x80)");  // beyond U+10FFFF
  CHECK(Printable("é"sv.substr(0, 1)) == R"(\xc3)");  // what lies behind the end is not read
}

}  // namespace
