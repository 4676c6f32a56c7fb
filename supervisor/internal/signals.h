// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_SIGNALS_H_
#define STEMMA_SUPERVISOR_INTERNAL_SIGNALS_H_

#include <csignal>

#include "absl/status/status.h"

namespace stemma::internal {

// Owns SIGINT and SIGTERM while it lives (S13): their handler writes the signal's number to a pipe,
// as one byte. Masks are never changed, so that processes spawned meanwhile inherit none; the
// handlers that were there before are put back at the end. One owner per process.
class SignalOwnership {
 public:
  SignalOwnership() = default;
  SignalOwnership(const SignalOwnership&) = delete;
  SignalOwnership& operator=(const SignalOwnership&) = delete;
  ~SignalOwnership() { Release(); }

  // Returns: FailedPrecondition when the signals have an owner already.
  absl::Status Take(int write_fd);

  // Puts back what was there; nothing if they were not taken.
  void Release();

 private:
  bool owner_ = false;
  struct sigaction interrupt_ = {}, terminate_ = {};  // what was there before
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_SIGNALS_H_
