// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/event_claim.h"

#include <map>
#include <string>

#include "catch2/catch_test_macros.hpp"

namespace stemma {
namespace {

using Kind = SupervisorEvent::Kind;

// A run as events: each line is a node and the state that it comes to.
class Run {
 public:
  Run& Became(const std::string& node, NodeState state) {
    const NodeState from = states_[node];
    states_[node] = state;
    events_.push_back({.kind = Kind::kTransition,
                       .number = events_.size() + 1,
                       .node = node,
                       .incarnation = 1,
                       .from = from,
                       .to = state});
    return *this;
  }
  Run& Happened(Kind kind, const std::string& node = "") {
    events_.push_back({.kind = kind, .number = events_.size() + 1, .node = node});
    return *this;
  }
  const std::vector<SupervisorEvent>& events() const { return events_; }

 private:
  std::map<std::string, NodeState> states_;
  std::vector<SupervisorEvent> events_;
};

// db fails and comes back; then everything stops in order.
std::vector<SupervisorEvent> ARestart() {
  Run run;
  for (const char* const node : {"db", "api"}) {
    run.Became(node, NodeState::kStarting).Became(node, NodeState::kReady);
  }
  run.Happened(Kind::kAllReady);
  run.Became("db", NodeState::kDeciding).Happened(Kind::kFailure, "db");
  run.Became("db", NodeState::kStopping).Became("db", NodeState::kBackingOff);
  run.Became("db", NodeState::kStarting).Became("db", NodeState::kReady);
  run.Happened(Kind::kStopping);
  for (const char* const node : {"api", "db"}) {
    run.Became(node, NodeState::kStopping).Became(node, NodeState::kStopped);
  }
  run.Happened(Kind::kEnded);
  return run.events();
}

void CheckHolds(const EventClaim& claim) {
  const auto finding = claim.CheckOn(ARestart());
  INFO(claim.description() << ": " << finding.why);
  CHECK(finding.holds);
}

// Returns: why not.
std::string WhyNot(const EventClaim& claim) {
  const auto finding = claim.CheckOn(ARestart());
  INFO(claim.description());
  CHECK_FALSE(finding.holds);
  return finding.why;
}

TEST_CASE("what happened is told from what did not, and how often", "[testing]") {
  CheckHolds(On("db").Ready().Happened());
  CheckHolds(On("db").Ready().Nth(2).Happened());
  CHECK(WhyNot(On("db").Ready().Nth(3).Happened()) == "it happened 2 times");
  CHECK(WhyNot(On("db").FailedForGood().Happened()) == "it did not happen");
  CheckHolds(On("db").Ready().Times(2));
  CheckHolds(On("db").Abandoned().Times(0));
  CHECK(WhyNot(On("api").Ready().Times(2)) == "it happened 1 time");
  CheckHolds(On("api").Failed().Never());
  CHECK(WhyNot(On("db").Failed().Never()) == "there is \"7 db/0: failure\"");
  CheckHolds(ServiceEvent(Kind::kAllReady).Times(1));
}

TEST_CASE("a restart is a launch that is not the first", "[testing]") {
  CheckHolds(On("db").Started().Times(2));
  CheckHolds(On("db").Restarted().Times(1));
  CheckHolds(On("api").Restarted().Never());
  CheckHolds(On("db").Restarted().After(On("db").Failed()));
}

TEST_CASE("an instance ends with a restart, a stop or a completion, and not by being abandoned",
          "[testing]") {
  CheckHolds(On("db").Ended().Times(2));
  CheckHolds(On("api").Ended().Times(1));
  Run run;
  run.Became("a", NodeState::kStarting).Became("a", NodeState::kReady);
  run.Became("a", NodeState::kStopping).Became("a", NodeState::kAbandoned);
  run.Became("b", NodeState::kStopped);  // without ever having been launched
  CHECK(On("a").Ended().Never().CheckOn(run.events()).holds);
  CHECK(On("b").Ended().Never().CheckOn(run.events()).holds);
}

TEST_CASE("order is that of the first ones, or of those that were chosen", "[testing]") {
  CheckHolds(On("db").Stopped().After(On("api").Stopped()));
  CheckHolds(On("api").Stopped().Before(On("db").Stopped()));
  CHECK(
      WhyNot(On("db").Stopped().Before(On("api").Stopped())) ==
      "there is \"14 api/1: stopping -> stopped\" and only then \"16 db/1: stopping -> stopped\"");
  CheckHolds(On("db").Ready().Before(On("db").Failed()));
  CHECK_FALSE(On("db").Ready().Nth(2).Before(On("db").Failed()).CheckOn(ARestart()).holds);
  CheckHolds(On("db").Ready().Nth(2).After(On("db").Failed()));
  CheckHolds(InOrder({On("db").Ready(), On("api").Started(), On("db").Failed(),
                      On("db").BackedOff(), ServiceEvent(Kind::kStopping), On("db").Stopped()}));
}

TEST_CASE("what is not there is neither before nor after anything", "[testing]") {
  CHECK(WhyNot(On("api").Failed().Before(On("db").Failed())) == "there is no \"api failure\"");
  CHECK(WhyNot(On("db").Failed().Before(On("api").Failed())) == "there is no \"api failure\"");
  CHECK(WhyNot(On("api").Failed().After(On("db").Failed())) == "there is no \"api failure\"");
}

TEST_CASE("never after looks at what follows, and wants something to follow", "[testing]") {
  CheckHolds(On("api").Started().NeverAfter(On("db").Failed()));
  CHECK(WhyNot(On("db").Started().NeverAfter(On("db").Failed())) ==
        "there is \"10 db/1: backing off -> starting\" after \"7 db/0: failure\"");
  CHECK(WhyNot(On("api").Started().NeverAfter(On("api").Failed())) ==
        "there is no \"api failure\"");
}

TEST_CASE("a claim reads like a sentence", "[testing]") {
  CHECK(On("db").Stopped().After(On("api").Stopped()).description() ==
        "db stopped after api stopped");
  CHECK(On("db").Restarted().Never().description() == "never db restarted");
  CHECK(On("db").Ready().Nth(2).Before(On("api").Ready().Nth(3)).description() ==
        "db ready (the 2nd time) before api ready (the 3rd time)");
  CHECK(On("db").Ready().Nth(12).description() == "db ready (the 12th time)");
  CHECK(On("db").Ready().Nth(21).description() == "db ready (the 21st time)");
  CHECK(On("db").Failed().Times(2).description() == "db failure, 2 times");
  CHECK(On("db").Got(ErrorHandlingBehavior::kStop).description() == "db got the verdict Stop");
}

TEST_CASE("of a record with a gap no claim holds", "[testing]") {
  Run run;
  run.Happened(Kind::kGap);
  CHECK_FALSE(On("db").Failed().Never().CheckOn(run.events()).holds);
}

}  // namespace
}  // namespace stemma
