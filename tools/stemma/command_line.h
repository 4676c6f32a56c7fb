// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_COMMAND_LINE_H_
#define STEMMA_TOOLS_STEMMA_COMMAND_LINE_H_

#include <vector>

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// Reads the command line, runs the verb that it names, and writes the answer: to standard output or
// the file of -o; as text, or with --json in the envelope that docs/stemma_command.md describes.
// What is wrong is told on standard error.
// Returns: the exit code. REQUIRES: as WriteResult and RunProcess.
int RunCommandLine(const std::vector<Verb>& verbs, int argc, const char* const* argv);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_COMMAND_LINE_H_
