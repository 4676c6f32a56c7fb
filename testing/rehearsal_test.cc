// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/rehearsal.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "stemma/testing/catch2/event_matchers.h"
#include "stemma/testing/internal/caught_failures.h"
#include "stemma/testing/scripted_component.h"
#include "stemma/testing/service_under_test.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using catch2::Shows;
using internal::CaughtFailures;

constexpr auto kStop = ErrorHandlingBehavior::kStop;
constexpr auto kShutdown = ErrorHandlingBehavior::kShutdown;
constexpr auto kSpinHalt = ErrorHandlingBehavior::kSpinHalt;

std::vector<Node> Shop() {
  return {{.name = "db"},
          {.name = "api", .dependencies = {"db"}},
          {.name = "http", .dependencies = {"api"}, .on_error = Always(kStop)}};
}

// How the test fails and is left by `action`.
std::string Complaint(const std::function<void()>& action) {
  const CaughtFailures caught;
  REQUIRE(CaughtFailures::Leaves(action));
  REQUIRE(caught.all().size() == 1);
  return caught.all().front().message;
}

TEST_CASE("a failure, five minutes, and the state that comes of it", "[testing]") {
  Rehearsal rehearsal(Shop());
  CHECK(rehearsal.State("db") == NodeState::kWaiting);  // not begun
  rehearsal.Fail("db", FailureKind::kThrown);
  CHECK(rehearsal.State("db") == NodeState::kBackingOff);
  CHECK(rehearsal.State("api") == NodeState::kReady);
  rehearsal.Advance(5min);
  CHECK(rehearsal.State("db") == NodeState::kReady);
  CHECK(rehearsal.now() == 5min);
  CHECK(rehearsal.LongestOutage("db") <= 100ms);
  CHECK(rehearsal.Downtime("http") == 0s);
  CHECK_THAT(rehearsal, Shows(On("db").Restarted().Happened()));
}

TEST_CASE("the handlers are asked about the failure, on the test's thread", "[testing][S4]") {
  std::vector<Node> nodes = Shop();
  Failure told;
  std::thread::id thread;
  nodes[0].on_error = [&](const Failure& failure) {
    told = failure;
    thread = std::this_thread::get_id();
    return kShutdown;
  };
  Rehearsal rehearsal(nodes);
  rehearsal.Fail("db", absl::DataLossError("torn"));
  CHECK(told.component == "db");
  CHECK(told.kind == FailureKind::kThrown);
  CHECK(told.status == absl::DataLossError("torn"));
  CHECK(thread == std::this_thread::get_id());
  CHECK(rehearsal.over());
  CHECK(rehearsal.Result().outcome == Outcome::kShutdown);
  CHECK(rehearsal.Result().status == absl::DataLossError("torn"));
  CHECK(rehearsal.ExitCode() == kExitSoftware);
  CHECK(rehearsal.StopOrder() == std::vector<std::string>{"http", "api", "db"});
}

TEST_CASE("a handler that throws, or is silent, counts as shutdown", "[testing][S9]") {
  std::vector<Node> nodes = Shop();
  SECTION("throws") {
    nodes[0].on_error = [](const Failure&) -> ErrorHandlingBehavior {
      throw std::runtime_error("lost");
    };
    Rehearsal rehearsal(nodes);
    rehearsal.Fail("db");
    CHECK(rehearsal.Result().outcome == Outcome::kShutdown);
    REQUIRE(rehearsal.Result().nodes[0].failures.size() == 2);
    CHECK_THAT(rehearsal.Result().nodes[0].failures[1].status.ToString(),
               ContainsSubstring("lost"));
  }
  SECTION("is silent") {
    Rehearsal rehearsal(nodes);
    rehearsal.Behave("db", {.answer = kNever});
    rehearsal.Fail("db");
    rehearsal.Advance(9s);
    CHECK(rehearsal.State("db") == NodeState::kDeciding);
    rehearsal.Settle();
    CHECK(rehearsal.Result().outcome == Outcome::kShutdown);
    REQUIRE(rehearsal.Result().nodes[0].failures.size() == 2);
    CHECK_THAT(rehearsal.Result().nodes[0].failures[1].status.ToString(),
               ContainsSubstring("silent"));
    CHECK_THAT(rehearsal, Shows(On("db").Happened(SupervisorEvent::Kind::kHandlerFault).Times(1)));
  }
}

TEST_CASE("slow starts and slow stops take the time that the test says", "[testing][S2][S5]") {
  Rehearsal rehearsal(Shop());
  rehearsal.Behave("db", {.start = 3s, .stop = 2s});
  rehearsal.Behave("api", {.start = 1s, .stop = 5s});
  CHECK(rehearsal.Settle());
  CHECK(rehearsal.now() == 4s);
  rehearsal.Advance(1s);
  rehearsal.RequestStop();
  CHECK(rehearsal.Settle());
  CHECK(rehearsal.now() == 12s);
  CHECK(rehearsal.StateAt("api", 2s) == NodeState::kWaiting);
  CHECK(rehearsal.StateAt("api", 3s) == NodeState::kStarting);
  CHECK(rehearsal.StateAt("api", 4s) == NodeState::kReady);
  CHECK(rehearsal.StateAt("db", 9s) == NodeState::kReady);
  CHECK(rehearsal.StateAt("db", 11s) == NodeState::kStopping);
  CHECK(rehearsal.StateAt("db", 12s) == NodeState::kStopped);
  CHECK(rehearsal.ExitCode() == 0);
}

TEST_CASE("a component ends by itself", "[testing][S19]") {
  std::vector<Node> nodes = Shop();
  nodes[2].on_completion = OnCompletion::kShutdown;
  Rehearsal rehearsal(nodes);
  rehearsal.End("db");
  CHECK(rehearsal.State("db") == NodeState::kCompleted);
  CHECK_FALSE(rehearsal.over());
  rehearsal.End("http");
  CHECK(rehearsal.Result().outcome == Outcome::kCompleted);
}

TEST_CASE("what hangs is abandoned at its stop timeout, or ends the process, as the options say",
          "[testing][S12]") {
  Rehearsal abandoned(Shop());
  abandoned.Hang("api");
  abandoned.RequestStop();
  abandoned.Settle();
  CHECK(abandoned.now() == 10s);
  CHECK(abandoned.State("api") == NodeState::kAbandoned);
  CHECK(abandoned.ExitCode() == kExitLeftBehind);

  Rehearsal aborted(Shop(), {.on_stuck = OnStuck::kAbort});
  aborted.Hang("api");
  aborted.RequestStop();
  aborted.Settle();
  CHECK(aborted.over());
  CHECK(aborted.ExitCode() == kExitAborted);
}

TEST_CASE("signals, stop requests and the options are as in production", "[testing][S11][S13]") {
  Rehearsal delayed(Shop(), {.shutdown_delay = 5s});
  delayed.RequestStop();
  CHECK(delayed.State("http") == NodeState::kReady);
  delayed.Advance(5s);
  CHECK(delayed.over());

  Rehearsal forced(Shop());
  forced.Behave("http", {.stop = 1s});
  forced.Interrupt();
  CHECK_FALSE(forced.over());
  forced.Terminate();
  CHECK(forced.ExitCode() == 128 + 15);
}

TEST_CASE("a spin halt stays until it is ended, and no latch is written", "[testing][S14]") {
  std::vector<Node> nodes = Shop();
  nodes[0].on_error = Always(kSpinHalt);
  Rehearsal rehearsal(nodes, {.spin_halt_latch = "/no/such/directory/halt"});
  rehearsal.Fail("db");
  rehearsal.Settle();
  CHECK_FALSE(rehearsal.over());
  CHECK_THAT(rehearsal, Shows(ServiceEvent(SupervisorEvent::Kind::kSpinHalt).Happened()));
  CHECK_THAT(rehearsal, Shows(ServiceEvent(SupervisorEvent::Kind::kLatchFailed).Never()));
  rehearsal.EndSpinHalt();
  CHECK(rehearsal.ExitCode() == kExitSpinHalt);
}

TEST_CASE("operator commands, also before the run begins", "[testing][S24]") {
  Rehearsal rehearsal(Shop());
  CHECK(rehearsal.StopNode("http").ok());
  rehearsal.Settle();
  CHECK(rehearsal.State("http") == NodeState::kStopped);
  CHECK(rehearsal.StartNode("http").ok());
  CHECK(rehearsal.State("http") == NodeState::kReady);
  CHECK(rehearsal.RestartNode("db").ok());
  CHECK(rehearsal.Result().nodes[0].incarnations == 2);
  CHECK(rehearsal.AddNode({.name = "ui", .dependencies = {"http"}}, {.start = 1s}).ok());
  CHECK(rehearsal.State("ui") == NodeState::kStarting);
  rehearsal.Settle();
  CHECK(rehearsal.State("ui") == NodeState::kReady);
  CHECK(absl::IsFailedPrecondition(rehearsal.RemoveNode("http")));
  CHECK(rehearsal.RemoveNode("ui").ok());
  const absl::Status unknown = rehearsal.StopNode("htp");
  CHECK(absl::IsNotFound(unknown));
  CHECK_THAT(unknown.ToString(), ContainsSubstring("did you mean 'http'?"));
  CHECK_THAT(Complaint([&] { rehearsal.State("ui"); }), ContainsSubstring("removed"));
}

TEST_CASE("a component fails in every way that makes sense at that moment", "[testing][S3]") {
  Rehearsal rehearsal(Shop());
  rehearsal.Behave("db", {.start = 3s});
  rehearsal.Fail("db", FailureKind::kFactory);  // begins the run
  CHECK(rehearsal.State("db") == NodeState::kBackingOff);
  rehearsal.Advance(100ms);
  rehearsal.Fail("db", FailureKind::kStartTimeout);
  rehearsal.Advance(30s);
  CHECK(rehearsal.Result().nodes[0].failures.back().kind == FailureKind::kStartTimeout);
  CHECK(rehearsal.Settle());
  CHECK(rehearsal.State("http") == NodeState::kReady);
}

TEST_CASE("a step is taken at its moment, before anything else happens", "[testing]") {
  Rehearsal rehearsal(Shop());
  NodeState api = NodeState::kWaiting;
  rehearsal.When(On("db").Restarted(), [&](Rehearsal& r) {
    r.Fail("db", FailureKind::kFactory);
    r.When(On("db").Ready().Nth(2), [&](Rehearsal& later) { api = later.State("api"); });
  });
  rehearsal.When(On("db").Became(NodeState::kDeciding), [](Rehearsal& r) { r.Fail("http"); });
  rehearsal.Fail("db");
  CHECK(rehearsal.State("http") == NodeState::kFailed);  // at the same moment as db
  rehearsal.Settle();
  CHECK(rehearsal.Result().nodes[0].failure_count == 2);
  CHECK(rehearsal.Result().nodes[0].incarnations == 3);
  CHECK(api == NodeState::kReady);
}

TEST_CASE("the same calls give the same run", "[testing]") {
  const auto run = [] {
    Rehearsal rehearsal(Shop());
    rehearsal.Behave("db", {.run = 1s, .run_failure = Failure{.status = absl::AbortedError("")}});
    rehearsal.Advance(10s);
    rehearsal.RequestStop();
    rehearsal.Settle();
    std::ostringstream text;
    text << rehearsal;
    return text.str();
  };
  const std::string once = run();
  CHECK_THAT(once, ContainsSubstring("\n  0s        1 db/1: waiting -> starting"));
  CHECK_THAT(once, ContainsSubstring("\n  1s        "));
  CHECK(once == run());
}

TEST_CASE("the journal is one that replays", "[testing][S17]") {
  Rehearsal rehearsal(Shop());
  rehearsal.Fail("db");
  rehearsal.Settle();
  const std::string journal = rehearsal.Journal();
  CHECK_THAT(journal, StartsWith("{\"stemma_journal\":1,"));
  CHECK_THAT(journal, ContainsSubstring("\"failed\""));
}

TEST_CASE("what makes no sense fails the test, which is left", "[testing]") {
  Rehearsal rehearsal(Shop());
  const std::string unknown = "there is no node 'dv'; did you mean 'db'?";
  CHECK(Complaint([&] { rehearsal.State("dv"); }) == unknown);
  CHECK(Complaint([&] { rehearsal.StateAt("dv", 0s); }) == unknown);
  CHECK(Complaint([&] { rehearsal.Behave("dv", {}); }) == unknown);
  CHECK(Complaint([&] { rehearsal.Downtime("dv"); }) == unknown);
  CHECK(Complaint([&] { rehearsal.When(On("dv").Ready(), {}); }) == unknown);
  CHECK(rehearsal.Check(On("dv").Ready().Happened()).why == unknown);
  CHECK_THAT(Complaint([&] { rehearsal.Fail("dv"); }), ContainsSubstring("did you mean 'db'?"));
  CHECK_THAT(Complaint([&] { rehearsal.Hang("dv"); }), ContainsSubstring("did you mean 'db'?"));
  CHECK(Complaint([&] { rehearsal.Fail("db", FailureKind::kStart); }) ==
        "'db' cannot fail (Start) now: it is ready, not starting");
  CHECK(Complaint([&] { rehearsal.When(On("db").Ready(), {}); }) ==
        "it has happened already: db ready");
  rehearsal.Fail("http");
  CHECK(Complaint([&] { rehearsal.End("http"); }) == "no component of 'http' runs: it is failed");
  rehearsal.When(On("db").Restarted(), [](Rehearsal& r) { r.Advance(1s); });
  CHECK_THAT(Complaint([&] {
               rehearsal.Fail("db");
               rehearsal.Settle();
             }),
             ContainsSubstring("within a step"));
  CHECK(rehearsal.Settle());  // it can go on
}

TEST_CASE("what a supervisor would refuse fails the test with all its problems", "[testing][S1]") {
  const std::string complaint = Complaint([] {
    Rehearsal({{.name = "a", .dependencies = {"b"}}, {.name = "c", .stop_timeout = 0s}},
              {.shutdown_deadline = -1s});
  });
  CHECK_THAT(complaint, ContainsSubstring("unknown dependency 'b'") &&
                            ContainsSubstring("stop_timeout") &&
                            ContainsSubstring("shutdown_deadline"));
}

TEST_CASE("what goes on for ever does not settle, or fails the test if it takes no time",
          "[testing]") {
  std::vector<Node> nodes = {{.name = "db", .restart = RestartPolicy::Unlimited()}};
  Behavior crashes = {.run = 1h, .run_failure = Failure{.status = absl::AbortedError("")}};
  Rehearsal slow(nodes);
  slow.Behave("db", crashes);
  CHECK_FALSE(slow.Settle());
  CHECK(slow.now() == 24h);
  crashes.run = 0s;
  nodes[0].restart.initial = nodes[0].restart.max = 0s;
  Rehearsal at_once(nodes);
  at_once.Behave("db", crashes);
  CHECK_THAT(Complaint([&] { at_once.Settle(); }), ContainsSubstring("without an end"));
}

// What happened to the nodes, but for the two states whose order depends on how fast threads are.
std::vector<std::string> Essence(const std::vector<SupervisorEvent>& events) {
  std::vector<std::string> essence;
  for (const SupervisorEvent& event : events) {
    if (event.to == NodeState::kDeciding || event.to == NodeState::kStopping) continue;
    if (event.kind != SupervisorEvent::Kind::kTransition &&
        event.kind != SupervisorEvent::Kind::kAllReady &&
        event.kind != SupervisorEvent::Kind::kStopping) {
      continue;
    }
    essence.push_back(std::to_string(event.monotonic / 1ms) + " ms " + event.node + "/" +
                      std::to_string(event.incarnation) + " " + std::string(ToString(event.kind)) +
                      " " + std::string(ToString(event.to)) + " because " +
                      std::to_string(static_cast<int>(event.cause.kind)));
  }
  return essence;
}

TEST_CASE("what happens in a rehearsal is what happens in the supervisor", "[testing]") {
  const RestartPolicy steady = {.initial = 3s, .jitter = 0};
  ScriptedComponent db("db"), api("api"), http("http");
  std::vector<Node> nodes = {db.node(), api.node({"db"}), http.node({"api"})};
  nodes[0].restart = steady;
  nodes[1].on_dependency_restart = OnDependencyRestart::kRestart;
  nodes[2].on_error = Always(kStop);

  ServiceUnderTest service(nodes);
  service.RequireReady();
  db.Throw(absl::UnavailableError("no disk"));
  service.RequireState("db", NodeState::kBackingOff);
  service.clock().Advance(3s);
  service.events().RequireSeen(On("api").Ready().Nth(2));
  http.Throw(absl::UnavailableError("no port"));
  service.RequireState("http", NodeState::kFailed);
  service.Stop();

  Rehearsal rehearsal(nodes);
  rehearsal.Fail("db");
  rehearsal.Advance(3s);
  rehearsal.Fail("http");
  rehearsal.RequestStop();
  rehearsal.Settle();
  CHECK(Essence(rehearsal.events()) == Essence(service.events().events()));
  CHECK(rehearsal.events().back().text == service.events().events().back().text);
}

}  // namespace
}  // namespace stemma
