// SPDX-License-Identifier: Apache-2.0
// What the explorer reports. That it notices what is broken: mutations_test.
#include "stemma/testing/explorer.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "stemma/testing/internal/mutant_engine.h"
#include "stemma/testing/internal/mutations.h"
#include "stemma/testing/internal/tested_engine.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;

Exploration OneNode() {
  NodePolicy policy;
  policy.restart.initial = 0s;
  policy.restart.jitter = 0;
  policy.restart.reset_after = kNoTimeout;
  policy.restart.max_restarts = 1;
  policy.restart.window = kNoTimeout;
  return {.graph = std::make_shared<const DependencyGraph>(*DependencyGraph::Create({{"a"}})),
          .policies = {policy}};
}

TEST_CASE("when nothing happens there is one run: begin, ready", "[testing]") {
  const Explored explored = Explore(OneNode());
  CHECK(explored.broken.empty());
  CHECK(explored.to_the_end);
  CHECK(explored.states == 2);
  CHECK(explored.transitions == 2);
}

TEST_CASE("a depth cuts runs short, and that is said", "[testing]") {
  Exploration exploration = OneNode();
  exploration.depth = 1;
  const Explored explored = Explore(exploration);
  CHECK_FALSE(explored.to_the_end);
  CHECK(explored.states == 1);
}

TEST_CASE("orders that lead to the same state are one", "[testing]") {
  Exploration exploration = OneNode();
  exploration.graph =
      std::make_shared<const DependencyGraph>(*DependencyGraph::Create({{"a"}, {"b"}}));
  exploration.policies.push_back(exploration.policies.front());
  const Explored explored = Explore(exploration);
  CHECK(explored.states == 4);       // begun; a ready; b ready; both
  CHECK(explored.transitions == 5);  // the last of them is reached twice
}

TEST_CASE("what is unlimited has an end as well, when restarts have", "[testing]") {
  Exploration exploration = OneNode();
  exploration.happenings.failures = Happenings::kAnyNumber;
  exploration.happenings.ends = Happenings::kAnyNumber;
  exploration.happenings.commands = Happenings::kAnyNumber;
  exploration.happenings.stop_requests = Happenings::kAnyNumber;
  const Explored explored = Explore(exploration);
  CHECK(explored.broken.empty());
  CHECK(explored.to_the_end);
}

TEST_CASE("the trace of a broken rule is a shortest one, and the engine can be told it again",
          "[testing]") {
  Exploration exploration = OneNode();
  exploration.happenings.failures = exploration.happenings.stop_requests = 1;
  for (std::size_t i = 0; i < std::size(internal::kMutations); ++i) {
    if (internal::kMutations[i].name == "a severity lost")
      internal::active_mutation = static_cast<int>(i) + 1;
  }
  REQUIRE(internal::active_mutation != 0);
  const internal::TestedEngineOf<MutantEngine> engine(exploration);
  const Explored explored = internal::ExploreEngine(exploration, engine);
  internal::active_mutation = 0;
  CHECK(explored.broken == "S15: the outcome is the severest");
  REQUIRE(explored.trace.size() == 4);  // begin, failed, stop requested, verdict; in some order
  Engine again(exploration.graph, exploration.policies, exploration.options);
  std::vector<Action> actions;
  for (const auto& [input, at] : explored.trace) again.Handle(input, at, actions);
  CHECK(again.outcome() >= Outcome::kShutdown);
  CHECK(Describe(exploration, explored).starts_with("S15: the outcome is the severest\n  a ->\n"));
  const std::string journal = JournalOf(exploration, explored);
  CHECK(journal.starts_with("{\"stemma_journal\":1,"));
  CHECK(std::count(journal.begin(), journal.end(), '\n') == 1 + 4);
}

}  // namespace
}  // namespace stemma
