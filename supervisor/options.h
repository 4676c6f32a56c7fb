// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_OPTIONS_H_
#define STEMMA_SUPERVISOR_OPTIONS_H_

#include <chrono>
#include <memory>
#include <string>

#include "stemma/supervisor/clock.h"
#include "stemma/supervisor/journal.h"
#include "stemma/supervisor/policies.h"

namespace spdlog {
class logger;
}  // namespace spdlog

namespace stemma {

// How a supervisor as a whole behaves. The defaults suit a service whose main owns its signals;
// stemma::Main sets what a service of its own needs.
struct SupervisorOptions {
  // True: SIGINT and SIGTERM are the supervisor's while it runs: the first stops in order, the
  // second ends the process (S13). Default: false.
  bool handle_signals = false;
  // What becomes of a node that does not end within its stop timeout (S12). Default: kAbandon.
  OnStuck on_stuck = OnStuck::kAbandon;
  // From the stop request, or the verdict, until all that remains is abandoned (S12). Set it below
  // what the outside allows (systemd's TimeoutStopSec, Kubernetes' grace period). Default: none.
  // REQUIRES: positive.
  std::chrono::nanoseconds shutdown_deadline = kNoTimeout;
  // How long a requested stop reports "not ready" before it stops anything, so that load balancers
  // look away (S11). Default: 0. REQUIRES: not negative.
  std::chrono::nanoseconds shutdown_delay = std::chrono::nanoseconds::zero();
  // How often a halted process says so (S14). Default: 60 s. REQUIRES: positive.
  std::chrono::nanoseconds spin_halt_reminder = std::chrono::seconds(60);
  // A file that a spin halt writes, and that keeps the service down: while it exists, or cannot be
  // read, Run refuses, and the exit code is 80 (S21). `stemma latch show FILE` tells what it says,
  // `stemma latch clear FILE` lets the service start again. Its directory must be there and
  // writable, and should survive a reboot. Default: empty: none.
  std::string spin_halt_latch = {};
  // A file for the journal, from which `stemma replay` tells what was decided and why (S17;
  // docs/journal.md). The one of the run before is kept as this name with ".old". A nested
  // supervisor has its own: no two may share a file. Default: empty: none. Run is refused when it
  // cannot be opened; a full disk later on is logged, and the journal has a gap.
  std::string journal = {};
  // Gets the journal as values, on the thread of Run, which it must not hold up; for tests, and for
  // journals that go elsewhere. Default: null: none.
  std::shared_ptr<JournalSink> journal_sink = nullptr;
  // Where the log goes, one line per transition. Used from several threads. Default: null: the
  // library's own, to stderr. Your default logger, its levels and patterns are never touched.
  std::shared_ptr<spdlog::logger> logger = nullptr;
  // The time that timeouts and backoffs run by; for tests. Default: null: the steady clock.
  std::shared_ptr<Clock> clock = nullptr;
};

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_OPTIONS_H_
