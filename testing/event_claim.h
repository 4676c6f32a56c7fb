// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_EVENT_CLAIM_H_
#define STEMMA_TESTING_EVENT_CLAIM_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "stemma/supervisor/supervisor_event.h"

namespace stemma {

// What a test claims about a supervisor's events: that something happened, how often, or in which
// order. Made from an `EventPattern`; checked by `EventRecorder::Check`, or by the matcher `Shows`
// of the framework at hand. A plain value.
class EventClaim {
 public:
  struct Finding {
    bool holds = false;
    std::string why = {};  // when it does not hold: what is there instead
  };
  using Check = std::function<Finding(const std::vector<SupervisorEvent>&)>;

  EventClaim(std::string description, std::vector<std::string> nodes, Check check)
      : description_(std::move(description)), nodes_(std::move(nodes)), check_(std::move(check)) {}

  // "db stopped after api stopped".
  const std::string& description() const { return description_; }
  // The nodes that it is about.
  const std::vector<std::string>& nodes() const { return nodes_; }

  // Whether it holds of `events`, which are all that has happened, in order. Events that were
  // missed (kGap) leave nothing to claim.
  Finding CheckOn(const std::vector<SupervisorEvent>& events) const;

 private:
  std::string description_;
  std::vector<std::string> nodes_;
  Check check_;
};

// What to look for among a supervisor's events. When it is there several times, `Nth` chooses; what
// compares two of them means the first otherwise. A plain value.
//
// Example:
//   On("db").Stopped().After(On("api").Stopped())
//   On("api").Restarted().Never()
//   On("db").Ready().Nth(2).Before(On("api").Ready().Nth(2))
class EventPattern {
 public:
  using Matches = std::function<bool(const SupervisorEvent&)>;

  // `node` is empty if it is about no node in particular; `description` reads "db stopped".
  EventPattern(std::string node, std::string description, Matches matches, int skip = 0)
      : node_(std::move(node)),
        description_(std::move(description)),
        matches_(std::move(matches)),
        skip_(skip) {}

  const std::string& node() const { return node_; }
  std::string description() const;  // "db ready (the 2nd time)"

  // The one that comes `n`th. REQUIRES: n > 0.
  EventPattern Nth(int n) const;

  // For those who see the events one by one: the one that is meant is the `which`th of those that
  // are like it.
  bool IsLike(const SupervisorEvent& event) const { return matches_(event); }
  int which() const { return skip_ + nth_; }

  // Where it is, all of them, and the one that is meant, if it is there.
  std::vector<std::size_t> FindAll(const std::vector<SupervisorEvent>& events) const;
  std::optional<std::size_t> Find(const std::vector<SupervisorEvent>& events) const;

  EventClaim Happened() const;  // at least once, or n times
  EventClaim Never() const;
  EventClaim Times(int n) const;
  EventClaim Before(const EventPattern& later) const;   // both are there, in this order
  EventClaim After(const EventPattern& earlier) const;  // both are there, in that order
  // `earlier` is there, and none of these comes after it.
  EventClaim NeverAfter(const EventPattern& earlier) const;

 private:
  std::string node_;
  std::string description_;
  Matches matches_;
  int skip_;     // how many do not count
  int nth_ = 1;  // of those that do
};

// All of them are there, one after the other.
EventClaim InOrder(const std::vector<EventPattern>& patterns);

// The patterns of one node.
class On {
 public:
  explicit On(std::string node) : node_(std::move(node)) {}

  EventPattern Started() const;    // a launch
  EventPattern Restarted() const;  // a launch that is not its first
  EventPattern Ready() const;
  EventPattern Failed() const;  // whatever becomes of it then
  EventPattern AskedToStop() const;
  // An instance of it is gone: it completed, stopped or failed for good, or will be launched anew.
  EventPattern Ended() const;
  EventPattern BackedOff() const;
  EventPattern Completed() const;
  EventPattern Stopped() const;
  EventPattern FailedForGood() const;
  EventPattern Abandoned() const;
  EventPattern Became(NodeState state) const;
  EventPattern Got(ErrorHandlingBehavior verdict) const;    // from its handler
  EventPattern Happened(SupervisorEvent::Kind kind) const;  // whatever the supervisor tells of it

 private:
  std::string node_;
};

// An event of the service as a whole: kAllReady, kStopping, kEnded.
EventPattern ServiceEvent(SupervisorEvent::Kind kind);
// Every node has been ready: kAllReady.
EventPattern EveryNodeReady();

// Returns: one line for people: "7 db/2: backing off -> starting".
std::string Describe(const SupervisorEvent& event);
// Returns: a line each, by the supervisor's clock: "\n  5s     7 db/2: backing off -> starting".
std::string DescribeWithTimes(const std::vector<SupervisorEvent>& events);

}  // namespace stemma

#endif  // STEMMA_TESTING_EVENT_CLAIM_H_
