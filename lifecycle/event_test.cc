// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/event.h"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <optional>
#include <stdexcept>
#include <thread>

#include "stemma/lifecycle/internal/run_together.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using internal::kRaces;
using internal::RunTogether;

TEST_CASE("an event is set once, and stays set", "[lifecycle][event]") {
  const EventSource source;
  const Event event = source.event();
  CHECK_FALSE(event.IsSet());
  CHECK(source.Set());
  CHECK(event.IsSet());
  CHECK_FALSE(source.Set());
  CHECK(event.IsSet());
}

TEST_CASE("a handle that was moved from is still a handle", "[lifecycle][event]") {
  EventSource source;
  Event event = source.event();
  const EventSource other_source = std::move(source);
  const Event other = std::move(event);
  other_source.Set();
  CHECK(event.IsSet());
  CHECK_FALSE(source.Set());
}

TEST_CASE("waiting ends when another thread sets the event", "[lifecycle][event]") {
  const EventSource asked;
  const EventSource answered;
  const std::jthread thread([&] {
    asked.event().Wait();
    answered.Set();
  });
  asked.Set();
  answered.event().Wait();
  CHECK(answered.event().IsSet());
}

TEST_CASE("a timed wait tells whether the event was set, and takes any duration",
          "[lifecycle][event]") {
  const EventSource source;
  CHECK_FALSE(source.event().WaitFor(0ns));
  CHECK_FALSE(source.event().WaitFor(-1h));
  CHECK_FALSE(source.event().WaitFor(std::chrono::nanoseconds::min()));
  CHECK_FALSE(source.event().WaitFor(1ns));
  const std::jthread setter([&] { source.Set(); });
  CHECK(source.event().WaitFor(std::chrono::nanoseconds::max()));
  CHECK(source.event().WaitFor(std::chrono::nanoseconds::max() - 1ns));
  CHECK(source.event().WaitFor(0ns));
}

TEST_CASE("a wait with a stop token ends with Cancelled when stop is requested",
          "[lifecycle][event]") {
  const EventSource source;
  std::stop_source stop;
  absl::Status status;
  {
    const std::jthread waiter([&] { status = source.event().Wait(stop.get_token()); });
    stop.request_stop();
  }
  CHECK(absl::IsCancelled(status));
}

TEST_CASE("a wait with a stop token is OK if the event is set, even when stop came too",
          "[lifecycle][event]") {
  const EventSource source;
  std::stop_source stop;
  source.Set();
  stop.request_stop();
  CHECK(source.event().Wait(stop.get_token()).ok());
  CHECK(source.event().Wait(std::stop_token()).ok());
}

TEST_CASE("callbacks run in the order of registration, on the thread that sets",
          "[lifecycle][event]") {
  const EventSource source;
  std::vector<int> order;
  std::thread::id ran_on;
  const Subscription first = source.event().OnSet([&] { order.push_back(1); });
  const Subscription second = source.event().OnSet([&] {
    order.push_back(2);
    ran_on = std::this_thread::get_id();
  });
  CHECK(order.empty());
  std::thread::id set_on;
  std::jthread([&] {
    set_on = std::this_thread::get_id();
    source.Set();
  }).join();
  CHECK(order == std::vector{1, 2});
  CHECK(ran_on == set_on);
}

TEST_CASE("a callback runs at once if the event is set already", "[lifecycle][event]") {
  const EventSource source;
  source.Set();
  bool called = false;
  const Subscription subscription = source.event().OnSet([&] { called = true; });
  CHECK(called);
}

TEST_CASE("a callback may use the event it is called by", "[lifecycle][event]") {
  const EventSource source;
  std::vector<Subscription> subscriptions;
  bool nested = false;
  subscriptions.push_back(source.event().OnSet([&] {
    CHECK_FALSE(source.Set());
    source.event().Wait();
    subscriptions.push_back(source.event().OnSet([&] { nested = true; }));
  }));
  source.Set();
  CHECK(nested);
}

TEST_CASE("a cancelled callback does not run, and what it captured is gone", "[lifecycle][event]") {
  const EventSource source;
  const auto captured = std::make_shared<int>(1);
  bool called = false;
  Subscription subscription = source.event().OnSet([&called, captured] { called = true; });
  CHECK(captured.use_count() == 2);
  subscription.Cancel();
  CHECK(captured.use_count() == 1);
  subscription.Cancel();
  source.Set();
  CHECK_FALSE(called);
}

TEST_CASE("what a callback captured is gone once it has run", "[lifecycle][event]") {
  const EventSource source;
  const auto captured = std::make_shared<int>(1);
  const Subscription subscription = source.event().OnSet([captured] {});
  source.Set();
  CHECK(captured.use_count() == 1);
}

TEST_CASE("assigning to a subscription cancels the one before, and moving carries it over",
          "[lifecycle][event]") {
  const EventSource source;
  int calls = 0;
  Subscription subscription = source.event().OnSet([&] { calls += 1; });
  subscription = source.event().OnSet([&] { calls += 10; });
  Subscription moved = std::move(subscription);
  subscription = Subscription();
  source.Set();
  CHECK(calls == 10);
}

TEST_CASE("a subscription may outlive its source", "[lifecycle][event]") {
  std::optional<EventSource> source(std::in_place);
  Subscription subscription = source->event().OnSet([] {});
  source.reset();
  subscription.Cancel();
  SUCCEED();
}

TEST_CASE("a callback may destroy its own subscription, and the source", "[lifecycle][event]") {
  std::optional<EventSource> source(std::in_place);
  std::optional<Subscription> subscription;
  const auto captured = std::make_shared<int>(1);
  bool alive_after_cancel = false;
  subscription.emplace(source->event().OnSet([&, captured] {
    subscription.reset();
    source.reset();
    alive_after_cancel = *captured == 1;
  }));
  source->Set();
  CHECK(alive_after_cancel);
  CHECK(captured.use_count() == 1);
}

TEST_CASE("cancelling waits for a callback that runs on another thread", "[lifecycle][event]") {
  const EventSource source;
  const EventSource inside;
  const EventSource cancelling;
  bool finished = false;  // unguarded on purpose: ThreadSanitizer sees whether cancelling waited
  Subscription subscription = source.event().OnSet([&] {
    inside.Set();
    cancelling.event().Wait();
    finished = true;
  });
  const std::jthread setter([&] { source.Set(); });
  inside.event().Wait();
  cancelling.Set();
  subscription.Cancel();
  CHECK(finished);
}

TEST_CASE("an exception out of a callback is caught, and the callbacks after it run",
          "[lifecycle][event]") {
  const EventSource source;
  bool called = false;
  const Subscription bad = source.event().OnSet([] { throw std::runtime_error("on purpose"); });
  const Subscription good = source.event().OnSet([&] { called = true; });
  CHECK(source.Set());
  CHECK(called);
  CHECK_NOTHROW(Subscription(source.event().OnSet([] { throw 1; })));
}

TEST_CASE("AllOf is set by the last of its events, in any order, and at once for none",
          "[lifecycle][event]") {
  CHECK(AllOf({}).IsSet());

  const EventSource a;
  const EventSource b;
  const Event all = AllOf({a.event(), b.event(), a.event()});
  CHECK_FALSE(all.IsSet());
  b.Set();
  CHECK_FALSE(all.IsSet());
  a.Set();
  CHECK(all.IsSet());
  CHECK(AllOf({a.event(), b.event()}).IsSet());
}

TEST_CASE("a subscription alone keeps an AllOf alive", "[lifecycle][event]") {
  const EventSource a;
  const EventSource b;
  bool called = false;
  const Subscription subscription =
      AllOf({AllOf({a.event()}), b.event()}).OnSet([&] { called = true; });
  a.Set();
  CHECK_FALSE(called);
  b.Set();
  CHECK(called);
}

TEST_CASE("an AllOf that nobody waits for any more is forgotten by its events",
          "[lifecycle][event]") {
  const EventSource source;
  const auto captured = std::make_shared<int>(1);
  {
    const Subscription subscription = AllOf({source.event()}).OnSet([captured] {});
  }
  CHECK(captured.use_count() == 1);
  CHECK(source.Set());
}

TEST_CASE("of many that set an event at once, one set it", "[lifecycle][event][race]") {
  for (int i = 0; i < kRaces; ++i) {
    const EventSource source;
    std::atomic<int> winners = 0;
    const auto set = [&] { winners += source.Set() ? 1 : 0; };
    RunTogether({set, set, set});
    REQUIRE(winners == 1);
  }
}

TEST_CASE("setting and subscribing at once: the callback runs exactly once",
          "[lifecycle][event][race]") {
  for (int i = 0; i < kRaces; ++i) {
    const EventSource source;
    std::atomic<int> calls = 0;
    Subscription subscription;
    RunTogether(
        {[&] { source.Set(); }, [&] { subscription = source.event().OnSet([&] { ++calls; }); }});
    REQUIRE(calls == 1);
  }
}

TEST_CASE("setting and cancelling at once: after cancelling the callback does not run",
          "[lifecycle][event][race]") {
  for (int i = 0; i < kRaces; ++i) {
    const EventSource source;
    auto touched = std::make_unique<int>(0);
    Subscription subscription = source.event().OnSet([&] { ++*touched; });
    RunTogether({[&] { source.Set(); },
                 [&] {
                   subscription.Cancel();
                   touched.reset();  // a callback that still ran would use it after this
                 }});
    REQUIRE(touched == nullptr);
  }
}

TEST_CASE("the last events of an AllOf set at once, while its handle is dropped",
          "[lifecycle][event][race]") {
  for (int i = 0; i < kRaces; ++i) {
    const EventSource a;
    const EventSource b;
    std::atomic<int> calls = 0;
    std::optional<Event> all(AllOf({a.event(), b.event()}));
    const Event kept = AllOf({a.event(), b.event()});
    const Subscription subscription = kept.OnSet([&] { ++calls; });
    RunTogether({[&] { a.Set(); }, [&] { b.Set(); }, [&] { all.reset(); }});
    REQUIRE(calls == 1);
    REQUIRE(kept.IsSet());
  }
}

TEST_CASE("waiting, setting and a stop at once: the wait ends and tells the truth",
          "[lifecycle][event][race]") {
  for (int i = 0; i < kRaces; ++i) {
    const EventSource source;
    std::stop_source stop;
    absl::Status status;
    bool set = false;
    RunTogether({[&] { source.Set(); }, [&] { stop.request_stop(); },
                 [&] {
                   status = source.event().Wait(stop.get_token());
                   set = source.event().IsSet();
                 }});
    REQUIRE((status.ok() || absl::IsCancelled(status)));
    if (status.ok()) REQUIRE(set);
  }
}

}  // namespace
}  // namespace stemma
