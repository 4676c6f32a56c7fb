// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_FOCUS_H_
#define STEMMA_TOOLS_STEMMA_FOCUS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/tools/sources/load.h"
#include "stemma/tools/stemma/graph_source.h"
#include "stemma/tools/stemma/session.h"

namespace stemma::tools {

// The part of a command line that chooses what of a graph is looked at. Every view has it.
struct FocusArguments {
  std::vector<std::string> focus = {};  // globs; --focus
  bool ancestors = false;               // of those in focus; neither of the two: both
  bool descendants = false;
  std::optional<std::size_t> depth = {};  // edges away from the focus
  std::vector<std::string> from = {};     // globs; the paths by which these depend on ...
  std::vector<std::string> to = {};       // ... these
  bool reduce = false;                    // without the edges that say nothing new
  bool condense = false;                  // nodes that depend on each other become one
};

// Declares --focus, which is --around as well, --ancestors, --descendants, --depth, --from, --to,
// --reduce and --condense.
// REQUIRES: `focus` outlives the parsing.
void DeclareFocus(CLI::App& app, FocusArguments& focus);

// The part of `loaded` that `focus` chooses. `condense` is not looked at.
// Returns: InvalidArgument for a glob that matches no node, and for options that do not go
// together.
absl::StatusOr<LoadedGraph> Focused(LoadedGraph loaded, const FocusArguments& focus);

// Gets the graph, reports everything that is wrong with it, and takes what `focus` chooses. With
// `condense` cycles are not wrong.
// Returns: as LoadSound and Focused.
absl::StatusOr<LoadedGraph> LoadFocused(const GraphSource& source, const FocusArguments& focus,
                                        Session& session);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_FOCUS_H_
