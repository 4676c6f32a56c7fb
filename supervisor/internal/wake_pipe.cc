// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/wake_pipe.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "absl/strings/str_cat.h"

namespace stemma::internal {

void WakePipe::Close() {
  for (int& fd : fds_) {
    if (fd >= 0) close(fd);
    fd = -1;
  }
}

absl::Status WakePipe::Open() {
  if (pipe(fds_) != 0) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the supervisor needs a pipe to sleep on: ", std::strerror(errno)));
  }
  for (const int fd : fds_) {
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
  }
  return absl::OkStatus();
}

void WakePipe::Wake() const {
  // A full pipe is as good: it wakes, too.
  while (write(fds_[1], &kWake, 1) < 0 && errno == EINTR) {
  }
}

void WakePipe::Wait(std::chrono::nanoseconds timeout) const {
  using std::chrono::milliseconds;
  int limit = -1;
  if (timeout != std::chrono::nanoseconds::max()) {
    // Rounded up: waking before the deadline would be for nothing.
    const auto whole = std::chrono::ceil<milliseconds>(
        std::min<std::chrono::nanoseconds>(timeout, milliseconds(std::numeric_limits<int>::max())));
    limit = static_cast<int>(whole.count());
  }
  pollfd entry{.fd = fds_[0], .events = POLLIN, .revents = 0};
  poll(&entry, 1, limit);  // EINTR: the loop looks again in any case
}

int WakePipe::Read(char* bytes, int size) const {
  ssize_t got = 0;
  do {
    got = read(fds_[0], bytes, static_cast<std::size_t>(size));
  } while (got < 0 && errno == EINTR);
  return static_cast<int>(got);
}

}  // namespace stemma::internal
