// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/user_calls.h"

#include <algorithm>
#include <deque>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/lifecycle/internal/patience.h"
#include "stemma/lifecycle/internal/sleepers.h"

namespace stemma::internal {

using std::chrono::nanoseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

namespace {

constexpr int kCallsUntilTold = 16;

}  // namespace

struct UserCalls::Worker {
  std::thread thread;
  bool busy = false;
  bool over = false;  // nothing of the user's runs on it any more: joining it takes no time
  bool written_off = false;
  Tag tag = 0;
  const char* what = "";
};

struct UserCalls::State {
  struct Call {
    Tag tag;
    const char* what;
    std::function<void()> run;
    News news;
  };

  explicit State(Owner the_owner) : owner(std::move(the_owner)) {}

  // Somebody is about to.
  void NoteNewsLookedAfter() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    has_news = false;
    calls_since_news = 0;
  }

  // When another thread is, if calls wait.
  SteadyTime growth_due() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    return std::max(stalled_since, last_refusal) + kPatience;
  }

  const Owner owner;

  mutable Mutex mutex;
  Sleepers idle ABSL_GUARDED_BY(mutex);  // workers that have nothing to do
  std::deque<Call> waiting ABSL_GUARDED_BY(mutex);
  // But for those ending or written off. What a worker is doing is guarded by mutex, too.
  std::vector<std::shared_ptr<Worker>> workers ABSL_GUARDED_BY(mutex);
  // To be joined once they are over.
  std::vector<std::shared_ptr<Worker>> ending ABSL_GUARDED_BY(mutex);
  std::size_t busy ABSL_GUARDED_BY(mutex) = 0;  // of workers
  // When a call was last taken, or came to wait.
  SteadyTime stalled_since ABSL_GUARDED_BY(mutex){};
  // When the system last had no thread for us.
  SteadyTime last_refusal ABSL_GUARDED_BY(mutex){};
  // When the owner's loop looks next, at the latest, whether another thread is due.
  SteadyTime loop_looks ABSL_GUARDED_BY(mutex){};
  bool called ABSL_GUARDED_BY(mutex) = false;  // since it last looked, a call has begun
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  bool has_news ABSL_GUARDED_BY(mutex) = false;  // the owner has something to look after soon
  bool helping ABSL_GUARDED_BY(mutex) = false;   // a thread does so now, and looks once more
  // The owner is to be woken when nothing runs or waits.
  bool awaits_idle ABSL_GUARDED_BY(mutex) = false;
  int calls_since_news ABSL_GUARDED_BY(mutex) = 0;  // begun since it was last looked after
};

// Made before anything of the user's on its thread, and so destroyed after all thread_local objects
// of the user's, which may take their time.
struct UserCalls::AtThreadEnd {
  std::shared_ptr<State> state;
  std::shared_ptr<Worker> worker;
  ~AtThreadEnd() {
    if (worker == nullptr) return;
    const MutexLock lock(state->mutex);
    worker->over = true;
  }
};

UserCalls::UserCalls(Owner owner, ThreadStarter start_thread)
    : start_thread_(start_thread
                        ? std::move(start_thread)
                        : [](std::function<void()> body) { return std::thread(std::move(body)); }),
      state_(std::make_shared<State>(std::move(owner))) {}

UserCalls::~UserCalls() = default;

absl::Status UserCalls::Start() { return AddThread(); }

absl::Status UserCalls::AddThread() {
  const auto worker = std::make_shared<Worker>();
  const MutexLock lock(state_->mutex);
  try {
    worker->thread = start_thread_([state = state_, worker] { Work(state, worker); });
  } catch (const std::system_error& error) {
    return absl::ResourceExhaustedError(
        absl::StrCat("no thread to be had for user code (", error.what(),
                     "); threads so far: ", state_->workers.size()));
  }
  state_->workers.push_back(worker);
  return absl::OkStatus();
}

void UserCalls::Submit(Tag tag, const char* what, std::function<void()> call, News news) {
  MutexLock lock(state_->mutex);
  if (state_->waiting.empty()) state_->stalled_since = SteadyTime::clock::now();
  state_->waiting.push_back({tag, what, std::move(call), news});
  Sleepers idle = state_->idle.Take();
  lock.unlock();
  idle.WakeAll();
}

void UserCalls::Work(const std::shared_ptr<State>& state, const std::shared_ptr<Worker>& worker) {
  thread_local AtThreadEnd at_end;
  at_end.state = state;
  at_end.worker = worker;
  bool expects_news = false;
  bool helped_before_last = false;
  Patience patience;
  MutexLock lock(state->mutex);
  while (true) {
    // Once before the last call, which may take its time, but must not wait for as long as there is
    // news.
    const bool before_last = state->waiting.size() == 1 && !helped_before_last;
    if ((state->waiting.empty() || before_last) && state->has_news && !state->helping) {
      state->NoteNewsLookedAfter();
      state->helping = true;
      lock.unlock();
      state->owner.help();
      lock.lock();
      state->helping = false;
      helped_before_last = before_last;
      continue;
    }
    if (state->waiting.empty()) {
      // The first to find nothing to do stays; a second one is not needed.
      const bool spare = state->workers.size() - state->busy > 1;
      if (spare || state->stopping) break;
      Sleeper sleeper;  // woken by Submit, TellsSoon and Stop
      state->idle.Add(sleeper);
      lock.unlock();
      if (std::exchange(expects_news, false)) {
        patience.Wait(sleeper);
      } else {
        sleeper.Sleep();
      }
      lock.lock();
      continue;
    }
    State::Call call = std::move(state->waiting.front());
    state->waiting.pop_front();
    ++state->calls_since_news;
    const bool tell =
        state->has_news && (state->waiting.empty() || state->calls_since_news >= kCallsUntilTold);
    if (tell) state->NoteNewsLookedAfter();
    state->stalled_since = SteadyTime::clock::now();
    worker->busy = true;
    worker->tag = call.tag;
    worker->what = call.what;
    ++state->busy;
    state->called = true;
    helped_before_last = false;
    lock.unlock();
    if (tell) state->owner.wake_for_news();  // a thread that helped may have seen it meanwhile
    call.run();
    call.run = nullptr;  // what it captured ends before the call counts as over
    lock.lock();
    worker->busy = false;
    if (worker->written_off) {
      lock.unlock();
      if (call.news == News::kLeft) state->owner.wake_for_news();
      return;
    }
    --state->busy;
    state->has_news |= call.news == News::kLeft;
    expects_news = call.news == News::kSoon;
    if (state->waiting.empty() && state->awaits_idle && state->busy == 0) {
      state->awaits_idle = false;
      state->NoteNewsLookedAfter();
      lock.unlock();
      state->owner.wake();
      lock.lock();
    }
  }
  std::erase(state->workers, worker);
  state->ending.push_back(worker);
}

std::function<bool()> UserCalls::TellsSoon() const {
  return [weak = std::weak_ptr(state_)] {
    const std::shared_ptr<State> state = weak.lock();
    if (state == nullptr) return false;
    Sleeper* idle = nullptr;
    {
      const MutexLock lock(state->mutex);
      if (state->waiting.empty() && !state->helping) {
        if (state->busy == state->workers.size() || state->stopping) return false;
        idle = state->idle.TakeOne();  // null: it is awake, and looks before it sleeps
      }
      state->has_news = true;
    }
    if (idle != nullptr) idle->Wake();
    return true;
  };
}

std::vector<std::string> UserCalls::Running(Tag tag) const {
  const MutexLock lock(state_->mutex);
  std::vector<std::string> running;
  for (const auto& worker : state_->workers) {
    if (worker->busy && worker->tag == tag) running.emplace_back(worker->what);
  }
  for (const State::Call& call : state_->waiting) {
    if (call.tag == tag) running.push_back(absl::StrCat(call.what, " (waiting for a thread)"));
  }
  return running;
}

void UserCalls::WriteOff(Tag tag) {
  const MutexLock lock(state_->mutex);
  const auto written_off = std::erase_if(state_->workers, [&](const auto& worker) {
    if (!worker->busy || worker->tag != tag) return false;
    worker->written_off = true;
    worker->thread.detach();
    return true;
  });
  state_->busy -= written_off;
}

nanoseconds UserCalls::growth_due_in() const {
  const MutexLock lock(state_->mutex);
  const SteadyTime now = SteadyTime::clock::now();
  const bool called = std::exchange(state_->called, false);
  if (!state_->waiting.empty()) {
    state_->loop_looks = state_->growth_due();
  } else {
    // Where calls have come more may: one look once in a while spares it being woken for each.
    state_->loop_looks = called ? now + kPatience : SteadyTime::max();
    if (!called) return nanoseconds::max();
  }
  return std::max(nanoseconds::zero(), nanoseconds(state_->loop_looks - now));
}

bool UserCalls::sleeps_too_long() const {
  const MutexLock lock(state_->mutex);
  return state_->waiting.size() > 1 && state_->loop_looks > state_->growth_due();
}

absl::Status UserCalls::Grow() {
  JoinEnded();
  {
    const MutexLock lock(state_->mutex);
    if (state_->waiting.empty() || state_->growth_due() > SteadyTime::clock::now()) {
      return absl::OkStatus();
    }
    if (state_->busy < state_->workers.size()) {  // one is about to take the call: look again later
      state_->stalled_since = SteadyTime::clock::now();
      return absl::OkStatus();
    }
  }
  absl::Status added = AddThread();
  if (!added.ok()) {
    const MutexLock lock(state_->mutex);
    state_->last_refusal = SteadyTime::clock::now();
  }
  return added;
}

std::size_t UserCalls::waiting() const {
  const MutexLock lock(state_->mutex);
  return state_->waiting.size();
}

bool UserCalls::idle() const {
  const MutexLock lock(state_->mutex);
  const bool idle = state_->waiting.empty() && state_->busy == 0;
  state_->awaits_idle = !idle;
  return idle;
}

void UserCalls::JoinEnded() {
  std::vector<std::shared_ptr<Worker>> over;
  {
    const MutexLock lock(state_->mutex);
    std::erase_if(state_->ending, [&](const std::shared_ptr<Worker>& worker) {
      if (worker->over) over.push_back(worker);
      return worker->over;
    });
  }
  for (const auto& worker : over) worker->thread.join();
}

std::vector<UserCalls::Unreturned> UserCalls::Stop() {
  std::vector<Unreturned> left_behind;
  std::vector<std::shared_ptr<Worker>> idle;  // or ending
  std::deque<State::Call> dropped;            // destroyed without the lock
  MutexLock lock(state_->mutex);
  state_->stopping = true;
  dropped.swap(state_->waiting);
  for (const auto& worker : state_->workers) {
    if (worker->busy) {
      worker->written_off = true;
      worker->thread.detach();
      left_behind.push_back({worker->tag, worker->what});
    } else {
      idle.push_back(worker);
    }
  }
  state_->workers = idle;
  state_->busy = 0;
  idle.insert(idle.end(), state_->ending.begin(), state_->ending.end());
  Sleepers sleepers = state_->idle.Take();
  lock.unlock();
  sleepers.WakeAll();
  for (const auto& worker : idle) worker->thread.join();
  return left_behind;
}

}  // namespace stemma::internal
