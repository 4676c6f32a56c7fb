// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/every_failure.h"

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "stemma/supervisor/supervisor_component.h"
#include "stemma/testing/internal/caught_failures.h"
#include "stemma/testing/outages.h"
#include "stemma/testing/rehearsal.h"
#include "stemma/testing/stop_order.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using internal::CaughtFailures;
using Lines = std::vector<std::string>;

constexpr auto kStop = ErrorHandlingBehavior::kStop;
constexpr auto kShutdown = ErrorHandlingBehavior::kShutdown;

// Everything that fails comes back, within its limits.
std::vector<Node> Shop() {
  return {{.name = "audit_log"},
          {.name = "db", .dependencies = {"audit_log"}},
          {.name = "http", .dependencies = {"db", "audit_log"}}};
}

// Everything that failed in any of the runs: "http Thrown".
std::set<std::string> Failures(const Rehearsal& rehearsal, const WhatMayFail& what = {}) {
  std::set<std::string> failures;
  const auto look = [&](const Rehearsal& run) {
    for (const NodeReport& node : run.Result().nodes) {
      for (const Failure& failure : node.failures) {
        failures.insert(node.name + " " + std::string(ToString(failure.kind)));
      }
      if (node.state == NodeState::kAbandoned) failures.insert(node.name + " hangs");
    }
    return true;
  };
  rehearsal.ForEverySingleFailure(look, what);
  return failures;
}

TEST_CASE("a claim that holds of every single failure is said to hold, of so many runs",
          "[testing]") {
  const Rehearsal rehearsal(Shop());
  const ClaimReport report = rehearsal.TryEverySingleFailure(LastToStop("audit_log"));
  CHECK(report.holds());
  // None; and for each node: factory, thrown and timeout as it starts, thrown when it is ready,
  // when all are and while it stops, and a stop that hangs.
  CHECK(report.runs == 1 + 3 * 7);
  CHECK(report.ToString() == "\"audit_log is the last to stop\" holds of all 22 runs");
  rehearsal.ForEverySingleFailure(LastToStop("audit_log"));
  rehearsal.ForEverySingleFailure(OutageAtMost("http", 10s));
}

TEST_CASE("the shortest run that breaks a claim is reported, and can be repeated", "[testing]") {
  std::vector<Node> nodes = Shop();
  nodes[2].dependencies = {"db"};
  nodes[1].dependencies.clear();  // nobody told db that it needs the log
  nodes[0].on_error = Always(kStop);
  nodes[1].on_error = Always(kShutdown);
  Rehearsal rehearsal(nodes);
  rehearsal.Behave("http", {.stop = 2s});
  const RehearsalClaim claim = [](const Rehearsal& run) {
    return run.Result().outcome <= Outcome::kStopRequested;
  };
  const ClaimReport report = rehearsal.TryEverySingleFailure(claim);
  CHECK_FALSE(report.holds());
  CHECK(report.broken > 1);
  CHECK(report.scenario == "db fails (Factory) at 0s, as it starts");
  CHECK(report.replay ==
        Lines{"rehearsal.When(On(\"db\").Started(), [](Rehearsal& r) { r.Fail(\"db\", "
              "FailureKind::kFactory); });",
              "rehearsal.Settle();", "rehearsal.RequestStop();", "rehearsal.Settle();"});

  rehearsal.When(On("db").Started(), [](Rehearsal& r) { r.Fail("db", FailureKind::kFactory); });
  rehearsal.Settle();
  rehearsal.RequestStop();
  rehearsal.Settle();
  CHECK_FALSE(claim.CheckOn(rehearsal).holds);
  CHECK(DescribeWithTimes(rehearsal.events()) == DescribeWithTimes(report.events));
}

TEST_CASE("a claim that is broken fails the test, and tells everything", "[testing]") {
  std::vector<Node> nodes = Shop();
  nodes[0].on_error = Always(kStop);
  nodes[1].on_dependency_restart = OnDependencyRestart::kRestart;
  Rehearsal rehearsal(nodes);
  rehearsal.Behave("http", {.start = 4s});
  rehearsal.Behave("db", {.start = 20s});
  const CaughtFailures caught;
  rehearsal.ForEverySingleFailure(OutageAtMost("db", 10s), {.nodes = {"db", "http"}});
  REQUIRE(caught.all().size() == 1);
  CHECK_FALSE(caught.all()[0].fatal);
  const std::string message = caught.all()[0].message;
  CHECK_THAT(message, ContainsSubstring("\"no outage of db is longer than 10s\" does not hold of"));
  CHECK_THAT(message, ContainsSubstring("\n  db fails (Thrown) at 20s, when it is ready\n"
                                        "  -> db is out for 20.091s, from 20s to 40.091s\n"));
  CHECK_THAT(message, ContainsSubstring("\nIt happens again with\n  rehearsal.When("));
  CHECK_THAT(message, ContainsSubstring("\nWhat happened:\n  0s        1 audit_log/1: waiting -> "
                                        "starting\n"));
}

TEST_CASE("what one failure does not break, two may", "[testing]") {
  const Rehearsal rehearsal({{.name = "audit_log", .restart = {.max_restarts = 1}}});
  const RehearsalClaim stays = [](const Rehearsal& run) {
    return run.Result().outcome != Outcome::kShutdown;
  };
  const WhatMayFail only_failures = {.hangs = false};
  CHECK(rehearsal.TryEverySingleFailure(stays, only_failures).holds());
  const ClaimReport report = rehearsal.TryEveryPairOfFailures(stays, only_failures);
  CHECK_FALSE(report.holds());
  CHECK(report.scenario ==
        "audit_log fails (Factory) at 0s, as it starts, then audit_log fails (Factory) at 82ms, as "
        "it "
        "starts again");
}

TEST_CASE("two failures happen at once, one during the other, and one after the other",
          "[testing]") {
  const Rehearsal rehearsal({{.name = "db"}, {.name = "http", .dependencies = {"db"}}});
  int at_once = 0, during = 0, after = 0, again = 0;
  const ClaimReport report = rehearsal.TryEveryPairOfFailures(
      [&](const Rehearsal& run) {
        std::vector<const SupervisorEvent*> failures;
        for (const SupervisorEvent& event : run.events()) {
          if (event.kind == SupervisorEvent::Kind::kFailure) failures.push_back(&event);
        }
        if (failures.size() != 2) return true;
        const SupervisorEvent &first = *failures[0], &second = *failures[1];
        if (first.node == second.node) {
          ++again;
        } else if (second.number - first.number <= 2) {
          ++at_once;
        } else {
          bool first_is_back = false;
          for (const SupervisorEvent& event : run.events()) {
            first_is_back |= event.node == first.node && event.to == NodeState::kReady &&
                             event.number > first.number && event.number < second.number;
          }
          ++(first_is_back ? after : during);
        }
        return true;
      },
      {.hangs = false});
  CHECK(report.holds());
  CHECK(report.runs > 100);
  CHECK(at_once > 0);
  CHECK(during > 0);
  CHECK(after > 0);
  CHECK(again > 0);
}

TEST_CASE("a node fails in every way that it can", "[testing]") {
  Node plain = {.name = "db", .on_error = Always(kStop), .start_timeout = kNoTimeout};
  CHECK(Failures(Rehearsal({plain})) ==
        std::set<std::string>{"db Factory", "db Thrown", "db hangs"});

  Node looks = {.name = "db", .watchdog = 1s};
  looks.on_error = [](const Failure&) { return kStop; };
  CHECK(Failures(Rehearsal({looks}), {.hangs = false}) ==
        std::set<std::string>{"db Factory", "db Thrown", "db Start", "db Exception",
                              "db EndedBeforeReady", "db StartTimeout", "db Watchdog"});

  const Node nested = SupervisorNode(
      "part", {{.name = "db", .factory = [] { return absl::UnimplementedError(""); }}});
  CHECK(Failures(Rehearsal({nested})).contains("part NestedShutdown"));
  CHECK(Failures(Rehearsal({nested})).contains("part NestedSpinHalt"));
}

TEST_CASE("a handler that looks at the error sees each of them", "[testing]") {
  std::vector<Node> nodes = Shop();
  nodes[1].on_error = [](const Failure& failure) {
    return absl::IsDataLoss(failure.status) ? ErrorHandlingBehavior::kSpinHalt
                                            : ErrorHandlingBehavior::kRestart;
  };
  const Rehearsal rehearsal(nodes);
  const RehearsalClaim never_halts("the service never halts", [](const Rehearsal& run) {
    return run.Result().outcome != Outcome::kSpinHalt;
  });
  CHECK(rehearsal.TryEverySingleFailure(never_halts).holds());
  const ClaimReport report = rehearsal.TryEverySingleFailure(
      never_halts,
      {.errors = {absl::UnavailableError("no disk"), absl::DataLossError("\"torn\"")}});
  CHECK(report.claim == "the service never halts");
  CHECK_THAT(report.scenario, ContainsSubstring("db fails (Factory, DATA_LOSS: \"torn\")"));
  CHECK_THAT(report.replay[0], ContainsSubstring("absl::DataLossError(\"\\\"torn\\\"\")"));
}

TEST_CASE("what hangs counts, unless it may not", "[testing]") {
  const Rehearsal rehearsal(Shop());
  const RehearsalClaim clean = [](const Rehearsal& run) {
    return run.ExitCode() != kExitLeftBehind;
  };
  CHECK(rehearsal.TryEverySingleFailure(clean, {.hangs = false}).holds());
  const ClaimReport report = rehearsal.TryEverySingleFailure(clean);
  CHECK(report.broken == 3);
  CHECK(report.scenario == "http hangs at 0s, while it stops");
  CHECK(report.replay[0] ==
        "rehearsal.When(On(\"http\").AskedToStop(), [](Rehearsal& r) { r.Hang(\"http\"); });");
}

TEST_CASE("the course of the run is the test's, and what Behave and When say goes for all runs",
          "[testing]") {
  Rehearsal rehearsal(Shop());
  rehearsal.Behave("db", {.start = 1s});
  int restarts = 0;
  rehearsal.When(On("db").Restarted(), [&](Rehearsal&) { ++restarts; });
  int runs = 0;
  const auto course = [](Rehearsal& run) {
    run.Settle();
    run.Fail("http");  // which may be down
    run.RestartNode("db").IgnoreError();
    run.Settle();
  };
  const ClaimReport report = rehearsal.TryEverySingleFailure(
      [&](const Rehearsal& run) {
        ++runs;
        return run.now() >= 2s;
      },
      {.nodes = {"http"}, .course = course});
  CHECK(report.holds());
  CHECK(report.runs == runs);
  CHECK(restarts == runs + 2);  // with those that tell which moments there are
  CHECK(rehearsal.State("db") == NodeState::kWaiting);  // it has not begun itself
}

TEST_CASE("a claim that is broken without a failure, and a run without an end, are found",
          "[testing]") {
  Rehearsal rehearsal(Shop());
  ClaimReport report = rehearsal.TryEveryPairOfFailures(LastToStop("http"));
  CHECK(report.runs == 1);
  CHECK(report.scenario == "nothing fails");
  CHECK(report.why == "http ended at 0s, and only then db ended at 0s");
  report = rehearsal.TryEverySingleFailure(LastToStop("htp"));
  CHECK(report.why == "there is no node 'htp'; did you mean 'http'?");

  std::vector<Node> nodes = Shop();
  nodes[1].restart = RestartPolicy::Unlimited();
  nodes[1].restart.initial = nodes[1].restart.max = 0s;
  Rehearsal endless(nodes);
  endless.When(On("db").Restarted(), [](Rehearsal& r) {
    r.Behave("db", {.run = 0s, .run_failure = Failure{.status = absl::AbortedError("")}});
  });
  report = endless.TryEverySingleFailure([](const Rehearsal&) { return true; });
  CHECK_FALSE(report.holds());
  CHECK_THAT(report.why, ContainsSubstring("without an end"));
}

TEST_CASE("what cannot be tried fails the test", "[testing]") {
  const auto complaint = [](const Rehearsal& rehearsal, const WhatMayFail& what) {
    const CaughtFailures caught;
    REQUIRE(CaughtFailures::Leaves(
        [&] { rehearsal.ForEverySingleFailure(LastToStop("audit_log"), what); }));
    return caught.all().front().message;
  };
  Rehearsal rehearsal(Shop());
  CHECK(complaint(rehearsal, {.nodes = {"htp"}}) == "there is no node 'htp'; did you mean 'http'?");
  CHECK_THAT(complaint(rehearsal, {.errors = {}}), ContainsSubstring("no error"));
  CHECK_THAT(complaint(rehearsal, {.errors = {absl::OkStatus()}}), ContainsSubstring("OK"));
  rehearsal.Settle();
  CHECK_THAT(complaint(rehearsal, {}), ContainsSubstring("has begun"));
}

}  // namespace
}  // namespace stemma
