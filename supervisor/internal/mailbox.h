// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_MAILBOX_H_
#define STEMMA_SUPERVISOR_INTERNAL_MAILBOX_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/lifecycle/internal/mutex.h"
#include "stemma/supervisor/engine_types.h"
#include "stemma/supervisor/internal/wake_pipe.h"
#include "stemma/supervisor/node.h"

namespace stemma::internal {

// An operator's command that waits for its answer (S24).
struct Order {
  std::string name;                  // of the node that it is about
  std::shared_ptr<const Node> node;  // of kAddNode
  absl::Status answer = absl::OkStatus();
  EventSource answered = {};  // then nobody but the one who asked looks at it
};

// An input on its way to the engine, with what the engine has no use for.
struct Letter {
  Input input = {};
  // With kFailed; with kHandlerThrew, what it threw. Elsewhere, because it is large and hardly any
  // letter has one.
  std::shared_ptr<Failure> failure = nullptr;
  absl::Status latched = absl::OkStatus();  // with kLatchFailed: why
  // Where the node is when the letter is read, for removals move nodes: who holds the shell's
  // strand.
  std::shared_ptr<const NodeId> place = nullptr;
  std::shared_ptr<Order> order = nullptr;  // with an operator's command
};

// Where everything that happens arrives, in order, and what the supervisor's loop sleeps on.
//
// Waking the loop costs more than most of what it then does. So whoever posts leaves that to others
// where they can be relied on: to who has posted before and has woken it, and to the threads for
// user code (see UserCalls::TellsSoon).
//
// Thread safety: Post, Keep, TakeLetters and Wake from any thread, with nothing locked for longer
// than a push; the rest from the loop's thread. Shared with everything that may have news, which
// may outlive the run.
class Mailbox {
 public:
  Mailbox() : opened_(pipe_.Open()) {}

  // Returns: ResourceExhausted when there was no descriptor to be had: nothing would be woken.
  const absl::Status& opened() const { return opened_; }

  // From now on a letter need not wake the loop when `told_soon` answers that somebody will, by
  // Wake, or will take the letters. Called from any thread. REQUIRES: nobody posts yet.
  void RelyOn(std::function<bool()> told_soon) { told_soon_ = std::move(told_soon); }

  void Post(Letter letter) {
    {
      const MutexLock lock(mutex_);
      if (closed_) return;
      letters_.push_back(std::move(letter));
      if (woken_) return;
    }
    if (!told_soon_ || !told_soon_()) Wake();
  }

  // As Post, and wakes nobody: for who looks for letters next, or tells who does.
  void Keep(Letter letter) {
    const MutexLock lock(mutex_);
    if (!closed_) letters_.push_back(std::move(letter));
  }

  void Wake();

  // Sleeps until there is a letter, a signal or a Wake, or for `timeout`.
  void Wait(std::chrono::nanoseconds timeout) const { pipe_.Wait(timeout); }

  // True when there are letters; a signal does not show.
  bool has_letters() const {
    const MutexLock lock(mutex_);
    return !letters_.empty();
  }

  // Moves everything that has arrived into `letters`: signals first, for they are the most urgent.
  void Take(std::vector<Letter>& letters);

  // As Take, for who is not the loop: what wakes that is left to it, and signals are.
  void TakeLetters(std::vector<Letter>& letters);

  // From now on nothing is kept and nobody is woken, and the pipe is given back: the run is over,
  // but what it left behind may have news for ever. REQUIRES: nobody uses signal_fd any more.
  void Close();

  int signal_fd() const { return pipe_.write_fd(); }

 private:
  WakePipe pipe_;
  const absl::Status opened_;
  std::function<bool()> told_soon_;  // constant once anybody posts
  mutable Mutex mutex_;
  std::vector<Letter> letters_ ABSL_GUARDED_BY(mutex_);
  // Since the last Take: a byte is in the pipe, or about to be.
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  int waking_ ABSL_GUARDED_BY(mutex_) = 0;  // threads that write to the pipe
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_MAILBOX_H_
