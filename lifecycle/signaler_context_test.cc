// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/signaler_context.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <exception>
#include <string>
#include <thread>

#include "stemma/lifecycle/internal/run_together.h"
#include "stemma/lifecycle/internal/unwind.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using internal::kRaces;
using internal::RunTogether;

// True if `action` unwound by the private exception.
template <class Action>
bool Unwinds(Action action) {
  try {
    action();
  } catch (const std::exception&) {
    return false;
  } catch (const internal::Unwind&) {
    return true;
  }
  return false;
}

TEST_CASE("a context stops with its token", "[lifecycle][L3]") {
  std::stop_source stop;
  auto [context, source] = WithSignaler(stop.get_token());
  CHECK_FALSE(context.stop_requested());
  CHECK(context.stop_reason().empty());
  stop.request_stop();
  CHECK(context.stop_requested());
  CHECK(context.stop_token().stop_requested());
  CHECK(context.stop_reason().kind == StopReason::Kind::kRequested);
  CHECK_FALSE(source.first().has_value());
}

TEST_CASE("a context made from a token that is stopped already is stopped", "[lifecycle][L3]") {
  std::stop_source stop;
  stop.request_stop();
  auto [context, source] = WithSignaler(stop.get_token());
  CHECK(context.stop_requested());
  CHECK_FALSE(context.stop_reason().empty());
}

TEST_CASE("a failure stops its context and not the token that the context was made from",
          "[lifecycle][L3]") {
  std::stop_source stop;
  auto [context, source] = WithSignaler(stop.get_token(), {.component = "db"});
  CHECK(context.Report(absl::DataLossError("bad page")));
  CHECK(context.stop_requested());
  CHECK_FALSE(stop.stop_requested());
  CHECK(context.stop_reason().kind == StopReason::Kind::kFailure);
  CHECK(context.stop_reason().node == "db");
  CHECK(context.stop_reason().text.find("bad page") != std::string::npos);
}

TEST_CASE("a throw delivers the failure, requests stop, then unwinds: destructors run",
          "[lifecycle][L3]") {
  auto [context, source] = WithSignaler({}, {.component = "db"});
  std::vector<std::string> order;
  const Subscription subscription =
      source.OnFailure([&, context = context](const Failure& failure) {
        order.push_back("delivered " + std::string(failure.status.message()));
        CHECK_FALSE(context.stop_requested());
      });
  struct Guard {
    std::vector<std::string>& order;
    ~Guard() { order.push_back("destroyed"); }
  };
  unsigned line = 0;
  const auto fail = [&, context = context] {
    const Guard guard{order};
    line = __LINE__ + 1;
    context.Throw(absl::DataLossError("bad page"));
  };
  CHECK(Unwinds(fail));
  CHECK(order == std::vector<std::string>{"delivered bad page", "destroyed"});
  CHECK(context.stop_requested());

  REQUIRE(source.first().has_value());
  CHECK(source.first()->kind == FailureKind::kThrown);
  CHECK(source.first()->status == absl::DataLossError("bad page"));
  CHECK(source.first()->component == "db");
  CHECK(source.first()->worker.empty());
  CHECK(source.first()->where.line() == line);
  CHECK(std::string(source.first()->where.file_name()).find("signaler_context_test.cc") !=
        std::string::npos);
}

TEST_CASE("failing with an OK status becomes Internal", "[lifecycle][L3]") {
  auto [context, source] = WithSignaler({});
  CHECK(context.Report(absl::OkStatus()));
  CHECK(source.first()->status.code() == absl::StatusCode::kInternal);
  CHECK(Unwinds([context = context] { context.Throw(absl::OkStatus()); }));
  REQUIRE(source.secondary().size() == 1);
  CHECK(source.secondary()[0].status.code() == absl::StatusCode::kInternal);
}

TEST_CASE("a catch-all that swallows the throw goes on; the failure stands and stop is requested",
          "[lifecycle][L3]") {
  auto [context, source] = WithSignaler({});
  try {
    context.Throw(absl::AbortedError("x"));
  } catch (...) {
  }
  CHECK(source.first()->status == absl::AbortedError("x"));
  CHECK(context.stop_requested());
}

TEST_CASE("a later failure is secondary: the first stands, and the newest of the others are kept",
          "[lifecycle][L3]") {
  auto [context, source] = WithSignaler({});
  std::vector<std::string> told;
  int first_calls = 0;
  const Subscription on_first = source.OnFailure([&](const Failure&) { ++first_calls; });
  Subscription on_secondary = source.OnSecondary(
      [&](const Failure& failure) { told.emplace_back(failure.status.message()); });
  CHECK(context.Report(absl::AbortedError("first")));
  for (int i = 0; i < 20; ++i) CHECK_FALSE(context.Report(absl::AbortedError(std::to_string(i))));
  CHECK(first_calls == 1);
  CHECK(source.first()->status.message() == "first");
  CHECK(told.size() == 20);
  REQUIRE(source.secondary().size() == FailureSource::kMaxSecondary);
  CHECK(source.secondary().front().status.message() == "4");
  CHECK(source.secondary().back().status.message() == "19");

  on_secondary.Cancel();
  context.Report(absl::AbortedError("unheard"));
  CHECK(told.size() == 20);
}

TEST_CASE("a callback for a failure that has been is called at once", "[lifecycle][L3]") {
  auto [context, source] = WithSignaler({});
  context.Report(absl::AbortedError("x"));
  std::string told;
  const Subscription subscription = source.OnFailure(
      [&](const Failure& failure) { told = std::string(failure.status.message()); });
  CHECK(told == "x");
}

TEST_CASE("a callback may fail in its turn, and read what the source knows", "[lifecycle][L3]") {
  auto [context, source] = WithSignaler({});
  const Subscription subscription =
      source.OnFailure([&, context = context, source = source](const Failure&) {
        CHECK(source.first().has_value());
        CHECK(source.failed().IsSet());
        CHECK_FALSE(context.Report(absl::AbortedError("again")));
        context.Throw(absl::AbortedError("and again"));
      });
  CHECK(context.Report(absl::AbortedError("x")));
  CHECK(source.secondary().size() == 2);
}

TEST_CASE("waiting for a failure ends with the failure, or with the stop", "[lifecycle][L3]") {
  auto [context, source] = WithSignaler({});
  std::stop_source stop;
  std::optional<Failure> none = Failure{};
  {
    const std::jthread waiter([&, source = source] { none = source.Wait(stop.get_token()); });
    stop.request_stop();
  }
  CHECK_FALSE(none.has_value());

  std::optional<Failure> some;
  {
    const std::jthread waiter([&, source = source] { some = source.Wait({}); });
    context.Report(absl::AbortedError("x"));
  }
  REQUIRE(some.has_value());
  CHECK(some->status == absl::AbortedError("x"));
  CHECK(source.Wait(stop.get_token()).has_value());  // the failure wins
}

TEST_CASE("whoever stops a component can tell it why", "[lifecycle][S16]") {
  std::stop_source stop;
  auto [context, source] = WithSignaler(stop.get_token());
  const StopReason reason{.kind = StopReason::Kind::kCascade, .text = "db failed", .node = "db"};
  source.RequestStop(reason);
  CHECK(context.stop_reason() == reason);
  stop.request_stop();
  source.RequestStop({.kind = StopReason::Kind::kOperator});
  context.Report(absl::AbortedError("late"));
  CHECK(context.stop_reason() == reason);
}

TEST_CASE("a token that is asked for while stop is requested is stopped, too",
          "[lifecycle][L3][race]") {
  for (int i = 0; i < kRaces; ++i) {
    auto [context, source] = WithSignaler({});
    std::stop_token token;
    RunTogether({[&, source = source] { source.RequestStop({.kind = StopReason::Kind::kSignal}); },
                 [&, context = context] { token = context.stop_token(); }});
    REQUIRE(token.stop_requested());
    REQUIRE(context.stop_requested());
  }
}

TEST_CASE("a stop callback sees the reason", "[lifecycle][S16]") {
  auto [context, source] = WithSignaler({});
  StopReason seen;
  const std::stop_callback callback(context.stop_token(),
                                    [&, context = context] { seen = context.stop_reason(); });
  source.RequestStop({.kind = StopReason::Kind::kSignal, .text = "SIGTERM"});
  CHECK(seen.kind == StopReason::Kind::kSignal);
}

TEST_CASE("sleeping ends when stop is requested, and takes any duration", "[lifecycle][event]") {
  auto [context, source] = WithSignaler({});
  CHECK(context.SleepFor(0ns));
  CHECK(context.SleepFor(-1h));
  CHECK(context.SleepFor(std::chrono::nanoseconds::min()));
  CHECK(context.SleepFor(1ns));
  for (const auto duration : {std::chrono::nanoseconds(1h), std::chrono::nanoseconds::max()}) {
    auto [sleeping, stopper] = WithSignaler({});
    bool slept_out = true;
    {
      const std::jthread sleeper(
          [&, context = sleeping, duration] { slept_out = context.SleepFor(duration); });
      stopper.RequestStop({.kind = StopReason::Kind::kRequested});
    }
    CHECK_FALSE(slept_out);
    CHECK_FALSE(sleeping.SleepFor(0ns));
  }
}

TEST_CASE("somebody's stop callback that blocks does not hold up those who wait for the stop",
          "[lifecycle][event]") {
  std::stop_source stop;
  auto [context, source] = WithSignaler(stop.get_token());
  const EventSource woken;
  const EventSource waiting;
  const std::jthread waiter([&, context = context] {
    waiting.Set();
    context.WaitForStop();
    woken.Set();
  });
  waiting.event().Wait();
  const std::stop_callback blocks(context.stop_token(), [&] { woken.event().Wait(); });
  stop.request_stop();  // hangs if it does
  CHECK(woken.event().IsSet());
}

TEST_CASE(
    "a heartbeat is stamped with the clock of the options, and a wait counts as one when it ends",
    "[lifecycle][S22]") {
  std::atomic<std::int64_t> now = 5;
  auto [context, source] = WithSignaler({}, {.now = [&] { return std::chrono::nanoseconds(now); }});
  CHECK(source.workers()
            .empty());  // a component that never gave one is not watched by its own context
  now = 7;
  context.Heartbeat();
  REQUIRE(source.workers().size() == 1);
  CHECK(source.workers()[0].name.empty());
  CHECK(source.workers()[0].last_heartbeat == 7ns);
  CHECK_FALSE(source.workers()[0].waiting);
  now = 9;
  CHECK(context.SleepFor(0ns));
  CHECK(source.workers()[0].last_heartbeat == 9ns);
  CHECK_FALSE(source.workers()[0].waiting);
}

TEST_CASE("a source and a context may outlive each other", "[lifecycle][L3]") {
  auto ends = std::make_unique<std::pair<SignalerContext, FailureSource>>(WithSignaler({}));
  const SignalerContext context = ends->first;
  ends.reset();
  CHECK(context.Report(absl::AbortedError("nobody listens")));

  auto other_ends = std::make_unique<std::pair<SignalerContext, FailureSource>>(WithSignaler({}));
  const FailureSource source = other_ends->second;
  Subscription subscription = source.OnFailure([](const Failure&) {});
  other_ends.reset();
  CHECK_FALSE(source.first().has_value());
}

TEST_CASE("of many that fail at once, one is first and the others are secondary",
          "[lifecycle][L3][race]") {
  for (int i = 0; i < kRaces; ++i) {
    auto [context, source] = WithSignaler({});
    std::atomic<int> firsts = 0;
    std::atomic<int> calls = 0;
    const Subscription subscription = source.OnFailure([&](const Failure&) { ++calls; });
    const auto fail = [&, context = context] {
      firsts += context.Report(absl::AbortedError("x")) ? 1 : 0;
    };
    RunTogether({fail, fail, fail});
    REQUIRE(firsts == 1);
    REQUIRE(calls == 1);
    REQUIRE(source.secondary().size() == 2);
  }
}

TEST_CASE("a failure and a stop at once: one of them is the reason, and the failure stands",
          "[lifecycle][S16][race]") {
  for (int i = 0; i < kRaces; ++i) {
    std::stop_source stop;
    auto [context, source] = WithSignaler(stop.get_token());
    StopReason seen;
    RunTogether({[&, context = context] { context.Report(absl::AbortedError("x")); },
                 [&] { stop.request_stop(); },
                 [&, context = context] {
                   context.WaitForStop();
                   seen = context.stop_reason();
                 }});
    REQUIRE(source.first().has_value());
    REQUIRE_FALSE(seen.empty());
    REQUIRE(context.stop_reason() == seen);
  }
}

TEST_CASE("the last handle is dropped while a stop arrives", "[lifecycle][L3][race]") {
  for (int i = 0; i < kRaces; ++i) {
    std::stop_source stop;
    auto ends =
        std::make_unique<std::pair<SignalerContext, FailureSource>>(WithSignaler(stop.get_token()));
    RunTogether({[&] { stop.request_stop(); }, [&] { ends.reset(); }});
    REQUIRE(ends == nullptr);
  }
}

}  // namespace
}  // namespace stemma
