// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_DRAWING_H_
#define STEMMA_TOOLS_VIEWS_DRAWING_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/supervisor/node.h"

namespace stemma::tools {

enum class Format {
  kText,  // a drawing for a terminal
  kDot,   // Graphviz's language
  kSvg,   // a picture, made by Graphviz
  kHtml,  // a page for a browser: ToHtml draws it, not Draw
  kJson,  // the manifest itself, complete, as ManifestJson writes it
};

// The format of that name: text, dot, svg, html or json.
// Returns: InvalidArgument for any other name.
absl::StatusOr<Format> FormatNamed(std::string_view name);

// The format that suits a file of that path, by its ending: .txt, .dot or .gv, .svg, .html, .json;
// without an ending, text. Returns: InvalidArgument for any other ending.
absl::StatusOr<Format> FormatFor(std::string_view path);

// Draws the nodes, whose graph is `graph`. Beside each node stands the verdict of its handler
// ("spin_halt") where that is not always restart, the default; "handler" where it is the service's
// own function, which may answer this or that. The same nodes give the same bytes (with kSvg: by
// the same version of Graphviz).
//
// `ascii`: a text drawing makes do with ASCII lines.
// Returns: Unavailable if Graphviz is needed and cannot be run. REQUIRES: not kHtml; with kSvg, as
// RunProcess.
absl::StatusOr<std::string> Draw(const std::vector<Node>& nodes, const DependencyGraph& graph,
                                 Format format, bool ascii);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_DRAWING_H_
