// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/stop_order.h"

#include <chrono>
#include <string>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "stemma/testing/rehearsal.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

std::vector<Node> Chain() {
  return {{.name = "log", .on_error = Always(ErrorHandlingBehavior::kStop)},
          {.name = "db", .dependencies = {"log"}},
          {.name = "http", .dependencies = {"db"}}};
}

std::string Why(const Rehearsal& rehearsal, const EventClaim& claim) {
  const EventClaim::Finding finding = rehearsal.Check(claim);
  return finding.holds ? "" : finding.why;
}

TEST_CASE("the order of a stop is the one of the last ends", "[testing]") {
  Rehearsal rehearsal(Chain());
  rehearsal.Behave("db", {.stop = 2s});
  rehearsal.Fail("db");  // its first end, which is not its last
  rehearsal.Settle();
  CHECK(rehearsal.StopOrder().empty());
  rehearsal.RequestStop();
  rehearsal.Settle();
  CHECK(rehearsal.StopOrder() == Names{"http", "db", "log"});
  CHECK(Why(rehearsal, LastToStop("log")) == "");
  CHECK(Why(rehearsal, StopInOrder({"http", "log"})) == "");
  CHECK(LastToStop("log").description() == "log is the last to stop");
  CHECK(StopInOrder({"http", "log"}).description() == "http, then log stop");
}

TEST_CASE("the claims tell what ends too early", "[testing]") {
  std::vector<Node> nodes = Chain();
  nodes[1].dependencies.clear();  // nothing makes the log wait
  Rehearsal rehearsal(nodes);
  rehearsal.Behave("db", {.stop = 2s});
  rehearsal.RequestStop();
  rehearsal.Settle();
  CHECK(Why(rehearsal, LastToStop("log")) == "log ended at 0s, and only then http ended at 0s");
  CHECK(Why(rehearsal, StopInOrder({"db", "log"})) ==
        "log ended at 0s, and only then db ended at 2s");
}

TEST_CASE("what was abandoned, or never ran, has not stopped", "[testing]") {
  Rehearsal rehearsal(Chain());
  rehearsal.When(On("http").Started(), [](Rehearsal& r) { r.Hang("http"); });
  rehearsal.RequestStop();
  rehearsal.Settle();
  CHECK(rehearsal.StopOrder() == Names{"db", "log"});
  CHECK(Why(rehearsal, LastToStop("log")) == "");
  CHECK(Why(rehearsal, LastToStop("http")) == "");

  Rehearsal stillborn(Chain());
  stillborn.When(On("log").Started(), [](Rehearsal& r) { r.Fail("log"); });
  stillborn.Settle();
  CHECK(stillborn.StopOrder() == Names{"log"});
}

}  // namespace
}  // namespace stemma
