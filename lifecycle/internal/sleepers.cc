// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/sleepers.h"

#if defined(__linux__)
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>
#endif

namespace stemma::internal {
namespace {

// Lets the processor's other half work meanwhile.
void Pause() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

template <class Done>
bool Spin(const Done& done, std::chrono::steady_clock::time_point time) {
  constexpr int kLooksPerReading = 16;  // of the clock, which takes as long as some of them
  while (true) {
    for (int i = 0; i < kLooksPerReading; ++i) {
      if (done()) return true;
      Pause();
    }
    if (std::chrono::steady_clock::now() >= time) return false;
  }
}

}  // namespace

#if defined(__linux__)

namespace {

constexpr int kAwake = 0, kAsleep = 1, kWoken = 2;

// REQUIRES: not before the system has started.
timespec TimespecOf(std::chrono::steady_clock::time_point time) {
  using std::chrono::nanoseconds;
  using std::chrono::seconds;
  const nanoseconds since_start = time.time_since_epoch();
  const auto whole = std::chrono::duration_cast<seconds>(since_start);
  return {.tv_sec = static_cast<std::time_t>(whole.count()),
          .tv_nsec = static_cast<long>((since_start - whole) / nanoseconds(1))};
}

// Not the PRIVATE kind, although no other process has the word. From 6.16 on, Linux keeps those of
// a process in a table of its own, of 16 places at first and few more where there are few
// processors (PR_FUTEX_HASH(2const)): with 10,000 that sleep, half of the time went by looking for
// the one to wake. The table of the others is sized for the whole machine.

// May return for no reason.
void FutexWait(const std::atomic<int>& word, int value, const timespec* until) {
  syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, value, until, nullptr, FUTEX_BITSET_MATCH_ANY);
}

void FutexWakeOne(const std::atomic<int>* word) {
  syscall(SYS_futex, word, FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

}  // namespace

void Sleeper::Sleep() {
  int state = kAwake;
  state_.compare_exchange_strong(state, kAsleep);
  while (state_ != kWoken) FutexWait(state_, kAsleep, nullptr);
}

bool Sleeper::SleepUntil(std::chrono::steady_clock::time_point time) {
  int state = kAwake;
  state_.compare_exchange_strong(state, kAsleep);
  while (state_ != kWoken) {
    if (std::chrono::steady_clock::now() >= time) return false;
    const timespec until = TimespecOf(time);
    FutexWait(state_, kAsleep, &until);
  }
  return true;
}

bool Sleeper::SpinUntil(std::chrono::steady_clock::time_point time) {
  return Spin([this] { return state_ == kWoken; }, time);
}

void Sleeper::Wake() {
  // Not a member any more after the exchange: the sleeper may see it, and be gone. Then whoever has
  // its address next is woken for no reason, which is to be expected of a futex.
  const std::atomic<int>* const word = &state_;
  if (state_.exchange(kWoken) == kAsleep) FutexWakeOne(word);
}

#else

void Sleeper::Sleep() { woken_.acquire(); }

bool Sleeper::SleepUntil(std::chrono::steady_clock::time_point time) {
  return woken_.try_acquire_until(time);
}

bool Sleeper::SpinUntil(std::chrono::steady_clock::time_point time) {
  return Spin([this] { return woken_.try_acquire(); }, time);
}

void Sleeper::Wake() { woken_.release(); }

#endif

bool Sleepers::Remove(Sleeper& sleeper) {
  for (Sleeper** link = &first_; *link != nullptr; link = &(*link)->next_) {
    if (*link != &sleeper) continue;
    *link = sleeper.next_;
    return true;
  }
  return false;
}

void Sleepers::WakeAll() {
  for (Sleeper* sleeper = std::exchange(first_, nullptr); sleeper != nullptr;) {
    Sleeper* const next = sleeper->next_;  // before it is woken, and gone
    sleeper->Wake();
    sleeper = next;
  }
}

}  // namespace stemma::internal
