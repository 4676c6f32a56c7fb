// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/thread_reserve.h"

#include <system_error>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/lifecycle/internal/patience.h"
#include "stemma/lifecycle/internal/sleepers.h"

namespace stemma::internal {

// Guarded by State::mutex.
struct ThreadReserve::Thread {
  std::thread handle;
  std::optional<Task> task;    // that it has been given, and has not begun
  bool has_task = false;       // until it is over
  Sleeper* sleeper = nullptr;  // while it waits for one
};

struct ThreadReserve::State {
  Mutex mutex;
  std::vector<std::shared_ptr<Thread>> threads ABSL_GUARDED_BY(mutex);
  std::vector<Thread*> idle ABSL_GUARDED_BY(mutex);  // the last to become so at the end
  bool closed ABSL_GUARDED_BY(mutex) = false;
};

ThreadReserve::ThreadReserve(ThreadStarter start_thread)
    : start_thread_(start_thread
                        ? std::move(start_thread)
                        : [](std::function<void()> body) { return std::thread(std::move(body)); }),
      state_(std::make_shared<State>()) {}

ThreadReserve::~ThreadReserve() {
  std::vector<std::shared_ptr<Thread>> over;
  std::vector<Sleeper*> sleepers;
  {
    const MutexLock lock(state_->mutex);
    state_->closed = true;
    for (std::shared_ptr<Thread>& thread : state_->threads) {
      if (thread->sleeper != nullptr) sleepers.push_back(std::exchange(thread->sleeper, nullptr));
      if (thread->has_task || thread->handle.get_id() == std::this_thread::get_id()) {
        thread->handle.detach();
      } else {
        over.push_back(std::move(thread));
      }
    }
    state_->threads.clear();
  }
  for (Sleeper* const sleeper : sleepers) sleeper->Wake();
  for (const std::shared_ptr<Thread>& thread : over) thread->handle.join();
}

std::optional<ThreadReserve::Refusal> ThreadReserve::Run(std::vector<Task> tasks) {
  std::vector<Sleeper*> sleepers;
  {
    const MutexLock lock(state_->mutex);
    while (state_->idle.size() < tasks.size()) {
      const auto thread = std::make_shared<Thread>();
      try {
        thread->handle = start_thread_([state = state_, thread] { Serve(state, *thread); });
      } catch (const std::system_error& error) {
        return Refusal{.task = state_->idle.size(), .why = error.what()};
      }
      state_->threads.push_back(thread);
      state_->idle.push_back(thread.get());
    }
    for (Task& task : tasks) {
      Thread& thread = *state_->idle.back();
      state_->idle.pop_back();
      thread.task = std::move(task);
      thread.has_task = true;
      if (thread.sleeper != nullptr) sleepers.push_back(std::exchange(thread.sleeper, nullptr));
    }
  }
  for (Sleeper* const sleeper : sleepers) sleeper->Wake();
  return std::nullopt;
}

void ThreadReserve::Serve(const std::shared_ptr<State>& state, Thread& self) {
  Patience patience;
  while (true) {
    Task task;
    Sleeper sleeper;
    {
      MutexLock lock(state->mutex);
      if (!self.task) {
        if (state->closed) return;
        self.sleeper = &sleeper;
        lock.unlock();
        patience.Wait(sleeper);  // woken by Run and the destructor
        continue;
      }
      task = *std::exchange(self.task, std::nullopt);
    }
    {
      struct Over {  // a destructor, so that a forced unwind gets here, too
        State& state;
        Thread& self;
        Task& task;
        ~Over() {
          task.run = nullptr;
          {
            const MutexLock lock(state.mutex);
            self.has_task = false;
          }
          task.end();
        }
      } const over{*state, self, task};
      task.run();
    }
    task.end = nullptr;
    const MutexLock lock(state->mutex);
    // Not before: what `end` sets off may take its time.
    if (!state->closed) state->idle.push_back(&self);
  }
}

}  // namespace stemma::internal
