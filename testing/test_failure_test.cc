// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/test_failure.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "stemma/testing/internal/caught_failures.h"

namespace stemma {
namespace {

using Catch::Matchers::ContainsSubstring;
using internal::CaughtFailures;

// How a process ends that does `action`, and what it writes to stderr.
struct Ended {
  int status = 0;
  std::string said = {};
};
Ended InAProcess(void (*action)()) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    std::signal(SIGABRT, SIG_DFL);  // Catch2 has its own
    action();
    ::_exit(0);
  }
  ::close(ends[1]);
  Ended ended;
  char buffer[256];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    ended.said.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  REQUIRE(::waitpid(child, &ended.status, 0) == child);
  return ended;
}

TEST_CASE("a failure reaches the reporter with its place, and one that is not fatal returns",
          "[testing]") {
  const CaughtFailures caught;
  const auto line = static_cast<unsigned>(__LINE__ + 1);
  FailTest("expected this, found that");
  REQUIRE(caught.all().size() == 1);
  CHECK(caught.all()[0].message == "expected this, found that");
  CHECK(caught.all()[0].where.line() == line);
  CHECK_THAT(caught.all()[0].where.file_name(), ContainsSubstring("test_failure_test.cc"));
  CHECK_FALSE(caught.all()[0].fatal);
}

TEST_CASE("a fatal failure leaves the test", "[testing]") {
  const CaughtFailures caught;
  CHECK(CaughtFailures::Leaves([] { FailTestAndLeave("in vain"); }));
  REQUIRE(caught.all().size() == 1);
  CHECK(caught.all()[0].fatal);
}

TEST_CASE("without a reporter a failure aborts the process and says how to be reported",
          "[testing]") {
  for (const auto fail : {+[] { FailTest("unheard"); }, +[] { FailTestAndLeave("unheard"); }}) {
    const TestFailureReporter before = SetTestFailureReporter(nullptr);
    const Ended ended = InAProcess(fail);
    SetTestFailureReporter(before);
    CHECK(WIFSIGNALED(ended.status));
    CHECK(WTERMSIG(ended.status) == SIGABRT);
    CHECK_THAT(ended.said, ContainsSubstring("test_failure_test.cc"));
    CHECK_THAT(ended.said, ContainsSubstring("unheard"));
    CHECK_THAT(ended.said, ContainsSubstring("@stemma//testing/catch2"));
  }
}

TEST_CASE("a reporter that returns from a fatal failure does not let the test go on", "[testing]") {
  const TestFailureReporter before = SetTestFailureReporter([](const TestFailure&) {});
  const Ended ended = InAProcess([] { FailTestAndLeave("in vain"); });
  SetTestFailureReporter(before);
  CHECK(WIFSIGNALED(ended.status));
  CHECK_THAT(ended.said, ContainsSubstring("in vain"));
}

}  // namespace
}  // namespace stemma
