// SPDX-License-Identifier: Apache-2.0
// Engines that are broken on purpose, and the rule by which the explorer catches each.
#include "stemma/testing/internal/mutations.h"

#include <catch2/catch_test_macros.hpp>
#include <iterator>
#include <string>

#include "stemma/testing/internal/catch_mutations.h"

namespace stemma::internal {
namespace {

TEST_CASE("every mutation of the engine is caught, by the rule that it breaks", "[testing][S6]") {
  for (std::size_t i = 0; i < std::size(kMutations); ++i) {
    const Finding caught = CatchMutation(static_cast<int>(i), 3, kMutations[i].scenario);
    INFO(kMutations[i].name << "\n" << caught.trace);
    CHECK(caught.rule == std::string(kMutations[i].rule));
  }
}

TEST_CASE("the copy without a mutation is not caught", "[testing]") {
  CHECK(CatchMutation(-1, 2, "two failures").trace == "");
}

}  // namespace
}  // namespace stemma::internal
