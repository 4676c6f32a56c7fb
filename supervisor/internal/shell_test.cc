// SPDX-License-Identifier: Apache-2.0
// What a supervisor does when the system has no threads for it (S10).
#include "stemma/supervisor/internal/shell.h"

#include <cerrno>
#include <future>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/supervisor/internal/test_service.h"

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

}  // namespace
}  // namespace stemma::internal
