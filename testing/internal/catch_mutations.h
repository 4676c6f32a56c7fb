// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_INTERNAL_CATCH_MUTATIONS_H_
#define STEMMA_TESTING_INTERNAL_CATCH_MUTATIONS_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace stemma::internal {

// What the explorer said of a broken engine.
struct Finding {
  std::string rule = {};              // without the node; empty if it was not caught
  std::string scenario = {};          // what had to happen
  std::size_t nodes = 0, inputs = 0;  // of the shortest run in the first graph where it showed
  std::string trace = {};             // to be read
};

// Explores the engine with the mutation, from the smallest graphs to those of `most_nodes`, until a
// rule is broken. -1: with none. `scenario`: only in this one, unless it is empty. Not thread-safe.
Finding CatchMutation(int index, std::size_t most_nodes, std::string_view scenario = {});

}  // namespace stemma::internal

#endif  // STEMMA_TESTING_INTERNAL_CATCH_MUTATIONS_H_
