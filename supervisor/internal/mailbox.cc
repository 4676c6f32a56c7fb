// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/mailbox.h"

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <utility>

#include "stemma/lifecycle/internal/mutex.h"

namespace stemma::internal {

bool Mailbox::Push(Letter letter) {
  auto* const slip = new Slip{.letter = std::move(letter)};
  Slip* before = newest_;
  do {
    if (before == &closed_) {
      delete slip;
      return false;
    }
    slip->before = before;
  } while (!newest_.compare_exchange_weak(before, slip));
  return before == nullptr;  // not slip's, which may have been taken already, and be gone
}

void Mailbox::Drain(std::vector<Letter>& letters) {
  Slip* newest = newest_;
  do {
    if (newest == &closed_) return;
  } while (!newest_.compare_exchange_weak(newest, nullptr));
  const auto first = static_cast<std::ptrdiff_t>(letters.size());
  for (Slip* slip = newest; slip != nullptr; slip = slip->before) {
    letters.push_back(std::move(slip->letter));
  }
  std::reverse(letters.begin() + first, letters.end());
  Drop(newest);
}

void Mailbox::Drop(const Slip* newest) {
  while (newest != nullptr && newest != &closed_) delete std::exchange(newest, newest->before);
}

void Mailbox::Take(std::vector<Letter>& letters) {
  // The pipe before the letters: a Post that comes between the two leaves a byte for the next Wait.
  pipe_.Take([&](int signal) {
    const auto kind = signal == SIGTERM ? Input::Kind::kTerminate : Input::Kind::kInterrupt;
    letters.push_back({.input = {.kind = kind}});
  });
  // Before the letters: who still sees it set has posted before they are taken.
  woken_ = false;
  Drain(letters);
}

void Mailbox::Wake() {
  if (woken_) return;
  const MutexLock lock(pipe_mutex_);
  const bool closed = newest_ == &closed_;
  if (!closed && opened_.ok() && !woken_.exchange(true)) pipe_.Wake();
}

void Mailbox::Close() {
  const Slip* const rest = newest_.exchange(&closed_);
  {
    const MutexLock lock(pipe_mutex_);  // who writes now ends first, and nobody writes from here on
    pipe_.Close();
  }
  Drop(rest);
}

}  // namespace stemma::internal
