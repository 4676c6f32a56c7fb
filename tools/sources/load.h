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
#include "stemma/tools/sources/graph_reading.h"
#include "stemma/tools/sources/journal.h"
#include "stemma/tools/sources/source.h"

namespace stemma::tools {

// What a source turned out to be, by its content (docs/sources.md).
enum class SourceKind : std::uint8_t {
  kManifest,  // docs/manifest.md: JSON
  kJournal,   // docs/journal.md: JSON on each line, the first with "stemma_journal"
  kDot,       // Graphviz's language, by anyone
  kEdgeList,  // anything else: "a b" or "a -> b" on each line
};

// A graph, whatever kind of source it came from.
struct LoadedGraph {
  SourceKind kind = SourceKind::kManifest;
  std::string label = {};  // what messages call the source; printable
  // Whether the source can be read at all. If not, `problems` has the reason and there is no node.
  bool is_readable = false;
  // False: the source knows names and edges only. What the nodes say of restarts, timeouts and
  // verdicts are defaults that nobody chose.
  bool has_policies = true;
  std::vector<Node> nodes = {};  // without factories
  // By node, the names that it stands for, if those of a cycle were made one; else it is empty, as
  // is what no source has.
  std::vector<std::vector<std::string>> members = {};
  // By node, where it stands; empty if there are problems, nobody has the text before them, or the
  // source is of a kind that tells no places: DOT, a journal.
  std::vector<NodePlaces> places = {};
  // Everything for which a supervisor would refuse the nodes, in the order of the text.
  std::vector<SourceProblem> problems = {};
  // How the source was understood, where it may mean something else.
  std::vector<SourceProblem> notes = {};
  // The graph of the nodes, by the same ids. Empty if there are problems.
  DependencyGraph graph = {};
  // Of a journal: all of it. `nodes` and `graph` are those of its end, after what commands added
  // and removed (S24), and so are not by the ids of its header.
  std::optional<Journal> journal = {};
  std::vector<NodeStatus> states = {};  // of each node, at the end of the journal; else empty
};

// Reads `source.text` as what it is. Any input will do, hostile ones too.
// Returns: Unavailable if it needs a program that cannot be run: DOT needs Graphviz.
absl::StatusOr<LoadedGraph> LoadText(const SourceText& source);

// Gets the source and reads it. Returns: the errors of ReadSource and of LoadText.
absl::StatusOr<LoadedGraph> Load(const SourceRequest& request);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SOURCES_LOAD_H_
