// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/dependency_paths.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace {

using stemma::CountPaths;
using stemma::DependencyGraph;
using stemma::EdgeKinds;
using stemma::NodeId;
using stemma::ShortestPaths;
using stemma::internal::GraphOf;
using Path = std::vector<NodeId>;
using Paths = std::vector<Path>;

// `steps` diamonds on top of each other: 2 to the power of `steps` paths from n0 to the last.
DependencyGraph Diamonds(std::size_t steps) {
  stemma::internal::Declarations declarations(3 * steps + 1);
  for (std::size_t i = 0; i < declarations.size(); ++i) {
    declarations[i].name = "n" + std::to_string(i);
    const std::size_t begin = i - i % 3;
    if (begin == 3 * steps) continue;
    if (i == begin) {
      declarations[i].dependencies = {"n" + std::to_string(i + 1), "n" + std::to_string(i + 2)};
    } else {
      declarations[i].dependencies = {"n" + std::to_string(begin + 3)};
    }
  }
  return GraphOf(std::move(declarations));
}

TEST_CASE("a diamond has two paths from top to bottom, and none back", "[graph]") {
  const DependencyGraph diamond = stemma::internal::Diamond();
  CHECK(CountPaths(diamond, 0, 3) == 2);
  CHECK(ShortestPaths(diamond, 0, 3, 10) == Paths{{0, 1, 3}, {0, 2, 3}});
  CHECK(ShortestPaths(diamond, 0, 3, 1) == Paths{{0, 1, 3}});
  CHECK(ShortestPaths(diamond, 0, 3, 0).empty());
  CHECK(CountPaths(diamond, 3, 0) == 0);
  CHECK(ShortestPaths(diamond, 3, 0, 10).empty());
  CHECK(CountPaths(diamond, 1, 2) == 0);
}

TEST_CASE("no node depends on itself", "[graph]") {
  CHECK(CountPaths(stemma::internal::Diamond(), 0, 0) == 0);
  CHECK(ShortestPaths(stemma::internal::Diamond(), 0, 0, 10).empty());
}

TEST_CASE("short paths come first", "[graph]") {
  const DependencyGraph graph = GraphOf({{.name = "api", .dependencies = {"cache", "db"}},
                                         {.name = "cache", .dependencies = {"pool", "db"}},
                                         {.name = "pool", .dependencies = {"db"}},
                                         {.name = "db"}});
  CHECK(ShortestPaths(graph, 0, 3, 10) == Paths{{0, 3}, {0, 1, 3}, {0, 1, 2, 3}});
}

TEST_CASE("soft edges are followed when asked for", "[graph][S20]") {
  const DependencyGraph graph = GraphOf({{.name = "api", .soft_dependencies = {"metrics"}},
                                         {.name = "metrics", .dependencies = {"disk"}},
                                         {.name = "disk"}});
  CHECK(CountPaths(graph, 0, 2) == 0);
  CHECK(ShortestPaths(graph, 0, 2, 1).empty());
  CHECK(CountPaths(graph, 0, 2, EdgeKinds::kHardAndSoft) == 1);
  CHECK(ShortestPaths(graph, 0, 2, 9, EdgeKinds::kHardAndSoft) == Paths{{0, 1, 2}});
}

TEST_CASE(
    "more paths than atoms in the world are counted as the largest number, and the first are "
    "listed",
    "[graph]") {
  CHECK(CountPaths(Diamonds(63), 0, 3 * 63) == std::uint64_t{1} << 63);
  CHECK(CountPaths(Diamonds(64), 0, 3 * 64) == std::numeric_limits<std::uint64_t>::max());
  const DependencyGraph graph = Diamonds(1'000);
  CHECK(CountPaths(graph, 0, 3'000) == std::numeric_limits<std::uint64_t>::max());
  const Paths paths = ShortestPaths(graph, 0, 3'000, 50);
  CHECK(std::set<Path>(paths.begin(), paths.end()).size() == 50);
  CHECK(paths[0].size() == 2'001);
}

TEST_CASE("a chain of a million nodes is one path", "[graph]") {
  const DependencyGraph chain = stemma::internal::Chain(1'000'000);
  CHECK(CountPaths(chain, 0, 999'999) == 1);
  const Paths paths = ShortestPaths(chain, 0, 999'999, 2);
  REQUIRE(paths.size() == 1);
  CHECK(paths[0].size() == 1'000'000);
}

TEST_CASE("random graphs: all paths, and no other, the short ones first", "[graph]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    INFO("round " << round);
    const DependencyGraph graph = stemma::internal::RandomGraph(random, 10);
    for (const EdgeKinds kinds : {EdgeKinds::kHard, EdgeKinds::kHardAndSoft}) {
      for (NodeId from = 0; from < graph.size(); ++from) {
        for (NodeId to = 0; to < graph.size(); ++to) {
          Paths expected;
          Path path = {from};
          const std::function<void()> walk = [&] {
            const NodeId last = path.back();
            if (last == to) {
              if (path.size() > 1) expected.push_back(path);
              return;
            }
            const auto follow = [&](auto dependencies) {
              for (const NodeId next : dependencies) {
                path.push_back(next);
                walk();
                path.pop_back();
              }
            };
            follow(graph.Dependencies(last));
            if (kinds == EdgeKinds::kHardAndSoft) follow(graph.SoftDependencies(last));
          };
          walk();
          std::sort(expected.begin(), expected.end());

          REQUIRE(CountPaths(graph, from, to, kinds) == expected.size());
          Paths paths = ShortestPaths(graph, from, to, 10'000, kinds);
          const std::size_t limit = random() % 10;
          const Paths first = ShortestPaths(graph, from, to, limit, kinds);
          REQUIRE(first.size() == std::min(limit, paths.size()));
          REQUIRE(std::equal(first.begin(), first.end(), paths.begin()));
          REQUIRE(std::is_sorted(paths.begin(), paths.end(),
                                 [](const Path& a, const Path& b) { return a.size() < b.size(); }));
          std::sort(paths.begin(), paths.end());
          REQUIRE(paths == expected);
        }
      }
    }
  }
}

}  // namespace
