// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_COMMAND_LINE_H_
#define STEMMA_TOOLS_STEMMA_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "stemma/tools/stemma/completion.h"
#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// A command with verbs: `stemma VERB ...`.
struct Command {
  std::string summary = {};   // without a full stop
  std::string examples = {};  // the best ones of its verbs', which its own help shows
  std::vector<Verb> verbs = {};
  NodeNames node_names = {};  // for completing them
};

// Reads the command line, runs the verb that it names, and writes the answer: to standard output or
// the file of -o; as text, or with --json in the envelope that docs/stemma_command.md describes.
// What is wrong is told on standard error. The verbs `help` and `completion` and the options that
// are common to all verbs are its own.
// Returns: the exit code, kBug for a verb that throws. REQUIRES: as WriteResult and RunProcess.
int RunCommandLine(const Command& command, int argc, const char* const* argv);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_COMMAND_LINE_H_
