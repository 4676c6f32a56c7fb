// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_CATCH2_STATUS_MATCHERS_H_
#define STEMMA_TESTING_CATCH2_STATUS_MATCHERS_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catch2/matchers/catch_matchers.hpp"
#include "catch2/matchers/catch_matchers_templated.hpp"

// Catch2 matchers of an absl::Status, and of the status of an absl::StatusOr. When they do not
// match, the whole status is shown.
//
// Example:
//   REQUIRE_THAT(supervisor->AwaitReady({}), IsOk());
//   CHECK_THAT(status, StatusIs(absl::StatusCode::kNotFound, ContainsSubstring("db")));

namespace stemma::catch2 {

// Made by the functions below. `Message` is a matcher of the status's message, a std::string.
template <class Message>
class StatusMatcher final : public Catch::Matchers::MatcherGenericBase {
 public:
  StatusMatcher(absl::StatusCode code, Message message)
      : code_(code), message_(std::move(message)) {}

  bool match(const absl::Status& status) const {
    found_ = status.ToString();
    return status.code() == code_ && message_.match(std::string(status.message()));
  }
  template <class T>
  bool match(const absl::StatusOr<T>& value) const {
    return match(value.status());
  }

  std::string describe() const override {
    std::string text = "has the status " + absl::StatusCodeToString(code_);
    if (const std::string message = message_.describe(); !message.empty()) {
      text += ", whose message " + message;
    }
    return text + "\nfound: " + found_;
  }

 private:
  const absl::StatusCode code_;
  const Message message_;
  mutable std::string found_;  // what was matched last, for a type that Catch2 cannot print
};

// Matches every message.
struct AnyMessage {
  bool match(const std::string&) const { return true; }
  std::string describe() const { return ""; }
};

inline StatusMatcher<AnyMessage> IsOk() { return {absl::StatusCode::kOk, AnyMessage()}; }

inline StatusMatcher<AnyMessage> StatusIs(absl::StatusCode code) { return {code, AnyMessage()}; }

// `message` is a matcher of strings, such as Catch::Matchers::ContainsSubstring("no disk").
template <class Message>
StatusMatcher<Message> StatusIs(absl::StatusCode code, Message message) {
  return {code, std::move(message)};
}

}  // namespace stemma::catch2

#endif  // STEMMA_TESTING_CATCH2_STATUS_MATCHERS_H_
