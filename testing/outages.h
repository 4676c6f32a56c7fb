// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_OUTAGES_H_
#define STEMMA_TESTING_OUTAGES_H_

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/supervisor/behavior.h"
#include "stemma/supervisor/supervisor_event.h"
#include "stemma/testing/event_claim.h"

namespace stemma {

// When nobody could use a node, as a supervisor's events tell it.
//
// An outage begins when a node that was ready is so no more, and lasts until it is ready again. A
// node that has completed is not out: it has done what it was there for. Nor is one that is still
// coming up for the first time; one that will not come up is, from the moment when that is certain.
// What a requested stop of everything takes down is no outage, nor is anything after it; what a
// verdict takes down is.
//
// Example:
//   CHECK(LongestOutage(Outages(service.events().events(), "http")) <= 10s);
//   rehearsal.ForEverySingleFailure(OutageAtMost("http", 10s));
struct Outage {
  std::chrono::nanoseconds begin = {};  // by the supervisor's clock
  std::chrono::nanoseconds end = {};    // kNever: it does not come back by itself

  std::chrono::nanoseconds duration() const { return end == kNever ? kNever : end - begin; }
  friend bool operator==(const Outage&, const Outage&) = default;
};

// The outages of `node`, in order. `events` are all that has happened, in order. One that is not
// over and may be is counted up to `now`.
std::vector<Outage> Outages(const std::vector<SupervisorEvent>& events, std::string_view node,
                            std::chrono::nanoseconds now);
// The same, up to the last event.
std::vector<Outage> Outages(const std::vector<SupervisorEvent>& events, std::string_view node);

// How long they are together, and the longest of them; 0 if there is none, kNever if one never
// ends.
std::chrono::nanoseconds Downtime(const std::vector<Outage>& outages);
std::chrono::nanoseconds LongestOutage(const std::vector<Outage>& outages);

// No outage of the node is longer.
EventClaim OutageAtMost(std::string node, std::chrono::nanoseconds limit);

// Every outage of the node ends: it comes back by itself.
EventClaim ComesBack(std::string node);

}  // namespace stemma

#endif  // STEMMA_TESTING_OUTAGES_H_
