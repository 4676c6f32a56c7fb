// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_MOCK_SIGNALER_CONTEXT_H_
#define STEMMA_TESTING_MOCK_SIGNALER_CONTEXT_H_

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/lifecycle/failure_source.h"
#include "stemma/lifecycle/signaler_context.h"
#include "stemma/lifecycle/source_location.h"

namespace stemma {

namespace internal {
class Witness;
class FailureRecord;
}  // namespace internal

// What stands in for the supervisor when one component is tested: a real `SignalerContext` that
// remembers every failure, and fails the test at its end when they are not what was expected.
//
// By default no failure is expected. After `ExpectFailure`, the first failure must be that one, and
// failures after it (secondary ones) are let pass.
//
// Thread safety: `context()` is as any SignalerContext. Everything else belongs to the test's
// thread.
// Lifetime: declare it before the component: the component's end, which may be a failure, is then
// part of what is judged.
//
// Example:
//   stemma::MockSignalerContext mock;
//   mock.ExpectFailure(absl::StatusCode::kUnavailable, "no server");
//   const auto mailer = MakeMailer();
//   REQUIRE(mailer->Start(mock.context()).ok());
//   stemma::RequireSet(mailer->Done(), "the mailer has ended");
class MockSignalerContext {
 public:
  // As `WithSignaler`.
  explicit MockSignalerContext(std::stop_token stop = {}, ContextOptions options = {},
                               SourceLocation where = SourceLocation::current());
  // Judges, unless `Verify` did. REQUIRES: while the test runs.
  ~MockSignalerContext();
  MockSignalerContext(const MockSignalerContext&) = delete;
  MockSignalerContext& operator=(const MockSignalerContext&) = delete;

  // What the component is started with, or a worker is called with.
  const SignalerContext& context() const { return ends_.first; }
  // The other end: to stop the component and say why, to see how its workers are doing.
  const FailureSource& source() const { return ends_.second; }

  // The first failure must have this code, and `part` in its message.
  void ExpectFailure(absl::StatusCode code, std::string_view part = {},
                     SourceLocation where = SourceLocation::current());
  // The first failure must be one that `matches`. `description` is what the test says it expected:
  // "a failure of the worker 'flusher'".
  void ExpectFailure(std::string description, std::function<bool(const Failure&)> matches,
                     SourceLocation where = SourceLocation::current());
  // Failures, or none, are both fine: the test looks for itself.
  void AllowFailures();

  // Asks the component to stop, as somebody's request.
  void RequestStop() const;

  // Waits for the first failure. Gives up after kPatience (require_set.h).
  Failure RequireFailure(SourceLocation where = SourceLocation::current()) const;

  // All failures so far, the first one first, then the secondary ones in the order in which they
  // were reported.
  std::vector<Failure> failures() const;

  // Judges now, and not at the end any more: when what comes later does not count.
  void Verify();

 private:
  struct Expectation {
    std::string description = {};
    std::function<bool(const Failure&)> matches = {};
  };

  const SourceLocation made_;
  const std::pair<SignalerContext, FailureSource> ends_;
  const std::shared_ptr<internal::FailureRecord> record_;
  std::optional<Expectation> expected_;
  SourceLocation expected_where_;
  bool judge_ = true;
  const std::unique_ptr<internal::Witness> witness_;
};

}  // namespace stemma

#endif  // STEMMA_TESTING_MOCK_SIGNALER_CONTEXT_H_
