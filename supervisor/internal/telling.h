// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_TELLING_H_
#define STEMMA_SUPERVISOR_INTERNAL_TELLING_H_

#include "stemma/supervisor/engine.h"
#include "stemma/supervisor/internal/chronicle.h"
#include "stemma/supervisor/supervisor_event.h"

// What listeners are told (S16), as far as the engine and the chronicle know it: without a number
// and the times, and without what only threads know.

namespace stemma::internal {

// REQUIRES: the chronicle has remembered it, if it is a fault of a handler
// (Chronicle::FindHandlerFault).
SupervisorEvent EventOf(const EngineEvent& event, const Chronicle& chronicle);

// That a node has failed. REQUIRES: `ask` is a kAskHandler, about which FindFailure has been asked.
SupervisorEvent FailureEventOf(const Action& ask, const Chronicle& chronicle);

// That everything has stopped and the process stays.
SupervisorEvent SpinHaltEventOf(const Action& announce, const Chronicle& chronicle);

// The last one.
SupervisorEvent EndEventOf(const Engine& engine, const Chronicle& chronicle);

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_TELLING_H_
