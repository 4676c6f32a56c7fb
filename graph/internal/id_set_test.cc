// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/internal/id_set.h"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <set>

#include "stemma/graph/internal/seed.h"

namespace stemma::internal {
namespace {

TEST_CASE("a set for no ids is empty", "[graph][id_set]") {
  CHECK(IdSet().empty());
  CHECK(IdSet(0).empty());
}

TEST_CASE("the smallest is taken first, however often it was added", "[graph][id_set]") {
  IdSet set(1'000'000);
  for (const NodeId id : {999'999u, 0u, 64u, 63u, 4096u, 64u}) set.Add(id);
  for (const NodeId id : {0u, 63u, 64u, 4096u, 999'999u}) {
    REQUIRE_FALSE(set.empty());
    CHECK(set.TakeSmallest() == id);
  }
  CHECK(set.empty());
}

TEST_CASE("random ids come and go as in a std::set", "[graph][id_set][random]") {
  const unsigned seed = Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  IdSet set;
  for (const std::size_t ids : {1u, 63u, 64u, 65u, 4095u, 4096u, 4097u, 300'000u}) {
    set.Resize(ids);
    std::set<NodeId> expected;
    for (int i = 0; i < 2000; ++i) {
      if (random() % 2 == 0 || expected.empty()) {
        const auto id = static_cast<NodeId>(random() % ids);
        set.Add(id);
        expected.insert(id);
      } else {
        REQUIRE(set.TakeSmallest() == *expected.begin());
        expected.erase(expected.begin());
      }
      REQUIRE(set.empty() == expected.empty());
    }
    while (!set.empty()) set.TakeSmallest();
  }
}

}  // namespace
}  // namespace stemma::internal
