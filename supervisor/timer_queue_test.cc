// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/timer_queue.h"

#include <cstdlib>
#include <map>
#include <random>

#include "catch2/catch_test_macros.hpp"

namespace stemma {
namespace {

using std::chrono::nanoseconds;

TEST_CASE("the earliest timer comes first, ties by key", "[supervisor]") {
  TimerQueue timers;
  timers.Resize(4);
  CHECK_FALSE(timers.Earliest());
  timers.Set(3, nanoseconds(5));
  timers.Set(1, nanoseconds(5));
  timers.Set(2, nanoseconds(9));
  CHECK(timers.Earliest()->key == 1);
  timers.Cancel(1);
  timers.Cancel(1);
  CHECK(timers.Earliest()->key == 3);
  timers.Set(2, nanoseconds(1));
  CHECK(timers.Earliest()->key == 2);
}

TEST_CASE("a deadline of nanoseconds::max() is none", "[supervisor]") {
  TimerQueue timers;
  timers.Resize(1);
  timers.Set(0, nanoseconds(1));
  timers.Set(0, nanoseconds::max());
  CHECK_FALSE(timers.IsSet(0));
  CHECK_FALSE(timers.Earliest());
}

TEST_CASE("random operations agree with an ordered map", "[supervisor]") {
  const char* given = std::getenv("STEMMA_SEED");
  const auto seed =
      given ? static_cast<unsigned>(std::strtoul(given, nullptr, 10)) : std::random_device()();
  INFO("STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  constexpr TimerQueue::Key kKeys = 40;
  TimerQueue timers;
  timers.Resize(kKeys);
  std::map<TimerQueue::Key, nanoseconds> model;
  for (int step = 0; step < 20000; ++step) {
    const TimerQueue::Key key = static_cast<TimerQueue::Key>(random() % kKeys);
    if (random() % 3 == 0) {
      timers.Cancel(key);
      model.erase(key);
    } else {
      const nanoseconds at(random() % 50);
      timers.Set(key, at);
      model[key] = at;
    }
    auto first = model.end();
    for (auto it = model.begin(); it != model.end(); ++it) {
      if (first == model.end() || it->second < first->second) first = it;
    }
    const auto earliest = timers.Earliest();
    REQUIRE(earliest.has_value() == (first != model.end()));
    if (!earliest) continue;
    REQUIRE(earliest->key == first->first);
    REQUIRE(earliest->at == first->second);
    REQUIRE(timers.Get(key).has_value() == model.contains(key));
  }
}

}  // namespace
}  // namespace stemma
