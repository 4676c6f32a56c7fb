// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_STOP_ORDER_H_
#define STEMMA_TESTING_STOP_ORDER_H_

#include <string>
#include <vector>

#include "stemma/supervisor/supervisor_event.h"
#include "stemma/testing/event_claim.h"

namespace stemma {

// The nodes that have ended for good, in the order in which they did: their last instance is gone,
// or has completed. One that runs still, that was abandoned, or that never ran is none of them.
// `events` are all that has happened, in order.
//
// Example:
//   rehearsal.Settle();
//   rehearsal.RequestStop();
//   rehearsal.Settle();
//   CHECK(StopOrder(rehearsal.events()) == std::vector<std::string>{"http", "store", "audit_log"});
std::vector<std::string> StopOrder(const std::vector<SupervisorEvent>& events);

// No other node ends after it: whatever they have to say, they can say it to this one.
EventClaim LastToStop(std::string node);

// Those of these nodes that end do so in this order.
EventClaim StopInOrder(std::vector<std::string> nodes);

}  // namespace stemma

#endif  // STEMMA_TESTING_STOP_ORDER_H_
