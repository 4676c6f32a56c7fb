// SPDX-License-Identifier: Apache-2.0
// What a context promises (design.md, L3 and S16), of the real one and of the mock.
#include <chrono>
#include <exception>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "catch2/generators/catch_generators.hpp"
#include "stemma/lifecycle/signaler_context.h"
#include "stemma/testing/mock_signaler_context.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;

// The two ends, and what keeps them.
struct Ends {
  SignalerContext context;
  FailureSource source;
  std::shared_ptr<void> kept = nullptr;
};

Ends Real(std::stop_token stop) {
  const auto ends = WithSignaler(std::move(stop), {.component = "db"});
  return {.context = ends.first, .source = ends.second};
}

Ends Mock(std::stop_token stop) {
  const auto mock =
      std::make_shared<MockSignalerContext>(std::move(stop), ContextOptions{.component = "db"});
  mock->AllowFailures();
  return {.context = mock->context(), .source = mock->source(), .kept = mock};
}

#define EVERY_CONTEXT() GENERATE(&Real, &Mock)

// True if `action` unwound by something that is no std::exception.
template <class Action>
bool Unwinds(Action action) {
  try {
    action();
  } catch (const std::exception&) {
    return false;
  } catch (...) {
    return true;
  }
  return false;
}

TEST_CASE("it stops with its token, and says why", "[testing][L3][S16]") {
  const auto make = EVERY_CONTEXT();
  std::stop_source stop;
  const Ends ends = make(stop.get_token());
  CHECK_FALSE(ends.context.stop_requested());
  CHECK(ends.context.stop_reason().empty());
  CHECK(ends.context.SleepFor(1ns));
  stop.request_stop();
  CHECK(ends.context.stop_requested());
  CHECK(ends.context.stop_token().stop_requested());
  CHECK(ends.context.stop_reason().kind == StopReason::Kind::kRequested);
  CHECK_FALSE(ends.context.SleepFor(1h));
  ends.context.WaitForStop();
}

TEST_CASE("whoever stops a component can tell it why", "[testing][S16]") {
  const auto make = EVERY_CONTEXT();
  const Ends ends = make({});
  ends.source.RequestStop({.kind = StopReason::Kind::kCascade, .text = "db failed"});
  CHECK(ends.context.stop_reason().kind == StopReason::Kind::kCascade);
  CHECK(ends.context.stop_reason().text == "db failed");
}

TEST_CASE("a throw delivers the failure, requests stop, and unwinds", "[testing][L3]") {
  const auto make = EVERY_CONTEXT();
  const Ends ends = make({});
  bool stopped_before = true;
  const Subscription on_failure = ends.source.OnFailure(
      [&](const Failure&) { stopped_before = ends.context.stop_requested(); });
  CHECK(Unwinds([&] { ends.context.Throw(absl::DataLossError("bad page")); }));
  CHECK_FALSE(stopped_before);
  CHECK(ends.context.stop_requested());
  CHECK(ends.context.stop_reason().kind == StopReason::Kind::kFailure);
  REQUIRE(ends.source.first().has_value());
  CHECK(ends.source.first()->kind == FailureKind::kThrown);
  CHECK(ends.source.first()->status == absl::DataLossError("bad page"));
  CHECK(ends.source.first()->component == "db");
  CHECK(std::string(ends.source.first()->where.file_name()).find("context_contract_test.cc") !=
        std::string::npos);
}

TEST_CASE("a report returns whether it was the first; later failures are secondary",
          "[testing][L3]") {
  const auto make = EVERY_CONTEXT();
  const Ends ends = make({});
  CHECK(ends.context.Report(absl::OkStatus()));  // which is none
  CHECK_FALSE(ends.context.Report(absl::AbortedError("later")));
  CHECK(ends.source.failed().IsSet());
  CHECK(ends.source.first()->status.code() == absl::StatusCode::kInternal);
  REQUIRE(ends.source.secondary().size() == 1);
  CHECK(ends.source.secondary()[0].status == absl::AbortedError("later"));
}

TEST_CASE("a failure stops its context and not the token that it was made from", "[testing][L3]") {
  const auto make = EVERY_CONTEXT();
  std::stop_source stop;
  const Ends ends = make(stop.get_token());
  ends.context.Report(absl::AbortedError("x"));
  CHECK(ends.context.stop_requested());
  CHECK_FALSE(stop.stop_requested());
}

TEST_CASE("a wait ends when stop is requested by another thread", "[testing][L3]") {
  const auto make = EVERY_CONTEXT();
  const Ends ends = make({});
  const std::jthread other([&] { ends.context.Report(absl::AbortedError("x")); });
  ends.context.WaitForStop();
  CHECK_FALSE(ends.context.SleepFor(std::chrono::nanoseconds::max()));
}

}  // namespace
}  // namespace stemma
