// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_STEMMA_COMMAND_H_
#define STEMMA_TOOLS_STEMMA_STEMMA_COMMAND_H_

#include "stemma/tools/stemma/command_line.h"

namespace stemma::tools {

// The `stemma` command, with all of its verbs: docs/stemma_command.md.
Command StemmaCommand();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_STEMMA_COMMAND_H_
