// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_REPLAY_H_
#define STEMMA_TOOLS_STEMMA_REPLAY_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma replay`: shows a journal, or decides everything in it again.
Verb ReplayVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_REPLAY_H_
