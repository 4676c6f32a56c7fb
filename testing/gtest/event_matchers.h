// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_GTEST_EVENT_MATCHERS_H_
#define STEMMA_TESTING_GTEST_EVENT_MATCHERS_H_

#include <ostream>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "stemma/testing/event_claim.h"

// A GoogleTest matcher of what an EventRecorder has recorded, or a Rehearsal has gone through.
//
// Example:
//   EXPECT_THAT(service.events(), Shows(On("db").Stopped().After(On("api").Stopped())));

namespace stemma::gtest {

// Made by `Shows`.
class EventMatcher {
 public:
  explicit EventMatcher(EventClaim claim) : claim_(std::move(claim)) {}

  template <class Recorder>
  requires requires(const Recorder& recorder, const EventClaim& claim) { recorder.Check(claim); }
  bool MatchAndExplain(const Recorder& recorder, ::testing::MatchResultListener* listener) const {
    return Is(recorder.Check(claim_), listener);
  }
  bool MatchAndExplain(const std::vector<SupervisorEvent>& events,
                       ::testing::MatchResultListener* listener) const {
    return Is(claim_.CheckOn(events), listener);
  }

  void DescribeTo(std::ostream* out) const { *out << "shows: " << claim_.description(); }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "does not show: " << claim_.description();
  }

 private:
  static bool Is(const EventClaim::Finding& finding, ::testing::MatchResultListener* listener) {
    if (!finding.holds) *listener << "but: " << finding.why;
    return finding.holds;
  }

  EventClaim claim_;
};

inline ::testing::PolymorphicMatcher<EventMatcher> Shows(EventClaim claim) {
  return ::testing::MakePolymorphicMatcher(EventMatcher(std::move(claim)));
}

}  // namespace stemma::gtest

#endif  // STEMMA_TESTING_GTEST_EVENT_MATCHERS_H_
