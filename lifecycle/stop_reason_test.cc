// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/stop_reason.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

namespace stemma {
namespace {

TEST_CASE("a stop reason is empty until there is one", "[lifecycle][S16]") {
  CHECK(StopReason{}.empty());
  CHECK_FALSE(StopReason{.kind = StopReason::Kind::kCascade, .node = "db"}.empty());
  CHECK(StopReason{} == StopReason{});
  CHECK(StopReason{} != StopReason{.kind = StopReason::Kind::kSignal});
}

TEST_CASE("every kind of stop reason has a name of its own", "[lifecycle][S16]") {
  std::set<std::string_view> names;
  for (int kind = 0; kind <= static_cast<int>(StopReason::Kind::kDestroyed); ++kind) {
    names.insert(ToString(static_cast<StopReason::Kind>(kind)));
  }
  CHECK(names.size() == 10);
  CHECK(names.count("unknown stop reason") == 0);
}

}  // namespace
}  // namespace stemma
