// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/service_under_test.h"

#include <chrono>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "stemma/testing/internal/caught_failures.h"
#include "stemma/testing/scripted_component.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using internal::CaughtFailures;

TEST_CASE("a service runs from its construction until it is stopped", "[testing]") {
  ScriptedComponent db("db");
  ServiceUnderTest service({db.node()});
  service.RequireReady();
  CHECK(service.supervisor().GetSnapshot().ready);
  const RunResult result = service.Stop();
  CHECK(result.outcome == Outcome::kStopRequested);
  CHECK(service.events().events().back().kind == SupervisorEvent::Kind::kEnded);
  CHECK(service.RequireEnd().outcome == Outcome::kStopRequested);  // any number of times
}

TEST_CASE("its time passes when the test says so", "[testing]") {
  ScriptedComponent db("db", {.work = {}});
  Node node = db.node();
  node.start_timeout = 1h;
  node.on_error = Always(ErrorHandlingBehavior::kStop);
  ServiceUnderTest service({node});
  service.RequireState("db", NodeState::kStarting);
  service.clock().Advance(1h);
  const RunResult result = service.RequireEnd();
  CHECK(result.nodes[0].failures.at(0).kind == FailureKind::kStartTimeout);
}

TEST_CASE("a service that ends by itself is waited for", "[testing]") {
  ScriptedComponent db("db");
  ServiceUnderTest service({db.node()});
  db.End();
  CHECK(service.RequireEnd().outcome == Outcome::kCompleted);
}

TEST_CASE("a graph that is refused fails the test with all that is wrong", "[testing]") {
  const CaughtFailures caught;
  ScriptedComponent db("db");
  CHECK(CaughtFailures::Leaves([&] { ServiceUnderTest service({db.node({"dbb"})}); }));
  CHECK_THAT(caught.all().at(0).message, ContainsSubstring("dbb"));
}

TEST_CASE("its end stops what runs, lets go what hangs, and ends a spin halt", "[testing]") {
  ScriptedComponent db("db"), api("api");
  {
    ServiceUnderTest service({db.node(), api.node({"db"})}, {.shutdown_delay = 5min});
    service.RequireReady();
    api.Hang();
  }
  CHECK(api.destroyed() == 1);
  CHECK(db.destroyed() == 1);

  ScriptedComponent halting("halting", {.stop = {Step::Hang()}});
  Node node = halting.node();
  node.on_error = Always(ErrorHandlingBehavior::kSpinHalt);
  {
    ServiceUnderTest service({node}, {.shutdown_delay = 5min});
    halting.Throw(absl::DataLossError("bad page"));
    service.events().RequireSeen(ServiceEvent(SupervisorEvent::Kind::kSpinHalt));
  }
  CHECK(halting.destroyed() == 1);
}

TEST_CASE("a stop lets the shutdown delay pass", "[testing]") {
  ScriptedComponent db("db");
  ServiceUnderTest service({db.node()}, {.shutdown_delay = 5min});
  service.RequireReady();
  CHECK(service.Stop().outcome == Outcome::kStopRequested);
  CHECK(db.stop_reason().kind == StopReason::Kind::kRequested);
}

TEST_CASE("a wait that gives up lets go what hangs, so that the test can be left", "[testing]") {
  const CaughtFailures caught;
  ScriptedComponent db("db");
  const bool left = CaughtFailures::Leaves([&] {
    ServiceUnderTest service({db.node()}, {.on_stuck = OnStuck::kWait});
    service.RequireReady();
    db.Hang();
    service.supervisor().RequestStop();
    service.events().RequireSeen(On("db").Stopped(), 1ns);
  });
  CHECK(left);
  CHECK(db.destroyed() == 1);
  CHECK_THAT(caught.all().at(0).message, ContainsSubstring("component \"db\": launched 1"));
}

}  // namespace
}  // namespace stemma
