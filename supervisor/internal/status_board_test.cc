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

}  // namespace
}  // namespace stemma::internal
