// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_JOURNAL_FILE_H_
#define STEMMA_SUPERVISOR_INTERNAL_JOURNAL_FILE_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "stemma/supervisor/journal.h"

namespace spdlog {
class logger;
}  // namespace spdlog

namespace stemma::internal {

// A journal that is written to a file, by a thread of its own (S17).
//
// Whoever decides only puts entries into a bounded queue. The thread takes all that wait, turns
// them into lines and writes those; then it sleeps until there are more, and a millisecond more, so
// that it is not woken for each of many. What finds the queue full,
// or cannot be written, is lost: a warning says so, and a gap line stands in its place as soon as
// something can be written again. The file has whole lines only, but for the last one if the
// process ends, or a pipe is given up, in the middle of it.
//
// Thread safety: Record, Flush and Close from one thread.
class JournalFile final : public JournalSink {
 public:
  // Entries and actions that may wait to be written: about 25 MB.
  static constexpr std::size_t kMaxWaiting = std::size_t{1} << 18;
  static constexpr std::chrono::milliseconds kGathering{1};
  // How long Close waits for a reader that does not read, and for the thread altogether.
  static constexpr std::chrono::milliseconds kReaderGrace{1000};
  static constexpr std::chrono::seconds kCloseGrace{10};

  // Opens `path`, and starts the thread. A file that is there already, the journal of an earlier
  // run, is kept as `path` + ".old". `path` may be a pipe, which must have a reader.
  // Returns: FailedPrecondition with the reason when it cannot be opened; ResourceExhausted when
  // there is no descriptor or thread to be had.
  static absl::StatusOr<std::unique_ptr<JournalFile>> Open(const std::string& path,
                                                           std::shared_ptr<spdlog::logger> logger);

  JournalFile(const JournalFile&) = delete;
  JournalFile& operator=(const JournalFile&) = delete;
  ~JournalFile() override { Close(); }

  void Begin(const JournalHeader& header) override;
  void Record(const JournalEntry& entry) override;

  // Waits until everything recorded so far is in the file, but no longer than `limit`.
  void Flush(std::chrono::nanoseconds limit);

  // Writes what waits, and ends the thread. Once; from then on nothing is recorded.
  // Returns: false if the thread had to be left behind, because the system did not end a write.
  bool Close();

 private:
  class Scribe;  // what the thread works with; shared with it, because it may be left behind

  explicit JournalFile(std::shared_ptr<Scribe> scribe);

  const std::shared_ptr<Scribe> scribe_;
  std::thread thread_;
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_JOURNAL_FILE_H_
