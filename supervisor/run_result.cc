// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/run_result.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "spdlog/spdlog.h"
#include "stemma/lifecycle/internal/log.h"

namespace stemma {

namespace {

bool AnyAbandoned(const std::vector<NodeReport>& nodes) {
  return std::any_of(nodes.begin(), nodes.end(),
                     [](const NodeReport& node) { return node.state == NodeState::kAbandoned; });
}

}  // namespace

bool RunResult::left_behind() const { return !calls_left_behind.empty() || AnyAbandoned(nodes); }

int RunResult::ExitCode() const {
  switch (outcome) {
    case Outcome::kSpinHalt:
      return kExitSpinHalt;
    case Outcome::kRefused:
      return refused_by_latch ? kExitSpinHalt : kExitSoftware;
    case Outcome::kFailed:
    case Outcome::kShutdown:
      return kExitSoftware;
    case Outcome::kCompleted:
    case Outcome::kStopRequested:
      break;
  }
  return AnyAbandoned(nodes) ? kExitLeftBehind : 0;
}

void ExitProcess(const RunResult& result) {
  internal::OwnLogger()->flush();
  spdlog::apply_all([](const std::shared_ptr<spdlog::logger>& logger) { logger->flush(); });
  if (result.left_behind()) _exit(result.ExitCode());
  std::exit(result.ExitCode());
}

}  // namespace stemma
