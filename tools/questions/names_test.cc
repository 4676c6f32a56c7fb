// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/names.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace stemma::tools {
namespace {

const DependencyGraph kChain = *DependencyGraph::Create({{.name = "a", .dependencies = {"b"}},
                                                         {.name = "b", .dependencies = {"c"}},
                                                         {.name = "c", .dependencies = {"d"}},
                                                         {.name = "d"}});

TEST_CASE("a name is shown on one line, and of a long one only the beginning", "[questions]") {
  CHECK(Shown("db") == "db");
  CHECK(Shown("a\nb\x1b[31m") == "a\\nb\\x1b[31m");
  const std::string shown = Shown(std::string(1'000'000, 'x'));
  CHECK(shown == std::string(100, 'x') + "...");
  std::string wide;  // the 100th byte is within a character
  while (wide.size() < 200) wide += "€";
  CHECK(Shown(wide).size() == 99 + 3);
  CHECK(Quoted("db") == "'db'");
}

TEST_CASE("of many names the first are told, and how many more there are", "[questions]") {
  const std::vector<NodeId> ids = {0, 1, 2, 3};
  CHECK(NameList(kChain, ids, 4) == "a, b, c, d");
  CHECK(NameList(kChain, ids, 2) == "a, b and 2 more");
  CHECK(NameList(kChain, {}, 2).empty());
}

TEST_CASE("a long path has its ends", "[questions]") {
  const std::vector<NodeId> path = {0, 1, 2, 3};
  CHECK(PathText(kChain, path, 4) == "a -> b -> c -> d");
  CHECK(PathText(kChain, path, 3) == "a -> (1 more) -> c -> d");
}

TEST_CASE("numbers have their thousands apart", "[questions]") {
  CHECK(Grouped(0) == "0");
  CHECK(Grouped(999) == "999");
  CHECK(Grouped(1000) == "1,000");
  CHECK(Grouped(12345678) == "12,345,678");
  CHECK(Counted(1, "node") == "1 node");
  CHECK(Counted(2000, "edge") == "2,000 edges");
}

}  // namespace
}  // namespace stemma::tools
