// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_INTERNAL_FAILURE_SEARCH_H_
#define STEMMA_TESTING_INTERNAL_FAILURE_SEARCH_H_

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/supervisor/supervisor_event.h"
#include "stemma/testing/every_failure.h"
#include "stemma/testing/internal/mishap.h"
#include "stemma/testing/internal/rehearsed_run.h"

namespace stemma::internal {

// Rehearses every failure, or every two of them, and looks for the shortest run that breaks a
// claim.
//
// Which moments there are is read off the run without the failure: up to the moment it happens in,
// the run with it is the same.
//
// Thread safety: none; one thread at a time.
class FailureSearch {
 public:
  // Returns: NotFound if the node that may fail is none; FailedPrecondition if `run` has begun;
  // InvalidArgument if there is no error to fail with.
  static absl::StatusOr<ClaimReport> Single(const RehearsedRun& run, const RehearsalClaim& claim,
                                            const WhatMayFail& what);
  static absl::StatusOr<ClaimReport> Pairs(const RehearsedRun& run, const RehearsalClaim& claim,
                                           const WhatMayFail& what);

 private:
  struct Tried {
    std::shared_ptr<RehearsedRun> run = {};
    std::vector<std::size_t> moments = {};  // of each mishap: among the events
    bool happened = false;                  // all of them have
  };

  FailureSearch(const RehearsedRun& run, const RehearsalClaim& claim, const WhatMayFail& what);

  static absl::Status Check(const RehearsedRun& run, const WhatMayFail& what);
  void TryNone();
  std::vector<Mishap> TrySingle();  // those that happened
  void TryPairsWith(const Mishap& first);
  Tried Try(const std::vector<Mishap>& mishaps);
  void Judge(const Tried& tried, const std::vector<Mishap>& mishaps);

  // All that can go wrong at a moment of the run, from its event `from` on. `first`: the node that
  // has failed already, whose own moments count for all the others; empty: none has.
  std::vector<Mishap> MishapsIn(const std::vector<SupervisorEvent>& events, std::size_t from,
                                std::string_view first) const;
  bool MayFail(std::string_view node) const;

  const RehearsedRun& run_;
  const RehearsalClaim& claim_;
  const WhatMayFail& what_;
  const std::set<std::string, std::less<>> may_fail_;
  ClaimReport report_;
};

}  // namespace stemma::internal

#endif  // STEMMA_TESTING_INTERNAL_FAILURE_SEARCH_H_
