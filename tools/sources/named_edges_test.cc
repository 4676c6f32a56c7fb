// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/named_edges.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace stemma::tools {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("nodes and edges stand in the order of their first mention, each once", "[tools]") {
  NamedEdges edges;
  const std::size_t b = edges.NodeOf("b");
  const std::size_t a = edges.NodeOf("a");
  const std::size_t c = edges.NodeOf("c");
  CHECK(edges.NodeOf("b") == b);
  edges.Add(b, c, false, 10);
  edges.Add(b, a, false, 20);
  edges.Add(b, c, false, 30);
  edges.Add(a, c, true);
  edges.Add(a, c, true);
  const std::vector<Node> nodes = edges.Nodes();
  REQUIRE(nodes.size() == 3);
  CHECK(nodes[0].name == "b");
  CHECK(nodes[0].dependencies == Names{"c", "a"});
  CHECK(nodes[1].name == "a");
  CHECK(nodes[1].dependencies.empty());
  CHECK(nodes[1].soft_dependencies == Names{"c"});
  CHECK(nodes[2].name == "c");
  CHECK(edges.Offsets() == std::vector<std::vector<std::size_t>>{{10, 20}, {}, {}});
}

TEST_CASE("a soft edge is left out beside a hard one, whichever is mentioned first", "[tools]") {
  NamedEdges edges;
  const std::size_t a = edges.NodeOf("a");
  const std::size_t b = edges.NodeOf("b");
  edges.Add(a, b, true);
  edges.Add(a, b, false);
  edges.Add(a, b, true);
  CHECK(edges.Nodes()[0].dependencies == Names{"b"});
  CHECK(edges.Nodes()[0].soft_dependencies.empty());
}

}  // namespace
}  // namespace stemma::tools
