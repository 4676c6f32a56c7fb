// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/wiring.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "stemma/graph/internal/seed.h"

namespace stemma::tools {
namespace {

using Place = std::pair<std::size_t, std::size_t>;  // column, track

// Where strokes are: which wire goes across there, which one down.
struct Plan {
  std::map<Place, std::size_t> across, down;

  void Across(std::size_t wire, std::size_t track, std::size_t a, std::size_t b) {
    for (std::size_t column = std::min(a, b); column <= std::max(a, b); ++column) {
      const auto [at, is_new] = across.try_emplace({column, track}, wire);
      REQUIRE((is_new || at->second == wire));
    }
  }
  void Down(std::size_t wire, std::size_t column, std::size_t top, std::size_t bottom) {
    for (std::size_t track = top; track <= bottom; ++track) {
      const auto [at, is_new] = down.try_emplace({column, track}, wire);
      REQUIRE((is_new || at->second == wire));
    }
  }
};

void CheckWiring(const std::vector<Wire>& wires, const Wiring& wiring) {
  REQUIRE(wiring.routes.size() == wires.size());
  Plan plan;
  for (std::size_t i = 0; i < wires.size(); ++i) {
    const auto& [tops, bottom] = wires[i];
    const auto& [track, step] = wiring.routes[i];
    if (!track.has_value()) {
      for (const std::size_t top : tops) REQUIRE(top == bottom);
      plan.Down(i, bottom, 0, wiring.tracks);
      continue;
    }
    REQUIRE(*track < wiring.tracks);
    const std::size_t turn = step.has_value() ? step->column : bottom;
    for (const std::size_t top : tops) {
      plan.Down(i, top, 0, *track);
      plan.Across(i, *track, top, turn);
    }
    std::size_t last = *track;
    if (step.has_value()) {
      REQUIRE(step->column % 2 == 0);
      REQUIRE(step->track > *track);
      REQUIRE(step->track < wiring.tracks);
      plan.Down(i, step->column, *track, step->track);
      plan.Across(i, step->track, step->column, bottom);
      last = step->track;
    }
    plan.Down(i, bottom, last, wiring.tracks);
  }
  for (const auto& [place, wire] : plan.across) {
    const auto beside = plan.across.find({place.first + 1, place.second});
    REQUIRE((beside == plan.across.end() || beside->second == wire));
  }
}

TEST_CASE("a wire whose ends are below each other goes straight down", "[tools][text]") {
  const Wiring wiring = Route({{.tops = {4}, .bottom = 4}, {.tops = {8}, .bottom = 8}});
  CHECK(wiring.tracks == 0);
  CHECK_FALSE(wiring.routes[0].track.has_value());
}

TEST_CASE("wires that are apart share a track, others do not", "[tools][text]") {
  CHECK(Route({{.tops = {0}, .bottom = 4}, {.tops = {6}, .bottom = 10}}).tracks == 1);
  CHECK(Route({{.tops = {0}, .bottom = 6}, {.tops = {2}, .bottom = 10}}).tracks == 2);
}

TEST_CASE("two wires that change places get by each other with a step", "[tools][text]") {
  const std::vector<Wire> wires = {{.tops = {0}, .bottom = 4}, {.tops = {4}, .bottom = 0}};
  const Wiring wiring = Route(wires);
  CheckWiring(wires, wiring);
  CHECK(wiring.routes[0].step.has_value() + wiring.routes[1].step.has_value() == 1);
}

TEST_CASE("no two wires have a stroke in common", "[tools][text]") {
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  std::size_t steps = 0;
  for (int round = 0; round < 500; ++round) {
    INFO("round " << round);
    const std::size_t columns = 2 + random() % 12;
    std::vector<std::size_t> tops(columns), bottoms(columns);
    for (std::size_t i = 0; i < columns; ++i) tops[i] = bottoms[i] = 2 * i;
    std::shuffle(tops.begin(), tops.end(), random);
    std::shuffle(bottoms.begin(), bottoms.end(), random);
    std::vector<Wire> wires(1 + random() % columns);
    for (std::size_t i = 0; i < columns; ++i) {
      if (i < wires.size()) {
        wires[i] = {.tops = {tops[i]}, .bottom = bottoms[i]};
      } else if (random() % 2 == 0) {
        wires[random() % wires.size()].tops.push_back(tops[i]);
      }
    }
    const Wiring wiring = Route(wires);
    CheckWiring(wires, wiring);
    for (const WireRoute& route : wiring.routes) steps += route.step.has_value() ? 1 : 0;
  }
  CHECK(steps > 0);  // else this has not tested much
}

}  // namespace
}  // namespace stemma::tools
