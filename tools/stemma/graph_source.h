// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_GRAPH_SOURCE_H_
#define STEMMA_TOOLS_STEMMA_GRAPH_SOURCE_H_

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/graph/dependency_graph.h"
#include "stemma/tools/sources/load.h"
#include "stemma/tools/stemma/session.h"

namespace stemma::tools {

// The part of a command line that names a graph.
struct GraphSource {
  std::string file = {};  // SOURCE
  std::string timeout = "10s";
};

// Declares SOURCE and --timeout. REQUIRES: `source` outlives the parsing.
void DeclareGraphSource(CLI::App& app, GraphSource& source);

// Gets the graph. Returns: InvalidArgument, NotFound, DataLoss, Unavailable as ReadSource.
absl::StatusOr<LoadedGraph> Load(const GraphSource& source, Session& session);

// Reports everything that is wrong with the graph.
// Returns: DataLoss if it cannot be read; FailedPrecondition if a supervisor would refuse it.
absl::Status ReportProblems(const LoadedGraph& loaded, Session& session);

// Both. Returns: a graph without problems.
absl::StatusOr<LoadedGraph> LoadSound(const GraphSource& source, Session& session);

// The node that the command line names. Returns: InvalidArgument, with the nearest name, if there
// is none.
absl::StatusOr<NodeId> FindNode(const DependencyGraph& graph, const std::string& name);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_GRAPH_SOURCE_H_
