// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/load.h"

#include <utility>

#include "stemma/tools/sources/manifest_reader.h"

namespace stemma::tools {

LoadedGraph LoadText(const SourceText& source) {
  LoadedGraph loaded = {.label = source.label};
  ManifestReading reading = ReadManifest(source.text);
  loaded.is_readable = reading.nodes.has_value();
  if (loaded.is_readable) loaded.nodes = *std::move(reading.nodes);
  loaded.graph = std::move(reading.graph);
  for (Problem& problem : reading.problems) {
    SourceProblem& told = loaded.problems.emplace_back();
    if (source.has_places) told.place = problem.place;
    told.text = std::move(problem.text);
  }
  return loaded;
}

absl::StatusOr<LoadedGraph> Load(const SourceRequest& request) {
  const absl::StatusOr<SourceText> source = ReadSource(request);
  if (!source.ok()) return source.status();
  return LoadText(*source);
}

}  // namespace stemma::tools
