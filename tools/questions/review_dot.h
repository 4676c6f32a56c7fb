// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_QUESTIONS_REVIEW_DOT_H_
#define STEMMA_TOOLS_QUESTIONS_REVIEW_DOT_H_

#include <string>

#include "stemma/graph/dependency_graph.h"
#include "stemma/tools/questions/review.h"

namespace stemma::tools {

// Returns both graphs as one, in Graphviz's DOT language, with what changed: added nodes and edges
// bold, with a +; removed ones dotted, with a -; changed ones with a ~ and what is new. The color
// says it again, and so does a legend. Both together may have cycles. Any name is safe.
std::string ReviewDot(const DependencyGraph& before, const DependencyGraph& after,
                      const Review& review);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_QUESTIONS_REVIEW_DOT_H_
