// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/reusable_threads.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <memory>
#include <set>
#include <thread>

#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/signaler_context.h"

namespace stemma {
namespace {

// What one incarnation of a worker sees of its thread.
struct Seen {
  std::thread::id thread;
  int incarnations_of_thread = 0;
};

Seen RunOnce(const ComponentManagerBuilder& builder, Seen& seen) {
  const auto ends = WithSignaler({});
  const auto manager = builder.Build();
  REQUIRE(manager->Start(ends.first).ok());
  manager->Done().Wait();
  return seen;
}

TEST_CASE("one incarnation's thread goes on to the next, with its thread_local objects",
          "[lifecycle][L2][L8]") {
  Seen seen;
  ComponentManagerBuilder builder;
  builder.AddWorker([&](const SignalerContext&, const ReadyFunc&) {
    thread_local int incarnations = 0;
    seen = {.thread = std::this_thread::get_id(), .incarnations_of_thread = ++incarnations};
  });
  const auto fresh = builder;
  builder.RunOn(ReusableThreads());
  std::set<std::thread::id> threads;
  int incarnations = 0;
  for (int i = 0; i < 100; ++i) {
    threads.insert(RunOnce(builder, seen).thread);
    incarnations = std::max(incarnations, seen.incarnations_of_thread);
    CHECK(RunOnce(fresh, seen).incarnations_of_thread == 1);
  }
  // One may be about to wait when the next incarnation comes, which then has another.
  CHECK(threads.size() < 100);
  CHECK(incarnations > 1);
}

TEST_CASE("who destroys a manager waits for its workers, also on threads that go on",
          "[lifecycle][L9]") {
  const auto ends = WithSignaler({});
  bool returned = false;
  const EventSource runs;
  {
    const ReusableThreads threads;
    const auto manager = ComponentManagerBuilder()
                             .RunOn(threads)
                             .AddWorker([&](const SignalerContext& context, const ReadyFunc&) {
                               runs.Set();
                               context.WaitForStop();
                               returned = true;
                             })
                             .Build();
    REQUIRE(manager->Start(ends.first).ok());
    runs.event().Wait();
  }
  CHECK(returned);
}

TEST_CASE("a callback of Done may destroy the manager, when the last copy of the threads is gone",
          "[lifecycle][L9]") {
  const auto ends = WithSignaler({});
  const EventSource destroyed;
  auto threads = std::make_unique<ReusableThreads>();
  std::unique_ptr<ComponentManager> manager =
      ComponentManagerBuilder().RunOn(*threads).AddWorker(&NoopWorker).Build();
  const Subscription subscription = manager->Done().OnSet([&] {
    manager.reset();
    destroyed.Set();
  });
  REQUIRE(manager->Start(ends.first).ok());
  threads.reset();
  ends.second.RequestStop({.kind = StopReason::Kind::kRequested});
  destroyed.event().Wait();
}

TEST_CASE("without a copy of the threads the workers get fresh ones", "[lifecycle][L2][L8]") {
  struct Recorder {
    bool* destroyed = nullptr;
    ~Recorder() { *destroyed = true; }
  };
  bool destroyed = false;
  const auto ends = WithSignaler({});
  const auto manager = ComponentManagerBuilder()
                           .RunOn(ReusableThreads())
                           .AddWorker([&](const SignalerContext&, const ReadyFunc&) {
                             thread_local Recorder recorder;
                             recorder.destroyed = &destroyed;
                           })
                           .Build();
  REQUIRE(manager->Start(ends.first).ok());
  manager->Done().Wait();
  CHECK(destroyed);
}

}  // namespace
}  // namespace stemma
