// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/failure.h"

#include <catch2/catch_test_macros.hpp>
#include <set>

namespace stemma {
namespace {

TEST_CASE("a failure that nobody filled in is still an error", "[lifecycle][L3]") {
  CHECK_FALSE(Failure{}.status.ok());
  CHECK(Failure{}.where.line() == 0);
}

TEST_CASE("a failure is described on one line, without the parts that are not known",
          "[lifecycle][L3]") {
  Failure failure{.status = absl::DataLossError("bad page")};
  CHECK(Describe(failure) == "component failed (Thrown): DATA_LOSS: bad page");

  failure.worker = "flusher";
  CHECK(Describe(failure) == "flusher failed (Thrown): DATA_LOSS: bad page");

  failure.component = "db";
  failure.kind = FailureKind::kException;
  failure.status = absl::DataLossError("bad\npage\t\x1b[31m");
  CHECK(Describe(failure) == "db/flusher failed (Exception): DATA_LOSS: bad\\npage\\x09\\x1b[31m");
}

TEST_CASE("a description names the place when there is one", "[lifecycle][L3]") {
  const Failure failure{.component = "db", .where = SourceLocation::current()};
  CHECK(Describe(failure).find("failure_test.cc:" + std::to_string(failure.where.line()) + "]") !=
        std::string::npos);
}

TEST_CASE("every kind of failure has a name of its own", "[lifecycle][L3]") {
  std::set<std::string_view> names;
  for (int kind = 0; kind <= static_cast<int>(FailureKind::kNestedSpinHalt); ++kind) {
    names.insert(ToString(static_cast<FailureKind>(kind)));
  }
  CHECK(names.size() == 9);
  CHECK(names.count("unknown failure kind") == 0);
  CHECK(ToString(FailureKind::kEndedBeforeReady) == "EndedBeforeReady");
}

}  // namespace
}  // namespace stemma
