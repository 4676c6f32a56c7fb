// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/event_recorder.h"

#include <chrono>
#include <sstream>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "stemma/testing/internal/caught_failures.h"
#include "stemma/testing/scripted_component.h"
#include "stemma/testing/service_under_test.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using internal::CaughtFailures;

TEST_CASE("a recorder has all events once Run has returned, and may outlive the supervisor",
          "[testing]") {
  ScriptedComponent db("db");
  auto supervisor = *Supervisor::Create({db.node()});
  const EventRecorder recorder(*supervisor);
  supervisor->RequestStop();
  supervisor->Run();
  supervisor.reset();
  const auto events = recorder.events();
  REQUIRE_FALSE(events.empty());
  CHECK(events.back().kind == SupervisorEvent::Kind::kEnded);
  for (std::size_t i = 0; i < events.size(); ++i) CHECK(events[i].number == i + 1);
}

TEST_CASE("a wait for an event returns it, also when it is long past", "[testing]") {
  ScriptedComponent db("db");
  ServiceUnderTest service({db.node()});
  const SupervisorEvent ready = service.events().RequireSeen(On("db").Ready());
  CHECK(ready.to == NodeState::kReady);
  db.Throw(absl::DataLossError("bad page"));
  service.RequireState("db", NodeState::kBackingOff);
  service.clock().Advance(1min);
  const SupervisorEvent again = service.events().RequireSeen(On("db").Ready().Nth(2));
  CHECK(again.incarnation > ready.incarnation);
  CHECK(service.events().RequireSeen(On("db").Ready()).number == ready.number);
  CHECK(service.events().AwaitSeen(On("db").Failed()));
  CHECK_FALSE(service.events().AwaitSeen(On("db").FailedForGood(), 1ns));
}

TEST_CASE("a wait for a state is content with the one that is, and not with one that was",
          "[testing]") {
  const CaughtFailures caught;
  ScriptedComponent db("db");
  ServiceUnderTest service({db.node()});
  service.events().RequireState("db", NodeState::kReady);
  service.events().RequireState("db", NodeState::kReady);
  CHECK(CaughtFailures::Leaves(
      [&] { service.events().RequireState("db", NodeState::kStarting, 1ns); }));
  CHECK_THAT(caught.all().at(0).message, ContainsSubstring("waited 1ns in vain: 'db' is starting"));
  CHECK_THAT(caught.all().at(0).message, ContainsSubstring("starting -> ready"));
}

TEST_CASE("a wait for an event that cannot come any more gives up at once", "[testing]") {
  const CaughtFailures caught;
  ScriptedComponent db("db");
  ServiceUnderTest service({db.node()});
  service.RequireReady();
  service.Stop();
  CHECK(CaughtFailures::Leaves([&] { service.events().RequireSeen(On("db").Failed(), 1000h); }));
  CHECK_THAT(caught.all().at(0).message,
             ContainsSubstring("waited in vain: db failure (the run is over)"));
  CHECK(CaughtFailures::Leaves([&] { service.RequireState("db", NodeState::kReady); }));
}

TEST_CASE("a wait for ready gives up at once when start-up has failed", "[testing]") {
  const CaughtFailures caught;
  ScriptedComponent db("db", {.start = {Step::Error(absl::NotFoundError("no disk"))}});
  ScriptedComponent other("other");
  Node node = db.node();
  node.on_error = Always(ErrorHandlingBehavior::kStop);
  ServiceUnderTest service({node, other.node()});
  CHECK(CaughtFailures::Leaves([&] { service.RequireReady(); }));
  CHECK_THAT(caught.all().at(0).message, ContainsSubstring("(start-up has failed)"));
  CHECK_THAT(caught.all().at(0).message, ContainsSubstring("no disk"));
}

TEST_CASE("a misspelt node is found out, by waits and by claims that would hold of nothing",
          "[testing]") {
  const CaughtFailures caught;
  ScriptedComponent db("db"), late("late");
  ServiceUnderTest service({db.node()});
  service.RequireReady();
  CHECK(CaughtFailures::Leaves([&] { service.events().RequireSeen(On("bd").Ready()); }));
  CHECK_THAT(caught.all().at(0).message,
             ContainsSubstring("there is no node 'bd'; did you mean 'db'?"));
  CHECK(CaughtFailures::Leaves([&] { service.RequireState("bd", NodeState::kReady); }));
  CHECK_FALSE(service.events().Check(On("bd").Failed().Never()).holds);
  CHECK_THAT(service.events().Check(On("bd").Failed().Never()).why, ContainsSubstring("'db'"));
  CHECK(service.events().Check(On("db").Failed().Never()).holds);
  CHECK(service.events().Check(ServiceEvent(SupervisorEvent::Kind::kStopping).Never()).holds);

  REQUIRE(service.supervisor().AddNode(late.node()).ok());
  service.events().RequireSeen(ServiceEvent(SupervisorEvent::Kind::kAdded));
  service.RequireState("late", NodeState::kReady);
  CHECK(service.events().Check(On("late").Ready().Happened()).holds);
}

TEST_CASE("a recorder is printed one event a line", "[testing]") {
  ScriptedComponent db("db");
  ServiceUnderTest service({db.node()});
  service.RequireReady();
  std::ostringstream out;
  out << service.events();
  CHECK_THAT(out.str(), ContainsSubstring("\n  1 db/1: waiting -> starting"));
  CHECK_THAT(out.str(), ContainsSubstring("\n  2 db/1: starting -> ready"));
}

}  // namespace
}  // namespace stemma
