// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/small_graphs.h"

#include <catch2/catch_test_macros.hpp>

namespace stemma {
namespace {

TEST_CASE("there are as many small graphs as there are unlabelled acyclic ones", "[testing]") {
  // https://oeis.org/A003087
  CHECK(SmallGraphs(1).size() == 1);
  CHECK(SmallGraphs(2).size() == 2);
  CHECK(SmallGraphs(3).size() == 6);
  CHECK(SmallGraphs(4).size() == 31);
  CHECK(SmallGraphs(5).size() == 302);
}

TEST_CASE("edges of two kinds make more graphs", "[testing][S20]") {
  CHECK(SmallGraphs(2, Edges::kHardAndSoft).size() == 3);
  std::size_t with_soft_edges = 0;
  for (const auto& graph : SmallGraphs(3, Edges::kHardAndSoft)) {
    bool soft = false;
    for (NodeId id = 0; id < graph->size(); ++id) soft |= !graph->SoftDependencies(id).empty();
    with_soft_edges += soft ? 1 : 0;
  }
  CHECK(SmallGraphs(3, Edges::kHardAndSoft).size() - with_soft_edges == SmallGraphs(3).size());
}

}  // namespace
}  // namespace stemma
