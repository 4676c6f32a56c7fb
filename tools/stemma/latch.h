// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_LATCH_H_
#define STEMMA_TOOLS_STEMMA_LATCH_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma latch show|clear`: what keeps a service down after a spin halt (S21).
Verb LatchVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_LATCH_H_
