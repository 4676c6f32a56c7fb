// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/stop_budget.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "stemma/supervisor/internal/validation.h"

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;  // NOLINT: the literals are all there is in it

DependencyGraph GraphOf(const std::vector<Node>& nodes) {
  return DependencyGraph::Create(internal::Declarations(nodes)).value();
}

std::vector<Node> Diamond() {
  return {{.name = "top", .dependencies = {"left", "right"}, .stop_timeout = 1s},
          {.name = "left", .dependencies = {"bottom"}, .stop_timeout = 2s},
          {.name = "right", .dependencies = {"bottom"}, .stop_timeout = 5s},
          {.name = "bottom", .stop_timeout = 4s}};
}

TEST_CASE("the longest path counts, not the number of nodes", "[questions][S5]") {
  const std::vector<Node> nodes = Diamond();
  const DependencyGraph graph = GraphOf(nodes);
  const StopBudget budget = StopBudgetOf(nodes, graph);
  CHECK(budget.total == 10s);
  CHECK(StepLines(budget, graph, 10) == "  top     1s\n  right   5s\n  bottom  4s\n");
  CHECK(StepLines(budget, graph, 2) == "  top       1s\n  (1 more)  5s\n  bottom    4s\n");
  CHECK(budget.FitsInto(10s, 0s));
  CHECK_FALSE(budget.FitsInto(9999ms, 0s));
}

TEST_CASE("a soft edge orders the stop too", "[questions][S20]") {
  const std::vector<Node> nodes = {{.name = "api", .soft_dependencies = {"log"}}, {.name = "log"}};
  CHECK(StopBudgetOf(nodes, GraphOf(nodes)).total == 20s);
}

TEST_CASE("what is waited before the stop counts", "[questions][S11]") {
  const std::vector<Node> nodes = Diamond();
  const StopBudget budget = StopBudgetOf(nodes, GraphOf(nodes));
  CHECK(budget.FitsInto(15s, 5s));
  CHECK_FALSE(budget.FitsInto(14s, 5s));
  CHECK(budget.TotalAfter(5s) == 15s);
}

TEST_CASE("without a stop timeout there is no bound", "[questions][S12]") {
  std::vector<Node> nodes = Diamond();
  nodes[1].stop_timeout = kNoTimeout;
  const DependencyGraph graph = GraphOf(nodes);
  const StopBudget budget = StopBudgetOf(nodes, graph);
  CHECK(budget.total == kNoTimeout);
  CHECK(budget.TotalAfter(1h) == kNoTimeout);
  CHECK(StepLines(budget, graph, 10) == "  top     1s\n  left  none\n");
  CHECK_FALSE(budget.FitsInto(std::chrono::hours(24 * 365 * 200), 0s));
  CHECK(budget.FitsInto(kNoTimeout, 0s));
}

TEST_CASE("nothing is stopped in no time", "[questions]") {
  CHECK(StopBudgetOf({}, {}).FitsInto(0s, 0s));
  CHECK(StepLines(StopBudgetOf({}, {}), {}, 2).empty());
}

}  // namespace
}  // namespace stemma::tools
