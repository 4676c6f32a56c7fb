// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/callback.h"

#include <algorithm>
#include <string>

#include "stemma/lifecycle/internal/log.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/lifecycle/internal/unwind.h"

namespace stemma::internal {

void CallbackGate::Cancel() {
  {
    MutexLock lock(mutex_);
    if (cancelled_) return;
    cancelled_ = true;
    if (std::find(running_.begin(), running_.end(), std::this_thread::get_id()) != running_.end()) {
      drop_on_leave_ = true;
      return;
    }
    if (!running_.empty()) {
      std::condition_variable left;  // not a member: of many callbacks, hardly one is waited for
      left_ = &left;
      while (!running_.empty()) left.wait(lock.for_condition());  // woken by Leave
    }
  }
  DropFunction();
}

bool CallbackGate::cancelled() const {
  const MutexLock lock(mutex_);
  return cancelled_;
}

bool CallbackGate::Enter() {
  const MutexLock lock(mutex_);
  if (cancelled_) return false;
  running_.push_back(std::this_thread::get_id());
  return true;
}

void CallbackGate::Leave() {
  bool drop = false;
  {
    const MutexLock lock(mutex_);
    running_.erase(std::find(running_.begin(), running_.end(), std::this_thread::get_id()));
    drop = drop_on_leave_ && running_.empty();
    // Under the lock: the one that waits may destroy this object as soon as it is woken.
    if (left_ != nullptr) left_->notify_all();
  }
  if (drop) DropFunction();
}

void LogExceptionOfCallback() {
  try {
    throw;
  } catch (const Unwind&) {
  } catch (...) {
    LogWarning(nullptr, "an exception escaped a callback: " + CurrentExceptionText());
  }
}

}  // namespace stemma::internal
