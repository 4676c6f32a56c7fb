// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "absl/status/status.h"
#include "docs/examples/testing/flusher.h"
#include "stemma/supervisor/main.h"
#include "stemma/testing/failure_injection.h"

std::vector<stemma::Node> Nodes() {
  const auto db = [] {
    return stemma::ComponentManagerBuilder().AddWorker(stemma::NoopWorker).Build();
  };
  const auto flush = [] { return absl::OkStatus(); };
  return {
      {.name = "db",
       .factory = db,
       .on_error = stemma::Always(stemma::ErrorHandlingBehavior::kShutdown)},
      {.name = "flusher", .dependencies = {"db"}, .factory = flusher::Flusher(flush)},
  };
}

int main(int argc, char** argv) {
  return stemma::Main(argc, argv, stemma::WithInjectedFailures(Nodes()));
}
