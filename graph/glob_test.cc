// SPDX-License-Identifier: Apache-2.0
#include "stemma/graph/glob.h"

#include <catch2/catch_test_macros.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/graph/internal/seed.h"
#include "stemma/graph/internal/test_graphs.h"

namespace {

using stemma::MatchesGlob;

TEST_CASE("without wildcards a pattern is the name", "[graph]") {
  CHECK(MatchesGlob("db", "db"));
  CHECK_FALSE(MatchesGlob("db", "d"));
  CHECK_FALSE(MatchesGlob("d", "db"));
  CHECK_FALSE(MatchesGlob("db", "DB"));
  CHECK(MatchesGlob("", ""));
  CHECK_FALSE(MatchesGlob("", "?"));
}

TEST_CASE("a star stands for any characters or none", "[graph]") {
  CHECK(MatchesGlob("", "*"));
  CHECK(MatchesGlob("shard.12.log", "shard.*"));
  CHECK(MatchesGlob("shard.12.log", "*.log"));
  CHECK(MatchesGlob("shard.12.log", "s*1*g"));
  CHECK(MatchesGlob("aaab", "*aab"));
  CHECK_FALSE(MatchesGlob("shard.12.log", "*.lo"));
  CHECK_FALSE(MatchesGlob("shard", "shard*?"));
}

TEST_CASE("a question mark stands for one character, however many bytes it has", "[graph]") {
  CHECK(MatchesGlob("n1", "n?"));
  CHECK_FALSE(MatchesGlob("n", "n?"));
  CHECK_FALSE(MatchesGlob("n12", "n?"));
  CHECK(MatchesGlob("größe", "gr??e"));
  CHECK(MatchesGlob("\U0001F600", "?"));
  CHECK(MatchesGlob("\xff\xc3", "??"));  // not UTF-8
}

TEST_CASE("a backslash takes the next character's meaning away", "[graph]") {
  CHECK(MatchesGlob("a*", "a\\*"));
  CHECK_FALSE(MatchesGlob("ab", "a\\*"));
  CHECK(MatchesGlob("a?b", "a\\?b"));
  CHECK(MatchesGlob("a\\b", "a\\\\b"));
  CHECK(MatchesGlob("a\\", "a\\"));  // nothing comes after it
  CHECK(MatchesGlob("ab", "\\a\\b"));
}

TEST_CASE("a hostile pattern takes no longer than the product of the lengths", "[graph]") {
  const std::string name(2'000, 'a');
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "a*";
  CHECK_FALSE(MatchesGlob(name, pattern + "b"));
  CHECK(MatchesGlob(std::string(1'000'000, 'a'), "*a"));
}

TEST_CASE("the nodes that match come in ascending order", "[graph]") {
  const stemma::DependencyGraph graph = stemma::internal::Chain(12);
  CHECK(NodesMatching(graph, "n1*") == std::vector<stemma::NodeId>{1, 10, 11});
  CHECK(NodesMatching(graph, "x").empty());
}

// By the definition, in as many steps as it takes.
bool Naive(std::string_view name, std::string_view pattern) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '*') {
    return Naive(name, pattern.substr(1)) || (!name.empty() && Naive(name.substr(1), pattern));
  }
  if (name.empty()) return false;
  const bool escapes = pattern[0] == '\\' && pattern.size() > 1;
  if (!escapes && pattern[0] == '?') return Naive(name.substr(1), pattern.substr(1));
  const std::size_t length = escapes ? 2 : 1;
  return pattern[length - 1] == name[0] && Naive(name.substr(1), pattern.substr(length));
}

TEST_CASE("random names and patterns: as defined", "[graph]") {
  const unsigned seed = stemma::internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  const auto text = [&](std::string_view alphabet) {
    std::string result;
    for (auto n = random() % 9; n > 0; --n) result += alphabet[random() % alphabet.size()];
    return result;
  };
  int matched = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string name = text("aab*\\"), pattern = text("aab**?\\");
    INFO(name << " and " << pattern);
    REQUIRE(MatchesGlob(name, pattern) == Naive(name, pattern));
    matched += Naive(name, pattern) ? 1 : 0;
  }
  CHECK(matched > 200);
}

}  // namespace
