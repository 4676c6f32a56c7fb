// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_EXIT_CODE_H_
#define STEMMA_TOOLS_STEMMA_EXIT_CODE_H_

#include <span>

#include "absl/status/status.h"

namespace stemma::tools {

// How the command ends. The numbers from 64 on are those of sysexits.h.
enum ExitCode : int {
  kYes = 0,           // it did what it was asked; the answer is yes
  kNo = 1,            // the answer is no: a graph is refused, graphs differ
  kUsage = 64,        // the command line is wrong
  kBadInput = 65,     // the input is not what it must be
  kNoInput = 66,      // there is no such input, or it cannot be read
  kUnreachable = 69,  // a program that is needed is missing, or does not answer
  kBug = 70,          // a bug of the command
  kWriteFailed = 74,  // the result could not be written
};

// An exit code as the help, the man page and the docs explain it.
struct ExitMeaning {
  ExitCode code = kYes;
  const char* meaning = "";  // without a full stop
};

// All of them, in rising order.
std::span<const ExitMeaning> ExitMeanings();

// The code for a verb's status:
// InvalidArgument: kUsage; DataLoss: kBadInput; NotFound: kNoInput; Unavailable: kUnreachable;
// Aborted: kWriteFailed; FailedPrecondition: kNo; any other error: kBug.
ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_EXIT_CODE_H_
