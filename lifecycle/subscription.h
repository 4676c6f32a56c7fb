// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_SUBSCRIPTION_H_
#define STEMMA_LIFECYCLE_SUBSCRIPTION_H_

#include <memory>

#include "stemma/lifecycle/internal/callback.h"

namespace stemma {

// A callback's registration: as long as it lives, the callback may be called; once it is destroyed,
// not any more.
//
// Destroying it cancels: afterwards the callback does not run, is not running, and what it had
// captured is destroyed. So the destructor waits for a callback that runs at that moment on another
// thread; inside the callback itself it does not wait, and the captures are destroyed when the
// callback returns. Therefore do not destroy a subscription while holding a lock that its callback
// takes.
//
// A callback runs on the thread that made the thing happen, never under a lock of Stemma's. An
// exception that escapes it is caught and logged; the callbacks after it still run. It must not end
// its thread (pthread_exit).
//
// Lifetime: may outlive what it subscribes to.
// Thread safety: as for a plain value: one thread at a time.
//
// Example:
//   std::vector<Subscription> watching;
//   watching.push_back(component.Ready().OnSet([] { PutUpTheFlag(); }));
class Subscription {
 public:
  // A subscription to nothing.
  Subscription() = default;
  // Stemma's own sources make them. `source` is kept alive until the subscription is destroyed.
  Subscription(std::shared_ptr<internal::CallbackGate> gate, std::shared_ptr<const void> source)
      : gate_(std::move(gate)), source_(std::move(source)) {}

  Subscription(Subscription&&) noexcept = default;
  Subscription& operator=(Subscription&& other) noexcept {
    if (this != &other) {
      Cancel();
      gate_ = std::move(other.gate_);
      source_ = std::move(other.source_);
    }
    return *this;
  }

  ~Subscription() { Cancel(); }

  // What the destructor does, now. Any number of times.
  void Cancel() {
    if (gate_ != nullptr) gate_->Cancel();
    gate_.reset();
    source_.reset();
  }

 private:
  std::shared_ptr<internal::CallbackGate> gate_;
  std::shared_ptr<const void> source_;
};

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_SUBSCRIPTION_H_
