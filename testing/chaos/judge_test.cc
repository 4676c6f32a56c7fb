// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/chaos/judge.h"

#include <csignal>
#include <memory>
#include <vector>

#include "catch2/catch_test_macros.hpp"

namespace stemma::chaos {
namespace {

// An engine of one node, whose journal goes to a judge.
struct Run {
  Run() { judge.Begin(HeaderOf(engine)); }

  JournalEntry Handle(Input input) {
    JournalEntry entry{.at = std::chrono::nanoseconds(++time), .input = std::move(input)};
    engine.Handle(entry.input, entry.at, entry.actions);
    return entry;
  }

  Engine engine{std::make_shared<const DependencyGraph>(*DependencyGraph::Create({{.name = "db"}})),
                {NodePolicy()}};
  int time = 0;
  const std::unique_ptr<Ledger> ledger = std::make_unique<Ledger>();
  Judge judge{*ledger};
};

TEST_CASE("what the engine decides is no loss, and what it comes to is known", "[chaos][S15]") {
  Run run;
  run.judge.Record(run.Handle({.kind = Input::Kind::kBegin}));
  run.judge.Record(run.Handle({.kind = Input::Kind::kReady, .node = 0, .incarnation = 1}));
  run.judge.Record(run.Handle({.kind = Input::Kind::kStopRequested}));
  CHECK_FALSE(run.judge.finished());
  CHECK(run.ledger->expected_exit == -1);
  run.judge.Record(run.Handle({.kind = Input::Kind::kDone, .node = 0, .incarnation = 1}));
  run.judge.Record(run.Handle({.kind = Input::Kind::kGone, .node = 0, .incarnation = 1}));
  CHECK(run.ledger->texts() == "");
  CHECK(run.judge.finished());
  CHECK(run.judge.outcome() == Outcome::kStopRequested);
  CHECK(run.ledger->expected_exit == 0);
  CHECK(run.ledger->count(Sight::kLaunches) == 1);
}

TEST_CASE("a decision that replay does not come to is a loss", "[chaos][S17]") {
  Run run;
  JournalEntry entry = run.Handle({.kind = Input::Kind::kBegin});
  entry.actions.pop_back();  // the launch
  run.judge.Record(entry);
  CHECK(run.ledger->count(Loss::kDecision) > 0);
}

TEST_CASE("who was abandoned is known, and an exit that a signal forces", "[chaos][S12][S13]") {
  Run run;
  run.judge.Record(run.Handle({.kind = Input::Kind::kBegin}));
  run.judge.Record(run.Handle({.kind = Input::Kind::kTerminate}));
  SECTION("abandoned") {
    JournalEntry tick{.at = std::chrono::seconds(60), .input = {.kind = Input::Kind::kTick}};
    run.engine.Handle(tick.input, tick.at, tick.actions);
    run.judge.Record(tick);
    CHECK(run.judge.abandoned() == std::set<std::string>{"db"});
    CHECK(run.ledger->expected_exit == 82);
  }
  SECTION("forced") {
    run.judge.Record(run.Handle({.kind = Input::Kind::kTerminate}));
    CHECK(run.ledger->forced);
    CHECK(run.ledger->expected_exit == 128 + SIGTERM);
  }
  CHECK(run.ledger->texts() == "");
}

}  // namespace
}  // namespace stemma::chaos
