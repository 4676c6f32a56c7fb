// SPDX-License-Identifier: Apache-2.0
// More nodes than the system has threads for: S3, S15, L8. A process of its own (this binary, run
// again) lives under a limit of threads.
#include <grp.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "catch2/catch_session.hpp"
#include "catch2/catch_test_macros.hpp"
#include "spdlog/logger.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/internal/thread_count.h"
#include "stemma/supervisor/supervisor.h"

namespace stemma {
namespace {

constexpr int kNodes = 10'000;
constexpr rlim_t kThreads = 200;

// Root is not limited, so it becomes somebody who has no other process.
bool LimitThreads() {
  const auto nobody = static_cast<uid_t>(1'000'000 + getpid());
  if (geteuid() == 0 && (setgroups(0, nullptr) != 0 || setuid(nobody) != 0)) return false;
  const rlimit limit{kThreads, kThreads};
  return setrlimit(RLIMIT_NPROC, &limit) == 0;
}

bool Check(bool holds, const char* what) {
  if (!holds) std::fprintf(stderr, "not so: %s\n", what);
  return holds;
}

// Runs the crowd. Returns: the run's exit code, or 1 if something was wrong.
int RunCrowd(ErrorHandlingBehavior verdict) {
  std::thread([] {}).join();  // with the first thread may come one of a sanitizer's
  const long threads_before = internal::CountThreads();
  if (!Check(LimitThreads(), "threads can be limited")) return 1;
  std::atomic<int> started = 0, ended = 0, asked = 0, about_a_start = 0;
  std::unique_ptr<Supervisor> supervisor;
  const auto count = [&](std::atomic<int>& counter) {
    ++counter;
    if (started + asked == kNodes) supervisor->RequestStop();
  };
  std::vector<Node> nodes;
  for (int i = 0; i < kNodes; ++i) {
    nodes.push_back({.name = "node " + std::to_string(i),
                     .factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
                       return ComponentManagerBuilder()
                           .AddWorker([&](const SignalerContext& context, const ReadyFunc& ready) {
                             ready();
                             count(started);
                             context.WaitForStop();
                             ++ended;
                           })
                           .Build();
                     },
                     .on_error =
                         [&, verdict](const Failure& failure) {
                           about_a_start += failure.kind == FailureKind::kStart;
                           count(asked);
                           return verdict;
                         },
                     .start_timeout = kNoTimeout,
                     .stop_timeout = kNoTimeout});
  }
  const auto silent = std::make_shared<spdlog::logger>("silent");
  supervisor = *Supervisor::Create(std::move(nodes), {.logger = silent});
  const RunResult result = supervisor->Run();

  int failed = 0, incarnations = 0;
  for (const NodeReport& node : result.nodes) {
    failed += node.state == NodeState::kFailed;
    incarnations += static_cast<int>(node.incarnations);
  }
  bool well = Check(asked > 0, "there were too few threads");
  well &= Check(started > 0, "some nodes have started");
  well &= Check(about_a_start == asked, "each failure was one of a start");
  well &= Check(failed == asked, "each failure has asked its handler");
  well &= Check(started == ended, "what has started has ended");
  well &= Check(internal::CountThreads() == threads_before, "every thread is joined");
  if (verdict == ErrorHandlingBehavior::kStop) {
    well &= Check(started + asked == kNodes, "every node has started or failed");
    well &= Check(incarnations == kNodes, "every node was launched");
  }
  return well ? result.ExitCode() : 1;
}

int RunAgain(const char* verdict) {
  std::string self(4096, '\0');
  const ssize_t size = readlink("/proc/self/exe", self.data(), self.size());
  REQUIRE(size > 0);
  self.resize(static_cast<std::size_t>(size));
  std::string argument = verdict;
  char* argv[] = {self.data(), argument.data(), nullptr};
  pid_t pid = 0;
  REQUIRE(posix_spawn(&pid, self.c_str(), nullptr, nullptr, argv, environ) == 0);
  int status = 0;
  REQUIRE(waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST_CASE("nodes that get no thread fail to start, their handlers are asked, the others run",
          "[supervisor][S3][S15][L8]") {
  CHECK(RunAgain("crowd-stop") == 0);
}

TEST_CASE("a thread that is not to be had may be the service's end", "[supervisor][S3][S15][L8]") {
  CHECK(RunAgain("crowd-shutdown") == kExitSoftware);
}

}  // namespace
}  // namespace stemma

int main(int argc, char** argv) {
  const std::string argument = argc > 1 ? argv[1] : "";
  if (argument == "crowd-stop") return stemma::RunCrowd(stemma::ErrorHandlingBehavior::kStop);
  if (argument == "crowd-shutdown") {
    return stemma::RunCrowd(stemma::ErrorHandlingBehavior::kShutdown);
  }
  return Catch::Session().run(argc, argv);
}
