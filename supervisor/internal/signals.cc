// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/signals.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <thread>

namespace stemma::internal {
namespace {

constexpr int kNobody = -1;
std::atomic<int> owner_fd{kNobody};
std::atomic<int> handlers_inside{0};  // that may have read owner_fd
static_assert(std::atomic<int>::is_always_lock_free, "used in a signal handler");

void OnSignal(int signal) {
  const int saved = errno;
  const char byte = static_cast<char>(signal);
  ++handlers_inside;
  const int fd = owner_fd.load();
  // A full pipe holds thousands of signals that the loop has yet to see: one more says nothing new.
  if (fd != kNobody) [[maybe_unused]]
    const auto ignored = write(fd, &byte, 1);
  --handlers_inside;
  errno = saved;
}

}  // namespace

absl::Status SignalOwnership::Take(int write_fd) {
  int nobody = kNobody;
  if (!owner_fd.compare_exchange_strong(nobody, write_fd)) {
    return absl::FailedPreconditionError(
        "handle_signals: another supervisor of this process owns SIGINT and SIGTERM already; set "
        "it for one of them only");
  }
  owner_ = true;
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &interrupt_);
  sigaction(SIGTERM, &action, &terminate_);
  return absl::OkStatus();
}

void SignalOwnership::Release() {
  if (!owner_) return;
  owner_ = false;
  sigaction(SIGINT, &interrupt_, nullptr);
  sigaction(SIGTERM, &terminate_, nullptr);
  owner_fd.store(kNobody);
  // A handler that has read the descriptor on another thread must not write after it is closed,
  // when the number may be somebody else's already. None waits for anything, so this is short.
  while (handlers_inside.load() != 0) std::this_thread::yield();
}

}  // namespace stemma::internal
