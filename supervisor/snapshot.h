// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_SNAPSHOT_H_
#define STEMMA_SUPERVISOR_SNAPSHOT_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "stemma/supervisor/engine_types.h"
#include "stemma/supervisor/outcome.h"

namespace stemma {

// One node at one moment.
struct NodeSnapshot {
  std::string name = {};
  NodeState state = NodeState::kWaiting;
  Incarnation incarnation = 0;          // the current one, or the last; 0: not launched yet
  std::chrono::nanoseconds since = {};  // when it came into this state, by the supervisor's clock
  bool stuck = false;                   // it has not ended within its stop timeout (S12)
  std::uint64_t failure_count = 0;
  std::string last_failure = {};  // in one line; empty: none
  // What keeps a waiting node from being launched, or one that is to end from being asked to stop
  // or destroyed: nodes by name.
  std::vector<std::string> waits_for = {};
  // The workers, or the call of user code, that have not ended; filled for stuck nodes.
  std::vector<std::string> still_running = {};
};

// A consistent picture of a supervisor: all of it at the same moment.
struct Snapshot {
  // What liveness and readiness probes should say (S14): a halted process is alive and not ready.
  bool alive = true;
  bool ready = false;
  bool stopping = false;  // everything is going down
  bool spin_halted = false;
  Outcome outcome = Outcome::kCompleted;  // what the run has come to so far
  std::chrono::nanoseconds at = {};       // by the supervisor's clock
  std::vector<NodeSnapshot> nodes = {};   // in the order of declaration
};

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_SNAPSHOT_H_
