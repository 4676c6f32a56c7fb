// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <system_error>

#include "absl/status/status.h"
#include "docs/examples/kv_service/components.h"
#include "docs/examples/kv_service/loan.h"

namespace kv {

void RunConfig(Wiring& wiring, const stemma::SignalerContext& context,
               const stemma::ReadyFunc& ready) {
  const Incarnation self(wiring.config, context, ready);
  Settings settings = wiring.flags;
  settings.directory = std::filesystem::absolute(settings.directory).string();
  std::error_code error;
  std::filesystem::create_directories(settings.directory, error);
  if (error || !std::filesystem::is_directory(settings.directory, error)) {
    context.Throw(absl::FailedPreconditionError("--dir: cannot make the directory " +
                                                settings.directory + ": " + error.message()));
  }
  const Loan lent(wiring.settings, std::make_shared<const Settings>(std::move(settings)));
  self.Ready();
  while (self.Wait()) {
  }
}

}  // namespace kv
