// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_REUSABLE_THREADS_H_
#define STEMMA_LIFECYCLE_REUSABLE_THREADS_H_

#include <memory>

#include "stemma/lifecycle/internal/require_cxx20.h"

namespace stemma {

namespace internal {
class ThreadReserve;
}  // namespace internal

// Threads that workers of one `ComponentManager` leave to those of the next, which so need not make
// any: a restart takes a third of the time or less (docs/performance.md). For a component that is
// restarted very often; any other gains nothing from it, for the backoff before a restart is a
// thousand times what a thread takes.
//
//     {.name = "feed", .factory = [threads = ReusableThreads()] {
//        return ComponentManagerBuilder().RunOn(threads).AddWorker(&Feed).Build();
//      }}
//
// What it costs, against L2: the thread's `thread_local` objects, yours and those of the libraries
// that you call, go on from one incarnation to the next. They are destroyed when the thread ends,
// and no more before Done is set. What else belongs to a thread stays as well, such as its signal
// mask.
//
// A thread whose worker does not return, as of an incarnation that was abandoned, is not reused.
// There is one thread for each worker that runs, and those that wait: at most as many as there have
// been workers at the same time, or were still about to end when the next came.
//
// Thread safety: any thread may use a copy, which has the same threads.
// Lifetime: keep a copy, as the factory above does, or a builder that has one: a manager has none,
// and without one its workers get fresh threads. With the last copy the threads that wait are ended
// and joined; a worker that runs then has one until it has ended, and its thread ends by itself.
class ReusableThreads {
 public:
  ReusableThreads();

 private:
  friend class ComponentManagerBuilder;

  std::shared_ptr<internal::ThreadReserve> reserve_;
};

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_REUSABLE_THREADS_H_
