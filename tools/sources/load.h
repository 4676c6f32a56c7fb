// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SOURCES_LOAD_H_
#define STEMMA_TOOLS_SOURCES_LOAD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/supervisor/node.h"
#include "stemma/tools/sources/json_document.h"
#include "stemma/tools/sources/source.h"

namespace stemma::tools {

// What a source turned out to be, by its content.
enum class SourceKind : std::uint8_t {
  kManifest,  // docs/manifest.md
};

// What is wrong with a source.
struct SourceProblem {
  std::optional<Place> place = {};  // nothing: nobody has the text before them
  std::string text = {};            // one line
};

// A graph, whatever kind of source it came from.
struct LoadedGraph {
  SourceKind kind = SourceKind::kManifest;
  std::string label = {};  // what messages call the source; printable
  // Whether the source can be read at all. If not, `problems` has the reason and there is no node.
  bool is_readable = false;
  std::vector<Node> nodes = {};  // without factories
  // Everything for which a supervisor would refuse the nodes, in the order of the text.
  std::vector<SourceProblem> problems = {};
  // The graph of the nodes, by the same ids. Empty if there are problems.
  DependencyGraph graph = {};
};

// Reads `source.text` as what it is. Any input will do, hostile ones too.
LoadedGraph LoadText(const SourceText& source);

// Gets the source and reads it. Returns: the errors of ReadSource.
absl::StatusOr<LoadedGraph> Load(const SourceRequest& request);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SOURCES_LOAD_H_
