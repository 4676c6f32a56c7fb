// SPDX-License-Identifier: Apache-2.0
// What the script adds to a component; that it is one is tested by
// lifecycle/component_contract_test.cc.
#include "stemma/testing/scripted_component.h"

#include <atomic>
#include <chrono>
#include <thread>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "stemma/lifecycle/run_component.h"
#include "stemma/testing/internal/caught_failures.h"
#include "stemma/testing/mock_signaler_context.h"
#include "stemma/testing/require_set.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using internal::CaughtFailures;

std::unique_ptr<Component> Make(const ScriptedComponent& scripted) {
  auto made = scripted.factory()();
  REQUIRE(made.ok());
  return *std::move(made);
}

TEST_CASE("by default it is ready at once, and ends when it is asked to stop", "[testing]") {
  ScriptedComponent db("db");
  MockSignalerContext mock;
  auto component = Make(db);
  CHECK(db.launched() == 1);
  CHECK(db.started() == 0);
  REQUIRE(component->Start(mock.context()).ok());
  RequireSet(component->Ready(), "db is ready");
  db.RequireStarted();
  CHECK(db.asked_to_stop() == 0);
  CHECK(db.stop_reason().empty());
  mock.RequestStop();
  RequireSet(component->Done(), "db is done");
  CHECK(db.asked_to_stop() == 1);
  CHECK(db.stop_reason().kind == StopReason::Kind::kRequested);
  CHECK(db.ended() == 1);
  CHECK(db.destroyed() == 0);
  component.reset();
  CHECK(db.destroyed() == 1);
}

TEST_CASE("what it is told has been done when telling returns", "[testing]") {
  ScriptedComponent db("db", {.work = {}});
  MockSignalerContext mock;
  mock.ExpectFailure(absl::StatusCode::kAborted);
  const auto component = Make(db);
  REQUIRE(component->Start(mock.context()).ok());
  db.Do(Step::Call([](const SignalerContext& context, const ReadyFunc&) { context.Heartbeat(); }));
  CHECK(mock.source().workers().size() == 1);
  CHECK_FALSE(component->Ready().IsSet());
  db.BecomeReady();
  CHECK(component->Ready().IsSet());
  const auto line = static_cast<unsigned>(__LINE__ + 1);
  db.Throw(absl::AbortedError("x"));
  REQUIRE(mock.failures().size() == 1);
  CHECK(mock.failures()[0].where.line() == line);
  RequireSet(component->Done(), "db is done");
}

TEST_CASE("every way to fail looks as it does in a real component", "[testing]") {
  const auto failure = [](Script script) {
    ScriptedComponent db("db", std::move(script));
    std::optional<Failure> first;
    (void)RunComponent({}, db.factory(), [&](const Failure& told) {
      first = told;
      return ErrorHandlingBehavior::kStop;
    });
    return first;
  };
  const auto thrown = failure({.work = {Step::Throw(absl::AbortedError("x"))}});
  REQUIRE(thrown.has_value());
  CHECK(thrown->kind == FailureKind::kThrown);
  CHECK(thrown->status == absl::AbortedError("x"));
  CHECK(thrown->worker == "main");
  CHECK(failure({.work = {Step::Report(absl::AbortedError("x"))}})->kind == FailureKind::kThrown);
  const auto exception = failure({.work = {Step::Exception("boom")}, .worker = "flusher"});
  CHECK(exception->kind == FailureKind::kException);
  CHECK(exception->status == absl::InternalError("std::runtime_error: boom"));
  CHECK(exception->worker == "flusher");
  const auto start = failure({.start = {Step::Error(absl::UnavailableError("port"))}});
  CHECK(start->kind == FailureKind::kStart);
  CHECK(start->status == absl::UnavailableError("port"));
  CHECK(failure({.start = {Step::Throw(absl::UnavailableError("port"))}})->kind ==
        FailureKind::kThrown);
  CHECK(failure({.start = {Step::Exception("boom")}})->kind == FailureKind::kStart);
  CHECK(failure({.start = {Step::Report(absl::UnavailableError("port"))}})->kind ==
        FailureKind::kThrown);
  CHECK(failure({.work = {Step::Ready(), Step::End()}}) == std::nullopt);
}

TEST_CASE("a factory that fails makes nothing", "[testing]") {
  const ScriptedComponent error("db", {.factory = {Step::Error(absl::NotFoundError("no disk"))}});
  CHECK(error.factory()().status() == absl::NotFoundError("no disk"));
  CHECK(error.launched() == 1);
  const ScriptedComponent exception("db", {.factory = {Step::Exception("boom")}});
  CHECK_THROWS_AS(exception.factory()(), std::runtime_error);
}

TEST_CASE("each incarnation has the script that is its turn, and the last one is for the rest",
          "[testing]") {
  ScriptedComponent db("db", {.work = {Step::Throw(absl::AbortedError("first"))}});
  db.Then({.factory = {Step::Error(absl::NotFoundError("second"))}})
      .Then({.work = {Step::Ready(), Step::End()}});
  RestartPolicy at_once = RestartPolicy::Unlimited();
  at_once.initial = at_once.max = 0ns;
  CHECK(RunComponent({}, db.factory(), {}, at_once) == absl::NotFoundError("second"));
  CHECK(RunComponent({}, db.factory(), {}, at_once).ok());
  CHECK(RunComponent({}, db.factory(), {}, at_once).ok());
  CHECK(db.launched() == 4);
  CHECK(db.started() == 3);
  CHECK(db.destroyed() == 3);
}

TEST_CASE("one that hangs does not hear of a stop, until it is let go", "[testing]") {
  ScriptedComponent db("db");
  MockSignalerContext mock;
  const auto component = Make(db);
  REQUIRE(component->Start(mock.context()).ok());
  db.Hang();
  CHECK(db.hanging() == 1);
  CHECK_FALSE(mock.source().workers().at(0).waiting);  // no sign of life
  mock.RequestStop();
  db.RequireAskedToStop();
  CHECK_FALSE(component->Done().IsSet());
  CHECK(db.ended() == 0);
  db.LetGo();
  RequireSet(component->Done(), "db is done");
  CHECK(db.hanging() == 0);
}

TEST_CASE("one that is slow to stop sees the stop, and may fail meanwhile", "[testing]") {
  ScriptedComponent db("db", {.stop = {Step::Hang()}});
  MockSignalerContext mock;
  mock.ExpectFailure(absl::StatusCode::kDataLoss);
  const auto component = Make(db);
  REQUIRE(component->Start(mock.context()).ok());
  db.RequireStarted();
  mock.RequestStop();
  db.RequireHanging();
  CHECK(db.asked_to_stop() == 1);
  CHECK_FALSE(component->Done().IsSet());
  db.Report(absl::DataLossError("while stopping"));
  CHECK_FALSE(component->Done().IsSet());
  db.Throw(absl::DataLossError("once more"));
  RequireSet(component->Done(), "db is done");
  CHECK(mock.failures().size() == 2);
}

TEST_CASE("it may hang wherever it is called", "[testing]") {
  const auto hangs_in = [](Script script) {
    ScriptedComponent db("db", std::move(script));
    absl::Status status = absl::UnknownError("not over");
    std::jthread runs([&](const std::stop_token&) {
      std::stop_source stop;
      stop.request_stop();
      const MockSignalerContext mock(stop.get_token());
      auto component = db.factory()();
      status = (*component)->Start(mock.context());
      (*component)->Done().Wait();
    });
    db.RequireHanging();
    CHECK(status == absl::UnknownError("not over"));
    db.LetGo();
    runs.join();
    return status;
  };
  CHECK(hangs_in({.factory = {Step::Hang()}}).ok());
  CHECK(hangs_in({.start = {Step::Hang()}}).ok());

  ScriptedComponent db("db", {.destructor = {Step::Hang()}});
  auto component = Make(db);
  {
    const std::jthread destroys([&] { component.reset(); });
    db.RequireHanging();
    CHECK(db.destroyed() == 0);
    db.LetGo();
  }
  CHECK(db.destroyed() == 1);
}

TEST_CASE("the end of the test lets go what hangs, and waits for what was asked to stop",
          "[testing]") {
  MockSignalerContext mock;
  std::unique_ptr<Component> component;
  std::atomic<bool> went_on = false;
  {
    ScriptedComponent db(
        "db", {.work = {Step::Hang(), Step::Call([&](const SignalerContext&, const ReadyFunc&) {
                          went_on = true;
                        })}});
    component = Make(db);
    REQUIRE(component->Start(mock.context()).ok());
    db.RequireHanging();
    mock.RequestStop();
  }
  CHECK(went_on);
  RequireSet(component->Done(), "db is done");
}

TEST_CASE("what is told while an incarnation ends is for the next one", "[testing]") {
  ScriptedComponent db("db");
  std::jthread runs([&](const std::stop_token& stop) {
    RestartPolicy at_once = RestartPolicy::Unlimited();
    at_once.initial = at_once.max = 0ns;
    (void)RunComponent(stop, db.factory(), {}, at_once);
  });
  for (int i = 0; i < 100; ++i) db.Throw(absl::AbortedError("x"));
  db.RequireStarted(101);
  CHECK(db.asked_to_stop() == 0);
}

TEST_CASE("a failure of its own is no request to stop, but one that came before is", "[testing]") {
  ScriptedComponent db("db", {.stop = {Step::Hang()}});
  MockSignalerContext mock;
  mock.AllowFailures();
  const auto component = Make(db);
  REQUIRE(component->Start(mock.context()).ok());
  db.Report(absl::AbortedError("x"));
  db.RequireHanging();
  CHECK(db.asked_to_stop() == 0);
  db.LetGo();
  RequireSet(component->Done(), "db is done");
}

TEST_CASE("a step that makes no sense at its place fails the test", "[testing]") {
  const CaughtFailures caught;
  const auto refused = [](Script script) {
    return CaughtFailures::Leaves([&] { const ScriptedComponent db("db", script); });
  };
  CHECK(refused({.factory = {Step::Ready()}}));
  CHECK(refused({.factory = {Step::Throw(absl::AbortedError("x"))}}));
  CHECK(refused({.start = {Step::End()}}));
  CHECK(refused({.work = {Step::Error(absl::AbortedError("x"))}}));
  CHECK(refused({.stop = {Step::Error(absl::AbortedError("x"))}}));
  CHECK(refused({.destructor = {Step::Exception("boom")}}));
  CHECK(caught.all().at(0).message ==
        "a script has the step Ready in the factory, where it makes no sense");
  ScriptedComponent db("db");
  CHECK(CaughtFailures::Leaves([&] { db.Then({.start = {Step::End()}}); }));
  CHECK(CaughtFailures::Leaves([&] { db.Do(Step::Error(absl::AbortedError("x"))); }));
}

}  // namespace
}  // namespace stemma
