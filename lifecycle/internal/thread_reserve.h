// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_THREAD_RESERVE_H_
#define STEMMA_LIFECYCLE_INTERNAL_THREAD_RESERVE_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace stemma::internal {

// Threads that go on: each does one task after another, and waits in between.
//
// Thread safety: any thread may call Run.
class ThreadReserve {
 public:
  struct Task {
    std::function<void()> run;  // destroyed, with what it has captured, before `end` is called
    std::function<void()> end;  // says that it is over
  };
  // What starts a thread; throws std::system_error if it cannot. A seam for tests.
  using ThreadStarter = std::function<std::thread(std::function<void()>)>;

  explicit ThreadReserve(ThreadStarter start_thread = {});
  ThreadReserve(const ThreadReserve&) = delete;
  ThreadReserve& operator=(const ThreadReserve&) = delete;
  // Joins the threads whose task is over. Those with a task end after it, by themselves. May be
  // called on one of them.
  ~ThreadReserve();

  struct Refusal {
    std::size_t task;  // the first that there was no thread for
    std::string why;
  };
  // Runs each task on a thread of its own, one that waits if there is one. Returns: nothing, if
  // they run; why none of them does, if the system refused a thread.
  std::optional<Refusal> Run(std::vector<Task> tasks);

 private:
  struct Thread;
  struct State;

  static void Serve(const std::shared_ptr<State>& state, Thread& self);

  const ThreadStarter start_thread_;
  const std::shared_ptr<State> state_;  // shared with the threads, which may outlive this object
};

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_THREAD_RESERVE_H_
