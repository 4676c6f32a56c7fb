// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/store.h"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"

namespace kv {
namespace {

using std::chrono::milliseconds;

const WallTime kNow{milliseconds(1'000'000)};

WallTime After(int ms) { return kNow + milliseconds(ms); }

// A store that keeps what it journals, or refuses to.
struct Journalled {
  std::vector<Effect> journal;
  absl::Status refusal;
  int earlier_expiries = 0;
  Store store{[this](const Effect& effect) {
                if (refusal.ok()) journal.push_back(effect);
                return refusal;
              },
              [this] { ++earlier_expiries; }};
};

TEST_CASE("a key is set, read, counted and deleted", "[kv]") {
  Store store;
  CHECK(!store.Get("k", kNow));
  CHECK(*store.Set("k", "v", {}, kNow));
  CHECK(store.Get("k", kNow) == "v");
  CHECK(store.CountExisting({"k", "k", "other"}, kNow) == 2);  // as Redis: twice counts twice
  CHECK(store.size() == 1);
  CHECK(*store.Delete({"k", "k", "other"}, kNow) == 1);
  CHECK(!store.Get("k", kNow));
  CHECK(store.size() == 0);
}

TEST_CASE("NX sets an absent key only, XX a present one only", "[kv]") {
  Store store;
  CHECK(!*store.Set("k", "xx", {.condition = SetCondition::kIfPresent}, kNow));
  CHECK(*store.Set("k", "nx", {.condition = SetCondition::kIfAbsent}, kNow));
  CHECK(!*store.Set("k", "nx2", {.condition = SetCondition::kIfAbsent}, kNow));
  CHECK(*store.Set("k", "xx2", {.condition = SetCondition::kIfPresent}, kNow));
  CHECK(store.Get("k", kNow) == "xx2");
}

TEST_CASE("an expired key does not exist for any operation", "[kv]") {
  Store store;
  CHECK(*store.Set("k", "5", {.expires = After(10)}, kNow));
  CHECK(store.Get("k", After(9)) == "5");
  CHECK(!store.Get("k", After(10)));
  CHECK(store.CountExisting({"k"}, After(10)) == 0);
  CHECK(!store.TimeToLive("k", After(10)));
  CHECK(*store.Delete({"k"}, After(10)) == 0);
  CHECK(!*store.ExpireAt("k", After(99), After(10)));
  CHECK(!*store.Set("k", "x", {.condition = SetCondition::kIfPresent}, After(10)));
  CHECK(*store.Increment("k", 1, After(10)) == 1);
  CHECK(store.Get("k", After(1000)) == "1");  // and it does not inherit the expiry
}

TEST_CASE("setting a key drops its expiry, unless it is to be kept", "[kv]") {
  Store store;
  CHECK(*store.Set("k", "a", {.expires = After(10)}, kNow));
  CHECK(*store.Set("k", "b", {.keep_ttl = true}, kNow));
  CHECK(store.TimeToLive("k", kNow) == std::optional(milliseconds(10)));
  CHECK(*store.Increment("n", 7, kNow) == 7);
  CHECK(*store.Set("k", "c", {}, kNow));
  CHECK(store.TimeToLive("k", kNow).value() == std::nullopt);
  CHECK(!store.NextExpiry());
}

TEST_CASE("an expiry in the past removes the key", "[kv]") {
  Store store;
  CHECK(*store.Set("k", "a", {}, kNow));
  CHECK(*store.ExpireAt("k", After(-1), kNow));
  CHECK(store.size() == 0);
  CHECK(*store.Set("k", "a", {}, kNow));
  CHECK(*store.Set("k", "b", {.expires = kNow}, kNow));
  CHECK(store.size() == 0);
}

TEST_CASE("increment refuses what is not an integer and what would overflow", "[kv]") {
  Store store;
  const auto max = std::numeric_limits<std::int64_t>::max();
  CHECK(*store.Increment("k", 1, kNow) == 1);
  CHECK(*store.Increment("k", -3, kNow) == -2);
  CHECK(*store.Set("k", std::to_string(max - 1), {}, kNow));
  CHECK(*store.Increment("k", 1, kNow) == max);
  CHECK(store.Increment("k", 1, kNow).status() ==
        absl::OutOfRangeError("increment or decrement would overflow"));
  CHECK(store.Get("k", kNow) == std::to_string(max));
  CHECK(*store.Set("k", "1 ", {}, kNow));
  CHECK(store.Increment("k", 1, kNow).status() ==
        absl::InvalidArgumentError("value is not an integer or out of range"));
}

TEST_CASE("increment keeps the expiry", "[kv]") {
  Store store;
  CHECK(*store.Set("k", "1", {.expires = After(10)}, kNow));
  CHECK(*store.Increment("k", 1, kNow) == 2);
  CHECK(store.TimeToLive("k", kNow) == std::optional(milliseconds(10)));
}

TEST_CASE("expired keys are removed oldest first, up to the limit, and journalled", "[kv]") {
  Journalled j;
  for (int i = 5; i >= 1; --i) {
    REQUIRE(j.store.Set("k" + std::to_string(i), "v", {.expires = After(i)}, kNow).ok());
  }
  j.journal.clear();
  CHECK(*j.store.RemoveExpired(kNow, 10) == 0);
  CHECK(*j.store.RemoveExpired(After(3), 2) == 2);
  CHECK(j.journal == std::vector<Effect>{Remove{{"k1", "k2"}}});
  CHECK(j.store.NextExpiry() == After(3));
  CHECK(*j.store.RemoveExpired(After(3), 10) == 1);
  CHECK(*j.store.RemoveExpired(After(3), 10) == 0);
  CHECK(j.store.size() == 2);
}

TEST_CASE("the expirer is told only when it would have slept too long", "[kv]") {
  Journalled j;
  REQUIRE(j.store.Set("a", "v", {}, kNow).ok());
  CHECK(j.earlier_expiries == 0);
  REQUIRE(j.store.Set("a", "v", {.expires = After(10)}, kNow).ok());
  CHECK(j.earlier_expiries == 1);
  REQUIRE(j.store.Set("b", "v", {.expires = After(20)}, kNow).ok());
  CHECK(j.earlier_expiries == 1);
  REQUIRE(j.store.ExpireAt("b", After(5), kNow).ok());
  CHECK(j.earlier_expiries == 2);
  REQUIRE(j.store.Delete({"b"}, kNow).ok());
  CHECK(j.earlier_expiries == 2);
}

TEST_CASE("what the journal refuses does not happen", "[kv]") {
  Journalled j;
  REQUIRE(j.store.Set("k", "1", {.expires = After(10)}, kNow).ok());
  j.refusal = absl::ResourceExhaustedError("disk full");
  CHECK(j.store.Set("k", "2", {}, kNow).status() == j.refusal);
  CHECK(j.store.Set("new", "2", {}, kNow).status() == j.refusal);
  CHECK(j.store.Increment("k", 1, kNow).status() == j.refusal);
  CHECK(j.store.Delete({"k"}, kNow).status() == j.refusal);
  CHECK(j.store.ExpireAt("k", After(99), kNow).status() == j.refusal);
  CHECK(j.store.RemoveExpired(After(99), 9).status() == j.refusal);
  CHECK(j.store.FlushAll() == j.refusal);
  CHECK(j.store.Get("k", kNow) == "1");
  CHECK(j.store.TimeToLive("k", kNow) == std::optional(milliseconds(10)));
  CHECK(j.store.size() == 1);
}

TEST_CASE("what changes nothing is not journalled", "[kv]") {
  Journalled j;
  CHECK(*j.store.Delete({"k"}, kNow) == 0);
  CHECK(!*j.store.ExpireAt("k", After(1), kNow));
  CHECK(!*j.store.Set("k", "v", {.condition = SetCondition::kIfPresent}, kNow));
  CHECK(*j.store.Set("k", "v", {.expires = kNow}, kNow));  // gone before it was there
  CHECK(j.journal.empty());
}

std::uint64_t Seed() {
  const char* given = std::getenv("STEMMA_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

// What a reader can see of the keys a..h at `now`.
std::map<std::string, std::pair<std::optional<std::string>, long>> Visible(const Store& store,
                                                                           WallTime now) {
  std::map<std::string, std::pair<std::optional<std::string>, long>> visible;
  for (char c = 'a'; c <= 'h'; ++c) {
    const std::string key(1, c);
    const auto ttl = store.TimeToLive(key, now);
    visible[key] = {store.Get(key, now), !ttl    ? -2
                                         : !*ttl ? -1
                                                 : static_cast<long>((*ttl)->count())};
  }
  return visible;
}

TEST_CASE("the journal of random writes, replayed, gives the same store at any later time",
          "[kv]") {
  const std::uint64_t seed = Seed();
  INFO("STEMMA_SEED=" << seed);
  std::mt19937_64 random(seed);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 200; ++round) {
    Journalled j;
    WallTime now = kNow;
    for (int step = 0; step < 100; ++step) {
      now += milliseconds(below(3));
      const std::string key(1, static_cast<char>('a' + below(8)));
      SetOptions options{.condition = static_cast<SetCondition>(below(3)),
                         .keep_ttl = below(4) == 0};
      if (below(2) == 0) options.expires = now + milliseconds(below(20) - 2);
      switch (below(8)) {
        case 0:
          REQUIRE(j.store.Delete({key, "a"}, now).ok());
          break;
        case 1:
          REQUIRE(j.store.Increment(key, below(9), now).ok());
          break;
        case 2:
          REQUIRE(j.store.ExpireAt(key, now + milliseconds(below(20) - 2), now).ok());
          break;
        case 3:
          REQUIRE(j.store.RemoveExpired(now, 2).ok());
          break;
        case 4:
          if (below(10) == 0) REQUIRE(j.store.FlushAll().ok());
          break;
        default:
          REQUIRE(j.store.Set(key, std::to_string(step), options, now).ok());
      }
    }
    Store replayed;
    for (const Effect& effect : j.journal) replayed.Apply(effect);
    CHECK(replayed.size() == j.store.size());
    CHECK(replayed.NextExpiry() == j.store.NextExpiry());
    for (const int later : {0, 1, 5, 100}) {
      CHECK(Visible(replayed, now + milliseconds(later)) ==
            Visible(j.store, now + milliseconds(later)));
    }
  }
}

TEST_CASE("the journal of concurrent writes has the order in which they took place", "[kv]") {
  Journalled j;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 200; ++i) {
          j.store.Increment("count", 1, kNow).IgnoreError();
          j.store.Set("last", std::to_string(t), {}, kNow).IgnoreError();
        }
      });
    }
  }
  Store replayed;
  for (const Effect& effect : j.journal) replayed.Apply(effect);
  CHECK(j.store.Get("count", kNow) == "800");
  CHECK(replayed.Get("count", kNow) == "800");
  CHECK(replayed.Get("last", kNow) == j.store.Get("last", kNow));
}

}  // namespace
}  // namespace kv
