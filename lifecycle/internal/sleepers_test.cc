// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/sleepers.h"

#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <mutex>
#include <thread>

#include "stemma/lifecycle/internal/run_together.h"

namespace stemma::internal {
namespace {

using SteadyClock = std::chrono::steady_clock;

TEST_CASE("who was woken before it sleeps does not sleep", "[lifecycle][sleepers]") {
  Sleeper sleeper;
  sleeper.Wake();
  sleeper.Sleep();
  CHECK(sleeper.SleepUntil(SteadyClock::time_point::min()));
}

TEST_CASE("who is not woken sleeps until the time has come", "[lifecycle][sleepers]") {
  Sleeper sleeper;
  const auto time = SteadyClock::now() + std::chrono::milliseconds(2);
  CHECK_FALSE(sleeper.SleepUntil(time));
  CHECK(SteadyClock::now() >= time);
  CHECK_FALSE(sleeper.SleepUntil(SteadyClock::time_point()));  // long past
  sleeper.Wake();
  CHECK(sleeper.SleepUntil(SteadyClock::time_point()));
}

TEST_CASE("who stays awake meanwhile sees that it is woken, and when the time has come",
          "[lifecycle][sleepers]") {
  Sleeper sleeper;
  const auto time = SteadyClock::now() + std::chrono::milliseconds(2);
  CHECK_FALSE(sleeper.SpinUntil(time));
  CHECK(SteadyClock::now() >= time);
  const std::jthread waker([&] { sleeper.Wake(); });
  CHECK(sleeper.SpinUntil(SteadyClock::time_point::max()));
  CHECK(sleeper.SleepUntil(SteadyClock::time_point()));
}

TEST_CASE("a sleeper that is woken may be gone at once", "[lifecycle][sleepers][race]") {
  for (int i = 0; i < kRaces; ++i) {
    auto sleeper = std::make_unique<Sleeper>();
    RunTogether({[&] {
                   sleeper->Sleep();
                   sleeper.reset();
                 },
                 [woken = sleeper.get()] { woken->Wake(); }});
  }
}

TEST_CASE("all are woken but for those that were removed", "[lifecycle][sleepers]") {
  Sleeper first, second, third;
  Sleepers sleepers;
  for (Sleeper* const sleeper : {&first, &second, &third}) sleepers.Add(*sleeper);
  CHECK(sleepers.Remove(second));
  CHECK_FALSE(sleepers.Remove(second));
  Sleepers taken = sleepers.Take();
  CHECK_FALSE(sleepers.Remove(first));
  taken.WakeAll();
  first.Sleep();
  third.Sleep();
  CHECK_FALSE(second.SleepUntil(SteadyClock::time_point()));
}

TEST_CASE("none of many that wait for one thing is forgotten", "[lifecycle][sleepers][race]") {
  for (int i = 0; i < kRaces; ++i) {
    std::mutex mutex;
    bool happened = false;
    Sleepers sleepers;
    const auto wait = [&] {
      Sleeper sleeper;
      {
        const std::lock_guard lock(mutex);
        if (happened) return;
        sleepers.Add(sleeper);
      }
      sleeper.Sleep();
    };
    RunTogether({wait, wait, wait, [&] {
                   std::unique_lock lock(mutex);
                   happened = true;
                   Sleepers woken = sleepers.Take();
                   lock.unlock();
                   woken.WakeAll();
                 }});
  }
}

}  // namespace
}  // namespace stemma::internal
