// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_HTML_H_
#define STEMMA_TOOLS_VIEWS_HTML_H_

#include <string>

#include "absl/status/statusor.h"
#include "stemma/tools/sources/load.h"
#include "stemma/tools/views/layout.h"

namespace stemma::tools {

// Returns a page that shows the graph (docs/graph_page.md): one file that loads nothing else. It
// grows with nodes, edges and, for a journal, events; below 200 KB for 200 nodes. The same graph
// gives the same bytes.
//
// Nothing that comes from a name is markup or script: all data is JSON in which nothing can end the
// element that it is in, the page's script makes text of it, and the page's policy lets no other
// script run.
//
// `options`: of the layout. Their gaps are not looked at.
// Returns: the errors of LayOut. REQUIRES: `loaded` has no problems.
absl::StatusOr<std::string> ToHtml(const LoadedGraph& loaded, LayoutOptions options = {});

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_HTML_H_
