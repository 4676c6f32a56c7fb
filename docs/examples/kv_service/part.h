// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_PART_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_PART_H_

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "absl/status/status.h"
#include "docs/examples/kv_service/descriptor.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/signaler_context.h"

namespace kv {

// A component as the others see it, whichever incarnation of it is alive: its bell, and whether it
// is there. The bell is an eventfd, so that a worker can wait for it and for sockets in one call.
//
// Thread safety: any thread may call any method.
// Lifetime: outlives all its incarnations.
class Part {
 public:
  enum class State { kDown, kStarting, kReady };

  explicit Part(std::string name);

  const std::string& name() const { return name_; }

  // Wakes the worker: there is something for it to look at. A ring while nobody is there is heard
  // by the next incarnation.
  void Ring() const;

  // Makes the live incarnation fail, on its own worker, with `failure`. Does nothing if none is
  // alive.
  void Inject(absl::Status failure);

  State state() const;
  std::uint64_t incarnations() const;  // so far, with the one that is alive

 private:
  friend class Incarnation;

  const std::string name_;
  const Descriptor bell_;

  mutable std::mutex mutex_;  // guards what follows
  State state_ = State::kDown;
  std::uint64_t incarnations_ = 0;
  absl::Status injected_;  // not OK: what the live incarnation is to fail with
};

// One incarnation of a part: what its worker makes first, and waits with.
//
//   void RunExpirer(Part& part, const SignalerContext& context, const ReadyFunc& ready) {
//     Incarnation self(part, context, ready);
//     self.Ready();
//     while (self.Wait()) ...;  // somebody rang
//   }
//
// Thread safety: the worker's thread only.
class Incarnation {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Incarnation(Part& part, const stemma::SignalerContext& context, const stemma::ReadyFunc& ready);
  ~Incarnation();
  Incarnation(const Incarnation&) = delete;
  Incarnation& operator=(const Incarnation&) = delete;

  void Ready() const;

  // Blocks until somebody rings or the deadline has come. Returns and fails as Answer does.
  bool Wait(std::optional<Time> deadline = std::nullopt) const;

  // For workers that wait for more than the bell: it has rung when this descriptor is readable.
  int bell() const { return part_.bell_.get(); }

  // Silences the bell. Returns: whether to go on; false once stop is requested. Does not return,
  // but fails the component, if a failure was injected.
  bool Answer() const;

 private:
  Part& part_;
  const stemma::SignalerContext context_;
  const stemma::ReadyFunc ready_;
  const std::stop_callback<std::function<void()>> ring_at_stop_;
};

// How long poll and epoll_wait are to wait for `deadline`, in milliseconds, rounded up; -1: for
// ever.
int PollTimeout(std::optional<Incarnation::Time> deadline);

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_PART_H_
