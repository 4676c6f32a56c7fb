// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/mailbox.h"

#include <csignal>
#include <iterator>

#include "stemma/lifecycle/internal/mutex.h"

namespace stemma::internal {

void Mailbox::Take(std::vector<Letter>& letters) {
  // The pipe before the letters: a Post that comes between the two leaves a byte for the next Wait.
  pipe_.Take([&](int signal) {
    const auto kind = signal == SIGTERM ? Input::Kind::kTerminate : Input::Kind::kInterrupt;
    letters.push_back({.input = {.kind = kind}});
  });
  const MutexLock lock(mutex_);
  woken_ = false;
  if (letters.empty()) return letters.swap(letters_);
  letters.insert(letters.end(), std::make_move_iterator(letters_.begin()),
                 std::make_move_iterator(letters_.end()));
  letters_.clear();
}

void Mailbox::TakeLetters(std::vector<Letter>& letters) {
  const MutexLock lock(mutex_);
  letters.swap(letters_);
}

void Mailbox::Wake() {
  MutexLock lock(mutex_);
  if (closed_ || !opened_.ok() || std::exchange(woken_, true)) return;
  ++waking_;
  lock.unlock();
  pipe_.Wake();
  lock.lock();
  if (--waking_ == 0 && closed_) pipe_.Close();
}

void Mailbox::Close() {
  const MutexLock lock(mutex_);
  closed_ = true;
  letters_ = {};
  if (waking_ == 0) pipe_.Close();
}

}  // namespace stemma::internal
