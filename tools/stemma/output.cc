// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/output.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

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

// Follows links, so that it is the file they lead to that is replaced, and not the link.
std::string Resolved(const std::string& path) {
  const std::unique_ptr<char, decltype(&free)> resolved(realpath(path.c_str(), nullptr), &free);
  return resolved == nullptr ? path : std::string(resolved.get());
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

absl::Status ReplaceFile(std::string_view text, const std::string& path, mode_t mode) {
  std::string temporary = path + ".XXXXXX";
  const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) return CannotWrite(path, errno);
  int error = WriteAll(descriptor, text);
  if (error == 0 && fchmod(descriptor, mode) != 0) error = errno;
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
  const std::string target = Resolved(path);
  struct stat existing;
  if (stat(target.c_str(), &existing) != 0) return ReplaceFile(text, target, ModeOfNewFiles());
  if (!S_ISREG(existing.st_mode)) return WriteInPlace(text, target);
  return ReplaceFile(text, target, existing.st_mode & 07777);
}

void Tell(std::string_view text) { WriteAll(STDERR_FILENO, text); }

}  // namespace stemma::tools
