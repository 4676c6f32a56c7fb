// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/internal/name_index.h"

#include <catch2/catch_test_macros.hpp>
#include <map>
#include <random>
#include <string>

#include "stemma/graph/internal/seed.h"

namespace stemma::internal {
namespace {

TEST_CASE("an index for no names finds none", "[graph][name_index]") {
  const std::vector<std::string> names;
  const auto name_of = [&](NodeId id) -> const std::string& { return names[id]; };
  CHECK(NameIndex().Find("a", name_of) == NameIndex::kNone);
  CHECK(NameIndex(0).Find("", name_of) == NameIndex::kNone);
}

TEST_CASE("a name that is added again keeps its first id", "[graph][name_index]") {
  const std::vector<std::string> names = {"a", "", "a"};
  const auto name_of = [&](NodeId id) -> const std::string& { return names[id]; };
  NameIndex index(names.size());
  CHECK(index.Add("a", 0, name_of) == NameIndex::kNone);
  CHECK(index.Add("", 1, name_of) == NameIndex::kNone);
  CHECK(index.Add("a", 2, name_of) == 0);
  CHECK(index.Find("a", name_of) == 0);
  CHECK(index.Find("", name_of) == 1);
  CHECK(index.Find("b", name_of) == NameIndex::kNone);
}

TEST_CASE("random names are found as in a map", "[graph][name_index][random]") {
  const unsigned seed = Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 100; ++round) {
    const std::size_t size = random() % 200;
    std::vector<std::string> names(size);
    for (std::string& name : names) name = std::to_string(random() % 300);
    const auto name_of = [&](NodeId id) -> const std::string& { return names[id]; };
    NameIndex index(size);
    std::map<std::string, NodeId> expected;
    for (NodeId id = 0; id < size; ++id) {
      const auto [first, is_first] = expected.try_emplace(names[id], id);
      REQUIRE(index.Add(names[id], id, name_of) == (is_first ? NameIndex::kNone : first->second));
    }
    for (int name = 0; name < 300; ++name) {
      const auto found = expected.find(std::to_string(name));
      REQUIRE(index.Find(std::to_string(name), name_of) ==
              (found == expected.end() ? NameIndex::kNone : found->second));
    }
  }
}

}  // namespace
}  // namespace stemma::internal
