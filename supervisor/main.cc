// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/main.h"

#include <cstdio>
#include <string>
#include <utility>

#include "stemma/supervisor/manifest_request.h"
#include "stemma/supervisor/run_result.h"
#include "stemma/supervisor/supervisor.h"

namespace stemma {

int Main(int /*argc*/, char** /*argv*/, std::vector<Node> nodes, SupervisorOptions options) {
  if (int exit_code = 0; AnswerManifestRequest(nodes, exit_code)) return exit_code;
  options.handle_signals = true;
  auto supervisor = Supervisor::Create(std::move(nodes), std::move(options));
  if (!supervisor.ok()) {
    std::fprintf(stderr, "stemma: %s\n", std::string(supervisor.status().message()).c_str());
    return kExitSoftware;
  }
  const RunResult result = (*supervisor)->Run();
  if (!result.status.ok()) {
    std::fprintf(stderr, "stemma: %s: %s\n", std::string(ToString(result.outcome)).c_str(),
                 result.status.ToString().c_str());
  }
  if (result.left_behind()) ExitProcess(result);
  return result.ExitCode();
}

}  // namespace stemma
