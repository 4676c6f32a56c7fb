// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/output.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"

namespace stemma::tools {
namespace {

// Returns: 0, or what errno was.
int WriteAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

absl::Status CannotWrite(const std::string& path, int error) {
  return absl::AbortedError(
      absl::StrCat("cannot write '", Printable(path), "': ", std::strerror(error)));
}

// The file that a write to `path` would reach: a link stays, and what it leads to is replaced, or
// made if it is not there. Returns: 0, or what errno was.
int FollowLinks(std::string& path) {
  constexpr int kMaxLinks = 40;  // as many as the kernel follows
  for (int links = 0; links < kMaxLinks; ++links) {
    std::error_code error;
    const std::filesystem::path target = std::filesystem::read_symlink(path, error);
    if (error) return 0;  // it is no link
    path = (std::filesystem::path(path).parent_path() / target).string();
  }
  return ELOOP;
}

mode_t ModeOfNewFiles() {
  const mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

absl::Status WriteInPlace(std::string_view text, const std::string& path) {
  const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return CannotWrite(path, errno);
  const int error = WriteAll(descriptor, text);
  if (close(descriptor) != 0 && error == 0) return CannotWrite(path, errno);
  return error == 0 ? absl::OkStatus() : CannotWrite(path, error);
}

// Signals that end the process wait while this lives.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&signals, signal);
    sigprocmask(SIG_BLOCK, &signals, &old_);
  }
  ~SignalsHeld() { sigprocmask(SIG_SETMASK, &old_, nullptr); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;

 private:
  sigset_t old_;
};

absl::Status ReplaceFile(std::string_view text, const std::string& path, mode_t mode) {
  const SignalsHeld held;  // else the temporary file would be left
  std::string temporary = path + ".XXXXXX";
  const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) return CannotWrite(path, errno);
  int error = WriteAll(descriptor, text);
  if (error == 0 && fchmod(descriptor, mode) != 0) error = errno;
  // Some disks find out late that they are full; and what is renamed must be there after a power
  // cut. EINVAL: this file system cannot.
  if (error == 0 && fsync(descriptor) != 0 && errno != EINVAL) error = errno;
  if (close(descriptor) != 0 && error == 0) error = errno;
  if (error == 0 && rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error == 0) return absl::OkStatus();
  unlink(temporary.c_str());
  return CannotWrite(path, error);
}

}  // namespace

absl::Status WriteResult(std::string_view text, const std::string& path) {
  if (path.empty() || path == "-") {
    const int error = WriteAll(STDOUT_FILENO, text);
    if (error == 0 || error == EPIPE) return absl::OkStatus();
    return CannotWrite("standard output", error);
  }
  struct stat existing;
  const bool exists = stat(path.c_str(), &existing) == 0;
  if (exists && !S_ISREG(existing.st_mode)) return WriteInPlace(text, path);
  std::string target = path;
  if (const int error = FollowLinks(target); error != 0) return CannotWrite(path, error);
  if (!exists) return ReplaceFile(text, target, ModeOfNewFiles());
  // Replacing takes no right to write the file itself, but who protects it means it.
  if (faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0) return CannotWrite(path, errno);
  return ReplaceFile(text, target, existing.st_mode & 07777);
}

void Tell(std::string_view text) { WriteAll(STDERR_FILENO, text); }

}  // namespace stemma::tools
