// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/error_handling_behavior.h"

#include <catch2/catch_test_macros.hpp>

namespace stemma {
namespace {

TEST_CASE("verdicts are ordered by severity and have names", "[lifecycle][S4]") {
  CHECK(ErrorHandlingBehavior::kRestart < ErrorHandlingBehavior::kStop);
  CHECK(ErrorHandlingBehavior::kStop < ErrorHandlingBehavior::kStopParents);
  CHECK(ErrorHandlingBehavior::kStopParents < ErrorHandlingBehavior::kShutdown);
  CHECK(ErrorHandlingBehavior::kShutdown < ErrorHandlingBehavior::kSpinHalt);
  CHECK(ToString(ErrorHandlingBehavior::kRestart) == "Restart");
  CHECK(ToString(ErrorHandlingBehavior::kStop) == "Stop");
  CHECK(ToString(ErrorHandlingBehavior::kStopParents) == "StopParents");
  CHECK(ToString(ErrorHandlingBehavior::kShutdown) == "Shutdown");
  CHECK(ToString(ErrorHandlingBehavior::kSpinHalt) == "SpinHalt");
}

TEST_CASE("a value outside the enum is not a verdict", "[lifecycle][S9]") {
  CHECK(IsValid(ErrorHandlingBehavior::kRestart));
  CHECK(IsValid(ErrorHandlingBehavior::kSpinHalt));
  CHECK_FALSE(IsValid(static_cast<ErrorHandlingBehavior>(5)));
  CHECK_FALSE(IsValid(static_cast<ErrorHandlingBehavior>(-1)));
  CHECK(ToString(static_cast<ErrorHandlingBehavior>(5)) == "unknown verdict");
}

}  // namespace
}  // namespace stemma
