// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_ORDER_H_
#define STEMMA_TOOLS_STEMMA_ORDER_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma order`: in which order nodes start, or stop.
Verb OrderVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_ORDER_H_
