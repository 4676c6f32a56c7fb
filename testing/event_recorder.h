// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_EVENT_RECORDER_H_
#define STEMMA_TESTING_EVENT_RECORDER_H_

#include <chrono>
#include <memory>
#include <ostream>
#include <string_view>
#include <vector>

#include "stemma/lifecycle/source_location.h"
#include "stemma/lifecycle/subscription.h"
#include "stemma/supervisor/supervisor.h"
#include "stemma/supervisor/supervisor_event.h"
#include "stemma/testing/event_claim.h"
#include "stemma/testing/require_set.h"

namespace stemma {

namespace internal {
class EventRecord;
class Witness;
}  // namespace internal

// A listener of a supervisor that remembers all its events: to wait for one of them, and to check
// claims about their order.
//
// A supervisor tells its listeners on another thread, so what has happened may not be recorded yet:
// wait for the last event that a claim is about, or for the end of the run, then claim. When Run
// has returned, all is recorded.
//
// Thread safety: `events` and `Check` may be called by any thread; the waits belong to the test's.
// Lifetime: may outlive the supervisor.
//
// Example:
//   const stemma::EventRecorder events(*supervisor);
//   ... the supervisor runs ...
//   events.RequireSeen(On("db").Restarted());
//   CHECK_THAT(events, Shows(On("db").Stopped().After(On("api").Stopped())));
class EventRecorder {
 public:
  // Records from now on: make it before Run.
  explicit EventRecorder(Supervisor& supervisor);
  ~EventRecorder();
  EventRecorder(const EventRecorder&) = delete;
  EventRecorder& operator=(const EventRecorder&) = delete;

  std::vector<SupervisorEvent> events() const;

  // Waits until it has been recorded, perhaps long ago. Returns: the event. Gives up after
  // `timeout` of real time, at once if there is no such node, and when the run is over without it.
  SupervisorEvent RequireSeen(const EventPattern& pattern,
                              std::chrono::nanoseconds timeout = kPatience,
                              SourceLocation where = SourceLocation::current()) const;

  // The same for those who go on without it. Returns: whether it has been recorded.
  bool AwaitSeen(const EventPattern& pattern, std::chrono::nanoseconds timeout = kPatience) const;

  // Waits until the node is in `state`, or comes to be in it, however shortly.
  void RequireState(std::string_view node, NodeState state,
                    std::chrono::nanoseconds timeout = kPatience,
                    SourceLocation where = SourceLocation::current()) const;

  // Waits until every node has been ready. Gives up at once when start-up has failed. A node that
  // is ready again is to be waited for by RequireState.
  void RequireReady(std::chrono::nanoseconds timeout = kPatience,
                    SourceLocation where = SourceLocation::current()) const;

  // Whether the claim holds of what is recorded so far. One about a node that is not there does
  // not: its name is misspelt.
  EventClaim::Finding Check(const EventClaim& claim) const;

 private:
  const std::shared_ptr<internal::EventRecord> record_;
  Subscription subscription_;
  const std::unique_ptr<internal::Witness> witness_;
};

// All its events, one a line.
std::ostream& operator<<(std::ostream& out, const EventRecorder& recorder);

}  // namespace stemma

#endif  // STEMMA_TESTING_EVENT_RECORDER_H_
