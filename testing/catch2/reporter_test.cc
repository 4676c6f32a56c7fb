// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "catch2/catch_test_macros.hpp"
#include "stemma/testing/require_set.h"
#include "stemma/testing/test_failure.h"

namespace stemma {
namespace {

// These pass by failing: without the reporter they would abort, and if it lost a failure, or went
// on after a fatal one, Catch2 would find fault with the tag.

TEST_CASE("a failure that a double finds fails the test", "[testing][!shouldfail]") {
  FailTest("expected this, found that");
}

bool g_went_on = false;

TEST_CASE("a wait that gives up fails the test and leaves it", "[testing][!shouldfail]") {
  RequireSetBefore(EventSource().event(), std::chrono::nanoseconds(1), "what never happens");
  g_went_on = true;
}

TEST_CASE("a failure in a destructor while the test is left is one more failure",
          "[testing][!shouldfail]") {
  struct Double {
    ~Double() { FailTest("expected this, found that"); }
  } const on_the_way_out;
  FailTestAndLeave("in vain");
}

TEST_CASE("a test that gave up was left", "[testing]") { CHECK_FALSE(g_went_on); }

}  // namespace
}  // namespace stemma
