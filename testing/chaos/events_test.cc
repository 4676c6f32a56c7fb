// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/chaos/events.h"

#include <memory>
#include <string>

#include "catch2/catch_test_macros.hpp"

namespace stemma::chaos {
namespace {

SupervisorEvent Transition(std::uint64_t number, NodeState from, NodeState to) {
  SupervisorEvent event;
  event.number = number;
  event.node = "db";
  event.incarnation = 1;
  event.from = from;
  event.to = to;
  return event;
}

SupervisorEvent Of(SupervisorEvent::Kind kind, std::uint64_t number) {
  SupervisorEvent event;
  event.kind = kind;
  event.number = number;
  return event;
}

RunResult Stopped() {
  RunResult result;
  result.outcome = Outcome::kStopRequested;
  result.nodes = {{.name = "db", .state = NodeState::kStopped, .incarnations = 1}};
  return result;
}

TEST_CASE("events that follow each other lose nothing; others are noticed", "[chaos][S16]") {
  const auto ledger = std::make_unique<Ledger>();
  Events events(*ledger);
  events.Take(Transition(1, NodeState::kWaiting, NodeState::kStarting));
  SECTION("all of them") {
    events.Take(Transition(2, NodeState::kStarting, NodeState::kStopped));
    events.Take(Of(SupervisorEvent::Kind::kEnded, 3));
    events.Judge(Stopped());
    CHECK(ledger->texts() == "");
  }
  SECTION("one is missing") {
    events.Take(Transition(3, NodeState::kStarting, NodeState::kStopped));
    CHECK(ledger->count(Loss::kEvents) == 1);
  }
  SECTION("one is missing, and the listener is told so") {
    SupervisorEvent gap = Of(SupervisorEvent::Kind::kGap, 0);
    gap.missed = 1;
    events.Take(gap);
    events.Take(Transition(3, NodeState::kReady, NodeState::kStopped));
    CHECK(ledger->count(Loss::kEvents) == 0);
  }
  SECTION("a node was in another state") {
    events.Take(Transition(2, NodeState::kReady, NodeState::kStopped));
    CHECK(ledger->count(Loss::kEvents) == 1);
  }
  SECTION("an incarnation is not new") {
    events.Take(Transition(2, NodeState::kStarting, NodeState::kStarting));
    CHECK(ledger->count(Loss::kEvents) == 1);
  }
  SECTION("the last one is missing") {
    events.Take(Transition(2, NodeState::kStarting, NodeState::kStopped));
    events.Judge(Stopped());
    CHECK(ledger->count(Loss::kEvents) == 1);
  }
  SECTION("the result says otherwise") {
    events.Take(Of(SupervisorEvent::Kind::kEnded, 2));
    events.Judge(Stopped());
    CHECK(ledger->count(Loss::kReport) == 1);
  }
}

}  // namespace
}  // namespace stemma::chaos
