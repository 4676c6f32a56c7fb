// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_CHAOS_JUDGE_H_
#define STEMMA_TESTING_CHAOS_JUDGE_H_

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "stemma/supervisor/internal/engine_referee.h"
#include "stemma/supervisor/journal.h"
#include "stemma/supervisor/journal_writer.h"
#include "stemma/testing/chaos/ledger.h"

namespace stemma::chaos {

// Judges a journal while it is made: each decision by the referee, and by a replay, which must come
// to the same. Counts what is decided. Says on standard error the journal up to the first decision
// that is wrong.
//
// Thread safety: any thread may call any method.
class Judge final : public JournalSink {
 public:
  // `begun` is called at the beginning.
  explicit Judge(Ledger& ledger, std::function<void()> begun = {})
      : ledger_(ledger), begun_(std::move(begun)) {}

  void Begin(const JournalHeader& header) override;
  void Record(const JournalEntry& entry) override;

  bool begun() const;
  bool finished() const;
  Outcome outcome() const;
  // The severest verdict that was given; a handler's fault counts as kShutdown.
  ErrorHandlingBehavior severest() const;
  bool nested_spin_halt() const;
  // Nodes that were abandoned, and how many instances of each were to be left undestroyed.
  std::set<std::string> abandoned() const;
  std::map<std::string, int> undestroyed() const;

 private:
  void Count(const Action& action);
  int ExitCode() const;

  Ledger& ledger_;
  const std::function<void()> begun_;
  mutable std::mutex mutex_;
  // Guarded by mutex_, all below.
  std::optional<Replayer> replayer_;
  std::optional<internal::EngineReferee> referee_;
  JournalNames names_;
  JournalWriter writer_;
  std::string journal_;  // until a decision is wrong
  ErrorHandlingBehavior severest_ = ErrorHandlingBehavior::kRestart;
  bool nested_spin_halt_ = false;
  bool lost_ = false;
  std::set<std::string> abandoned_;
  std::map<std::string, int> undestroyed_;
};

}  // namespace stemma::chaos

#endif  // STEMMA_TESTING_CHAOS_JUDGE_H_
