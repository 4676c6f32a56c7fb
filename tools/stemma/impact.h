// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_IMPACT_H_
#define STEMMA_TOOLS_STEMMA_IMPACT_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma impact`: what a failure takes down.
Verb ImpactVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_IMPACT_H_
