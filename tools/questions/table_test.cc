// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/table.h"

#include <catch2/catch_test_macros.hpp>
#include <string>

namespace stemma::tools {
namespace {

TEST_CASE("columns are as wide as their widest cell", "[questions]") {
  CHECK(Table({{"a", "1", "x"}, {"größe", "10"}, {"end"}}, {Alignment::kLeft, Alignment::kRight}) ==
        "  a       1  x\n"
        "  größe  10\n"
        "  end\n");
  CHECK(Table({}).empty());
}

TEST_CASE("a very wide cell moves its own line only", "[questions]") {
  const std::string wide(60, 'w');
  CHECK(Table({{wide, "1"}, {"a", "2"}}) ==
        "  " + wide + "  1\n" + "  a" + std::string(39, ' ') + "  2\n");
}

}  // namespace
}  // namespace stemma::tools
