// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/restart_policy.h"

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <limits>

namespace stemma {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST_CASE("the default restart policy and the unlimited one are valid", "[lifecycle][S8]") {
  CHECK(Validate({}).ok());
  CHECK(Validate(RestartPolicy::Unlimited()).ok());
  CHECK(RestartPolicy{}.max_restarts == 5);
  CHECK(RestartPolicy{}.on_limit == ErrorHandlingBehavior::kShutdown);
  CHECK(RestartPolicy::Unlimited().max_restarts == kUnlimitedRestarts);
}

TEST_CASE("each requirement of a restart policy is checked, and the message names the field",
          "[lifecycle][S1]") {
  struct Case {
    std::string field;
    std::function<void(RestartPolicy&)> spoil;
  };
  const std::vector<Case> cases = {
      {"initial must", [](RestartPolicy& p) { p.initial = -1ns; }},
      {"max must", [](RestartPolicy& p) { p.max = p.initial - 1ns; }},
      {"multiplier must", [](RestartPolicy& p) { p.multiplier = 0.99; }},
      {"multiplier must", [](RestartPolicy& p) { p.multiplier = kNan; }},
      {"multiplier must", [](RestartPolicy& p) { p.multiplier = kInfinity; }},
      {"jitter must", [](RestartPolicy& p) { p.jitter = -0.01; }},
      {"jitter must", [](RestartPolicy& p) { p.jitter = 1.01; }},
      {"jitter must", [](RestartPolicy& p) { p.jitter = kNan; }},
      {"reset_after must", [](RestartPolicy& p) { p.reset_after = -1ns; }},
      {"max_restarts must", [](RestartPolicy& p) { p.max_restarts = -1; }},
      {"window must", [](RestartPolicy& p) { p.window = 0ns; }},
      {"on_limit must not", [](RestartPolicy& p) { p.on_limit = ErrorHandlingBehavior::kRestart; }},
      {"on_limit must be",
       [](RestartPolicy& p) { p.on_limit = static_cast<ErrorHandlingBehavior>(9); }},
  };
  for (const Case& c : cases) {
    RestartPolicy policy;
    c.spoil(policy);
    INFO(c.field);
    REQUIRE(Problems(policy).size() == 1);
    CHECK(Problems(policy)[0].find(c.field) == 0);
    CHECK(Validate(policy).code() == absl::StatusCode::kInvalidArgument);
  }
}

TEST_CASE("the bounds of a restart policy are themselves allowed", "[lifecycle][S1]") {
  CHECK(Validate({.initial = 0ns,
                  .max = 0ns,
                  .multiplier = 1.0,
                  .jitter = 0.0,
                  .reset_after = 0ns,
                  .max_restarts = 0,
                  .window = 1ns,
                  .on_limit = ErrorHandlingBehavior::kStop})
            .ok());
  CHECK(Validate({.initial = nanoseconds::max(),
                  .max = nanoseconds::max(),
                  .jitter = 1.0,
                  .reset_after = nanoseconds::max(),
                  .window = nanoseconds::max()})
            .ok());
}

TEST_CASE("all the problems of a restart policy come in one error", "[lifecycle][S1]") {
  const absl::Status status = Validate({.initial = -1ns, .multiplier = 0.0, .window = -1ns});
  const std::string message(status.message());
  CHECK(message.find("initial") != std::string::npos);
  CHECK(message.find("multiplier") != std::string::npos);
  CHECK(message.find("window") != std::string::npos);
}

TEST_CASE("the pause grows by the multiplier from initial to max", "[lifecycle][S8]") {
  const RestartPolicy policy{.initial = 100ms, .max = 1s, .multiplier = 2.0, .jitter = 0.0};
  CHECK(BackoffDelay(policy, 0, 0.5) == 100ms);
  CHECK(BackoffDelay(policy, 1, 0.5) == 200ms);
  CHECK(BackoffDelay(policy, 3, 0.5) == 800ms);
  CHECK(BackoffDelay(policy, 4, 0.5) == 1s);
  CHECK(BackoffDelay(policy, 1000000, 0.5) == 1s);
}

TEST_CASE("jitter only ever shortens the pause, by at most its share", "[lifecycle][S8]") {
  const RestartPolicy policy{.initial = 1s, .max = 2s, .jitter = 0.25};
  CHECK(BackoffDelay(policy, 0, 0.0) == 1s);
  CHECK(BackoffDelay(policy, 0, 0.5) == 875ms);
  CHECK(BackoffDelay(policy, 0, 1.0) == 750ms);
  CHECK(BackoffDelay(policy, 9, 0.0) == 2s);
  CHECK(BackoffDelay({.initial = 1s, .jitter = 1.0}, 0, 1.0) == 0s);
}

TEST_CASE("the pause saturates where the arithmetic would overflow", "[lifecycle][S1]") {
  RestartPolicy policy{
      .initial = 1ns, .max = nanoseconds::max(), .multiplier = 1e300, .jitter = 0.0};
  CHECK(BackoffDelay(policy, 3, 0.0) == nanoseconds::max());
  policy.jitter = 0.5;
  CHECK(BackoffDelay(policy, 3, 0.0) == nanoseconds::max());
  CHECK(BackoffDelay(policy, std::numeric_limits<int>::max(), 0.999) > 100h);
  policy.initial = 0ns;
  CHECK(BackoffDelay(policy, 3, 0.0) == 0ns);
}

}  // namespace
}  // namespace stemma
