// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/injected_failure.h"

#include <string_view>

#include "catch2/catch_test_macros.hpp"

namespace kv {
namespace {

using stemma::ErrorHandlingBehavior;

TEST_CASE("verdicts have names", "[kv]") {
  CHECK(VerdictNamed("restart") == ErrorHandlingBehavior::kRestart);
  CHECK(VerdictNamed("stop") == ErrorHandlingBehavior::kStop);
  CHECK(VerdictNamed("stop-parents") == ErrorHandlingBehavior::kStopParents);
  CHECK(VerdictNamed("StopParents") == ErrorHandlingBehavior::kStopParents);
  CHECK(VerdictNamed("shutdown") == ErrorHandlingBehavior::kShutdown);
  CHECK(VerdictNamed("spin-halt") == ErrorHandlingBehavior::kSpinHalt);
  CHECK(!VerdictNamed("panic"));
  CHECK(!VerdictNamed(""));
}

TEST_CASE("an injected failure gets its verdict, any other the usual one", "[kv]") {
  const stemma::OnError handler =
      OrAsInjected([](const stemma::Failure&) { return ErrorHandlingBehavior::kShutdown; });
  stemma::Failure failure;
  CHECK(handler(failure) == ErrorHandlingBehavior::kShutdown);
  failure.status = InjectedFailure(ErrorHandlingBehavior::kStop);
  CHECK(!failure.status.ok());
  CHECK(handler(failure) == ErrorHandlingBehavior::kStop);
}

}  // namespace
}  // namespace kv
