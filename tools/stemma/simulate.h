// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_SIMULATE_H_
#define STEMMA_TOOLS_STEMMA_SIMULATE_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma simulate`: what would happen if?
Verb SimulateVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_SIMULATE_H_
