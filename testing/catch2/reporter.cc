// SPDX-License-Identifier: Apache-2.0
// What the doubles find is a failure of the Catch2 test that runs.
#include <string>

#include "catch2/catch_test_macros.hpp"
#include "stemma/testing/test_failure.h"

namespace stemma {
namespace {

// As FAIL and FAIL_CHECK do, but with the place that the failure names.
void Report(const TestFailure& failure) {
  const auto disposition = failure.fatal ? Catch::ResultDisposition::Normal
                                         : Catch::ResultDisposition::ContinueOnFailure;
  Catch::AssertionHandler handler(
      Catch::StringRef("stemma"),
      Catch::SourceLineInfo(failure.where.file_name(),
                            static_cast<std::size_t>(failure.where.line())),
      Catch::StringRef(), disposition);
  handler.handleMessage(Catch::ResultWas::ExplicitFailure, std::string(failure.message));
  try {
    handler.complete();
  } catch (...) {
    if (failure.fatal) throw;
    // --abort wants to leave the test at any failure, which this place cannot: the next one does.
  }
}

[[maybe_unused]] const TestFailureReporter kBefore = SetTestFailureReporter(&Report);

}  // namespace
}  // namespace stemma
