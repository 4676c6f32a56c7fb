// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_SLEEPERS_H_
#define STEMMA_LIFECYCLE_INTERNAL_SLEEPERS_H_

#include <chrono>
#include <utility>

#include "stemma/lifecycle/internal/require_cxx20.h"

#if defined(__linux__)
#include <atomic>
#else
#include <semaphore>
#endif

namespace stemma::internal {

// One sleep of one thread, until it is woken. It lives on that thread's stack: what may be waited
// for costs nothing until somebody waits.
//
// On Linux it is a futex. A condition variable takes two or three times as long, and the longer the
// more threads sleep: waking everybody looks at all that sleep in the process, and whoever wakes
// looks once more for others that want the mutex. std::binary_semaphore yields four times before it
// sleeps.
class Sleeper {
 public:
  Sleeper() = default;
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  // Returns when it has been woken; at once if that has happened already.
  void Sleep();
  // As `Sleep`, or until `time`. Returns: false if it has not been woken by then.
  bool SleepUntil(std::chrono::steady_clock::time_point time);
  // As `SleepUntil`, but awake: it keeps a processor busy, and being woken costs next to nothing.
  // For what is about to happen.
  bool SpinUntil(std::chrono::steady_clock::time_point time);

  // Once, from another thread. The sleeper may be gone before this returns.
  void Wake();

 private:
  friend class Sleepers;

#if defined(__linux__)
  std::atomic<int> state_ = 0;
#else
  std::binary_semaphore woken_{0};
#endif
  Sleeper* next_ = nullptr;  // of Sleepers
};

// The threads that wait for one thing that happens once.
//
// Thread safety: none of its own; the owner's mutex guards it.
//
// Example:
//   Sleeper sleeper;
//   {
//     const MutexLock lock(mutex_);
//     if (happened_) return;
//     sleepers_.Add(sleeper);
//   }
//   sleeper.Sleep();
class Sleepers {
 public:
  Sleepers() = default;
  Sleepers(Sleepers&& other) noexcept : first_(std::exchange(other.first_, nullptr)) {}
  Sleepers& operator=(Sleepers&&) = delete;

  void Add(Sleeper& sleeper) { sleeper.next_ = std::exchange(first_, &sleeper); }

  // Returns: false if it is not among them: somebody else has taken it, and wakes it.
  bool Remove(Sleeper& sleeper);

  // Returns: the latest, for Wake. Null if there is none.
  Sleeper* TakeOne() {
    Sleeper* const one = first_;
    if (one != nullptr) first_ = one->next_;
    return one;
  }

  // Returns: all of them, for WakeAll. None are left here.
  Sleepers Take() { return std::move(*this); }

  // To be called without the mutex: who is woken may want it.
  void WakeAll();

 private:
  Sleeper* first_ = nullptr;
};

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_SLEEPERS_H_
