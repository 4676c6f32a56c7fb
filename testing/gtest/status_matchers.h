// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_GTEST_STATUS_MATCHERS_H_
#define STEMMA_TESTING_GTEST_STATUS_MATCHERS_H_

#include <ostream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"

// GoogleTest matchers of an absl::Status, and of the status of an absl::StatusOr. When they do not
// match, the whole status is shown.
//
// Example:
//   ASSERT_THAT(supervisor->AwaitReady({}), IsOk());
//   EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, HasSubstr("db")));

namespace stemma::gtest {

// Made by the functions below.
class StatusMatcher {
 public:
  StatusMatcher(absl::StatusCode code, ::testing::Matcher<const std::string&> message)
      : code_(code), message_(std::move(message)) {}

  bool MatchAndExplain(const absl::Status& status, ::testing::MatchResultListener* listener) const {
    *listener << "whose status is " << status.ToString();
    return status.code() == code_ && message_.Matches(std::string(status.message()));
  }
  template <class T>
  bool MatchAndExplain(const absl::StatusOr<T>& value,
                       ::testing::MatchResultListener* listener) const {
    return MatchAndExplain(value.status(), listener);
  }

  void DescribeTo(std::ostream* out) const { Describe(out, "has"); }
  void DescribeNegationTo(std::ostream* out) const { Describe(out, "does not have"); }

 private:
  void Describe(std::ostream* out, const char* verb) const {
    *out << verb << " the status " << absl::StatusCodeToString(code_) << " with a message that ";
    message_.DescribeTo(out);
  }

  absl::StatusCode code_;
  ::testing::Matcher<const std::string&> message_;
};

inline ::testing::PolymorphicMatcher<StatusMatcher> StatusIs(
    absl::StatusCode code, ::testing::Matcher<const std::string&> message = ::testing::_) {
  return ::testing::MakePolymorphicMatcher(StatusMatcher(code, std::move(message)));
}

inline ::testing::PolymorphicMatcher<StatusMatcher> IsOk() {
  return StatusIs(absl::StatusCode::kOk);
}

}  // namespace stemma::gtest

#endif  // STEMMA_TESTING_GTEST_STATUS_MATCHERS_H_
