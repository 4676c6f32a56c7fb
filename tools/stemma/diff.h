// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_DIFF_H_
#define STEMMA_TOOLS_STEMMA_DIFF_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma diff`: what changed from one graph to another.
Verb DiffVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_DIFF_H_
