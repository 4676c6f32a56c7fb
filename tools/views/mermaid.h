// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_MERMAID_H_
#define STEMMA_TOOLS_VIEWS_MERMAID_H_

#include <cstddef>
#include <string>

#include "stemma/graph/dependency_graph.h"
#include "stemma/tools/views/look.h"

namespace stemma::tools {

// What draws Mermaid refuses more than this, unless it is told otherwise.
inline constexpr std::size_t kMermaidMaxEdges = 500;        // maxEdges
inline constexpr std::size_t kMermaidMaxTextSize = 50'000;  // maxTextSize, in characters

// Returns the graph as a Mermaid flowchart, which GitHub, GitLab and others draw where a page has
// it in a block of code. An arrow goes from the dependent to its dependency, dotted when that is a
// soft one. Any name is safe: characters that Mermaid, or the HTML that it makes, gives a meaning
// of their own are written as its entity codes (#60;).
std::string ToMermaid(const DependencyGraph& graph, const Looks& looks);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_MERMAID_H_
