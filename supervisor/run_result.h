// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_RUN_RESULT_H_
#define STEMMA_SUPERVISOR_RUN_RESULT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/supervisor/outcome.h"

namespace stemma {

// What became of one node in a run.
struct NodeReport {
  // At most this many of a node's first failures are kept, and as many of its last.
  static constexpr std::size_t kKeptFailures = 16;

  std::string name = {};
  NodeState state = NodeState::kWaiting;  // at the end of the run
  std::uint64_t incarnations = 0;         // how often it was launched
  std::uint64_t failure_count = 0;        // secondary ones included
  std::vector<Failure> failures = {};     // oldest first: the first and the last kKeptFailures
};

// The exit codes of a service (S15). Chosen so that systemd can tell a halt from a crash:
// `RestartPreventExitStatus=80`.
inline constexpr int kExitSoftware = 70;  // EX_SOFTWARE of sysexits.h
inline constexpr int kExitSpinHalt = 80;
inline constexpr int kExitAborted = 81;  // OnStuck::kAbort
inline constexpr int kExitLeftBehind = 82;

// How a run ended. A plain value.
struct RunResult {
  Outcome outcome = Outcome::kRefused;
  // OK for kCompleted and kStopRequested; otherwise the failure that caused the outcome, or why the
  // run was refused (FailedPrecondition: a second Run, a latch, or the signals have an owner;
  // ResourceExhausted: no thread or descriptor to be had).
  absl::Status status = absl::OkStatus();
  // True if the run was refused by the latch of an earlier spin halt (S21).
  bool refused_by_latch = false;
  // In the order of declaration.
  std::vector<NodeReport> nodes = {};
  // Calls of user code that hold up no node, such as a listener's, and did not return either; each
  // keeps a thread. Empty: none.
  std::vector<std::string> calls_left_behind = {};
  // True if an instance that has ended was not destroyed: what was left behind may use it, or the
  // time for the end was over (S12).
  bool instances_kept = false;

  // What the process should exit with (S15): 80 after a spin halt, or refused by its latch; 70
  // failed, shut down or refused; 82 stopped or completed, but a node had to be left behind; else
  // 0.
  int ExitCode() const;

  // True if threads of an abandoned node, or of a call, may still run.
  bool left_behind() const;
};

// Ends main: flushes the logs and exits with the result's code. Static destructors run only when
// nothing was left behind, since an abandoned thread may still use what they destroy.
[[noreturn]] void ExitProcess(const RunResult& result);

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_RUN_RESULT_H_
