// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/graph_source.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/manifest_words.h"

namespace stemma::tools {

void DeclareGraphSource(CLI::App& app, GraphSource& source) {
  app.add_option("SOURCE", source.file,
                 "A graph: a file, or - for standard input, with a manifest, a journal,\n"
                 "an edge list or Graphviz's DOT; or instead, last, -- PROGRAM ARGS...:\n"
                 "a service, which is asked for its manifest and not started")
      ->type_name("");
  app.add_option("--timeout", source.timeout,
                 "How long PROGRAM may take to answer: 500ms, 1m, none. Default: 10s")
      ->type_name("DURATION");
}

absl::StatusOr<LoadedGraph> Load(const GraphSource& source, Session& session) {
  const std::optional<std::chrono::nanoseconds> timeout = ParseManifestDuration(source.timeout);
  if (!timeout.has_value() || *timeout <= std::chrono::nanoseconds::zero()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--timeout must be a positive duration, such as 10s, or none, is '",
                     Printable(source.timeout), "'"));
  }
  return Load(SourceRequest{.file = source.file, .program = session.program, .timeout = *timeout});
}

absl::Status ReportProblems(const LoadedGraph& loaded, Session& session) {
  for (const SourceProblem& note : loaded.notes) {
    session.Report({.severity = Diagnostic::Severity::kNote,
                    .label = loaded.label,
                    .place = note.place,
                    .text = note.text});
  }
  for (const SourceProblem& problem : loaded.problems) {
    session.Report({.label = loaded.label, .place = problem.place, .text = problem.text});
  }
  if (!loaded.is_readable) return absl::DataLossError("");
  return loaded.problems.empty() ? absl::OkStatus() : absl::FailedPreconditionError("");
}

absl::StatusOr<LoadedGraph> LoadSound(const GraphSource& source, Session& session) {
  absl::StatusOr<LoadedGraph> loaded = Load(source, session);
  if (!loaded.ok()) return loaded;
  if (absl::Status sound = ReportProblems(*loaded, session); !sound.ok()) return sound;
  return loaded;
}

absl::StatusOr<NodeId> FindNode(const DependencyGraph& graph, const std::string& name) {
  if (const std::optional<NodeId> id = graph.Find(name)) return *id;
  const std::vector<std::string_view> names(graph.names().begin(), graph.names().end());
  return absl::InvalidArgumentError(
      absl::StrCat("no node '", Printable(name), "'", DidYouMean(name, names)));
}

}  // namespace stemma::tools
