// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_SVG_H_
#define STEMMA_TOOLS_VIEWS_SVG_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/tools/views/layout.h"
#include "stemma/tools/views/look.h"

namespace stemma::tools {

struct SvgPicture {
  std::string text = {};
  double width = 0;  // in pixels
  double height = 0;
};

// Draws the graph as SVG by our own layout, without Graphviz: arrows go from the dependent to its
// dependency, dashed when that is a soft one; a legend stands below. Names are safe, and cut when
// they are very long; a viewer that shows titles shows all of them.
//
// `title`: what the picture is of. `options`: for LayOut, but the gaps.
// Returns: the errors of LayOut.
absl::StatusOr<SvgPicture> ToSvg(const DependencyGraph& graph, const Looks& looks,
                                 std::string_view title, LayoutOptions options = {});

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_SVG_H_
