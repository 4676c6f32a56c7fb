// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_SLOT_H_
#define STEMMA_LIFECYCLE_SLOT_H_

#include <condition_variable>
#include <memory>
#include <stop_token>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/lifecycle/internal/require_cxx20.h"

namespace stemma {

// How a dependent reaches the live instance of what it depends on. The dependency publishes itself
// when it can be used and takes itself back when it ends; a dependent asks each time, and so never
// holds a pointer into an old incarnation (S6).
//
// A copyable handle: give one copy to the dependency's factory and one to each dependent's. What
// `Get` returns stays alive for as long as the caller keeps it, even when the dependency has gone
// on to its next incarnation: keep it for one use.
//
// Thread safety: any thread may call any method.
//
// Example:
//   Slot<Store> store;
//   // The dependency: before it is ready, and at its end.
//   store.Publish(std::make_shared<Store>());
//   store.Publish(nullptr);
//   // A dependent. Null while the store restarts.
//   if (auto live = store.Get()) live->Put(key, value);
template <class T>
class Slot {
 public:
  Slot() : state_(std::make_shared<State>()) {}
  // Copies only, moves included: a handle is never empty.
  Slot(const Slot&) = default;
  Slot& operator=(const Slot&) = default;

  // `value` is the live instance from now on; null: there is none. The one before is let go of
  // here, by this thread, and so may be destroyed here.
  void Publish(std::shared_ptr<T> value) const {
    {
      const internal::MutexLock lock(state_->mutex);
      state_->value.swap(value);
      state_->published.notify_all();
    }
    // The old one is destroyed outside the lock: its destructor is user code, and may use this
    // slot.
    value.reset();
  }

  // Returns: the live instance; null between incarnations.
  std::shared_ptr<T> Get() const {
    const internal::MutexLock lock(state_->mutex);
    return state_->value;
  }

  // Blocks until there is a live instance, or stop is requested. Returns: the instance, even when
  // stop came too; null if there is none.
  std::shared_ptr<T> Await(std::stop_token stop) const {
    State& state = *state_;
    internal::MutexLock lock(state.mutex);
    // Woken by Publish, or by a stop request.
    state.published.wait(
        lock.for_condition(), std::move(stop),
        [&state]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(state.mutex) { return state.value != nullptr; });
    return state.value;
  }

 private:
  struct State {
    internal::Mutex mutex;
    std::condition_variable_any published;
    std::shared_ptr<T> value ABSL_GUARDED_BY(mutex);
  };

  std::shared_ptr<State> state_;
};

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_SLOT_H_
