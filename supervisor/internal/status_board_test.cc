// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/status_board.h"

#include <memory>
#include <stop_token>

#include "catch2/catch_test_macros.hpp"
#include "stemma/lifecycle/internal/run_together.h"

namespace stemma::internal {
namespace {

std::shared_ptr<const DependencyGraph> OneNode() {
  return std::make_shared<const DependencyGraph>(*DependencyGraph::Create({{.name = "db"}}));
}

std::shared_ptr<const DependencyGraph> TwoNodes() {
  return std::make_shared<const DependencyGraph>(
      *DependencyGraph::Create({{.name = "db"}, {.name = "log"}}));
}

TEST_CASE("who begins to wait for a node while the run ends is answered, too",
          "[supervisor][race]") {
  for (int i = 0; i < kRaces; ++i) {
    StatusBoard board(OneNode());
    std::stop_source stop;
    // A wait that the end does not answer is ended by the stop, and shows by its code.
    const auto wait = [&](absl::Status& answer) {
      return [&] { answer = board.AwaitNode("db", NodeState::kReady, stop.get_token()); };
    };
    absl::Status answers[4];
    RunTogether({wait(answers[0]), wait(answers[1]),
                 [&] {
                   board.SetOver();
                   stop.request_stop();
                 },
                 wait(answers[2]), wait(answers[3])});
    for (const absl::Status& answer : answers) {
      REQUIRE(answer.code() == absl::StatusCode::kFailedPrecondition);
    }
  }
}

TEST_CASE(
    "who waits for a node that is removed meanwhile is told so; who waits for another waits on",
    "[supervisor][S24][race]") {
  for (int i = 0; i < kRaces; ++i) {
    StatusBoard board(TwoNodes());
    std::stop_source stop;
    absl::Status of_removed, of_other;
    RunTogether({[&] { of_removed = board.AwaitNode("db", NodeState::kReady, stop.get_token()); },
                 [&] { of_other = board.AwaitNode("log", NodeState::kReady, stop.get_token()); },
                 [&] {
                   board.Remove(0);
                   board.SetOver();
                   stop.request_stop();  // a wait that is not answered shows by its code
                 }});
    // Removed before the wait began, or after.
    const bool told = of_removed.code() == absl::StatusCode::kNotFound ||
                      of_removed.message() == "'db' has been removed";
    CAPTURE(of_removed.ToString());
    REQUIRE(told);
    REQUIRE(of_other.message() == "the run is over, and 'log' ended as waiting, not as ready");
  }
}

}  // namespace
}  // namespace stemma::internal
