// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/start_component.h"

#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <stdexcept>

namespace stemma::internal {
namespace {

class FakeComponent final : public Component {
 public:
  explicit FakeComponent(std::function<absl::Status(SignalerContext)> start)
      : start_(std::move(start)) {}
  absl::Status Start(SignalerContext context) override { return start_(context); }
  Event Ready() const override { return never_.event(); }
  Event Done() const override { return never_.event(); }

 private:
  std::function<absl::Status(SignalerContext)> start_;
  EventSource never_;
};

// Starts a component that behaves so; returns what StartComponent did, and the failures.
struct Started {
  explicit Started(std::function<absl::Status(SignalerContext)> start) {
    FakeComponent component(std::move(start));
    status = StartComponent(component, ends.first).status();
    first = ends.second.first();
    secondary = ends.second.secondary();
  }
  std::pair<SignalerContext, FailureSource> ends = WithSignaler({});
  absl::Status status;
  std::optional<Failure> first;
  std::vector<Failure> secondary;
};

TEST_CASE("a component that starts has not failed", "[lifecycle][S3]") {
  const Started started([](const SignalerContext&) { return absl::OkStatus(); });
  CHECK(started.status.ok());
  CHECK_FALSE(started.first.has_value());
}

TEST_CASE("who watches sees that it is ready, but not before it starts", "[lifecycle][S2]") {
  struct Told final : Component {
    absl::Status Start(SignalerContext) override {
      seen_before_start = seen;
      ready.Set();
      seen_in_start = seen;
      return absl::OkStatus();
    }
    Event Ready() const override { return ready.event(); }
    Event Done() const override { return EventSource().event(); }
    EventSource ready;
    bool seen = false, seen_before_start = false, seen_in_start = false;
  };
  for (const bool is_set_before : {false, true}) {
    Told component;
    if (is_set_before) component.ready.Set();
    const auto ends = WithSignaler({});
    Subscription subscription;
    CHECK(StartComponent(component, ends.first, [&](const Event& ready) {
            subscription = ready.OnSet([&] { component.seen = true; });
          }).ok());
    CHECK(component.seen);
    CHECK_FALSE(component.seen_before_start);
    CHECK(component.seen_in_start == !is_set_before);
  }
}

TEST_CASE("an error of Start is a failure, and stops what it may have begun", "[lifecycle][S3]") {
  const Started started([](const SignalerContext&) { return absl::UnavailableError("port"); });
  CHECK(started.status == absl::UnavailableError("port"));
  REQUIRE(started.first.has_value());
  CHECK(started.first->kind == FailureKind::kStart);
  CHECK(started.first->status == absl::UnavailableError("port"));
  CHECK(started.ends.first.stop_requested());
}

TEST_CASE("a throw out of Start is kThrown, and delivered once", "[lifecycle][L3]") {
  const Started started([](const SignalerContext& context) -> absl::Status {
    context.Throw(absl::UnavailableError("port"));
  });
  CHECK(started.status == absl::UnavailableError("port"));
  REQUIRE(started.first.has_value());
  CHECK(started.first->kind == FailureKind::kThrown);
  CHECK(started.secondary.empty());
}

TEST_CASE("an exception out of Start is a failure with its type and message", "[lifecycle][S3]") {
  const Started started(
      [](const SignalerContext&) -> absl::Status { throw std::runtime_error("boom"); });
  CHECK(started.status ==
        absl::InternalError("an exception escaped Start: std::runtime_error: boom"));
  REQUIRE(started.first.has_value());
  CHECK(started.first->kind == FailureKind::kStart);
}

TEST_CASE("a throw of another context out of Start is a failure here", "[lifecycle][S3]") {
  auto [other, other_source] = WithSignaler({});
  const Started started([other = other](const SignalerContext&) -> absl::Status {
    other.Throw(absl::UnavailableError("elsewhere"));
  });
  CHECK(started.status.code() == absl::StatusCode::kInternal);
  REQUIRE(started.first.has_value());
  CHECK(started.first->kind == FailureKind::kStart);
}

TEST_CASE("a failure that Start reported before it returned an error comes first",
          "[lifecycle][L3]") {
  const Started started([](const SignalerContext& context) -> absl::Status {
    context.Report(absl::DataLossError("cause"));
    return absl::UnavailableError("consequence");
  });
  CHECK(started.first->status == absl::DataLossError("cause"));
  REQUIRE(started.secondary.size() == 1);
  CHECK(started.secondary[0].kind == FailureKind::kStart);
}

TEST_CASE("a component whose events cannot be had is not started, and has failed",
          "[lifecycle][S3]") {
  struct Eventless final : Component {
    absl::Status Start(SignalerContext) override {
      started = true;
      return absl::OkStatus();
    }
    Event Ready() const override { return EventSource().event(); }
    Event Done() const override { throw std::runtime_error("no event"); }
    bool started = false;
  } component;
  auto [context, source] = WithSignaler({});
  const absl::Status error = StartComponent(component, context).status();
  CHECK(error == absl::InternalError("an exception escaped Done: std::runtime_error: no event"));
  CHECK_FALSE(component.started);
  CHECK(source.first()->kind == FailureKind::kStart);
}

TEST_CASE("a factory's component comes out as it is", "[lifecycle][S3]") {
  const auto component = MakeComponent([]() -> absl::StatusOr<std::unique_ptr<Component>> {
    return std::make_unique<FakeComponent>([](const SignalerContext&) { return absl::OkStatus(); });
  });
  REQUIRE(component.ok());
  CHECK(*component != nullptr);
}

TEST_CASE("whatever a factory does wrong becomes an error", "[lifecycle][S3]") {
  using Made = absl::StatusOr<std::unique_ptr<Component>>;
  CHECK(MakeComponent([]() -> Made { return absl::NotFoundError("x"); }).status() ==
        absl::NotFoundError("x"));
  CHECK(MakeComponent([]() -> Made { return nullptr; }).status() ==
        absl::InternalError("the component's factory returned null"));
  CHECK(MakeComponent([]() -> Made { throw std::runtime_error("boom"); }).status() ==
        absl::InternalError(
            "an exception escaped the component's factory: std::runtime_error: boom"));
  CHECK(MakeComponent(nullptr).status().code() == absl::StatusCode::kFailedPrecondition);
  auto [context, source] = WithSignaler({});
  CHECK(MakeComponent([context = context]() -> Made { context.Throw(absl::NotFoundError("x")); })
            .status()
            .code() == absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace stemma::internal
