// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_INTERNAL_CAUGHT_FAILURES_H_
#define STEMMA_TESTING_INTERNAL_CAUGHT_FAILURES_H_

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "stemma/testing/test_failure.h"

namespace stemma::internal {

// For tests of the doubles themselves: while it lives, what they report fails no test but is kept.
// One at a time.
class CaughtFailures {
 public:
  CaughtFailures() : before_(SetTestFailureReporter(&Report)) {
    const std::lock_guard lock(mutex_);
    failures_.clear();
  }
  ~CaughtFailures() { SetTestFailureReporter(before_); }
  CaughtFailures(const CaughtFailures&) = delete;
  CaughtFailures& operator=(const CaughtFailures&) = delete;

  std::vector<TestFailure> all() const {
    const std::lock_guard lock(mutex_);
    return failures_;
  }

  // Returns: whether `action` was left by a fatal failure.
  static bool Leaves(const std::function<void()>& action) {
    try {
      action();
    } catch (const Left&) {
      return true;
    }
    return false;
  }

 private:
  struct Left {};

  static void Report(const TestFailure& failure) {
    {
      const std::lock_guard lock(mutex_);
      failures_.push_back(failure);
    }
    if (failure.fatal) throw Left();
  }

  inline static std::mutex mutex_;
  inline static std::vector<TestFailure> failures_;  // guarded by mutex_
  const TestFailureReporter before_;
};

}  // namespace stemma::internal

#endif  // STEMMA_TESTING_INTERNAL_CAUGHT_FAILURES_H_
