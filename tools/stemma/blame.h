// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_BLAME_H_
#define STEMMA_TOOLS_STEMMA_BLAME_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma blame`: which nodes took how long?
Verb BlameVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_BLAME_H_
