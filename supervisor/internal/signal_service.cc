// SPDX-License-Identifier: Apache-2.0
// The service that signals_test runs as a process of its own and sends real signals to. The first
// argument says how its one component behaves, the second its verdict, the third what becomes of it
// when it is stuck, the fourth where its latch is.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/lifecycle/component_manager.h"
#include "stemma/supervisor/main.h"
#include "stemma/supervisor/supervisor.h"

namespace {

using namespace std::chrono_literals;

void Say(std::string_view line) {
  [[maybe_unused]] const auto ignored = write(STDERR_FILENO, line.data(), line.size());
}

// Says "ready", and "masked" if its thread blocks signals, which programs it starts would inherit.
void Work(const stemma::SignalerContext& context, const stemma::ReadyFunc& ready,
          std::string_view behaviour) {
  sigset_t blocked;
  sigemptyset(&blocked);
  pthread_sigmask(SIG_BLOCK, nullptr, &blocked);
  if (sigismember(&blocked, SIGTERM) == 1) Say("masked\n");
  ready();
  if (behaviour == "fails") context.Throw(absl::DataLossError("told to fail"));
  Say("component ready\n");
  context.WaitForStop();
  Say("component stopping\n");
  char byte;
  while (behaviour == "lingers" && read(STDIN_FILENO, &byte, 1) > 0) {
  }
  while (behaviour == "deaf") pause();
}

stemma::ComponentFactory FactoryOf(std::string_view behaviour) {
  return [behaviour]() -> absl::StatusOr<std::unique_ptr<stemma::Component>> {
    return stemma::ComponentManagerBuilder()
        .AddWorker("main",
                   [behaviour](const stemma::SignalerContext& context,
                               const stemma::ReadyFunc& ready) { Work(context, ready, behaviour); })
        .Build();
  };
}

// Gets a SIGTERM when everything has ended and only a listener still runs.
int RunWithLateSignal(const stemma::Node& node) {
  const auto supervisor = *stemma::Supervisor::Create({node}, {.handle_signals = true});
  const auto subscription = supervisor->Subscribe([](const stemma::SupervisorEvent& event) {
    if (event.to == stemma::NodeState::kFailed) raise(SIGTERM);
  });
  return supervisor->Run().ExitCode();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view behaviour = argc > 1 ? argv[1] : "";
  const std::string_view verdict = argc > 2 ? argv[2] : "";
  const std::string_view on_stuck = argc > 3 ? argv[3] : "";
  const std::string_view latch = argc > 4 ? argv[4] : "";
  const char* const journal = argc > 5 ? argv[5] : "";
  stemma::Node node{.name = "part", .stop_timeout = on_stuck.empty() ? stemma::kNoTimeout : 1ms};
  node.factory = FactoryOf(behaviour);
  std::vector<stemma::Node> nodes;
  if (verdict == "SpinHalt while another lingers") {
    nodes.push_back(
        {.name = "other", .factory = FactoryOf("lingers"), .stop_timeout = stemma::kNoTimeout});
    node.on_error = stemma::Always(stemma::ErrorHandlingBehavior::kSpinHalt);
  }
  if (verdict == "Stop") node.on_error = stemma::Always(stemma::ErrorHandlingBehavior::kStop);
  if (verdict == "Shutdown") {
    node.on_error = stemma::Always(stemma::ErrorHandlingBehavior::kShutdown);
  }
  if (verdict == "SpinHalt") {
    node.on_error = stemma::Always(stemma::ErrorHandlingBehavior::kSpinHalt);
  }
  if (on_stuck == "late signal") return RunWithLateSignal(node);
  nodes.push_back(node);
  return stemma::Main(
      argc, argv, nodes,
      {.on_stuck = on_stuck == "abort" ? stemma::OnStuck::kAbort : stemma::OnStuck::kAbandon,
       .spin_halt_latch = std::string(latch),
       .journal = journal});
}
