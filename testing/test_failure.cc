// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/test_failure.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace stemma {
namespace {

// Set before main by the framework's target: so constant-initialised.
constinit std::atomic<TestFailureReporter> g_reporter = nullptr;

[[noreturn]] void Abort(const TestFailure& failure, const char* why) {
  std::fprintf(stderr, "%s:%u: FAILED: %s\n(%s)\n", failure.where.file_name(),
               static_cast<unsigned>(failure.where.line()), failure.message.c_str(), why);
  std::abort();
}

void Fail(const TestFailure& failure) {
  const TestFailureReporter reporter = g_reporter;
  if (reporter == nullptr) {
    Abort(failure,
          "nothing reports this to a test framework: link @stemma//testing/catch2 or "
          "@stemma//testing/gtest");
  }
  reporter(failure);
}

}  // namespace

TestFailureReporter SetTestFailureReporter(TestFailureReporter reporter) {
  return g_reporter.exchange(reporter);
}

void FailTest(std::string message, SourceLocation where) {
  Fail({.message = std::move(message), .where = where, .fatal = false});
}

void FailTestAndLeave(std::string message, SourceLocation where) {
  const TestFailure failure{.message = std::move(message), .where = where, .fatal = true};
  Fail(failure);
  Abort(failure,
        "and the reporter of test failures returned from one after which nothing can go on");
}

}  // namespace stemma
