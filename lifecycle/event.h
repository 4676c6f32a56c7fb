// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_EVENT_H_
#define STEMMA_LIFECYCLE_EVENT_H_

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "absl/status/status.h"
#include "stemma/lifecycle/subscription.h"

namespace stemma {

namespace internal {
class EventState;
struct EventAccess;
}  // namespace internal

// Something that happens once and stays so, such as "ready" or "done". An `EventSource` sets it;
// any number of `Event` handles, on any threads, ask, wait, or are called. The two are to an event
// what stop_source and stop_token are to a stop.
//
// Whatever a thread did before it set the event is visible to every thread that has seen it set: by
// `IsSet`, by a wait, or in a callback. No thread is spent on an event: callbacks run on the thread
// that sets it.
//
// Thread safety: any thread may call any method.
// Lifetime: a handle may outlive the source; the event is then never set, if it was not.
//
// Example:
//   EventSource opened;
//   std::jthread opener([&] { Open(); opened.Set(); });
//   opened.event().Wait();
class Event {
 public:
  // Copies only, moves included: a handle is never empty.
  Event(const Event&) = default;
  Event& operator=(const Event&) = default;

  bool IsSet() const;

  // Blocks until the event is set, by a thread that calls `EventSource::Set`.
  void Wait() const;

  // As `Wait`, but no longer than `timeout`; `nanoseconds::max()` means none. Returns: false if it
  // has not been set by then.
  bool WaitFor(std::chrono::nanoseconds timeout) const;

  // As `Wait`, but ends when `stop` is requested, too. Returns: OK if the event is set, even when
  // stop came as well; Cancelled if it is not: the caller should end what it is doing.
  absl::Status Wait(std::stop_token stop) const;

  // Calls `callback` once when the event is set: on the thread that sets it, in the order of
  // registration, before `Set` returns there; or at once, on this thread, if it is set already. See
  // `Subscription` for what cancelling promises, and for exceptions. A callback should be short: it
  // holds up those after it and the thread that sets.
  [[nodiscard]] Subscription OnSet(std::function<void()> callback) const;

 private:
  friend class EventSource;
  friend Event AllOf(std::vector<Event> events);
  explicit Event(std::shared_ptr<internal::EventState> state) : state_(std::move(state)) {}

  std::shared_ptr<internal::EventState> state_;
};

// The side that sets an `Event`. Copies set the same one.
//
// Thread safety: any thread may call any method.
class EventSource {
 public:
  EventSource();
  EventSource(const EventSource&) = default;
  EventSource& operator=(const EventSource&) = default;

  // Sets the event, wakes those who wait, and runs the callbacks. Returns: true for the one call
  // that set it. A call that returns false may do so while that one is still running callbacks.
  bool Set() const;

  Event event() const;

 private:
  friend struct internal::EventAccess;

  std::shared_ptr<internal::EventState> state_;
};

namespace internal {

struct EventAccess {
  // As `EventSource::Set`, but the callbacks are handed to `run`, to be called on another thread.
  static bool Set(const EventSource& source, const std::function<void(std::function<void()>)>& run);
};

}  // namespace internal

// Returns: an event that is set once all of `events` are; at once if there are none. No thread is
// spent on it: it is set by the thread that sets the last of them. Lifetime: lives as long as a
// handle to it or a subscription to it does.
Event AllOf(std::vector<Event> events);

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_EVENT_H_
