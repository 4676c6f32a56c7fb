// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/event_line.h"

#include "catch2/catch_test_macros.hpp"

namespace stemma::internal {
namespace {

TEST_CASE("a transition's line has the node, from, to and why", "[supervisor][S16]") {
  SupervisorEvent event;
  event.node = "db";
  event.incarnation = 7;
  event.from = NodeState::kStopping;
  event.to = NodeState::kFailed;
  event.text = "no disk";
  CHECK(LineOf(event) ==
        "event=\"transition\" node=\"db\" incarnation=7 from=\"stopping\" to=\"failed\" "
        "text=\"no disk\"");
  CHECK(LevelOf(event) == LogLevel::kError);
}

TEST_CASE("what an event has nothing to say about is not in its line", "[supervisor][S16]") {
  SupervisorEvent event;
  event.kind = SupervisorEvent::Kind::kAllReady;
  CHECK(LineOf(event) == "event=\"all ready\"");
  CHECK(LevelOf(event) == LogLevel::kInfo);
}

TEST_CASE("a line tells which nested supervisor it is of", "[supervisor][S18]") {
  SupervisorEvent event;
  event.kind = SupervisorEvent::Kind::kAllReady;
  CHECK(LineOf(event, "shop/back") == "event=\"all ready\" supervisor=\"shop/back\"");
}

TEST_CASE("an event is one line, whatever is in its texts", "[supervisor][S16]") {
  SupervisorEvent event;
  event.kind = SupervisorEvent::Kind::kFailure;
  event.node = "d\nb";
  event.text = "one\ntwo";
  CHECK(LineOf(event).find('\n') == std::string::npos);
}

TEST_CASE("a quote in a text does not end its field", "[supervisor][S16]") {
  SupervisorEvent event;
  event.kind = SupervisorEvent::Kind::kSpinHalt;
  event.text = "he said \"no\"";
  CHECK(LineOf(event) == "event=\"spin halt\" text=\"he said \\\"no\\\"\"");
}

}  // namespace
}  // namespace stemma::internal
