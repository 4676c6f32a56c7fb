// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_WAKE_PIPE_H_
#define STEMMA_SUPERVISOR_INTERNAL_WAKE_PIPE_H_

#include <chrono>

#include "absl/status/status.h"

namespace stemma::internal {

// What the supervisor's loop sleeps on: a pipe, because a signal handler can write to one and
// cannot notify a condition variable.
//
// Thread safety: Wake from any thread and, through write_fd, from a signal handler; Wait and Take
// from the one thread that owns the loop.
class WakePipe {
 public:
  static constexpr char kWake = 0;  // other bytes are signal numbers

  WakePipe() = default;
  WakePipe(const WakePipe&) = delete;
  WakePipe& operator=(const WakePipe&) = delete;
  ~WakePipe() { Close(); }

  // Returns: ResourceExhausted when the process has no descriptors left.
  absl::Status Open();

  // Gives its descriptors back. REQUIRES: nobody uses it any more, nor what write_fd has answered.
  void Close();

  // Ends the Wait that runs now, or else the next one. REQUIRES: open.
  void Wake() const;

  // Sleeps until there is something to Take, or for `timeout`; nanoseconds::max() means for ever.
  void Wait(std::chrono::nanoseconds timeout) const;

  // Takes everything that has been written. Calls `on_signal(number)` for each signal, in order.
  template <class OnSignal>
  void Take(const OnSignal& on_signal) const {
    char bytes[256];
    int size = 0;
    do {  // what is written after a read that did not fill the buffer is for the next time
      size = Read(bytes, sizeof(bytes));
      for (int i = 0; i < size; ++i) {
        if (bytes[i] != kWake) on_signal(static_cast<int>(bytes[i]));
      }
    } while (size == sizeof(bytes));
  }

  int write_fd() const { return fds_[1]; }
  int read_fd() const { return fds_[0]; }  // for a poll of one's own

 private:
  int Read(char* bytes, int size) const;

  int fds_[2] = {-1, -1};
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_WAKE_PIPE_H_
