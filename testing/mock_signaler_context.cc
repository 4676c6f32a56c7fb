// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/mock_signaler_context.h"

#include <mutex>

#include "absl/strings/str_cat.h"
#include "stemma/testing/internal/witness.h"
#include "stemma/testing/require_set.h"
#include "stemma/testing/test_failure.h"

namespace stemma {
namespace internal {

// All that has failed. The source keeps only the newest of the secondary failures.
//
// Thread safety: any thread may call any method.
class FailureRecord {
 public:
  explicit FailureRecord(const FailureSource& source)
      : source_(source), on_secondary_(source.OnSecondary([this](const Failure& failure) {
          const std::lock_guard lock(mutex_);
          secondary_.push_back(failure);
        })) {}

  std::vector<Failure> all() const {
    std::vector<Failure> failures;
    if (const auto first = source_.first()) failures.push_back(*first);
    const std::lock_guard lock(mutex_);
    failures.insert(failures.end(), secondary_.begin(), secondary_.end());
    return failures;
  }

  std::string Tell() const {
    std::string text = "the context: ";
    const auto failures = all();
    absl::StrAppend(&text, failures.empty() ? "no failure" : "failures:");
    for (const Failure& failure : failures) absl::StrAppend(&text, "\n", Describe(failure));
    for (const WorkerStatus& worker : source_.workers()) {
      absl::StrAppend(&text, "\nworker \"", worker.name, "\" ",
                      worker.ended ? "has ended" : (worker.waiting ? "waits" : "runs"));
    }
    return text;
  }

 private:
  const FailureSource source_;
  mutable std::mutex mutex_;
  std::vector<Failure> secondary_;   // guarded by mutex_
  const Subscription on_secondary_;  // last: its end waits for a callback that uses the others
};

}  // namespace internal

MockSignalerContext::MockSignalerContext(std::stop_token stop, ContextOptions options,
                                         SourceLocation where)
    : made_(where),
      ends_(WithSignaler(std::move(stop), std::move(options))),
      record_(std::make_shared<internal::FailureRecord>(ends_.second)),
      expected_where_(where),
      witness_(std::make_unique<internal::Witness>([record = record_] { return record->Tell(); })) {
}

MockSignalerContext::~MockSignalerContext() { Verify(); }

void MockSignalerContext::ExpectFailure(absl::StatusCode code, std::string_view part,
                                        SourceLocation where) {
  std::string description = "a failure with " + absl::StatusCodeToString(code);
  if (!part.empty()) description += " and \"" + std::string(part) + "\" in its message";
  ExpectFailure(
      std::move(description),
      [code, part = std::string(part)](const Failure& failure) {
        return failure.status.code() == code &&
               std::string_view(failure.status.message().data(), failure.status.message().size())
                       .find(part) != std::string_view::npos;
      },
      where);
}

void MockSignalerContext::ExpectFailure(std::string description,
                                        std::function<bool(const Failure&)> matches,
                                        SourceLocation where) {
  expected_ = {.description = std::move(description), .matches = std::move(matches)};
  expected_where_ = where;
  judge_ = true;
}

void MockSignalerContext::AllowFailures() { judge_ = false; }

void MockSignalerContext::RequestStop() const {
  source().RequestStop({.kind = StopReason::Kind::kRequested, .text = "the test asked for it"});
}

Failure MockSignalerContext::RequireFailure(SourceLocation where) const {
  RequireSetBefore(source().failed(), kPatience,
                   expected_ ? expected_->description : "a failure of the component", where);
  return *source().first();
}

std::vector<Failure> MockSignalerContext::failures() const { return record_->all(); }

void MockSignalerContext::Verify() {
  if (!judge_) return;
  judge_ = false;
  const std::vector<Failure> found = failures();
  const bool met = expected_ ? !found.empty() && expected_->matches(found[0]) : found.empty();
  if (met) return;
  std::string message = "expected " + (expected_ ? expected_->description : "no failure");
  absl::StrAppend(&message, ", found", found.empty() ? " none" : ":");
  for (const Failure& failure : found) absl::StrAppend(&message, "\n  ", Describe(failure));
  FailTest(std::move(message), expected_ ? expected_where_ : made_);
}

}  // namespace stemma
