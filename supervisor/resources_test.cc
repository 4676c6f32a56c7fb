// SPDX-License-Identifier: Apache-2.0
// What a supervisor takes from its process: threads, descriptors, memory (S23).
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <iterator>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "spdlog/logger.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/internal/thread_count.h"
#include "stemma/supervisor/supervisor.h"
#include "stemma/testing/manual_clock.h"

namespace {

std::atomic<long> allocations{0};  // that live

void* Allocate(std::size_t size) {
  ++allocations;
  void* const memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void Free(void* memory) noexcept {
  if (memory != nullptr) --allocations;
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return Allocate(size); }
void* operator new[](std::size_t size) { return Allocate(size); }
void operator delete(void* memory) noexcept { Free(memory); }
void operator delete[](void* memory) noexcept { Free(memory); }
void operator delete(void* memory, std::size_t) noexcept { Free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { Free(memory); }

namespace stemma {
namespace {

using Made = absl::StatusOr<std::unique_ptr<Component>>;

long Descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

SupervisorOptions Quiet() {
  return {.logger = std::make_shared<spdlog::logger>("silent"),  // without a sink
          .clock = std::make_shared<ManualClock>()};
}

TEST_CASE("threads: one for each worker, the caller of Run, and one for user code",
          "[supervisor][S23]") {
  std::thread([] {}).join();  // ThreadSanitizer's own thread comes with the first one
  const long before = internal::CountThreads();
  std::vector<Node> nodes;
  for (int i = 0; i < 20; ++i) {
    nodes.push_back(
        {.name = "n" + std::to_string(i), .factory = []() -> Made {
           return ComponentManagerBuilder().AddWorker(&NoopWorker).AddWorker(&NoopWorker).Build();
         }});
  }
  const auto supervisor = *Supervisor::Create(std::move(nodes), Quiet());
  std::jthread run([&] { supervisor->Run(); });
  REQUIRE(supervisor->AwaitReady({}).ok());
  // A thread that user code needed for a moment may be just about to end; else this never returns.
  while (internal::CountThreads() != before + 40 + 1 + 1) std::this_thread::yield();
  supervisor->RequestStop();
  run.join();
  // A joined thread may be listed for a moment longer.
  while (internal::CountThreads() != before) std::this_thread::yield();
}

TEST_CASE("a node that is restarted for ever takes no more and no more",
          "[supervisor][S23][trap13]") {
  constexpr int kWarm = 200, kLast = 3000;
  struct Used {
    long allocations = 0, threads = 0, descriptors = 0;
  } warm, last;
  int made = 0;
  EventSource enough;
  Node node{.name = "restless", .restart = RestartPolicy::Unlimited()};
  node.restart.initial = node.restart.max = std::chrono::nanoseconds(0);
  node.factory = [&]() -> Made {
    if (++made == kWarm || made == kLast) {
      const Used used{.allocations = allocations,
                      .threads = internal::CountThreads(),
                      .descriptors = Descriptors()};
      (made == kWarm ? warm : last) = used;
    }
    return ComponentManagerBuilder()
        .AddWorker(
            [&, stays = made > kLast](const SignalerContext& context, const ReadyFunc& ready) {
              ready();
              if (!stays) context.Throw(absl::InternalError("restless"));
              enough.Set();
              context.WaitForStop();
            })
        .Build();
  };
  const auto supervisor = *Supervisor::Create({node}, Quiet());
  std::promise<RunResult> result;
  std::jthread run([&] { result.set_value(supervisor->Run()); });
  enough.event().Wait();
  supervisor->RequestStop();
  const RunResult ended = result.get_future().get();
  CHECK(ended.nodes[0].incarnations == kLast + 1);
  CHECK(ended.nodes[0].failures.size() == 2 * NodeReport::kKeptFailures);
  // What is under way at those moments differs a little; one thing left behind by each incarnation
  // would be thousands.
  CHECK(last.allocations < warm.allocations + kLast / 10);
  CHECK(last.threads <= warm.threads + 3);
  CHECK(last.descriptors <= warm.descriptors);
}

TEST_CASE("a supervisor that has gone leaves nothing", "[supervisor][S23]") {
  const auto run_one = [] {
    const auto supervisor = *Supervisor::Create(
        {{.name = "db", .factory = []() -> Made { return ComponentManagerBuilder().Build(); }}},
        Quiet());
    const Subscription listener = supervisor->Subscribe([](const SupervisorEvent&) {});
    return supervisor->Run().outcome;
  };
  for (int i = 0; i < 10; ++i) REQUIRE(run_one() == Outcome::kCompleted);
  const long descriptors = Descriptors();
  const long before = allocations;
  for (int i = 0; i < 200; ++i) REQUIRE(run_one() == Outcome::kCompleted);
  CHECK(Descriptors() == descriptors);
  CHECK(allocations < before + 100);
}

}  // namespace
}  // namespace stemma
