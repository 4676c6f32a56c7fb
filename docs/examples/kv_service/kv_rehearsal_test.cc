// SPDX-License-Identifier: Apache-2.0
// The service's failure policy, tried on every failure: its graph, its handlers and its limits are
// those that run, its components are not. docs/testing.md tells of it.
#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "docs/examples/kv_service/kv_nodes.h"
#include "docs/examples/kv_service/wiring.h"
#include "stemma/testing/outages.h"
#include "stemma/testing/rehearsal.h"
#include "stemma/testing/stop_order.h"

namespace kv {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::StartsWith;
using stemma::Always;
using stemma::ClaimReport;
using stemma::ErrorHandlingBehavior;
using stemma::EveryNodeReady;
using stemma::FailureKind;
using stemma::Node;
using stemma::OutageAtMost;
using stemma::Rehearsal;
using stemma::RehearsalClaim;
using stemma::StopInOrder;
using stemma::WhatMayFail;

std::vector<Node> Nodes() { return KvNodes(std::make_shared<Wiring>(Settings(), nullptr)); }

Node& NodeNamed(std::string_view name, std::vector<Node>& nodes) {
  return *std::find_if(nodes.begin(), nodes.end(),
                       [&](const Node& node) { return node.name == name; });
}

// All but the settings: without those the service is to end.
WhatMayFail AllButConfig() {
  return {.nodes = {"log", "store", "expirer", "sessions", "listener", "stats"}};
}

TEST_CASE("no failure keeps clients out for longer than a second, however long the log is",
          "[kv]") {
  Rehearsal rehearsal(Nodes());
  rehearsal.Behave("log", {.start = 30s});
  rehearsal.ForEverySingleFailure(OutageAtMost("sessions", 1s), AllButConfig());
  rehearsal.ForEverySingleFailure(OutageAtMost("listener", 1s), AllButConfig());
}

TEST_CASE("sessions that began anew with the store would keep them out for as long", "[kv]") {
  std::vector<Node> nodes = Nodes();
  NodeNamed("sessions", nodes).on_dependency_restart = stemma::OnDependencyRestart::kRestart;
  Rehearsal rehearsal(nodes);
  rehearsal.Behave("log", {.start = 30s});
  const ClaimReport report =
      rehearsal.TryEverySingleFailure(OutageAtMost("sessions", 1s), AllButConfig());
  CHECK_THAT("\n" + report.ToString(), StartsWith(R"(
"no outage of sessions is longer than 1s" does not hold of 2 of 77 runs; this is the shortest of them:
  log fails (Thrown) at 30s, when all are ready
  -> sessions is out for 30.091s, from 30s to 1m0.091s
It happens again with
  rehearsal.When(EveryNodeReady(), [](Rehearsal& r) { r.Fail("log", FailureKind::kThrown); });
  rehearsal.Settle();
  rehearsal.RequestStop();
  rehearsal.Settle();
What happened:
  0s        1 config/1: waiting -> starting
  0s        2 config/1: starting -> ready
  0s        3 log/2: waiting -> starting
  30s       4 log/2: starting -> ready
)"));

  rehearsal.When(EveryNodeReady(), [](Rehearsal& r) { r.Fail("log", FailureKind::kThrown); });
  rehearsal.Settle();
  rehearsal.RequestStop();
  rehearsal.Settle();
  CHECK(rehearsal.LongestOutage("sessions") > 30s);
}

TEST_CASE("what was written is on the disk: the log ends after the store", "[kv]") {
  Rehearsal(Nodes()).ForEveryPairOfFailures(StopInOrder({"store", "log"}),
                                            {.nodes = {"config", "log", "store"}, .hangs = false});
}

// Damaged data is for people to look at: nothing may go on with it, nor start again by itself.
RehearsalClaim DamageHalts() {
  return {"damaged data halts the service", [](const Rehearsal& run) {
            for (const stemma::SupervisorEvent& event : run.events()) {
              const bool damage = event.kind == stemma::SupervisorEvent::Kind::kFailure &&
                                  event.text.find("DATA_LOSS") != std::string::npos;
              if (damage) return run.ExitCode() == stemma::kExitSpinHalt;
            }
            return true;
          }};
}
WhatMayFail Disk() {
  return {.nodes = {"log", "store"},
          .errors = {absl::DataLossError("damaged"), absl::UnavailableError("no disk")}};
}

TEST_CASE("damaged data halts the service, whatever was going on", "[kv][S14]") {
  Rehearsal(Nodes()).ForEverySingleFailure(DamageHalts(), Disk());
}

TEST_CASE("a store that restarts whatever happens would go on with damaged data", "[kv]") {
  std::vector<Node> nodes = Nodes();
  NodeNamed("store", nodes).on_error = Always(ErrorHandlingBehavior::kRestart);
  const ClaimReport report = Rehearsal(nodes).TryEverySingleFailure(DamageHalts(), Disk());
  CHECK(report.broken == 5);
  CHECK(report.scenario == "store fails (Thrown, DATA_LOSS: damaged) at 0s, while it stops");
}

}  // namespace
}  // namespace kv
