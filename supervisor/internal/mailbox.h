// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_MAILBOX_H_
#define STEMMA_SUPERVISOR_INTERNAL_MAILBOX_H_

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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
// where they can be relied on: to who has posted before and has told of it, and to the threads for
// user code (see UserCalls::TellsSoon).
//
// To post takes no lock: when thousands end at once, whoever held one would sooner or later lose
// its processor to those that want it, and all would queue up for it, each of them to be woken.
//
// Thread safety: Post, Keep, TakeLetters and Wake from any thread; the rest from the loop's thread.
// Shared with everything that may have news, which may outlive the run.
class Mailbox {
 public:
  Mailbox() : opened_(pipe_.Open()) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;
  ~Mailbox() { Drop(newest_); }

  // Returns: ResourceExhausted when there was no descriptor to be had: nothing would be woken.
  const absl::Status& opened() const { return opened_; }

  // From now on a letter need not wake the loop when `told_soon` answers that somebody will, by
  // Wake, or will take the letters. Called from any thread. REQUIRES: nobody posts yet.
  void RelyOn(std::function<bool()> told_soon) { told_soon_ = std::move(told_soon); }

  void Post(Letter letter) {
    // Who finds a letter there leaves it to its writer: none is told of twice.
    if (Push(std::move(letter)) && (!told_soon_ || !told_soon_())) Wake();
  }

  // As Post, and wakes nobody: for who looks for letters next, or tells who does.
  void Keep(Letter letter) { Push(std::move(letter)); }

  void Wake();

  // Sleeps until there is a letter, a signal or a Wake, or for `timeout`.
  void Wait(std::chrono::nanoseconds timeout) const { pipe_.Wait(timeout); }

  // True when there are letters; a signal does not show.
  bool has_letters() const {
    const Slip* const newest = newest_;
    return newest != nullptr && newest != &closed_;
  }

  // Moves everything that has arrived behind `letters`: signals first, for they are the most
  // urgent.
  void Take(std::vector<Letter>& letters);

  // As Take, for who is not the loop: what wakes that is left to it, and signals are.
  void TakeLetters(std::vector<Letter>& letters) { Drain(letters); }

  // From now on nothing is kept and nobody is woken, and the pipe is given back: the run is over,
  // but what it left behind may have news for ever. REQUIRES: nobody uses signal_fd any more.
  void Close();

  int signal_fd() const { return pipe_.write_fd(); }

 private:
  struct Slip {
    Letter letter;
    Slip* before = nullptr;  // the one that was posted before this one
  };

  bool Push(Letter letter);  // returns: true if it is the only one
  void Drain(std::vector<Letter>& letters);
  void Drop(const Slip* newest);  // and those before it

  WakePipe pipe_;
  const absl::Status opened_;
  std::function<bool()> told_soon_;  // constant once anybody posts
  std::atomic<Slip*> newest_ = nullptr;
  // Since the last Take: a byte is in the pipe, or about to be.
  std::atomic<bool> woken_ = false;
  Mutex pipe_mutex_;  // who writes to the pipe, or closes it
  Slip closed_;       // in newest_: it is closed
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_MAILBOX_H_
