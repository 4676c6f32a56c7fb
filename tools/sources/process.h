// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SOURCES_PROCESS_H_
#define STEMMA_TOOLS_SOURCES_PROCESS_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/supervisor/policies.h"

namespace stemma::tools {

// A program to run for what it writes. No shell is involved.
struct ProcessRequest {
  // The program, looked up on the PATH unless it has a slash, and its arguments. REQUIRES: not
  // empty.
  std::vector<std::string> command = {};
  // "NAME=VALUE", each in the place of what our environment has by that name.
  std::vector<std::string> environment = {};
  // What it reads from its standard input, which then ends.
  std::string_view input = {};
  // The descriptor that it writes its answer to. When that is not its standard output, that one is
  // our standard error, so that it does not mix with our own results. REQUIRES: 1, or 3 to 9.
  int answer_fd = 1;
  // Whether what it writes to its standard error is kept. Default: it goes to ours.
  bool keeps_errors = false;
  // From the start to its end. Past it, it is killed. Default: none.
  std::chrono::nanoseconds timeout = kNoTimeout;
  // An answer that is longer is as bad as none that ends. In bytes.
  std::size_t max_answer = std::size_t{1} << 28;
};

struct ProcessAnswer {
  enum class End { kExited, kSignalled, kTimedOut, kAnsweredTooMuch };
  std::string text = {};    // all that was written to answer_fd
  std::string errors = {};  // with keeps_errors: the first 64 KiB of its standard error
  End end = End::kExited;
  int code = 0;  // with kExited the exit code, with kSignalled the signal
};

// Runs a program until it has ended. Nothing of it is left running: when it has ended, or its time
// is over, whatever is left of its process group is killed. When we are told to end meanwhile
// (SIGINT, SIGTERM, SIGHUP), it is killed first.
//
// Returns: what it answered and how it ended. Unavailable if it cannot be run, with the reason:
// show it to the user. Internal if the system has no more descriptors. REQUIRES: descriptors 0 to 2
// are open; no other thread, since this waits for signals.
absl::StatusOr<ProcessAnswer> RunProcess(const ProcessRequest& request);

// Whether there is a program of that name on the PATH.
bool HasProgram(const std::string& name);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SOURCES_PROCESS_H_
