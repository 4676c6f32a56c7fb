// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/display_width.h"

#include <catch2/catch_test_macros.hpp>

namespace {

using stemma::CharacterLength;
using stemma::DisplayWidth;

TEST_CASE("letters take one column, those of wide scripts two, marks none", "[graph][text]") {
  CHECK(DisplayWidth("") == 0);
  CHECK(DisplayWidth("api_1") == 5);
  CHECK(DisplayWidth("Größe, naïve, Ελλάδα, мир") == 25);
  CHECK(DisplayWidth("数据库") == 6);
  CHECK(DisplayWidth("데이터") == 6);
  CHECK(DisplayWidth("😀") == 2);
  CHECK(DisplayWidth("e\u0301") == 1);
  CHECK(DisplayWidth("│╌▼") == 3);
}

TEST_CASE("a character has as many bytes as its first one says, and no more than there are",
          "[graph][text]") {
  CHECK(CharacterLength("ab") == 1);
  CHECK(CharacterLength("é!") == 2);
  CHECK(CharacterLength("数据") == 3);
  CHECK(CharacterLength("😀😀") == 4);
  CHECK(CharacterLength("\xF0\x9F") == 2);
}

}  // namespace
