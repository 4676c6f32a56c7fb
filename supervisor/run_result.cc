// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/run_result.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "spdlog/spdlog.h"
#include "stemma/lifecycle/internal/log.h"

namespace stemma {

bool RunResult::left_behind() const {
  return abandoned_calls > 0 || std::any_of(nodes.begin(), nodes.end(), [](const NodeReport& node) {
           return node.state == NodeState::kAbandoned;
         });
}

int RunResult::ExitCode() const {
  switch (outcome) {
    case Outcome::kSpinHalt:
      return kExitSpinHalt;
    case Outcome::kRefused:
    case Outcome::kFailed:
    case Outcome::kShutdown:
      return kExitSoftware;
    case Outcome::kCompleted:
    case Outcome::kStopRequested:
      break;
  }
  return left_behind() ? kExitLeftBehind : 0;
}

void ExitProcess(const RunResult& result) {
  internal::OwnLogger()->flush();
  spdlog::apply_all([](const std::shared_ptr<spdlog::logger>& logger) { logger->flush(); });
  if (result.left_behind()) _exit(result.ExitCode());
  std::exit(result.ExitCode());
}

}  // namespace stemma
