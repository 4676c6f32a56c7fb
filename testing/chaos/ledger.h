// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TESTING_CHAOS_LEDGER_H_
#define STEMMA_TESTING_CHAOS_LEDGER_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace stemma::chaos {

// What is done to a service, on purpose.
enum class Fault : std::uint8_t {
  kNone,
  // Of what is made.
  kFactoryError,
  kFactoryNull,
  kFactoryThrows,
  kConstructorThrows,
  kSlowFactory,
  kDeafFactory,
  kStartError,
  kStartThrows,
  kStartException,
  kSlowStart,
  // Of a worker, before it is ready.
  kEndBeforeReady,
  kThrowBeforeReady,
  kNeverReady,
  // Of a worker that was ready.
  kThrow,
  kReport,
  kReportAndStay,
  kReportTwice,
  kReportFromElsewhere,
  kException,
  kOddException,
  kSwallow,
  kCancelledError,
  kSilent,
  kOutOfMemory,
  kCleanEnd,
  // While it is stopped, and after.
  kThrowDuringStop,
  kExceptionDuringStop,
  kReportDuringStop,
  kSlowStop,
  kSlowStopCallback,
  kSlowThreadLocal,
  kDeaf,
  kSlowDestructor,
  kDeafDestructor,
  kReportFromDestructor,
  // Of handlers and listeners.
  kHandlerThrows,
  kHandlerOutsideEnum,
  kSlowHandler,
  kSilentHandler,
  kListenerThrows,
  kSlowListener,
  // From outside the service.
  kStopRequest,
  kStopToken,
  kCommandStop,
  kCommandStart,
  kCommandRestart,
  kCommandAdd,
  kCommandRemove,
  kClockJump,
  kThreadRefused,
  kRunRefused,
  kDiskFull,
  kSigInt,
  kSigTerm,
  kSigHup,
  kSigKill,
  kCount,
};
std::string_view ToString(Fault fault);

// What must never be. Each is a promise that was not kept.
enum class Loss : std::uint8_t {
  kHang,
  kProcess,
  kOutcome,
  kThread,
  kDescriptor,
  kInstance,
  kInUse,
  kTwoAlive,
  kLaunch,
  kStopOrder,
  kEvents,
  kDecision,
  kJournal,
  kInnocent,
  kReport,
  kLatch,
  kCount,
};
std::string_view ToString(Loss loss);

// What was seen, besides.
enum class Sight : std::uint8_t {
  kRounds,
  kProcesses,
  kNodes,
  kLaunches,
  kInstances,
  kRestarts,
  kDecisions,
  kEvents,
  kVerdictRestart,
  kVerdictStop,
  kVerdictStopParents,
  kVerdictShutdown,
  kVerdictSpinHalt,
  kHandlerFaults,
  kAbandoned,
  kLateEnds,
  kLeftBehind,
  kCompleted,
  kStopRequested,
  kFailed,
  kShutdown,
  kSpinHalt,
  kKilledByOthers,
  kForcedExits,
  kAborts,
  kJournalsVerified,
  kJournalsTorn,
  kJournalsWithGaps,
  kCount,
};
std::string_view ToString(Sight sight);

// The counts of all this, in memory that a driver shares with the processes that it starts, so that
// what happened is known however they end.
//
// Thread safety: any thread, and any process, may call any method.
class Ledger {
 public:
  // In memory of its own. Returns: null if there is none to be had.
  static Ledger* Create(int& fd);
  // Of a driver that has passed on its descriptor.
  static Ledger* Open(int fd);
  void Close();  // the object is gone afterwards

  void Count(Fault fault) { Add(faults_, fault, 1); }
  void Count(Sight sight, std::uint64_t times = 1) { Add(sights_, sight, times); }
  // `text` says what exactly; the seed of the round is added.
  void Lose(Loss loss, std::string_view text);

  std::uint64_t count(Fault fault) const { return Get(faults_, fault); }
  std::uint64_t count(Loss loss) const { return Get(losses_, loss); }
  std::uint64_t count(Sight sight) const { return Get(sights_, sight); }
  std::uint64_t lost() const;
  // What was said of the losses, one a line, as far as there was room.
  std::string texts() const;
  // Adds the other's counts and texts.
  void Take(const Ledger& other);

  // Of the process that runs now: the round's seed, and what it should exit with: -1 until the
  // engine has decided that.
  std::atomic<std::uint64_t> seed{0};
  std::atomic<std::uint64_t> lost_seed{0};  // of the first round that lost something
  std::atomic<int> expected_exit{-1};
  std::atomic<int> killer{0};       // who sent a SIGTERM or SIGINT that ended it, if not its driver
  std::atomic<bool> forced{false};  // a signal, or kAbort, ended the process
  std::atomic<bool> ended{false};   // the engine has finished

 private:
  template <class Key>
  using Counts = std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(Key::kCount)>;
  template <class Key>
  static void Add(Counts<Key>& counts, Key key, std::uint64_t times) {
    counts[static_cast<std::size_t>(key)] += times;
  }
  template <class Key>
  static std::uint64_t Get(const Counts<Key>& counts, Key key) {
    return counts[static_cast<std::size_t>(key)];
  }
  void Say(std::string_view line);

  Counts<Fault> faults_{};
  Counts<Loss> losses_{};
  Counts<Sight> sights_{};
  std::atomic<std::size_t> said_{0};
  std::array<char, 1 << 16> text_{};
};

}  // namespace stemma::chaos

#endif  // STEMMA_TESTING_CHAOS_LEDGER_H_
