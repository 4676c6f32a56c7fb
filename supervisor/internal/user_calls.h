// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_USER_CALLS_H_
#define STEMMA_SUPERVISOR_INTERNAL_USER_CALLS_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"

namespace stemma::internal {

// The threads on which a supervisor calls its user's code (S10): one from the start, another
// whenever a call is waiting and all of them have been busy for 10 ms. Threads beyond the first end
// when they find nothing to do, so that idle costs one. A call that never returns keeps its thread,
// and no other call waits for it.
//
// The owner's loop drives the growth: it calls Grow after growth_due_in(). That is real time,
// whatever clock the supervisor runs by: a test's clock that stands still must not keep a call
// waiting.
//
// Thread safety: one thread of the owner's at a time; what the owner gave is called from any
// thread, and not under a lock.
class UserCalls {
 public:
  // All of them have been busy for this long and a call is waiting: time for another thread.
  static constexpr std::chrono::nanoseconds kPatience = std::chrono::milliseconds(10);

  // Calls of one owner, such as an incarnation: what WriteOff takes. 0 for calls of nobody.
  using Tag = std::uint64_t;

  // What starts a thread; a test's may throw std::system_error, as std::thread does.
  using ThreadStarter = std::function<std::thread(std::function<void()>)>;

  // What the threads do for their owner.
  struct Owner {
    std::function<void()> wake;           // makes its loop look again: see `idle`
    std::function<void()> wake_for_news;  // the same, if there is news: see `TellsSoon`
    // Looks after its news, on a thread that has no call to make. Must not wait for another thread.
    std::function<void()> help;
  };
  explicit UserCalls(Owner owner, ThreadStarter start_thread = {});
  UserCalls(const UserCalls&) = delete;
  UserCalls& operator=(const UserCalls&) = delete;
  ~UserCalls();  // REQUIRES: stopped, or never started

  // Starts the first thread. Returns: ResourceExhausted when there is none to be had.
  absl::Status Start();

  enum class News {
    kNone,
    kLeft,  // the call leaves news behind for the owner, of which it tells nobody
    kSoon,  // there may be some right after it: its thread stays awake for a moment, if that has
            // paid
  };

  // Runs `call`, which must not throw. `what` names it in messages ("the factory"); it must outlive
  // the call.
  void Submit(Tag tag, const char* what, std::function<void()> call, News news = News::kNone);

  // What `what` said of the calls of `tag` that run now or wait.
  std::vector<std::string> Running(Tag tag) const;

  // The calls of `tag` that run now are not waited for any more: their threads end with them.
  void WriteOff(Tag tag);

  // For news: answers whether `help` or `wake_for_news` will be called soon. `help` is, by a thread
  // that has no call to make but the last, which may take its time; if many wait, the other is,
  // after a few of them. If the threads are stuck before that, the owner's loop is going to call
  // Grow. From any thread, also when this object is gone.
  std::function<bool()> TellsSoon() const;

  // How long until Grow should be called; nanoseconds::max() when it need not be. The owner's loop
  // asks when it is about to sleep for no longer than that.
  std::chrono::nanoseconds growth_due_in() const;

  // True if the loop sleeps for longer than it may, since more calls have come to wait than the
  // thread that asks, which has none, will take next.
  bool sleeps_too_long() const;

  // Adds a thread if one is due, and joins those that have ended. Returns: ResourceExhausted when
  // one is due and none can be had: calls wait; it is tried again later.
  absl::Status Grow();

  // How many calls have not begun.
  std::size_t waiting() const;

  // True when no call is waiting or running, but for those written off. When it is false, `wake` is
  // called as soon as it may have become true.
  bool idle() const;

  // A call that has not returned.
  struct Unreturned {
    Tag tag;
    const char* what;
  };
  // Ends the threads and joins them. Returns: the calls that run still, whose threads are left
  // behind.
  std::vector<Unreturned> Stop();

 private:
  struct Worker;
  struct State;
  struct AtThreadEnd;

  static void Work(const std::shared_ptr<State>& state, const std::shared_ptr<Worker>& worker);
  absl::Status AddThread();
  void JoinEnded();

  const ThreadStarter start_thread_;
  const std::shared_ptr<State> state_;  // shared with the threads, which may outlive this object
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_USER_CALLS_H_
