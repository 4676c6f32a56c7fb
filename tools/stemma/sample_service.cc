// SPDX-License-Identifier: Apache-2.0
// A service for the tests of the command: three nodes, of which "db" makes the file that is named
// by the first argument when it is started. "api" ends the service at once.
#include <fstream>
#include <string>

#include "stemma/lifecycle/component_manager.h"
#include "stemma/supervisor/main.h"

namespace {

stemma::ComponentFactory Worker(stemma::ComponentWorker worker) {
  return [worker]() -> absl::StatusOr<std::unique_ptr<stemma::Component>> {
    return stemma::ComponentManagerBuilder().AddWorker("main", worker).Build();
  };
}

}  // namespace

int main(int argc, char** argv) {
  const std::string started = argc > 1 ? argv[1] : "";
  const auto run = [](const stemma::SignalerContext& context, const stemma::ReadyFunc& ready) {
    ready();
    context.WaitForStop();
  };
  const auto mark = [=](const stemma::SignalerContext& context, const stemma::ReadyFunc& ready) {
    std::ofstream(started) << "started\n";
    run(context, ready);
  };
  const auto end = [](const stemma::SignalerContext&, const stemma::ReadyFunc& ready) { ready(); };
  return stemma::Main(argc, argv,
                      {{.name = "api",
                        .dependencies = {"db"},
                        .soft_dependencies = {"log"},
                        .factory = Worker(end),
                        .on_completion = stemma::OnCompletion::kShutdown},
                       {.name = "db",
                        .factory = Worker(mark),
                        .on_error = stemma::Always(stemma::ErrorHandlingBehavior::kShutdown)},
                       {.name = "log", .factory = Worker(run)}});
}
