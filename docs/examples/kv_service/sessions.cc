// SPDX-License-Identifier: Apache-2.0
#include <sys/epoll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "docs/examples/kv_service/client.h"
#include "docs/examples/kv_service/commands.h"
#include "docs/examples/kv_service/components.h"
#include "docs/examples/kv_service/info.h"
#include "docs/examples/kv_service/injected_failure.h"
#include "docs/examples/kv_service/loan.h"

namespace kv {
namespace {

using std::chrono::steady_clock;

// The clients of one incarnation. It goes round and round: wait, execute what has arrived from any
// of them as one batch, commit the batch once, send the replies.
class Sessions {
 public:
  Sessions(Wiring& wiring, const stemma::SignalerContext& context, const stemma::ReadyFunc& ready,
           const Settings& settings);
  ~Sessions() { wiring_.statistics.clients -= std::ssize(clients_); }

  // Returns when stop is requested, or a client has asked for SHUTDOWN.
  void Run();

 private:
  struct Session {
    explicit Session(Descriptor socket) : client(std::move(socket)) {}
    Client client;
    std::uint32_t interest = EPOLLIN;  // as epoll knows it
    bool in_batch = false;
  };

  CommandHost MakeHost(const Settings& settings);
  absl::Status FailComponent(std::string_view component, std::string_view verdict);

  void Admit(Descriptor socket);
  std::vector<Session*> WaitForClients();
  void Serve(const std::vector<Session*>& active);
  void UpdateHold(bool database_is_there);
  void Watch(Session& session);
  void Close(const Session& session);

  Wiring& wiring_;
  const Incarnation self_;
  const Descriptor epoll_;
  const CommandHost host_;
  const std::chrono::milliseconds hold_for_;
  const std::shared_ptr<Arrivals> arrivals_ = std::make_shared<Arrivals>();
  std::unordered_map<int, Session> clients_;     // by descriptor
  std::unordered_set<int> holding_;              // those of which a request is held
  std::optional<Incarnation::Time> hold_until_;  // set while the store is away
  bool shutdown_requested_ = false;
};

Sessions::Sessions(Wiring& wiring, const stemma::SignalerContext& context,
                   const stemma::ReadyFunc& ready, const Settings& settings)
    : wiring_(wiring),
      self_(wiring.sessions, context, ready),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      host_(MakeHost(settings)),
      hold_for_(settings.hold) {
  epoll_event bell{.events = EPOLLIN, .data = {.fd = self_.bell()}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, self_.bell(), &bell) != 0) {
    context.Throw(absl::ErrnoToStatus(errno, "epoll"));
  }
}

CommandHost Sessions::MakeHost(const Settings& settings) {
  return {
      .now =
          [] {
            return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
          },
      .request_shutdown = [this] { shutdown_requested_ = true; },
      .fail_component = [this](
                            std::string_view component,
                            std::string_view verdict) { return FailComponent(component, verdict); },
      .info = [this] { return ServerInfo(wiring_); },
      .settings = ConfigSettings(settings)};
}

absl::Status Sessions::FailComponent(std::string_view component, std::string_view verdict) {
  const auto asked = VerdictNamed(verdict);
  if (!asked) {
    return absl::InvalidArgumentError(
        "unknown verdict, try restart, stop, stop-parents, shutdown or spin-halt");
  }
  std::string names;
  for (Part* const part : wiring_.parts) {
    names += " " + part->name();
    if (part->name() != component) continue;
    if (part->state() == Part::State::kDown) {
      return absl::FailedPreconditionError(part->name() + " is not running");
    }
    // The one who asked gets its OK: whatever the failure leads to, this worker ends its round
    // first.
    part->Inject(InjectedFailure(*asked));
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("unknown component, the components are:" + names);
}

void Sessions::Run() {
  const Loan lent(wiring_.arrivals, arrivals_);
  wiring_.listener.Ring();  // it accepts nobody while there are no sessions
  self_.Ready();
  while (!shutdown_requested_) {
    std::vector<Session*> active = WaitForClients();
    if (!self_.Answer()) return;
    for (Descriptor& socket : arrivals_->TakeAll()) Admit(std::move(socket));
    for (const int fd : holding_) active.push_back(&clients_.at(fd));
    Serve(active);
  }
}

void Sessions::Admit(Descriptor socket) {
  const int fd = socket.get();
  epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return;  // no memory: closed
  clients_.try_emplace(fd, std::move(socket));
  ++wiring_.statistics.clients;
}

// Returns: those from whom something has arrived, or that can take more replies.
std::vector<Sessions::Session*> Sessions::WaitForClients() {
  std::array<epoll_event, 256> events;
  const int n = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                             PollTimeout(holding_.empty() ? std::nullopt : hold_until_));
  std::vector<Session*> active;
  for (int i = 0; i < n; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    if (event.data.fd == self_.bell()) continue;
    Session& session = clients_.at(event.data.fd);
    const bool hung_up = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
    if (hung_up || ((event.events & EPOLLIN) != 0 && !session.client.Receive())) {
      Close(session);
    } else {
      active.push_back(&session);
    }
  }
  return active;
}

void Sessions::Serve(const std::vector<Session*>& active) {
  const std::shared_ptr<Database> database = wiring_.database.Get();
  const bool hold = !hold_until_ || steady_clock::now() < *hold_until_;
  absl::Status committed;
  std::size_t batch = 0;
  for (Session* const session : active) {
    const std::size_t executed = session->client.Execute(database.get(), hold, host_);
    session->in_batch = executed > 0;
    batch += executed;
  }
  wiring_.statistics.commands += batch;
  if (database != nullptr && batch > 0) committed = database->Commit();
  if (!committed.ok()) {
    wiring_.logger->error("sessions: the log did not take {} commands, closing their clients: {}",
                          batch, committed.ToString());
  }

  for (Session* const session : active) {
    Client& client = session->client;
    // Nobody knows whether the log has what was not committed: neither OK nor an error would be
    // true.
    const bool lost = session->in_batch && !committed.ok();
    if (lost || !client.Send() || client.finished()) {
      Close(*session);
    } else {
      Watch(*session);
    }
  }
  UpdateHold(database != nullptr);
}

void Sessions::UpdateHold(bool database_is_there) {
  if (!holding_.empty() && !hold_until_) hold_until_ = steady_clock::now() + hold_for_;
  if (holding_.empty() && database_is_there) hold_until_.reset();
}

// Tells epoll what the client is waiting for now.
void Sessions::Watch(Session& session) {
  const int fd = session.client.fd();
  if (session.client.waits_for_database()) {
    holding_.insert(fd);
  } else {
    holding_.erase(fd);
  }
  const std::uint32_t interest = session.client.interest();
  if (interest == session.interest) return;
  session.interest = interest;
  epoll_event event{.events = interest, .data = {.fd = fd}};
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

void Sessions::Close(const Session& session) {
  const int fd = session.client.fd();
  holding_.erase(fd);
  clients_.erase(fd);  // closes the socket, and so takes it out of the epoll
  --wiring_.statistics.clients;
}

}  // namespace

void RunSessions(Wiring& wiring, const stemma::SignalerContext& context,
                 const stemma::ReadyFunc& ready) {
  const std::optional<Settings> settings = wiring.AwaitSettings(context.stop_token());
  if (!settings) return;
  Sessions(wiring, context, ready, *settings).Run();
}

}  // namespace kv
