// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/restart_budget.h"

#include <catch2/catch_test_macros.hpp>

namespace stemma {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

TEST_CASE("a restart is refused only when it would be one too many within the window",
          "[lifecycle][S8]") {
  RestartBudget budget({.jitter = 0.0, .max_restarts = 2, .window = 10s});
  CHECK_FALSE(budget.exhausted(100s));
  budget.Restart(100s, 0.0);
  CHECK_FALSE(budget.exhausted(101s));
  budget.Restart(101s, 0.0);
  CHECK(budget.exhausted(101s));
  CHECK(budget.exhausted(110s - 1ns));
  CHECK_FALSE(budget.exhausted(110s));  // the first is exactly one window old
  budget.Restart(110s, 0.0);
  CHECK(budget.exhausted(111s - 1ns));
  CHECK_FALSE(budget.exhausted(111s));
}

TEST_CASE("with no restarts allowed the first is refused", "[lifecycle][S8]") {
  CHECK(RestartBudget({.max_restarts = 0}).exhausted(0s));
}

TEST_CASE("without a limit no restart is refused", "[lifecycle][S8]") {
  RestartBudget budget(RestartPolicy::Unlimited());
  for (int i = 0; i < 1000; ++i) budget.Restart(1s, 0.0);
  CHECK_FALSE(budget.exhausted(1s));
}

TEST_CASE("an endless window counts a whole life, and no time overflows", "[lifecycle][S1]") {
  RestartBudget budget({.max_restarts = 1, .window = nanoseconds::max()});
  budget.Restart(nanoseconds::min(), 0.0);
  CHECK(budget.exhausted(nanoseconds::max()));

  RestartBudget late({.max_restarts = 1, .window = nanoseconds::max() - 1ns});
  late.Restart(5s, 0.0);
  CHECK(late.exhausted(nanoseconds::max()));
}

TEST_CASE("the pauses grow and start again once the component has been ready long enough",
          "[lifecycle][S8]") {
  RestartBudget budget({.initial = 1s, .jitter = 0.0, .reset_after = 60s, .max_restarts = 100});
  CHECK(budget.Restart(0s, 0.0) == 1s);
  CHECK(budget.Restart(1s, 0.0) == 2s);
  budget.RecordReadyFor(60s - 1ns);
  CHECK(budget.Restart(2s, 0.0) == 4s);
  CHECK(budget.attempt() == 3);
  budget.RecordReadyFor(60s);
  CHECK(budget.attempt() == 0);
  CHECK(budget.Restart(3s, 0.0) == 1s);
}

TEST_CASE("a reset of the backoff does not give back the restarts within the window",
          "[lifecycle][S8]") {
  RestartBudget budget({.reset_after = 1s, .max_restarts = 1, .window = 60s});
  budget.Restart(0s, 0.0);
  budget.RecordReadyFor(5s);
  CHECK(budget.exhausted(5s));
}

TEST_CASE("the backoff never resets when reset_after is none", "[lifecycle][S8]") {
  RestartBudget budget({.reset_after = nanoseconds::max()});
  budget.Restart(0s, 0.0);
  budget.RecordReadyFor(nanoseconds::max());
  CHECK(budget.attempt() == 1);
}

}  // namespace
}  // namespace stemma
