// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SOURCES_MANIFEST_READER_H_
#define STEMMA_TOOLS_SOURCES_MANIFEST_READER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/supervisor/node.h"
#include "stemma/tools/sources/place.h"

namespace stemma::tools {

struct ManifestReading {
  // Empty: the text cannot be read as a manifest at all: it is not JSON, or not a manifest, or one
  // of another version. `problems` has the reason, alone.
  std::optional<std::vector<Node>> nodes = {};
  // Everything that is wrong, by place.
  std::vector<Problem> problems = {};
  // The graph of the nodes when there are no problems; otherwise empty.
  DependencyGraph graph = {};
  // By node, where it stands, when there are no problems; otherwise empty.
  std::vector<NodePlaces> places = {};
};

// Reads a manifest (docs/manifest.md): keys, types, words, durations. Then asks the code that
// Supervisor::Create asks what it would refuse (S1). Fields that are not there have their default.
// The nodes have no factory; where the manifest says "handler", `on_error` is some function of
// which IsAlways knows nothing.
//
// The place of a problem with a value is the value's; of one with the graph, its node's.
//
// Any input will do, hostile ones too. Thread safety: any thread.
ManifestReading ReadManifest(std::string_view text);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SOURCES_MANIFEST_READER_H_
