// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_MUTEX_H_
#define STEMMA_LIFECYCLE_INTERNAL_MUTEX_H_

#include <mutex>

#include "absl/base/thread_annotations.h"

namespace stemma::internal {

// std::mutex, and a lock of it, with what clang's thread-safety analysis needs to know; that of
// libstdc++ says nothing. Not absl::Mutex: ThreadSanitizer knows what std::mutex orders, but not
// what an Abseil does that was built without it, as the systems' packages are.
class ABSL_LOCKABLE Mutex {
 public:
  void lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { mutex_.lock(); }
  bool try_lock() ABSL_EXCLUSIVE_TRYLOCK_FUNCTION(true) { return mutex_.try_lock(); }
  void unlock() ABSL_UNLOCK_FUNCTION() { mutex_.unlock(); }

 private:
  friend class MutexLock;
  std::mutex mutex_;
};

// Holds the mutex while it lives, but between `unlock` and `lock`.
class ABSL_SCOPED_LOCKABLE MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : lock_(mutex.mutex_) {}
  ~MutexLock() ABSL_UNLOCK_FUNCTION() = default;
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

  void lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() { lock_.lock(); }
  void unlock() ABSL_UNLOCK_FUNCTION() { lock_.unlock(); }

  // For a condition variable, which returns with the mutex held.
  std::unique_lock<std::mutex>& for_condition() { return lock_; }

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_MUTEX_H_
