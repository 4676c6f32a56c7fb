// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/nearest_name.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstddef>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/graph/internal/seed.h"

namespace {

using stemma::DidYouMean;
using stemma::NearestName;

std::optional<std::string> Nearest(std::string_view name,
                                   std::vector<std::string_view> candidates) {
  const std::optional<std::string_view> nearest = NearestName(name, candidates);
  return nearest ? std::optional<std::string>(*nearest) : std::nullopt;
}

// The whole table of the optimal string alignment distance.
std::size_t NaiveDistance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min(
          {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

TEST_CASE("one wrong, missing, added or swapped byte is near", "[graph][S1]") {
  CHECK(Nearest("cachf", {"db", "cache"}) == "cache");
  CHECK(Nearest("cach", {"db", "cache"}) == "cache");
  CHECK(Nearest("caches", {"db", "cache"}) == "cache");
  CHECK(Nearest("bd", {"cache", "db"}) == "db");
}

TEST_CASE("the case of letters is ignored", "[graph][S1]") {
  CHECK(Nearest("METRICS", {"cache", "metrics"}) == "metrics");
  CHECK(Nearest("X", {"x"}) == "x");
}

TEST_CASE("the nearest wins, of equally near ones the first", "[graph][S1]") {
  CHECK(Nearest("worker-7", {"worker-12", "worker-1", "worker-2"}) == "worker-1");
  CHECK(Nearest("listener", {"listen", "listeners"}) == "listeners");
}

TEST_CASE("what is not near is not suggested", "[graph][S1]") {
  CHECK(Nearest("cache", {"listener", "db"}) == std::nullopt);
  CHECK(Nearest("x", {"y"}) == std::nullopt);  // nothing in common
  CHECK(Nearest("", {"a", "ab"}) == std::nullopt);
  CHECK(Nearest("a", {"", "abcdef"}) == std::nullopt);
  CHECK(Nearest("a", {}) == std::nullopt);
  CHECK(Nearest("abcdefghijklmnopqrstuvwxyz", {"ABCDEFGHIJKLMNOPQRSTU"}) ==
        std::nullopt);  // 5 edits
  CHECK(Nearest("abcdefghijklmnopqrstuvwxyz", {"ABCDEFGHIJKLMNOPQRSTUV"}) ==
        "ABCDEFGHIJKLMNOPQRSTUV");
}

TEST_CASE("the question is empty when nothing is near, and printable", "[graph][S1]") {
  const std::vector<std::string_view> names = {"db", "cac\nhe"};
  CHECK(DidYouMean("bd", names) == "; did you mean 'db'?");
  CHECK(DidYouMean("cache", names) == "; did you mean 'cac\\nhe'?");
  CHECK(DidYouMean("listener", names) == "");
}

TEST_CASE("the bounded distance agrees with the naive one", "[graph][S1]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  const auto word = [&](std::size_t longest) {
    std::string text(std::uniform_int_distribution<std::size_t>(0, longest)(random), ' ');
    for (char& c : text) c = "abc"[random() % 3];
    return text;
  };
  for (int round = 0; round < 20'000; ++round) {
    const std::string name = word(15);
    std::vector<std::string> words(4);
    for (std::string& candidate : words) candidate = word(18);
    std::optional<std::string> expected;
    std::size_t limit = std::clamp<std::size_t>(name.size() / 3, 1, 4);
    for (const std::string& candidate : words) {
      const std::size_t distance = NaiveDistance(name, candidate);
      if (distance > limit || distance >= std::max(name.size(), candidate.size())) continue;
      expected = candidate;
      if (distance == 0) break;
      limit = distance - 1;
    }
    INFO(name << " among " << words[0] << ", " << words[1] << ", " << words[2] << ", " << words[3]);
    REQUIRE(Nearest(name, {words.begin(), words.end()}) == expected);
  }
}

TEST_CASE("a hundred thousand long candidates that differ at once cost next to nothing",
          "[graph][S1]") {
  const std::string common(50'000, 'x');
  const std::string other(50'000, 'y');
  const std::vector<std::string_view> candidates(100'000, other);  // in full: 10^14 steps
  CHECK(NearestName(common, candidates) == std::nullopt);
}

}  // namespace
