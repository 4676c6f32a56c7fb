// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/gtest/status_matchers.h"

#include <memory>
#include <string>

#include "gtest/gtest.h"

namespace stemma {
namespace {

using gtest::IsOk;
using gtest::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(StatusMatchersTest, IsOkMatchesWhatIsOk) {
  EXPECT_THAT(absl::OkStatus(), IsOk());
  EXPECT_THAT(absl::StatusOr<std::unique_ptr<int>>(nullptr), IsOk());
  EXPECT_THAT(absl::NotFoundError("db"), Not(IsOk()));
  EXPECT_THAT(absl::StatusOr<int>(absl::NotFoundError("db")), Not(IsOk()));
}

TEST(StatusMatchersTest, StatusIsMatchesTheCodeAndTheMessage) {
  const absl::Status status = absl::NotFoundError("no node 'db'");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, HasSubstr("'db'")));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, "no node 'db'"));
  EXPECT_THAT(status, Not(StatusIs(absl::StatusCode::kNotFound, HasSubstr("api"))));
  EXPECT_THAT(status, Not(StatusIs(absl::StatusCode::kInternal, HasSubstr("'db'"))));
  EXPECT_THAT(absl::StatusOr<int>(status), StatusIs(absl::StatusCode::kNotFound));
}

TEST(StatusMatchersTest, AStatusThatDoesNotMatchIsShownWhole) {
  const ::testing::Matcher<absl::StatusOr<int>> matcher =
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("db"));
  ::testing::StringMatchResultListener listener;
  EXPECT_FALSE(matcher.MatchAndExplain(absl::DataLossError("bad page"), &listener));
  EXPECT_EQ(listener.str(), "whose status is DATA_LOSS: bad page");
  EXPECT_EQ(::testing::DescribeMatcher<absl::StatusOr<int>>(matcher),
            "has the status NOT_FOUND with a message that has substring \"db\"");
}

}  // namespace
}  // namespace stemma
