// SPDX-License-Identifier: Apache-2.0
#include "docs/examples/kv_service/part.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <system_error>
#include <utility>

namespace kv {
namespace {

int MakeBell() {
  const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  return fd;
}

}  // namespace

Part::Part(std::string name) : name_(std::move(name)), bell_(MakeBell()) {}

void Part::Ring() const {
  // Fails only when it has been rung 2^64 times and never answered.
  [[maybe_unused]] const int ignored = ::eventfd_write(bell_.get(), 1);
}

void Part::Inject(absl::Status failure) {
  {
    const std::lock_guard lock(mutex_);
    if (state_ == State::kDown) return;
    injected_ = std::move(failure);
  }
  Ring();
}

Part::State Part::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::uint64_t Part::incarnations() const {
  const std::lock_guard lock(mutex_);
  return incarnations_;
}

Incarnation::Incarnation(Part& part, const stemma::SignalerContext& context,
                         const stemma::ReadyFunc& ready)
    : part_(part),
      context_(context),
      ready_(ready),
      ring_at_stop_(context.stop_token(), [&part] { part.Ring(); }) {
  const std::lock_guard lock(part_.mutex_);
  part_.state_ = Part::State::kStarting;
  ++part_.incarnations_;
  part_.injected_ = absl::OkStatus();
}

Incarnation::~Incarnation() {
  const std::lock_guard lock(part_.mutex_);
  part_.state_ = Part::State::kDown;
}

void Incarnation::Ready() const {
  {
    const std::lock_guard lock(part_.mutex_);
    part_.state_ = Part::State::kReady;
  }
  ready_();
}

bool Incarnation::Wait(std::optional<Time> deadline) const {
  pollfd fd{.fd = bell(), .events = POLLIN, .revents = 0};
  ::poll(&fd, 1, PollTimeout(deadline));  // interrupted by a signal: as good as a ring
  return Answer();
}

bool Incarnation::Answer() const {
  eventfd_t rings = 0;
  [[maybe_unused]] const int ignored = ::eventfd_read(bell(), &rings);  // not rung: no matter
  if (context_.stop_requested()) return false;
  absl::Status injected;
  {
    const std::lock_guard lock(part_.mutex_);
    injected = std::exchange(part_.injected_, absl::OkStatus());
  }
  if (!injected.ok()) context_.Throw(injected);
  return true;
}

int PollTimeout(std::optional<Incarnation::Time> deadline) {
  using std::chrono::milliseconds;
  if (!deadline) return -1;
  const auto left = std::chrono::ceil<milliseconds>(*deadline - std::chrono::steady_clock::now());
  constexpr milliseconds kLongest = std::chrono::hours(1);
  return static_cast<int>(std::clamp(left, milliseconds(0), kLongest).count());
}

}  // namespace kv
