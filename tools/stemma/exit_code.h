// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_EXIT_CODE_H_
#define STEMMA_TOOLS_STEMMA_EXIT_CODE_H_

#include "absl/status/status.h"

namespace stemma::tools {

// How the command ends (docs/stemma_command.md). The numbers from 64 on are those of sysexits.h.
enum ExitCode : int {
  kYes = 0,           // it did what it was asked; the answer is yes
  kNo = 1,            // the answer is no: check has found problems
  kUsage = 64,        // the command line is wrong
  kBadInput = 65,     // the input is not a manifest, or not one that this verb can use
  kNoInput = 66,      // there is no such input, or it cannot be read
  kUnreachable = 69,  // a program that is needed is missing, or does not answer
  kBug = 70,          // a bug of the command
  kWriteFailed = 74,  // the result could not be written
};

// The exit code of an error on the way. The libraries of this folder mean by InvalidArgument: a
// wrong command line; DataLoss: bad input; NotFound: no input; Unavailable: a program is
// unreachable; Aborted: writing failed; anything else: a bug.
ExitCode ExitCodeOf(const absl::Status& status);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_EXIT_CODE_H_
