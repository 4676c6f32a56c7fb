// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_SOURCES_GRAPH_READING_H_
#define STEMMA_TOOLS_SOURCES_GRAPH_READING_H_

#include <optional>
#include <string>
#include <vector>

#include "stemma/graph/dependency_graph.h"
#include "stemma/supervisor/node.h"
#include "stemma/tools/sources/place.h"

namespace stemma::tools {

// What is wrong with a source, or worth knowing.
struct SourceProblem {
  std::optional<Place> place = {};  // nothing: it has none, or nobody has the text before them
  std::string text = {};            // one line
};

// What a source is read as that has names and edges, and nothing else.
struct GraphReading {
  // Nothing: the text cannot be read at all; `problems` has the reasons. Else in the order of their
  // first mention, all else by default.
  std::optional<std::vector<Node>> nodes = {};
  // All the reasons for which a supervisor would refuse the nodes, in the order of the text.
  std::vector<SourceProblem> problems = {};
  // How the text was understood, where it may mean something else.
  std::vector<SourceProblem> notes = {};
  // The graph of the nodes when there are no problems; otherwise empty.
  DependencyGraph graph = {};
  // By node, where it stands; empty if there are problems, or no such places are known.
  std::vector<NodePlaces> places = {};
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_SOURCES_GRAPH_READING_H_
