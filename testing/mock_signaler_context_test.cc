// SPDX-License-Identifier: Apache-2.0
// What the mock adds to a context; that it is one is tested by lifecycle/signaler_context_test.cc.
#include "stemma/testing/mock_signaler_context.h"

#include <optional>
#include <thread>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/testing/internal/caught_failures.h"
#include "stemma/testing/internal/witness.h"

namespace stemma {
namespace {

using Catch::Matchers::ContainsSubstring;
using internal::CaughtFailures;

// What a mock says at its end that was used like this.
template <class Use>
std::vector<TestFailure> Judged(Use use) {
  const CaughtFailures caught;
  {
    MockSignalerContext mock({}, {.component = "db"});
    use(mock);
  }
  return caught.all();
}

TEST_CASE("a component that does not fail is what is expected by default", "[testing]") {
  CHECK(Judged([](MockSignalerContext&) {}).empty());
}

TEST_CASE("an unexpected failure fails the test at the mock's end, and all of them are told",
          "[testing]") {
  unsigned line = 0;
  const CaughtFailures caught;
  {
    line = static_cast<unsigned>(__LINE__ + 1);
    const MockSignalerContext mock({}, {.component = "db"});
    mock.context().Report(absl::DataLossError("bad page"));
    mock.context().Report(absl::AbortedError("and then"));
    CHECK(caught.all().empty());  // not before
  }
  REQUIRE(caught.all().size() == 1);
  const TestFailure failure = caught.all()[0];
  CHECK_FALSE(failure.fatal);
  CHECK(failure.where.line() == line);
  CHECK_THAT(failure.message, ContainsSubstring("expected no failure, found:\n"
                                                "  db failed (Thrown): DATA_LOSS: bad page"));
  CHECK_THAT(failure.message, ContainsSubstring("ABORTED: and then"));
}

TEST_CASE("the failure that was expected passes, with secondary ones after it", "[testing]") {
  CHECK(Judged([](MockSignalerContext& mock) {
          mock.ExpectFailure(absl::StatusCode::kDataLoss, "bad");
          mock.context().Report(absl::DataLossError("bad page"));
          mock.context().Report(absl::AbortedError("and then"));
        }).empty());
}

TEST_CASE("an expected failure that does not come fails the test where it was expected",
          "[testing]") {
  unsigned line = 0;
  const auto said = Judged([&](MockSignalerContext& mock) {
    line = static_cast<unsigned>(__LINE__ + 1);
    mock.ExpectFailure(absl::StatusCode::kDataLoss, "bad");
  });
  REQUIRE(said.size() == 1);
  CHECK(said[0].where.line() == line);
  CHECK(said[0].message ==
        "expected a failure with DATA_LOSS and \"bad\" in its message, found none");
}

TEST_CASE("another failure than the expected one, or first, fails the test", "[testing]") {
  const auto wrong_code = [](MockSignalerContext& mock) {
    mock.ExpectFailure(absl::StatusCode::kDataLoss);
    mock.context().Report(absl::AbortedError("bad page"));
    mock.context().Report(absl::DataLossError("too late"));
  };
  const auto wrong_message = [](MockSignalerContext& mock) {
    mock.ExpectFailure(absl::StatusCode::kDataLoss, "bad");
    mock.context().Report(absl::DataLossError("good page"));
  };
  const auto wrong_kind = [](MockSignalerContext& mock) {
    mock.ExpectFailure("an exception", [](const Failure& failure) {
      return failure.kind == FailureKind::kException;
    });
    mock.context().Report(absl::DataLossError("bad page"));
  };
  CHECK(Judged(wrong_code).size() == 1);
  CHECK(Judged(wrong_message).size() == 1);
  REQUIRE(Judged(wrong_kind).size() == 1);
  CHECK_THAT(Judged(wrong_kind)[0].message, ContainsSubstring("expected an exception, found:"));
}

TEST_CASE("a mock that allows failures finds fault with nothing", "[testing]") {
  CHECK(Judged([](MockSignalerContext& mock) {
          mock.AllowFailures();
          mock.context().Report(absl::DataLossError("bad page"));
        }).empty());
}

TEST_CASE("a mock that has been asked to judge does so once, and then lets pass", "[testing]") {
  CHECK(Judged([](MockSignalerContext& mock) {
          mock.Verify();
          mock.context().Report(absl::DataLossError("later"));
        }).empty());
  CHECK(Judged([](MockSignalerContext& mock) {
          mock.context().Report(absl::DataLossError("before"));
          mock.Verify();
        }).size() == 1);
}

TEST_CASE("all failures are kept, more than the source keeps", "[testing]") {
  MockSignalerContext mock;
  mock.AllowFailures();
  for (int i = 0; i < 40; ++i) mock.context().Report(absl::AbortedError(std::to_string(i)));
  const auto failures = mock.failures();
  REQUIRE(failures.size() == 40);
  CHECK(failures.front().status.message() == "0");
  CHECK(failures.back().status.message() == "39");
}

TEST_CASE("a component's end may be a failure, and is judged too", "[testing]") {
  const CaughtFailures caught;
  {
    const MockSignalerContext mock;
    const auto manager = ComponentManagerBuilder()
                             .AddWorker([](const SignalerContext& context, const ReadyFunc& ready) {
                               ready();
                               context.WaitForStop();
                               context.Throw(absl::DataLossError("while stopping"));
                             })
                             .Build();
    REQUIRE(manager->Start(mock.context()).ok());
  }
  CHECK(caught.all().size() == 1);
}

TEST_CASE("a test waits for the failure, or stops the component", "[testing]") {
  MockSignalerContext mock;
  mock.ExpectFailure(absl::StatusCode::kAborted);
  const auto fails = [context = mock.context()] {
    context.WaitForStop();
    context.Report(absl::AbortedError("x"));
  };
  const std::jthread worker(fails);
  mock.RequestStop();
  CHECK(mock.RequireFailure().status == absl::AbortedError("x"));
  CHECK(mock.context().stop_reason().kind == StopReason::Kind::kRequested);
}

TEST_CASE("a wait that gives up is told what the context has seen", "[testing]") {
  MockSignalerContext mock({}, {.component = "db"});
  mock.AllowFailures();
  CHECK_THAT(internal::Witness::TellAll(), ContainsSubstring("the context: no failure"));
  mock.context().Heartbeat();
  mock.context().Report(absl::AbortedError("x"));
  CHECK_THAT(internal::Witness::TellAll(), ContainsSubstring("db failed (Thrown): ABORTED: x"));
  CHECK_THAT(internal::Witness::TellAll(), ContainsSubstring("worker \"\" runs"));
}

}  // namespace
}  // namespace stemma
