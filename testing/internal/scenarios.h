// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_INTERNAL_SCENARIOS_H_
#define STEMMA_TESTING_INTERNAL_SCENARIOS_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "stemma/testing/explorer.h"
#include "stemma/testing/small_graphs.h"

namespace stemma::internal {

// What is explored in every graph of some sizes. Together they are the proof (docs/proof.md).
struct Scenario {
  std::string name;
  std::size_t most_nodes = 0;    // of the graphs
  std::size_t tested_nodes = 2;  // in a test that is to take seconds; more than 1
  Edges edges = Edges::kHard;
  std::vector<NodePolicy> policies;  // each is every node's, one after the other
  EngineOptions options = {};
  Happenings happenings = {};
};

// From the cheapest to the dearest.
const std::vector<Scenario>& Scenarios();

// Calls `body` for each graph and policy until it returns false.
void ForEachExploration(const Scenario& scenario, std::size_t nodes,
                        const std::function<bool(const Exploration&)>& body);

}  // namespace stemma::internal

#endif  // STEMMA_TESTING_INTERNAL_SCENARIOS_H_
