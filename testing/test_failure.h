// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_TEST_FAILURE_H_
#define STEMMA_TESTING_TEST_FAILURE_H_

#include <string>

#include "stemma/lifecycle/source_location.h"

namespace stemma {

// How the doubles and waits of this folder fail a test, whichever framework runs it.
//
// They call a reporter, one for the process. Linking @stemma//testing/catch2 or
// @stemma//testing/gtest (or any target in it) installs the one of that framework. Without a
// reporter the failure is printed to stderr and the process aborts: a failed expectation that
// nobody hears of must not look like a test that passed.
struct TestFailure {
  // What was expected and what was found; may have several lines.
  std::string message = {};
  // The line of the test that is concerned.
  SourceLocation where = {};
  // True: the test cannot go on, and the reporter must not return but leave the test by an
  // exception. False: the reporter must return, and may be called from a destructor.
  bool fatal = false;
};

using TestFailureReporter = void (*)(const TestFailure& failure);

// Sets the reporter; null: the default, which aborts. Returns: the one before.
// Thread safety: any thread may call it.
TestFailureReporter SetTestFailureReporter(TestFailureReporter reporter);

// Fails the test that runs, which goes on. REQUIRES: the test's thread, if the framework does.
void FailTest(std::string message, SourceLocation where = SourceLocation::current());

// Fails the test that runs, and leaves it. REQUIRES: the test's thread.
[[noreturn]] void FailTestAndLeave(std::string message,
                                   SourceLocation where = SourceLocation::current());

}  // namespace stemma

#endif  // STEMMA_TESTING_TEST_FAILURE_H_
