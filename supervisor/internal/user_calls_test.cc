// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/user_calls.h"

#include <atomic>
#include <cerrno>
#include <functional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "stemma/lifecycle/event.h"
#include "stemma/supervisor/internal/wake_pipe.h"

namespace stemma::internal {
namespace {

// UserCalls and its owner's loop, which adds the threads that are due.
class Owner {
 public:
  explicit Owner(UserCalls::ThreadStarter start_thread = {})
      : calls({.wake = [this] { pipe_.Wake(); }, .wake_for_news = [] {}, .help = [] {}},
              std::move(start_thread)) {
    REQUIRE(pipe_.Open().ok());
    REQUIRE(calls.Start().ok());
  }
  ~Owner() {
    while (!calls.idle()) LoopOnce();
    CHECK(calls.Stop().empty());
  }

  void LoopUntil(const Event& event) {
    const Subscription wake = event.OnSet([this] { pipe_.Wake(); });
    while (!event.IsSet()) LoopOnce();
  }

  void LoopOnce() {
    pipe_.Wait(calls.growth_due_in());
    pipe_.Take([](int) {});
    grown = calls.Grow();
  }

 private:
  WakePipe pipe_;

 public:
  UserCalls calls;
  absl::Status grown;  // what the last Grow said
};

TEST_CASE("a call that waits behind a blocked one gets a thread of its own", "[supervisor][S10]") {
  Owner owner;
  EventSource release, second, first_over;
  owner.calls.Submit(1, "the first", [&] {
    release.event().Wait();
    first_over.Set();
  });
  owner.calls.Submit(2, "the second", [&] { second.Set(); });
  owner.LoopUntil(second.event());
  CHECK(owner.calls.Running(1) == std::vector<std::string>{"the first"});
  CHECK_FALSE(owner.calls.idle());
  release.Set();
  owner.LoopUntil(first_over.event());
}

TEST_CASE("without a second thread calls queue, and nothing is lost", "[supervisor][S10]") {
  int threads = 0;
  Owner owner([&](std::function<void()> body) {
    if (++threads > 1) throw std::system_error(EAGAIN, std::generic_category());
    return std::thread(std::move(body));
  });
  EventSource release, second;
  owner.calls.Submit(1, "the first", [&] { release.event().Wait(); });
  owner.calls.Submit(2, "the second", [&] { second.Set(); });
  while (owner.grown.ok()) owner.LoopOnce();
  CHECK(owner.grown.code() == absl::StatusCode::kResourceExhausted);
  CHECK(owner.calls.Running(2) == std::vector<std::string>{"the second (waiting for a thread)"});
  release.Set();
  owner.LoopUntil(second.event());
}

TEST_CASE("without the first thread there is nothing to run on", "[supervisor][S10]") {
  UserCalls calls({.wake = [] {}, .wake_for_news = [] {}, .help = [] {}},
                  [](const std::function<void()>&) -> std::thread {
                    throw std::system_error(EAGAIN, std::generic_category());
                  });
  CHECK(calls.Start().code() == absl::StatusCode::kResourceExhausted);
  calls.Stop();
}

TEST_CASE("threads beyond the first end when they find nothing to do", "[supervisor][S10][S23]") {
  std::atomic<int> started = 0, ended = 0;
  EventSource two_ended;
  {
    Owner owner([&](std::function<void()> body) {
      ++started;
      return std::thread([&, body = std::move(body)] {
        body();
        if (++ended == 2) two_ended.Set();
      });
    });
    EventSource release;
    std::vector<EventSource> running(3);
    for (const EventSource& one : running) {
      owner.calls.Submit(0, "a call", [&release, one] {
        one.Set();
        release.event().Wait();
      });
    }
    for (const EventSource& one : running) owner.LoopUntil(one.event());
    CHECK(started == 3);
    release.Set();
    two_ended.event().Wait();
  }
  CHECK(ended == 3);
}

TEST_CASE("a call that is written off is not waited for", "[supervisor][S12]") {
  EventSource release, over;
  EventSource running;
  {
    Owner owner;
    owner.calls.Submit(7, "its destructor", [running, release, over] {
      running.Set();
      release.event().Wait();
      over.Set();
    });
    running.event().Wait();
    owner.calls.WriteOff(7);
    CHECK(owner.calls.idle());
    CHECK(owner.calls.Running(7).empty());
    EventSource other;
    owner.calls.Submit(8, "another", [&] { other.Set(); });
    owner.LoopUntil(other.event());
  }
  CHECK_FALSE(over.event().IsSet());
  release.Set();
  over.event().Wait();
}

TEST_CASE("a thread that is long in ending holds up nobody", "[supervisor][S10]") {
  static EventSource may_end, ending;
  struct Lingering {
    ~Lingering() {
      if (!used) return;
      ending.Set();
      may_end.event().Wait();
    }
    bool used = false;
  };
  Owner owner;
  // Two calls at a time, so on two threads, of which one is then not needed any more.
  EventSource release;
  std::vector<EventSource> running(2);
  for (const EventSource& one : running) {
    owner.calls.Submit(0, "a call", [&release, one] {
      thread_local Lingering lingering;
      lingering.used = true;
      one.Set();
      release.event().Wait();
    });
  }
  for (const EventSource& one : running) owner.LoopUntil(one.event());
  release.Set();
  ending.event().Wait();
  EventSource next;
  owner.calls.Submit(0, "the next", [&] { next.Set(); });
  owner.LoopUntil(next.event());
  may_end.Set();
}

TEST_CASE("news can wait while calls wait, but not for a call that may take its time",
          "[supervisor][S10]") {
  std::atomic<int> wakes = 0, helped = 0;
  bool has_more = false;
  std::function<bool()> tells_soon;
  {
    UserCalls calls({.wake = [] {},
                     .wake_for_news = [&] { ++wakes; },
                     .help =
                         [&] {
                           ++helped;
                           if (has_more) CHECK(tells_soon());
                         }});
    tells_soon = calls.TellsSoon();
    CHECK_FALSE(tells_soon());  // nobody runs
    REQUIRE(calls.Start().ok());
    for (const bool more : {false, true}) {
      EventSource running, release, last;
      calls.Submit(1, "the first", [&] {
        running.Set();
        release.event().Wait();
      });
      running.event().Wait();
      CHECK_FALSE(tells_soon());  // it may take its time
      has_more = more;
      int wakes_before = wakes, helped_before = helped, helped_before_second = 0;
      calls.Submit(2, "the second", [&] { helped_before_second = helped; });
      calls.Submit(3, "the last", [&] {
        // The thread helps once, and leaves to others what comes meanwhile.
        helped_before = helped - helped_before;
        wakes_before = wakes - wakes_before;
        has_more = false;
        last.Set();
      });
      CHECK(tells_soon());
      const int helped_at_release = helped;
      release.Set();
      last.event().Wait();
      CHECK(helped_before_second == helped_at_release);
      CHECK(helped_before == 1);
      CHECK(wakes_before == (more ? 1 : 0));
    }
    CHECK(calls.Stop().size() <= 1);
  }
  CHECK_FALSE(tells_soon());
}

TEST_CASE("a loop that sleeps is to be woken when calls wait, and looks again while there are some",
          "[supervisor][S10][S23]") {
  EventSource idle;
  UserCalls calls({.wake = [&] { idle.Set(); }, .wake_for_news = [] {}, .help = [] {}});
  REQUIRE(calls.Start().ok());
  CHECK(calls.growth_due_in() == std::chrono::nanoseconds::max());
  EventSource running, release;
  calls.Submit(1, "the first", [&] {
    running.Set();
    release.event().Wait();
  });
  running.event().Wait();
  calls.Submit(2, "the second", [] {});
  CHECK_FALSE(calls.sleeps_too_long());  // the one that asks is about to take it
  calls.Submit(3, "the third", [] {});
  CHECK(calls.sleeps_too_long());
  CHECK(calls.growth_due_in() <= UserCalls::kPatience);
  CHECK_FALSE(calls.sleeps_too_long());
  CHECK_FALSE(calls.idle());
  release.Set();
  idle.event().Wait();
  // There were calls since it last looked, and may be more soon; then there is nothing to look for.
  CHECK(calls.growth_due_in() <= UserCalls::kPatience);
  CHECK(calls.growth_due_in() == std::chrono::nanoseconds::max());
  CHECK(calls.Stop().empty());
}

TEST_CASE("news is looked after by a thread that has nothing to do, and again if there is more",
          "[supervisor][S10]") {
  std::atomic<int> wakes = 0, helped = 0;
  EventSource helping, more, twice;
  const auto wake = [&] { ++wakes; };
  UserCalls calls({.wake = wake, .wake_for_news = wake, .help = [&] {
                     if (++helped == 2) return (void)twice.Set();
                     helping.Set();
                     more.event().Wait();
                   }});
  REQUIRE(calls.Start().ok());
  const std::function<bool()> tells_soon = calls.TellsSoon();
  CHECK(tells_soon());
  helping.event().Wait();
  CHECK(tells_soon());  // which the thread that helps finds when it has done
  more.Set();
  twice.event().Wait();
  CHECK(calls.Stop().empty());
  CHECK_FALSE(tells_soon());
  CHECK(helped == 2);
  CHECK(wakes == 0);
}

TEST_CASE("a thread that expects news takes what comes meanwhile, soon or late",
          "[supervisor][S10]") {
  std::atomic<int> helped = 0;
  EventSource told, never;
  UserCalls calls({.wake = [] {},
                   .wake_for_news = [] {},
                   .help =
                       [&] {
                         if (++helped == 1) told.Set();
                       }});
  REQUIRE(calls.Start().ok());
  const std::function<bool()> tells_soon = calls.TellsSoon();
  for (int i = 0; i < 1000; ++i) {
    EventSource first, second;
    calls.Submit(
        1, "a call", [&] { first.Set(); }, UserCalls::News::kSoon);
    while (!first.event().IsSet()) {  // awake: who sleeps here comes late each time
    }
    // Mostly right after it: the thread is about to wait, waits, or sleeps. Sometimes so late that
    // it has stopped to stay awake for it.
    if (i % 2 == 0) std::this_thread::yield();
    if (i % 50 == 49) never.event().WaitFor(std::chrono::milliseconds(1));
    calls.Submit(1, "the next", [&] { second.Set(); });
    second.event().Wait();
  }
  while (!tells_soon()) std::this_thread::yield();  // the last call may be about to return
  told.event().Wait();
  CHECK(calls.Stop().empty());
}

TEST_CASE("of very many calls, the owner is told of news after a few", "[supervisor][S10]") {
  constexpr int kCalls = 100;
  std::atomic<int> wakes = 0;
  UserCalls calls({.wake = [] {}, .wake_for_news = [&] { ++wakes; }, .help = [] {}});
  REQUIRE(calls.Start().ok());
  const std::function<bool()> tells_soon = calls.TellsSoon();
  EventSource release, last;
  calls.Submit(1, "the first", [&] { release.event().Wait(); });
  std::vector<int> seen;
  for (int i = 0; i < kCalls; ++i) {
    calls.Submit(1, "one of many", [&] {
      seen.push_back(wakes);
      (void)tells_soon();
    });
  }
  calls.Submit(1, "the last", [&] { last.Set(); });
  release.Set();
  last.event().Wait();
  CHECK(seen.front() == 0);
  CHECK(seen[20] >= 1);
  CHECK(seen.back() >= kCalls / 20);
  CHECK(seen.back() < kCalls / 2);
  calls.Stop();
}

}  // namespace
}  // namespace stemma::internal
