// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>

#include "catch2/catch_test_macros.hpp"
#include "docs/examples/testing/flusher.h"
#include "stemma/testing/catch2/event_matchers.h"
#include "stemma/testing/failure_injection.h"
#include "stemma/testing/mock_signaler_context.h"
#include "stemma/testing/outages.h"
#include "stemma/testing/rehearsal.h"
#include "stemma/testing/require_set.h"
#include "stemma/testing/scripted_component.h"
#include "stemma/testing/service_under_test.h"
#include "stemma/testing/stop_order.h"

namespace flusher {
namespace {

using namespace std::chrono_literals;
using namespace stemma;
using stemma::catch2::Shows;

TEST_CASE("a full disk fails the flusher") {
  MockSignalerContext mock;
  mock.ExpectFailure(absl::StatusCode::kResourceExhausted, "disk");
  const auto flusher = *Flusher([] { return absl::ResourceExhaustedError("disk full"); })();
  REQUIRE(flusher->Start(mock.context()).ok());
  RequireSet(flusher->Done(), "the flusher has ended");
}

TEST_CASE("the flusher comes back when there is room again") {
  std::atomic<bool> full = true;
  const auto flush = [&] {
    return full ? absl::ResourceExhaustedError("disk full") : absl::OkStatus();
  };
  ScriptedComponent db("db");
  ServiceUnderTest service(
      {db.node(), {.name = "flusher", .dependencies = {"db"}, .factory = Flusher(flush)}});
  service.RequireState("flusher", NodeState::kBackingOff);
  full = false;
  service.clock().Advance(1s);  // more than the backoff
  service.RequireState("flusher", NodeState::kReady);
  CHECK_THAT(service.events(), Shows(On("flusher").Restarted().Times(1)));
  CHECK(service.Stop().ExitCode() == 0);
}

TEST_CASE("the flusher does without the database while that is restarted") {
  ScriptedComponent db("db");
  const auto flush = [] { return absl::OkStatus(); };
  ServiceUnderTest service(
      {db.node(), {.name = "flusher", .dependencies = {"db"}, .factory = Flusher(flush)}});
  service.RequireReady();
  db.Throw(absl::UnavailableError("no server"));
  service.RequireState("db", NodeState::kBackingOff);
  service.clock().Advance(1s);
  db.RequireStarted(2);
  service.Stop();
  CHECK_THAT(service.events(), Shows(On("flusher").Restarted().Never()));
  CHECK_THAT(service.events(), Shows(On("db").Stopped().After(On("flusher").Stopped())));
}

TEST_CASE("a flusher that fails as it stops does not hold up the database") {
  ScriptedComponent db("db");
  const ComponentFactory real = Flusher([] { return absl::OkStatus(); });
  Node node = {.name = "flusher", .dependencies = {"db"}};
  node.factory = InjectFailure(real, {.point = FailurePoint::kOnStop});
  ServiceUnderTest service({db.node(), node});
  service.RequireReady();
  CHECK(service.Stop().ExitCode() == 0);
  CHECK_THAT(service.events(), Shows(On("db").Stopped().After(On("flusher").Failed())));
}

std::vector<Node> Shop() {
  return {
      {.name = "audit_log"},
      {.name = "db", .dependencies = {"audit_log"}},
      {.name = "http", .dependencies = {"db"}, .restart = {.initial = 10ms}},
  };
}

TEST_CASE("a database that fails is back within five minutes") {
  Rehearsal rehearsal(Shop());
  rehearsal.Behave("db", {.start = 20s});
  rehearsal.Settle();
  rehearsal.Fail("db", FailureKind::kThrown);
  CHECK(rehearsal.State("db") == NodeState::kBackingOff);
  CHECK(rehearsal.State("http") == NodeState::kReady);
  rehearsal.Advance(5min);
  CHECK(rehearsal.State("db") == NodeState::kReady);
  CHECK(rehearsal.LongestOutage("db") < 21s);
}

TEST_CASE("a database that fails once more as it starts again comes back all the same") {
  Rehearsal rehearsal(Shop());
  rehearsal.When(On("db").Restarted(), [](Rehearsal& r) { r.Fail("db", FailureKind::kFactory); });
  rehearsal.Fail("db", absl::DataLossError("bad page"));
  rehearsal.Settle();
  CHECK(rehearsal.Result().nodes[1].failure_count == 2);
  CHECK(rehearsal.State("db") == NodeState::kReady);
}

TEST_CASE("what holds whatever fails") {
  Rehearsal rehearsal(Shop());
  rehearsal.ForEverySingleFailure(LastToStop("audit_log"));
  rehearsal.ForEverySingleFailure(OutageAtMost("http", 10s));
  rehearsal.ForEveryPairOfFailures([](const Rehearsal& run) { return run.ExitCode() != 70; },
                                   {.hangs = false});
}

}  // namespace
}  // namespace flusher
