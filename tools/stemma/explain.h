// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_EXPLAIN_H_
#define STEMMA_TOOLS_STEMMA_EXPLAIN_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma explain`: why is a node in the state that it is in?
Verb ExplainVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_EXPLAIN_H_
