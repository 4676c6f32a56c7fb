// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_TIMELINE_H_
#define STEMMA_TOOLS_STEMMA_TIMELINE_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma timeline`: what was when, node by node?
Verb TimelineVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_TIMELINE_H_
