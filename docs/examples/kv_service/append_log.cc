// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/append_log.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <utility>

#include "docs/examples/kv_service/log_format.h"

namespace kv {
namespace {

absl::Status SystemError(int error, const std::string& what, const std::string& path) {
  return absl::ErrnoToStatus(error, what + " " + path);
}

absl::Status Annotate(const absl::Status& status, const std::string& where) {
  return absl::Status(status.code(), where + ": " + std::string(status.message()));
}

std::string At(const std::string& path, std::uint64_t offset) {
  return path + " at offset " + std::to_string(offset);
}

// Until its directory is on the disk, a new file is not.
absl::Status SyncDirectoryOf(const std::string& path) {
  std::string directory = std::filesystem::path(path).parent_path().string();
  if (directory.empty()) directory = ".";
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return SystemError(errno, "cannot open the directory", directory);
  const int error = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  // EINVAL: a file system that has no such thing.
  return error == 0 || error == EINVAL ? absl::OkStatus()
                                       : SystemError(error, "cannot sync the directory", directory);
}

}  // namespace

absl::StatusOr<std::unique_ptr<AppendLog>> AppendLog::Open(const std::string& path,
                                                           AppendLogOptions options) {
  std::unique_ptr<AppendLog> log(new AppendLog(path, std::move(options)));
  if (absl::Status opened = log->OpenFile(); !opened.ok()) return opened;
  return log;
}

AppendLog::AppendLog(std::string path, AppendLogOptions options)
    : path_(std::move(path)), options_(std::move(options)) {}

AppendLog::~AppendLog() { Close().IgnoreError(); }

absl::Status AppendLog::OpenFile() {
  fd_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd_ < 0) return SystemError(errno, "cannot open", path_);
  // Two writers would overwrite each other's records.
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return SystemError(errno, "cannot lock", path_);
    return absl::FailedPreconditionError(path_ + " is in use by another server");
  }
  struct stat file {};
  if (::fstat(fd_, &file) != 0) return SystemError(errno, "cannot stat", path_);
  if (!S_ISREG(file.st_mode)) return absl::InvalidArgumentError(path_ + " is not a regular file");
  const auto file_bytes = static_cast<std::uint64_t>(file.st_size);

  std::string header(std::min<std::uint64_t>(file_bytes, kLogHeaderBytes), '\0');
  if (::pread(fd_, header.data(), header.size(), 0) != static_cast<ssize_t>(header.size())) {
    return SystemError(errno, "cannot read", path_);
  }
  if (std::optional<std::string> salt = DecodeLogHeader(header)) {
    salt_ = *std::move(salt);
    return Verify(file_bytes);
  }
  // The header is on the disk before the first record is written. So a file that holds no more than
  // a part of one, or the zeros of blocks that were never written, comes from a crash during
  // creation.
  const bool unfinished =
      header.find_first_not_of('\0') == std::string::npos ||
      std::string_view(header).substr(0, kLogMagic.size()) == kLogMagic.substr(0, header.size());
  if (file_bytes <= kLogHeaderBytes && unfinished) return Create();
  return absl::DataLossError(At(path_, 0) + ": this is not the header of a key-value log");
}

absl::Status AppendLog::Create() {
  salt_.resize(kLogSaltBytes);
  if (::getrandom(salt_.data(), salt_.size(), 0) != static_cast<ssize_t>(salt_.size())) {
    return SystemError(errno, "no random bytes for", path_);
  }
  if (options_.calls.ftruncate(fd_, 0) != 0) return SystemError(errno, "cannot truncate", path_);
  if (absl::Status written = WriteAll(EncodeLogHeader(salt_)); !written.ok()) return written;
  if (options_.calls.fdatasync(fd_) != 0) return SystemError(errno, "cannot sync", path_);
  end_ = synced_ = kLogHeaderBytes;
  return SyncDirectoryOf(path_);
}

absl::Status AppendLog::Verify(std::uint64_t file_bytes) {
  LogReader reader(fd_, salt_, kLogHeaderBytes, file_bytes);
  for (;;) {
    const auto next = reader.Next();
    if (!next.ok()) return Annotate(next.status(), At(path_, reader.offset()));
    if (!next->has_value()) break;
  }
  end_ = reader.offset();
  torn_bytes_ = file_bytes - end_;
  if (torn_bytes_ > 0) {
    const absl::StatusOr<bool> damaged = reader.SoundRecordBehind();
    if (!damaged.ok()) return Annotate(damaged.status(), At(path_, end_));
    if (*damaged) {
      return absl::DataLossError(At(path_, end_) +
                                 ": the record is damaged, and sound ones follow it");
    }
    if (options_.calls.ftruncate(fd_, static_cast<off_t>(end_)) != 0) {
      return SystemError(errno, "cannot cut the torn tail off", path_);
    }
  }
  // A process that crashed may have left records that only the kernel has. Clients are about to see
  // them.
  if (options_.calls.fdatasync(fd_) != 0) return SystemError(errno, "cannot sync", path_);
  synced_ = end_;
  return absl::OkStatus();
}

absl::Status AppendLog::Replay(
    const std::function<absl::Status(std::string_view record)>& apply) const {
  int fd = -1;
  std::uint64_t end = 0;
  {
    const std::lock_guard lock(mutex_);
    if (fd_ < 0) return unusable_;
    fd = ::fcntl(fd_, F_DUPFD_CLOEXEC, 0);  // Close may come meanwhile
    if (fd < 0) return SystemError(errno, "cannot duplicate the descriptor of", path_);
    end = end_;
  }
  LogReader reader(fd, salt_, kLogHeaderBytes, end);
  absl::Status result;
  while (result.ok() && reader.offset() < end) {
    const std::uint64_t offset = reader.offset();
    const auto next = reader.Next();
    if (!next.ok()) {
      result = next.status();
    } else if (!next->has_value()) {
      result = absl::DataLossError("the record was sound before and is damaged now");
    } else {
      result = apply(**next);
    }
    if (!result.ok()) result = Annotate(result, At(path_, offset));
  }
  ::close(fd);
  return result;
}

absl::Status AppendLog::Append(std::string_view record) {
  if (record.size() > kMaxRecordBytes) {
    return absl::InvalidArgumentError("a record of " + std::to_string(record.size()) +
                                      " bytes is too large for " + path_);
  }
  absl::Status result;
  bool attention = false;
  {
    const std::lock_guard lock(mutex_);
    if (!unusable_.ok()) return unusable_;
    const std::string framed = EncodeRecord(salt_, end_, record);
    result = WriteAll(framed);
    if (result.ok()) {
      attention = options_.fsync == FsyncPolicy::kEverySec && end_ == synced_;
      end_ += framed.size();
    } else if (options_.calls.ftruncate(fd_, static_cast<off_t>(end_)) != 0) {
      // A part of the record may stay in the file: with another behind it, it would look like
      // damage.
      unusable_ = result =
          Annotate(result, "the log is broken, a part of a record cannot be cut off");
      attention = true;
    }
  }
  if (attention && options_.needs_attention) options_.needs_attention();
  return result;
}

absl::Status AppendLog::WriteAll(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t n = options_.calls.write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return SystemError(errno, "cannot write to", path_);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return absl::OkStatus();
}

absl::Status AppendLog::Commit() {
  return options_.fsync == FsyncPolicy::kAlways ? Sync() : status();
}

absl::Status AppendLog::Sync() {
  absl::Status result;
  {
    const std::lock_guard lock(sync_mutex_);
    if (absl::Status usable = status(); !usable.ok()) return usable;
    result = SyncUnderSyncMutex();
  }
  if (!result.ok() && options_.needs_attention) options_.needs_attention();
  return result;
}

absl::Status AppendLog::SyncUnderSyncMutex() {
  std::uint64_t target = 0;
  {
    const std::lock_guard lock(mutex_);
    if (end_ == synced_) return absl::OkStatus();
    target = end_;
  }
  int result = 0;
  do {
    result = options_.calls.fdatasync(fd_);
  } while (result != 0 && errno == EINTR);
  const int error = result == 0 ? 0 : errno;

  const std::lock_guard lock(mutex_);
  if (error == 0) {
    synced_ = target;
    return absl::OkStatus();
  }
  // What is behind synced_ was never acknowledged under kAlways. If the disk lost only a part of
  // it, the rest would later look like damage, so all of it goes, as far as that is possible on
  // such a disk.
  if (options_.fsync == FsyncPolicy::kAlways &&
      options_.calls.ftruncate(fd_, static_cast<off_t>(synced_)) == 0) {
    end_ = synced_;
  }
  unusable_ = Annotate(SystemError(error, "cannot sync", path_), "the log is broken");
  return unusable_;
}

bool AppendLog::dirty() const {
  const std::lock_guard lock(mutex_);
  return fd_ >= 0 && end_ != synced_;
}

absl::Status AppendLog::status() const {
  const std::lock_guard lock(mutex_);
  return unusable_;
}

absl::Status AppendLog::Close() {
  const std::lock_guard sync_lock(sync_mutex_);
  if (fd_ < 0) return absl::OkStatus();
  absl::Status result;
  if (options_.fsync != FsyncPolicy::kNo && status().ok()) result = SyncUnderSyncMutex();
  const std::lock_guard lock(mutex_);
  ::close(std::exchange(fd_, -1));
  if (unusable_.ok()) unusable_ = absl::UnavailableError(path_ + " is closed");
  return result;
}

std::uint64_t AppendLog::size_bytes() const {
  const std::lock_guard lock(mutex_);
  return end_;
}

}  // namespace kv
