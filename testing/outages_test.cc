// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/outages.h"

#include <chrono>
#include <string>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "stemma/testing/rehearsal.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;

// Comes back after 3 s.
Node Db() { return {.name = "db", .restart = {.initial = 3s, .max = 3s, .jitter = 0}}; }

std::string Why(const Rehearsal& rehearsal, const EventClaim& claim) {
  const EventClaim::Finding finding = rehearsal.Check(claim);
  return finding.holds ? "" : finding.why;
}

TEST_CASE("an outage lasts from a failure until the node is ready again", "[testing]") {
  Rehearsal rehearsal({Db()});
  rehearsal.Behave("db", {.start = 2s});
  rehearsal.Settle();
  CHECK(rehearsal.Outages("db").empty());  // it was only coming up
  rehearsal.Fail("db");
  rehearsal.Settle();
  rehearsal.Advance(10s);
  rehearsal.Fail("db");
  rehearsal.Settle();
  CHECK(rehearsal.Outages("db") ==
        std::vector<Outage>{{.begin = 2s, .end = 7s}, {.begin = 17s, .end = 22s}});
  CHECK(rehearsal.Downtime("db") == 10s);
  CHECK(rehearsal.LongestOutage("db") == 5s);
  CHECK(Why(rehearsal, OutageAtMost("db", 5s)) == "");
  CHECK(Why(rehearsal, OutageAtMost("db", 4s)) == "db is out for 5s, from 2s to 7s");
  CHECK(Why(rehearsal, ComesBack("db")) == "");
}

TEST_CASE("an outage that is not over is counted up to now", "[testing]") {
  Rehearsal rehearsal({Db()});
  rehearsal.Fail("db");
  rehearsal.Advance(2s);
  CHECK(rehearsal.LongestOutage("db") == 2s);
  rehearsal.RequestStop();
  CHECK(rehearsal.Outages("db") == std::vector<Outage>{{.begin = 0s, .end = 2s}});
}

TEST_CASE("what is down for good is out for ever", "[testing]") {
  Node db = Db();
  SECTION("by its own failure, and what depends on it") {
    db.on_error = Always(ErrorHandlingBehavior::kStop);
    Rehearsal rehearsal({db, {.name = "api", .dependencies = {"db"}}});
    rehearsal.Settle();
    rehearsal.Advance(1s);
    rehearsal.Fail("db");
    rehearsal.Advance(1s);
    rehearsal.RequestStop();
    CHECK(rehearsal.Outages("api") == std::vector<Outage>{{.begin = 1s, .end = kNever}});
    CHECK(rehearsal.Downtime("api") == kNever);
    CHECK(Why(rehearsal, ComesBack("api")) == "api is out from 1s on, and does not come back");
  }
  SECTION("by a shutdown") {
    db.on_error = Always(ErrorHandlingBehavior::kShutdown);
    Rehearsal rehearsal({db, {.name = "other"}});
    rehearsal.Fail("db");
    CHECK(rehearsal.LongestOutage("other") == kNever);
  }
  SECTION("when it never came up") {
    db.on_error = Always(ErrorHandlingBehavior::kStop);
    Rehearsal rehearsal({db});
    rehearsal.Behave("db", {.start = kNever});
    rehearsal.Settle();
    CHECK(rehearsal.Outages("db") == std::vector<Outage>{{.begin = 30s, .end = kNever}});
  }
  SECTION("until an operator brings it back") {
    Rehearsal rehearsal({db});
    rehearsal.Settle();
    REQUIRE(rehearsal.StopNode("db").ok());
    rehearsal.Advance(1h);
    CHECK(rehearsal.LongestOutage("db") == kNever);
    REQUIRE(rehearsal.StartNode("db").ok());
    CHECK(rehearsal.LongestOutage("db") == 1h);
  }
}

TEST_CASE("a stop that was asked for is no outage, nor is an end that is meant to be",
          "[testing]") {
  Node job = {.name = "job"};
  Rehearsal stopped({Db(), job}, {.shutdown_delay = 1s});
  stopped.Settle();
  stopped.End("job");
  stopped.Interrupt();
  stopped.Settle();
  CHECK(stopped.over());
  CHECK(stopped.Outages("db").empty());
  CHECK(stopped.Outages("job").empty());

  job.on_completion = OnCompletion::kShutdown;
  Rehearsal completed({Db(), job});
  completed.End("job");
  CHECK(completed.over());
  CHECK(completed.Outages("db").empty());

  Rehearsal removed({Db(), job});
  removed.Settle();
  REQUIRE(removed.RemoveNode("db").ok());
  CHECK(removed.LongestOutage("db") == 0s);
}

}  // namespace
}  // namespace stemma
