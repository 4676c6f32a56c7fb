// SPDX-License-Identifier: Apache-2.0
// What the doubles find is a failure of the GoogleTest test that runs.
#include "gtest/gtest.h"
#include "stemma/testing/test_failure.h"

namespace stemma {
namespace {

using ::testing::TestPartResult;

void Report(const TestFailure& failure) {
  const char* const file = failure.where.file_name();
  const int line = static_cast<int>(failure.where.line());
  if (!failure.fatal) {
    try {
      ADD_FAILURE_AT(file, line) << failure.message;
    } catch (...) {
      // --gtest_throw_on_failure wants to leave the test at any failure, which this place cannot.
    }
    return;
  }
  [&] { GTEST_FAIL_AT(file, line) << failure.message; }();
  // An ASSERT_ leaves the function that it stands in; this leaves the test. It is the one exception
  // that GoogleTest takes as reported already.
  throw ::testing::AssertionException(
      TestPartResult(TestPartResult::kFatalFailure, file, line, failure.message.c_str()));
}

[[maybe_unused]] const TestFailureReporter kBefore = SetTestFailureReporter(&Report);

}  // namespace
}  // namespace stemma
