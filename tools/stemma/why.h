// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_WHY_H_
#define STEMMA_TOOLS_STEMMA_WHY_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma why`: by which paths one node depends on another.
Verb WhyVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_WHY_H_
