// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_TRACE_H_
#define STEMMA_TOOLS_STEMMA_TRACE_H_

#include "stemma/tools/stemma/verb.h"

namespace stemma::tools {

// `stemma trace`: a run for Perfetto and its like.
Verb TraceVerb();

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_TRACE_H_
