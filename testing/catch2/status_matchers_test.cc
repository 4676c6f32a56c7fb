// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/catch2/status_matchers.h"

#include <memory>
#include <string>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"

namespace stemma {
namespace {

using Catch::Matchers::ContainsSubstring;
using catch2::IsOk;
using catch2::StatusIs;

TEST_CASE("IsOk matches what is OK, a status and a value alike", "[testing]") {
  CHECK_THAT(absl::OkStatus(), IsOk());
  CHECK_THAT(absl::StatusOr<std::unique_ptr<int>>(nullptr), IsOk());
  CHECK_THAT(absl::NotFoundError("db"), !IsOk());
  CHECK_THAT(absl::StatusOr<int>(absl::NotFoundError("db")), !IsOk());
}

TEST_CASE("StatusIs matches the code, and the message by a matcher", "[testing]") {
  const absl::Status status = absl::NotFoundError("no node 'db'");
  CHECK_THAT(status, StatusIs(absl::StatusCode::kNotFound));
  CHECK_THAT(status, StatusIs(absl::StatusCode::kNotFound, ContainsSubstring("'db'")));
  CHECK_THAT(status, !StatusIs(absl::StatusCode::kNotFound, ContainsSubstring("api")));
  CHECK_THAT(status, !StatusIs(absl::StatusCode::kInternal, ContainsSubstring("'db'")));
  CHECK_THAT(absl::StatusOr<int>(status), StatusIs(absl::StatusCode::kNotFound));
}

TEST_CASE("a status that does not match is shown whole", "[testing]") {
  const auto matcher = StatusIs(absl::StatusCode::kNotFound, ContainsSubstring("db"));
  CHECK_FALSE(matcher.match(absl::StatusOr<int>(absl::DataLossError("bad page"))));
  CHECK(matcher.describe() ==
        "has the status NOT_FOUND, whose message contains: \"db\"\nfound: DATA_LOSS: bad page");
}

}  // namespace
}  // namespace stemma
