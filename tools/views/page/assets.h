// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_PAGE_ASSETS_H_
#define STEMMA_TOOLS_VIEWS_PAGE_ASSETS_H_

#include <string_view>

namespace stemma::tools {

// The page of a graph, but for the graph: what stands before its data and what stands after. Made
// of the files of this folder by embed.sh.
extern const std::string_view kPageHead;
extern const std::string_view kPageTail;

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_PAGE_ASSETS_H_
