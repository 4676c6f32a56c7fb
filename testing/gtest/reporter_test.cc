// SPDX-License-Identifier: Apache-2.0
#include <chrono>

#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"
#include "stemma/testing/require_set.h"
#include "stemma/testing/test_failure.h"

namespace stemma {
namespace {

TEST(ReporterTest, AFailureThatADoubleFindsFailsTheTest) {
  EXPECT_NONFATAL_FAILURE(FailTest("expected this, found that"), "expected this, found that");
}

TEST(ReporterTest, AWaitThatGivesUpFailsTheTestAndLeavesIt) {
  bool left = true;
  EXPECT_FATAL_FAILURE(
      try {
        RequireSetBefore(EventSource().event(), std::chrono::nanoseconds(1), "what never happens");
      } catch (const ::testing::AssertionException&){},
      "what never happens");
  try {
    ::testing::TestPartResultArray results;
    const ::testing::ScopedFakeTestPartResultReporter fake(&results);
    FailTestAndLeave("in vain");
    left = false;
  } catch (const ::testing::AssertionException&) {
  }
  EXPECT_TRUE(left);
}

}  // namespace
}  // namespace stemma
