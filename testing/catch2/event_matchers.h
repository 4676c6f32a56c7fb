// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_CATCH2_EVENT_MATCHERS_H_
#define STEMMA_TESTING_CATCH2_EVENT_MATCHERS_H_

#include <string>
#include <utility>
#include <vector>

#include "catch2/matchers/catch_matchers.hpp"
#include "catch2/matchers/catch_matchers_templated.hpp"
#include "stemma/testing/event_claim.h"

// A Catch2 matcher of what an EventRecorder has recorded, or a Rehearsal has gone through.
//
// Example:
//   CHECK_THAT(service.events(), Shows(On("db").Stopped().After(On("api").Stopped())));

namespace stemma::catch2 {

// Made by `Shows`.
class EventMatcher final : public Catch::Matchers::MatcherGenericBase {
 public:
  explicit EventMatcher(EventClaim claim) : claim_(std::move(claim)) {}

  template <class Recorder>
  requires requires(const Recorder& recorder, const EventClaim& claim) { recorder.Check(claim); }
  bool match(const Recorder& recorder) const { return Is(recorder.Check(claim_)); }
  bool match(const std::vector<SupervisorEvent>& events) const {
    return Is(claim_.CheckOn(events));
  }

  std::string describe() const override {
    return "shows: " + claim_.description() + (why_.empty() ? "" : "\nbut: " + why_);
  }

 private:
  bool Is(EventClaim::Finding finding) const {
    why_ = finding.holds ? "" : std::move(finding.why);
    return finding.holds;
  }

  const EventClaim claim_;
  mutable std::string why_;  // it did not match the last time
};

inline EventMatcher Shows(EventClaim claim) { return EventMatcher(std::move(claim)); }

}  // namespace stemma::catch2

#endif  // STEMMA_TESTING_CATCH2_EVENT_MATCHERS_H_
