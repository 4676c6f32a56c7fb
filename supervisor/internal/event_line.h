// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_EVENT_LINE_H_
#define STEMMA_SUPERVISOR_INTERNAL_EVENT_LINE_H_

#include <string>

#include "stemma/lifecycle/internal/log.h"
#include "stemma/supervisor/supervisor_event.h"

namespace stemma::internal {

// An event as one line of the log: its fields always in this order, those that say nothing left
// out. `place` is that of a nested supervisor (S18).
std::string LineOf(const SupervisorEvent& event, const std::string& place = "");

// `to` is that of a transition.
LogLevel LevelOf(SupervisorEvent::Kind kind, NodeState to);
inline LogLevel LevelOf(const SupervisorEvent& event) { return LevelOf(event.kind, event.to); }

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_EVENT_LINE_H_
