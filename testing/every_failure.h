// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_EVERY_FAILURE_H_
#define STEMMA_TESTING_EVERY_FAILURE_H_

#include <concepts>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "stemma/supervisor/supervisor_event.h"
#include "stemma/testing/event_claim.h"

// What Rehearsal::ForEverySingleFailure and its like try, claim and report.

namespace stemma {

class Rehearsal;

namespace internal {
class FailureSearch;
}  // namespace internal

// The error of a failure that is rehearsed without one of its own.
inline absl::Status RehearsedError() { return absl::InternalError("rehearsed"); }

// Which failures are rehearsed.
//
// A failure happens at a moment: when a node has come to another state, or when all are ready for
// the first time. Between two of those nothing changes, so these are all the moments that matter. A
// node fails as it starts, when it is ready, when all are, and while it stops. Of two failures the
// second happens at the moment of the first or later: as the second node comes to a state in which
// it can fail, as the first one goes through its own (its handler is asked, it backs off, it starts
// again), or when all are ready.
//
// A node fails in every way in which it can at that moment: its factory or Start fails, it ends
// before it is ready or never is, it throws or lets an exception escape, its watchdog strikes; if
// it is a SupervisorNode, what is in it shuts down or halts. While it stops it may also hang.
// Where its handler does not look at the failure (there is none, or it is an Always), ways that
// differ in nothing else are one.
struct WhatMayFail {
  // The nodes that fail. Default: empty: all.
  std::vector<std::string> nodes = {};
  // The errors with which a component fails; one after the other, for a handler that looks at them,
  // else the first of them. REQUIRES: not empty, none OK.
  std::vector<absl::Status> errors = {RehearsedError()};
  // Whether what stops may hang, besides what fails. Default: true.
  bool hangs = true;
  // What else happens in a run. What it asks of components that do not run, because of a failure,
  // does not happen. Default: empty: Settle, RequestStop, Settle.
  std::function<void(Rehearsal&)> course = {};
};

// What must hold of every run: a claim about its events, or anything that can be asked of a
// Rehearsal.
class RehearsalClaim {
 public:
  using Check = std::function<EventClaim::Finding(const Rehearsal&)>;

  RehearsalClaim(EventClaim claim);  // NOLINT: implicit, so that LastToStop("db") is one

  // `holds` answers with a bool, or with an EventClaim::Finding.
  template <std::invocable<const Rehearsal&> Holds>
  RehearsalClaim(std::string description, Holds holds)
      : description_(std::move(description)),
        check_([holds = std::move(holds)](const Rehearsal& run) {
          if constexpr (std::convertible_to<std::invoke_result_t<Holds, const Rehearsal&>, bool>) {
            return EventClaim::Finding{.holds = holds(run)};
          } else {
            return holds(run);
          }
        }) {}
  template <std::invocable<const Rehearsal&> Holds>
  RehearsalClaim(Holds holds)  // NOLINT: implicit, so that a lambda is one
      : RehearsalClaim("what the test claims", std::move(holds)) {}

  const std::string& description() const { return description_; }
  EventClaim::Finding CheckOn(const Rehearsal& run) const { return check_(run); }

 private:
  std::string description_;
  Check check_;
};

// Whether a claim held. A plain value.
struct ClaimReport {
  std::string claim = {};  // in words
  int runs = 0;            // that were rehearsed, the one without a failure among them
  int broken = 0;          // so many of them break it

  // Of those the one with the fewest failures, and of these the one with the fewest events:
  // what goes wrong, "http fails (Thrown) when all are ready, then db hangs as it stops";
  std::string scenario = {};
  // what came of it that was not to be;
  std::string why = {};
  // the C++ that makes it happen again, a statement each;
  std::vector<std::string> replay = {};
  // and everything that happened.
  std::vector<SupervisorEvent> events = {};

  bool holds() const { return broken == 0; }
  // All of it, in lines for people.
  std::string ToString() const;
};

}  // namespace stemma

#endif  // STEMMA_TESTING_EVERY_FAILURE_H_
