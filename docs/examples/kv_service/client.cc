// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/client.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace kv {
namespace {

// A client that sends requests and does not read the replies is not read from beyond this.
constexpr std::size_t kMaxUnsent = 1024 * 1024;

}  // namespace

bool Client::Receive() {
  std::array<char, 64 * 1024> bytes;
  const ssize_t n = ::recv(fd(), bytes.data(), bytes.size(), 0);
  if (n > 0) parser_.Feed(std::string_view(bytes.data(), static_cast<std::size_t>(n)));
  return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

std::size_t Client::Execute(Database* database, bool hold, const CommandHost& host) {
  std::size_t executed = 0;
  more_ = false;
  while (!last_) {
    if (unsent() >= kMaxUnsent) {
      more_ = true;
      break;
    }
    if (!request_) {
      auto next = parser_.Next();
      if (!next.ok()) {
        AppendError(out_, "ERR " + std::string(next.status().message()));
        last_ = true;
        ++executed;
        break;
      }
      if (!next->has_value()) break;
      request_ = **std::move(next);
    }
    switch (kv::Execute(*request_, database, host, state_, out_)) {
      case Execution::kReplied:
        break;
      case Execution::kRepliedLast:
      case Execution::kClosed:
        last_ = true;
        break;
      case Execution::kNeedsDatabase:
        if (hold) return executed;
        AppendLoading(out_);
        break;
    }
    request_.reset();
    ++executed;
  }
  return executed;
}

bool Client::Send() {
  bool room = true;
  while (room && unsent() > 0) {
    const ssize_t n = ::send(fd(), out_.data() + sent_, unsent(), MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (n > 0) sent_ += static_cast<std::size_t>(n);
    room = n > 0 || errno == EINTR;
  }
  if (unsent() == 0 || sent_ >= kMaxUnsent) {  // not each time: it moves what is left
    out_.erase(0, sent_);
    sent_ = 0;
  }
  return true;
}

std::uint32_t Client::interest() const {
  const bool reads = !last_ && !more_ && !waits_for_database();
  const bool writes = unsent() > 0 || (more_ && !waits_for_database());
  return (reads ? std::uint32_t{EPOLLIN} : 0u) | (writes ? std::uint32_t{EPOLLOUT} : 0u);
}

}  // namespace kv
