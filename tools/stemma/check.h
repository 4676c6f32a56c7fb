// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_CHECK_H_
#define STEMMA_TOOLS_STEMMA_CHECK_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma check`: would a supervisor accept this graph?
Verb CheckVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_CHECK_H_
