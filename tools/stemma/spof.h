// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_SPOF_H_
#define STEMMA_TOOLS_STEMMA_SPOF_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma spof`: which nodes are single points of failure.
Verb SpofVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_SPOF_H_
