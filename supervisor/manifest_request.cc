// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/manifest_request.h"

#include <poll.h>
#include <signal.h>
#include <sysexits.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "stemma/supervisor/manifest.h"

namespace stemma {
namespace {

std::optional<int> RequestedDescriptor() {
  const char* value = std::getenv(kManifestFdVariable);
  if (value == nullptr) return std::nullopt;
  const std::string_view text = value;
  int descriptor = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), descriptor);
  if (error != std::errc() || end != text.data() + text.size() || descriptor < 0) {
    return std::nullopt;
  }
  return descriptor;
}

// While it lives, a write to a pipe without a reader fails on this thread instead of killing the
// process. The process's own choice for the signal is left alone.
class NoBrokenPipeSignal {
 public:
  NoBrokenPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &old_mask_);
  }
  ~NoBrokenPipeSignal() {
    // Taken back before it is let through again: one that our own write has raised.
    sigset_t pending;
    sigpending(&pending);
    int taken = 0;
    if (!was_pending_ && sigismember(&pending, SIGPIPE) == 1) sigwait(&pipe_, &taken);
    pthread_sigmask(SIG_SETMASK, &old_mask_, nullptr);
  }
  NoBrokenPipeSignal(const NoBrokenPipeSignal&) = delete;
  NoBrokenPipeSignal& operator=(const NoBrokenPipeSignal&) = delete;

 private:
  sigset_t pipe_;
  sigset_t old_mask_;
  bool was_pending_ = false;
};

bool WriteAll(int descriptor, std::string_view text) {
  const NoBrokenPipeSignal no_signal;
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {  // it was made not to block
      pollfd writable = {.fd = descriptor, .events = POLLOUT, .revents = 0};
      if (poll(&writable, 1, -1) < 0 && errno != EINTR) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool AnswerManifestRequest(const std::vector<Node>& nodes, int& exit_code) {
  const std::optional<int> descriptor = RequestedDescriptor();
  if (!descriptor.has_value()) return false;
  exit_code = WriteAll(*descriptor, ManifestJson(nodes)) ? EX_OK : EX_IOERR;
  return true;
}

}  // namespace stemma
