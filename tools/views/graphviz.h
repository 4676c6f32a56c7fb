// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_VIEWS_GRAPHVIZ_H_
#define STEMMA_TOOLS_VIEWS_GRAPHVIZ_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace stemma::tools {

// Whether Graphviz's program `dot` is on the PATH.
bool HasGraphviz();

// Has Graphviz's program `dot` draw a graph in its language. `format`: what dot calls it, "svg" or
// "png".
// Returns: Unavailable if it cannot be run or fails, with what to do. REQUIRES: as RunProcess.
absl::StatusOr<std::string> DrawByGraphviz(const std::string& dot, std::string_view format);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_VIEWS_GRAPHVIZ_H_
