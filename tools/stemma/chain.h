// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_CHAIN_H_
#define STEMMA_TOOLS_STEMMA_CHAIN_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma chain`: where did the time of a start, or of a stop, go?
Verb ChainVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_CHAIN_H_
