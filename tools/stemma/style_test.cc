// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/style.h"

#include <catch2/catch_test_macros.hpp>

namespace stemma::tools {
namespace {

TEST_CASE("a terminal has color, a pipe has none", "[tools]") {
  CHECK(WantsColor({.is_terminal = true, .terminal = "xterm"}));
  CHECK_FALSE(WantsColor({.is_terminal = false, .terminal = "xterm"}));
}

TEST_CASE("a terminal that cannot, or of which nothing is known, has no color", "[tools]") {
  CHECK_FALSE(WantsColor({.is_terminal = true, .terminal = "dumb"}));
  CHECK_FALSE(WantsColor({.is_terminal = true, .terminal = ""}));
}

TEST_CASE("NO_COLOR takes the color away, CLICOLOR_FORCE brings it into a pipe", "[tools]") {
  CHECK_FALSE(WantsColor({.is_terminal = true, .no_color = "1", .terminal = "xterm"}));
  CHECK(WantsColor({.is_terminal = false, .clicolor_force = "1"}));
  CHECK_FALSE(WantsColor({.is_terminal = false, .clicolor_force = "0"}));
  CHECK_FALSE(WantsColor({.is_terminal = true, .no_color = "1", .clicolor_force = "1"}));
}

TEST_CASE("the command line has the last word on color", "[tools]") {
  CHECK(WantsColor({.choice = "always", .no_color = "1", .terminal = "dumb"}));
  CHECK_FALSE(WantsColor(
      {.choice = "never", .is_terminal = true, .clicolor_force = "1", .terminal = "xterm"}));
}

}  // namespace
}  // namespace stemma::tools
