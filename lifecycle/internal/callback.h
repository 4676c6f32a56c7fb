// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_CALLBACK_H_
#define STEMMA_LIFECYCLE_INTERNAL_CALLBACK_H_

#include <condition_variable>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/inlined_vector.h"
#include "stemma/lifecycle/internal/add_forgetting.h"
#include "stemma/lifecycle/internal/exception_text.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/lifecycle/internal/require_cxx20.h"

namespace stemma::internal {

// What a `Subscription` holds of a callback: who runs it now, and whether it may still run.
//
// Thread safety: any thread may call any method.
class CallbackGate {
 public:
  CallbackGate() = default;
  CallbackGate(const CallbackGate&) = delete;
  CallbackGate& operator=(const CallbackGate&) = delete;
  virtual ~CallbackGate() = default;

  // Afterwards the callback never runs again; waits for one that runs on another thread, unless it
  // runs on this one too.
  void Cancel();

  bool cancelled() const;

 protected:
  // Between the two the callback runs. `Enter` returns false if it may not.
  bool Enter();
  void Leave();

 private:
  // Destroys the function and with it what it captured. Called once it can never run again, and not
  // under the mutex.
  virtual void DropFunction() = 0;

  mutable Mutex mutex_;
  // A thread once for each call it is in.
  absl::InlinedVector<std::thread::id, 1> running_ ABSL_GUARDED_BY(mutex_);
  // Of the one who waits in Cancel; notified by Leave.
  std::condition_variable* left_ ABSL_GUARDED_BY(mutex_) = nullptr;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool drop_on_leave_ ABSL_GUARDED_BY(mutex_) = false;  // cancelled from inside
};

// Logs the exception being handled, but for `Unwind`, whose failure has been delivered already.
void LogExceptionOfCallback();

// A registered function and its gate.
template <class... Args>
class Callback final : public CallbackGate {
 public:
  explicit Callback(std::function<void(Args...)> function) : function_(std::move(function)) {}

  // Calls the function unless it has been cancelled. May be called concurrently.
  void Run(Args... args) {
    if (!Enter()) return;
    const Inside inside{this};
    Call(function_, args...);
  }

  // As `Run`, for a function that is called once: what it captured is destroyed before a `Cancel`
  // returns. REQUIRES: called once.
  void RunOnce(Args... args) {
    if (!Enter()) return;
    const Inside inside{this};
    const std::function<void(Args...)> function = std::exchange(function_, nullptr);
    Call(function, args...);
  }

 private:
  struct Inside {  // a destructor, so that a forced unwind leaves too
    Callback* const callback;
    ~Inside() { callback->Leave(); }
  };

  static void Call(const std::function<void(Args...)>& function, Args... args) {
    try {
      function(args...);
    } catch (...) {
      LogExceptionOfCallback();
    }
  }

  void DropFunction() override { function_ = nullptr; }

  std::function<void(Args...)> function_;
};

// The callbacks that wait for something. Forgets cancelled ones as it grows, so that subscribing
// and cancelling for ever takes no more memory than the most that were ever alive at once.
//
// Thread safety: none of its own; the owner's mutex guards it. The callbacks themselves are run
// outside that mutex.
template <class... Args>
class CallbackList {
 public:
  // Hardly ever is there more than one.
  using Callbacks = absl::InlinedVector<std::shared_ptr<Callback<Args...>>, 1>;

  void Add(std::shared_ptr<Callback<Args...>> callback) {
    AddForgetting(callbacks_, std::move(callback),
                  [](const auto& one) { return one->cancelled(); });
  }

  const Callbacks& all() const { return callbacks_; }

  Callbacks TakeAll() { return std::exchange(callbacks_, {}); }

 private:
  Callbacks callbacks_;
};

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_CALLBACK_H_
