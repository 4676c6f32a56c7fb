// SPDX-License-Identifier: Apache-2.0
// What a supervisor does when the system has no threads for it (S10).
#include "stemma/supervisor/internal/shell.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "spdlog/logger.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/supervisor/internal/test_service.h"

// Threads that are left behind are the point here, and no leak.
extern "C" const char* __tsan_default_options() { return "report_thread_leaks=0"; }

namespace stemma::internal {
namespace {

// A shell of one node, "db", that gets `threads` threads for user code; each refusal of one more is
// written to `diary`.
std::shared_ptr<Shell> ShellOfOne(int threads, Diary& diary) {
  std::vector<Node> nodes = {
      {.name = "db", .factory = []() -> absl::StatusOr<std::unique_ptr<Component>> {
         return ComponentManagerBuilder().AddWorker(&NoopWorker).Build();
       }}};
  auto graph = std::make_shared<const DependencyGraph>(*DependencyGraph::Create({{.name = "db"}}));
  return std::make_shared<Shell>(std::move(nodes), SupervisorOptions(), std::move(graph),
                                 [threads, &diary](std::function<void()> body) mutable {
                                   if (threads-- > 0) return std::thread(std::move(body));
                                   threads = 0;
                                   diary.Write("refused");
                                   throw std::system_error(EAGAIN, std::generic_category());
                                 });
}

TEST_CASE("without a thread for user code a run is refused", "[supervisor][S10][S15]") {
  Diary diary;
  const auto shell = ShellOfOne(0, diary);
  const RunResult result = shell->Run({});
  CHECK(result.outcome == Outcome::kRefused);
  CHECK(result.status.code() == absl::StatusCode::kResourceExhausted);
  CHECK(shell->ended().IsSet());
  CHECK(shell->board().AwaitReady({}) == result.status);
  CHECK(shell->board().AwaitNode("db", NodeState::kReady, {}).code() ==
        absl::StatusCode::kFailedPrecondition);
}

TEST_CASE("with one thread for user code everything is told in the end", "[supervisor][S10]") {
  Diary diary;
  const auto shell = ShellOfOne(1, diary);
  EventSource release;
  const auto listen = [&](const std::string& name, bool wait) {
    return shell->observers().Subscribe(
        [&diary, &release, name, wait](const SupervisorEvent& event) {
          if (event.kind != SupervisorEvent::Kind::kTransition || event.to != NodeState::kStopped)
            return;
          if (wait) release.event().Wait();
          diary.Write(name);
        });
  };
  const Subscription first = listen("first", true);
  const Subscription second = listen("second", false);
  std::promise<RunResult> result;
  std::jthread run([&] { result.set_value(shell->Run({})); });
  REQUIRE(shell->board().AwaitReady({}).ok());
  shell->RequestStop();
  shell->ended().Wait();
  // Now there is nothing left but the listeners, of which one waits for a thread.
  diary.Await("refused", 1 + diary.Count("refused"));
  release.Set();
  CHECK(result.get_future().get().calls_left_behind.empty());
  CHECK(diary.Before("first", "second"));
}

TEST_CASE("what is abandoned is told to stop, even when the time is over before a thread is free",
          "[supervisor][S10][S12][S15]") {
  Diary diary;
  EventSource release;
  std::atomic<bool> allowed = true;  // to start another thread for user code
  Part db("db", diary);
  std::vector<Node> nodes = {
      {.name = "db", .factory = db.Factory()},
      {.name = "deaf", .factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
         diary.Write("in the factory");
         release.event().Wait();
         diary.Write("returned");
         return absl::UnavailableError("late");
       }}};
  auto graph = std::make_shared<const DependencyGraph>(
      *DependencyGraph::Create({{.name = "db"}, {.name = "deaf"}}));
  const auto clock = std::make_shared<ManualClock>();
  const auto shell = std::make_shared<Shell>(
      std::move(nodes),
      SupervisorOptions{.logger = std::make_shared<spdlog::logger>("silent"), .clock = clock},
      std::move(graph), [&](std::function<void()> body) {
        if (!allowed.exchange(false)) throw std::system_error(EAGAIN, std::generic_category());
        return std::thread(std::move(body));
      });
  std::promise<RunResult> result;
  std::jthread run([&] { result.set_value(shell->Run({})); });
  diary.Await("in the factory");
  REQUIRE(shell->board().AwaitNode("db", NodeState::kReady, {}).ok());
  shell->RequestStop();
  REQUIRE(shell->board().AwaitNode("db", NodeState::kStopping, {}).ok());
  REQUIRE(shell->board().AwaitNode("deaf", NodeState::kStopping, {}).ok());
  clock->Advance(std::chrono::seconds(10));  // both are abandoned, and nobody was told anything
  shell->ended().Wait();
  allowed = true;
  clock->Advance(std::chrono::hours(1));
  CHECK(result.get_future().get().ExitCode() == kExitLeftBehind);
  diary.Await("stopping db");
  release.Set();
  diary.Await("returned");
  diary.Await("end db");
}

}  // namespace
}  // namespace stemma::internal
