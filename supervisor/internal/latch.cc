// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/latch.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "stemma/graph/printable.h"

namespace stemma::internal {
namespace {

// How a latch begins: by this a file is known to be one.
constexpr std::string_view kMark = "stemma spin halt ";

// More than any latch; what somebody else has written is shown up to here.
constexpr std::size_t kMaxShown = 4096;

std::string Reason(int error) { return std::generic_category().message(error); }

std::string Quoted(const std::string& path) { return "'" + Printable(path) + "'"; }

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

// A renamed or removed name is durable once its directory is. Returns: 0, or the error.
int SyncDirectoryOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor descriptor(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() < 0) return errno;
  // EINVAL: a file system that cannot do it, and has no more to offer.
  return fsync(descriptor.get()) == 0 || errno == EINVAL ? 0 : errno;
}

// Returns: 0, or the error.
int WriteDurably(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  // Whoever is to look at it need not be the service's user.
  if (fchmod(fd, 0644) != 0 || fsync(fd) != 0) return errno;
  return 0;
}

absl::Status CannotRead(const std::string& path, const std::string& why) {
  return absl::FailedPreconditionError(
      absl::StrCat("the latch ", Quoted(path), " cannot be read: ", why));
}

}  // namespace

std::string LatchText(std::string_view who, std::string_view why,
                      std::chrono::system_clock::time_point when) {
  const std::string time =
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromChrono(when), absl::UTCTimeZone());
  return absl::StrCat(std::string(kMark), "at ", time, " by '", Printable(who), "' of process ",
                      getpid(), ": ", Printable(why), "\n");
}

absl::Status WriteLatch(const std::string& path, std::string_view text) {
  const auto failed = [&](int error) {
    return absl::FailedPreconditionError(
        absl::StrCat("the latch ", Quoted(path), " could not be written: ", Reason(error)));
  };
  std::string beside = path + ".XXXXXX";
  const Descriptor file(mkostemp(beside.data(), O_CLOEXEC));
  if (file.get() < 0) return failed(errno);
  int error = WriteDurably(file.get(), text);
  if (error == 0 && rename(beside.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    unlink(beside.c_str());
    return failed(error);
  }
  error = SyncDirectoryOf(path);
  return error == 0 ? absl::OkStatus() : failed(error);
}

absl::StatusOr<std::string> ReadLatch(const std::string& path) {
  // Without blocking: it might be a pipe.
  const Descriptor file(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (file.get() < 0) {
    const int error = errno;
    struct stat status = {};
    // A symbolic link to nowhere is not there either, but somebody has put it there.
    if (error != ENOENT || lstat(path.c_str(), &status) == 0)
      return CannotRead(path, Reason(error));
    return absl::NotFoundError(absl::StrCat("there is no latch ", Quoted(path)));
  }
  struct stat status = {};
  if (fstat(file.get(), &status) != 0) return CannotRead(path, Reason(errno));
  if (S_ISDIR(status.st_mode)) return CannotRead(path, Reason(EISDIR));
  if (!S_ISREG(status.st_mode)) return CannotRead(path, "it is not a file");
  std::string text(kMaxShown, '\0');
  ssize_t got = read(file.get(), text.data(), text.size());
  while (got < 0 && errno == EINTR) got = read(file.get(), text.data(), text.size());
  if (got < 0) return CannotRead(path, Reason(errno));
  text.resize(static_cast<std::size_t>(got));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return Printable(text);
}

absl::Status CheckLatch(const std::string& path) {
  if (path.empty()) return absl::OkStatus();
  const absl::StatusOr<std::string> said = ReadLatch(path);
  if (absl::IsNotFound(said.status())) return absl::OkStatus();
  std::string what;
  if (!said.ok()) {
    what = std::string(said.status().message());
  } else {
    what = absl::StrCat("the latch ", Quoted(path),
                        " says: ", said->empty() ? "nothing, it is empty" : *said);
  }
  return absl::FailedPreconditionError(
      absl::StrCat("refused by the latch of a spin halt: ", what,
                   "; once the cause is dealt with: stemma latch clear ", Printable(path)));
}

absl::Status ClearLatch(const std::string& path) {
  const absl::StatusOr<std::string> said = ReadLatch(path);
  if (!said.ok()) return said.status();
  if (!said->empty() && !said->starts_with(kMark)) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(path), " is not a latch: it does not begin with '", std::string(kMark),
                     "'; remove it yourself if it is in the way"));
  }
  int error = unlink(path.c_str()) == 0 ? 0 : errno;
  if (error == 0) error = SyncDirectoryOf(path);
  if (error == 0) return absl::OkStatus();
  return absl::AbortedError(
      absl::StrCat("the latch ", Quoted(path), " could not be removed: ", Reason(error)));
}

}  // namespace stemma::internal
