// SPDX-License-Identifier: Apache-2.0
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "docs/examples/kv_service/components.h"

namespace kv {
namespace {

absl::Status SystemError(const std::string& what) { return absl::ErrnoToStatus(errno, what); }

absl::StatusOr<Descriptor> Listen(std::uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return SystemError("socket");
  // The connections of an earlier incarnation, or process, must not keep the port from this one.
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.get(), SOMAXCONN) != 0) {
    return SystemError("cannot listen on 127.0.0.1:" + std::to_string(port));
  }
  return socket;
}

std::uint16_t PortOf(const Descriptor& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

enum class Accepted { kAll, kNoDescriptors };

// Accepts all who are waiting.
Accepted AcceptAll(const Descriptor& socket, Arrivals& arrivals, Wiring& wiring,
                   const stemma::SignalerContext& context) {
  for (;;) {
    Descriptor client(::accept4(socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (client.valid()) {
      const int on = 1;
      ::setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      ++wiring.statistics.connections;
      arrivals.Add(std::move(client));
      wiring.sessions.Ring();
    } else if (errno == EAGAIN) {
      return Accepted::kAll;
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      return Accepted::kNoDescriptors;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      context.Throw(SystemError("accept"));
    }
  }
}

}  // namespace

void RunListener(Wiring& wiring, const stemma::SignalerContext& context,
                 const stemma::ReadyFunc& ready) {
  const Incarnation self(wiring.listener, context, ready);
  const std::optional<Settings> settings = wiring.AwaitSettings(context.stop_token());
  if (!settings) return;
  const std::uint16_t port = wiring.port;
  const absl::StatusOr<Descriptor> socket = Listen(port != 0 ? port : settings->port);
  if (!socket.ok()) context.Throw(socket.status());
  wiring.port = PortOf(*socket);
  wiring.logger->info("listening on 127.0.0.1:{}", wiring.port.load());
  self.Ready();

  std::optional<Incarnation::Time> pause_until;  // there were no descriptors to be had
  for (;;) {
    // While there are no sessions, who connects waits in the kernel's queue; they ring when they
    // are back.
    const bool open = wiring.arrivals.Get() != nullptr && !pause_until;
    pollfd fds[] = {{.fd = self.bell(), .events = POLLIN, .revents = 0},
                    {.fd = open ? socket->get() : -1, .events = POLLIN, .revents = 0}};
    ::poll(fds, std::size(fds), PollTimeout(pause_until));
    if (!self.Answer()) return;
    const auto now = std::chrono::steady_clock::now();
    if (pause_until && now >= *pause_until) pause_until.reset();
    if (fds[1].revents == 0) continue;
    const std::shared_ptr<Arrivals> arrivals = wiring.arrivals.Get();
    if (arrivals != nullptr &&
        AcceptAll(*socket, *arrivals, wiring, context) == Accepted::kNoDescriptors) {
      pause_until = now + std::chrono::milliseconds(100);
    }
  }
}

}  // namespace kv
