// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_GRAPH_H_
#define STEMMA_TOOLS_STEMMA_GRAPH_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma graph`: draws what depends on what.
Verb GraphVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_GRAPH_H_
