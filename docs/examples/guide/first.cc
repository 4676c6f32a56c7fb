// SPDX-License-Identifier: Apache-2.0
// Step 1 of docs/guide.md: one component, which counts down and thereby ends the service.
#include <chrono>
#include <cstdio>

#include "stemma/lifecycle/component_manager.h"
#include "stemma/supervisor/main.h"

using namespace std::chrono_literals;

void CountDown(const stemma::SignalerContext& context, const stemma::ReadyFunc& ready) {
  ready();
  for (int i = 3; i > 0; --i) {
    std::printf("%d\n", i);
    if (!context.SleepFor(100ms)) return;  // a stop was requested
  }
}

int main(int argc, char** argv) {
  return stemma::Main(
      argc, argv,
      {{.name = "countdown",
        .factory =
            [] { return stemma::ComponentManagerBuilder().AddWorker("main", CountDown).Build(); },
        .on_completion = stemma::OnCompletion::kShutdown}});
}
