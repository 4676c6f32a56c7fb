// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/critical_path.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <functional>
#include <random>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using stemma::CriticalPath;
using stemma::CriticalStartPath;
using stemma::CriticalStopPath;
using stemma::DependencyGraph;
using stemma::NodeId;
using Ids = std::vector<NodeId>;
using Durations = std::vector<nanoseconds>;

bool Is(const CriticalPath::Timing& timing, nanoseconds begin, nanoseconds end, nanoseconds slack) {
  return timing.begin == begin && timing.end == end && timing.slack == slack;
}

TEST_CASE("the critical path of a diamond goes through its slower side", "[graph][S2]") {
  const CriticalPath start =
      CriticalStartPath(stemma::internal::Diamond(), Durations{1s, 2s, 5s, 3s});
  CHECK(start.total == 9s);
  CHECK(start.path == Ids{3, 2, 0});  // bottom, right, top
  CHECK(Is(start.timings[0], 8s, 9s, 0s));
  CHECK(Is(start.timings[1], 3s, 5s, 3s));
  CHECK(Is(start.timings[2], 3s, 8s, 0s));
  CHECK(Is(start.timings[3], 0s, 3s, 0s));
}

TEST_CASE("the critical path of a stop goes from dependents to dependencies", "[graph][S5]") {
  const CriticalPath stop =
      CriticalStopPath(stemma::internal::Diamond(), Durations{1s, 2s, 5s, 3s});
  CHECK(stop.total == 9s);
  CHECK(stop.path == Ids{0, 2, 3});
  CHECK(Is(stop.timings[0], 0s, 1s, 0s));
  CHECK(Is(stop.timings[1], 1s, 3s, 3s));
}

TEST_CASE("soft dependencies are waited for like hard ones", "[graph][S20]") {
  const DependencyGraph graph = stemma::internal::GraphOf(
      {{.name = "api", .soft_dependencies = {"metrics"}}, {.name = "metrics"}});
  CHECK(CriticalStartPath(graph, Durations{1s, 2s}).path == Ids{1, 0});
  CHECK(CriticalStopPath(graph, Durations{1s, 2s}).path == Ids{0, 1});
}

TEST_CASE("of equally long paths the one with the earlier declared node is given", "[graph]") {
  CHECK(CriticalStartPath(stemma::internal::Diamond(), Durations{1s, 1s, 1s, 1s}).path ==
        Ids{3, 1, 0});
  // Both tops end last, and x is declared first; so is a.
  CHECK(CriticalStartPath(stemma::internal::MShape(), Durations{1s, 1s, 1s, 1s, 1s}).path ==
        Ids{2, 0});
}

TEST_CASE("a path begins at a node without dependencies even if that takes no time", "[graph]") {
  CHECK(CriticalStartPath(stemma::internal::Chain(3), Durations{1s, 0s, 0s}).path == Ids{2, 1, 0});
}

TEST_CASE("a duration that is negative or missing counts as none", "[graph]") {
  const CriticalPath start = CriticalStartPath(stemma::internal::Chain(3), Durations{2s, -1s});
  CHECK(start.total == 2s);
  CHECK(Is(start.timings[1], 0s, 0s, 0s));
}

TEST_CASE("sums saturate", "[graph]") {
  const CriticalPath start = CriticalStartPath(
      stemma::internal::Chain(3), Durations{nanoseconds::max(), nanoseconds::max(), 1s});
  CHECK(start.total == nanoseconds::max());
  CHECK(start.path.front() == 2);
  for (const CriticalPath::Timing& timing : start.timings) CHECK(timing.slack == 0s);
}

TEST_CASE("the empty graph takes no time", "[graph]") {
  CHECK(CriticalStartPath(DependencyGraph(), {}).path.empty());
  CHECK(CriticalStopPath(DependencyGraph(), {}).total == 0s);
}

TEST_CASE("a chain of a million nodes is its own critical path", "[graph]") {
  const DependencyGraph chain = stemma::internal::Chain(1'000'000);
  const CriticalPath start = CriticalStartPath(chain, Durations(chain.size(), 1us));
  CHECK(start.total == 1s);
  CHECK(start.path.size() == chain.size());
}

TEST_CASE("random graphs: begins, totals, slacks and paths are what they say", "[graph]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 1'000; ++round) {
    INFO("round " << round);
    const DependencyGraph graph = stemma::internal::RandomGraph(random, 10);
    Durations durations;
    for (NodeId id = 0; id < graph.size(); ++id) durations.emplace_back(random() % 4);
    for (const bool stop : {false, true}) {
      const auto before = [&](NodeId id) {
        Ids ids;
        for (const auto list : {stop ? graph.Dependents(id) : graph.Dependencies(id),
                                stop ? graph.SoftDependents(id) : graph.SoftDependencies(id)}) {
          ids.insert(ids.end(), list.begin(), list.end());
        }
        return ids;
      };
      const auto compute = [&](const Durations& times) {
        return stop ? CriticalStopPath(graph, times) : CriticalStartPath(graph, times);
      };
      const std::function<nanoseconds(NodeId)> end_of = [&](NodeId id) {
        nanoseconds begin(0);
        for (const NodeId earlier : before(id)) begin = std::max(begin, end_of(earlier));
        return begin + durations[id];
      };
      const CriticalPath result = compute(durations);
      nanoseconds total(0), along(0);
      for (NodeId id = 0; id < graph.size(); ++id) {
        REQUIRE(result.timings[id].end == end_of(id));
        REQUIRE(result.timings[id].end - result.timings[id].begin == durations[id]);
        total = std::max(total, end_of(id));
      }
      REQUIRE(result.total == total);
      REQUIRE(result.path.empty() == (graph.size() == 0));
      for (std::size_t i = 0; i < result.path.size(); ++i) {
        const Ids earlier = before(result.path[i]);
        if (i == 0) {
          REQUIRE(earlier.empty());
        } else {
          REQUIRE(std::count(earlier.begin(), earlier.end(), result.path[i - 1]) == 1);
        }
        along += durations[result.path[i]];
      }
      REQUIRE(along == total);
      for (NodeId id = 0; id < graph.size(); ++id) {
        Durations slower = durations;
        slower[id] += result.timings[id].slack;
        REQUIRE(compute(slower).total == total);
        slower[id] += 1ns;
        REQUIRE(compute(slower).total == total + 1ns);
      }
    }
  }
}

}  // namespace
