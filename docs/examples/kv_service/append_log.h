// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_APPEND_LOG_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_APPEND_LOG_H_

#include <sys/types.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace kv {

// When what was appended is forced to the disk. A crash of the process alone loses nothing under
// any of them: the kernel has the bytes as soon as Append returns.
enum class FsyncPolicy {
  kAlways,    // before Commit returns: nothing acknowledged is lost when the machine goes down
  kEverySec,  // by whoever owns the log, within about a second of its becoming dirty
  kNo,        // when the kernel likes
};

// The system calls that can fail late, as a seam for tests of full and failing disks.
struct FileCalls {
  std::function<ssize_t(int, const void*, std::size_t)> write = ::write;
  std::function<int(int)> fdatasync = ::fdatasync;
  std::function<int(int, off_t)> ftruncate = ::ftruncate;
};

struct AppendLogOptions {
  // Default: as Redis.
  FsyncPolicy fsync = FsyncPolicy::kEverySec;
  // Called when the log becomes dirty under kEverySec (Sync is then due within a second), and when
  // it breaks; from whichever thread used the log, without a lock. So its owner can sleep until
  // there is something to do. Default: nobody is told.
  std::function<void()> needs_attention = {};
  FileCalls calls = {};
};

// An append-only log of records in one file (log_format.h says how).
//
//   absl::StatusOr<std::unique_ptr<AppendLog>> log = AppendLog::Open(path, options);
//   (*log)->Replay([&](std::string_view record) { ...; return absl::OkStatus(); });
//   (*log)->Append(record);      // any number of these,
//   (*log)->Commit();            // then one of these: now they may be acknowledged (group commit)
//
// Open tells a torn tail from damage. Bytes that are no sound record and have none behind them are
// the tail of a write that a crash interrupted: Open cuts them off and torn_bytes() reports them.
// Bytes that have a sound record behind them were damaged later: Open refuses, naming file and
// offset.
//
// After a failed fdatasync nobody knows what is on the disk (the kernel may drop the pages and
// report success next time). The log is then *broken* for good: every later call returns that
// error, and the way on is a new log on the same file.
//
// Thread safety: all methods may be called from any thread.
class AppendLog {
 public:
  // Opens or creates the file `path`; its directory must exist. Creation is durable when this
  // returns, and so is all that Replay will show. Returns: DataLoss: damage, or a file of another
  // kind; an operator must look. FailedPrecondition: somebody has it open already. InvalidArgument:
  // it is not a regular file. Otherwise the error of the system (NotFound, PermissionDenied,
  // ResourceExhausted, ...), naming the file.
  static absl::StatusOr<std::unique_ptr<AppendLog>> Open(const std::string& path,
                                                         AppendLogOptions options = {});
  ~AppendLog();  // as Close, its error lost

  // Calls `apply` for each record, oldest first, as of when the call began. May be called again.
  // Returns: the first error of `apply`, with file and offset added; DataLoss if a record that was
  // sound at Open no longer is; Unavailable after Close; the system's error.
  absl::Status Replay(const std::function<absl::Status(std::string_view record)>& apply) const;

  // Adds a record at the end; the kernel has it when this returns OK. After an error the record is
  // not in the log. Returns: ResourceExhausted or another error of the system: the log is as it
  // was, and a later Append may succeed. InvalidArgument: the record is too large. Unavailable
  // after Close. Otherwise why the log is broken, as status() then also says.
  absl::Status Append(std::string_view record);

  // To be called before what was appended is acknowledged. Under kAlways one fdatasync covers all
  // that was appended before the call, whoever appended it; under the others this only reports
  // breakage. Returns: Unavailable after Close; why the log is broken: then nothing that was
  // appended since the last Commit may be acknowledged; the next Open may or may not find it.
  absl::Status Commit();

  // Forces all that was appended before the call to the disk, without holding up Append. Afterwards
  // dirty() tells whether more came meanwhile: of that, needs_attention is not told again.
  // Returns: as Commit.
  absl::Status Sync();

  // Something was appended that is not known to be on the disk.
  bool dirty() const;

  // Not OK once the log is broken or closed.
  absl::Status status() const;

  // Syncs (unless broken, or kNo), then frees the file for another Open. Returns: the error of that
  // sync.
  absl::Status Close();

  std::uint64_t size_bytes() const;
  std::uint64_t torn_bytes() const { return torn_bytes_; }
  const std::string& path() const { return path_; }

 private:
  AppendLog(std::string path, AppendLogOptions options);

  absl::Status OpenFile();
  absl::Status Create();
  absl::Status Verify(std::uint64_t file_bytes);
  absl::Status WriteAll(std::string_view bytes) const;
  absl::Status SyncUnderSyncMutex();

  const std::string path_;
  const AppendLogOptions options_;
  std::string salt_;              // constant after Open
  std::uint64_t torn_bytes_ = 0;  // constant after Open

  std::mutex
      sync_mutex_;  // held across fdatasync, so that Close cannot pull the file from under it
  mutable std::mutex mutex_;  // taken after sync_mutex_; guards what follows
  int fd_ = -1;               // set by Open; changed under both mutexes
  std::uint64_t end_ = 0;     // of the last whole record
  std::uint64_t synced_ = 0;  // up to here the disk has it
  absl::Status unusable_;     // broken, or closed
};

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_APPEND_LOG_H_
