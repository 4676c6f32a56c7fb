// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/load.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "stemma/supervisor/internal/validation.h"
#include "stemma/tools/sources/dot_reader.h"
#include "stemma/tools/sources/edge_list.h"
#include "stemma/tools/sources/json_document.h"
#include "stemma/tools/sources/manifest_reader.h"

namespace stemma::tools {
namespace {

bool IsJournal(std::string_view text) {
  constexpr std::string_view kKey = "\"stemma_journal\"";
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.find(kKey) == std::string_view::npos) return false;
  Finding ignored;
  const std::optional<JsonValue> json = ParseJson(line, ignored);
  // A line that is torn does not parse; but a supervisor writes the key first.
  if (!json.has_value()) return line.starts_with("{\"stemma_journal\"");
  const auto* members = std::get_if<JsonValue::Object>(&json->content);
  if (members == nullptr) return false;
  for (const JsonMember& member : *members) {
    if (member.key == "stemma_journal") return true;
  }
  return false;
}

void AddProblem(const SourceText& source, Problem problem, LoadedGraph& loaded) {
  SourceProblem& told = loaded.problems.emplace_back();
  if (source.has_places) told.place = problem.place;
  told.text = std::move(problem.text);
}

void LoadManifest(const SourceText& source, LoadedGraph& loaded) {
  ManifestReading reading = ReadManifest(source.text);
  loaded.is_readable = reading.nodes.has_value();
  if (loaded.is_readable) loaded.nodes = *std::move(reading.nodes);
  loaded.graph = std::move(reading.graph);
  if (source.has_places) loaded.places = std::move(reading.places);
  for (Problem& problem : reading.problems) AddProblem(source, std::move(problem), loaded);
}

void LoadJournal(const SourceText& source, LoadedGraph& loaded) {
  JournalReading reading = ReadJournal(source.text);
  if (!reading.journal.has_value()) {
    AddProblem(source, std::move(reading.problem), loaded);
    return;
  }
  loaded.is_readable = true;
  loaded.journal = std::move(reading.journal);
  JournalEnd end = EndOf(*loaded.journal);
  loaded.nodes = std::move(end.nodes);
  loaded.states = std::move(end.states);
  // No supervisor writes a journal with any, but there may be lines missing.
  for (internal::NodeProblem& problem : internal::Problems(loaded.nodes)) {
    loaded.problems.push_back({.text = std::move(problem.text)});
  }
  if (loaded.problems.empty()) {
    loaded.graph = *DependencyGraph::Create(internal::Declarations(loaded.nodes));
  }
}

void TakeReading(const SourceText& source, GraphReading reading, LoadedGraph& loaded) {
  loaded.is_readable = reading.nodes.has_value();
  loaded.has_policies = false;
  if (loaded.is_readable) loaded.nodes = *std::move(reading.nodes);
  loaded.graph = std::move(reading.graph);
  loaded.problems = std::move(reading.problems);
  loaded.notes = std::move(reading.notes);
  if (source.has_places) {
    loaded.places = std::move(reading.places);
    return;
  }
  for (SourceProblem& problem : loaded.problems) problem.place.reset();
}

// A JSON text: no edge list begins like this.
bool IsJson(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto skip_space = [&text] {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  };
  skip_space();
  if (!text.starts_with('[')) return text.starts_with('{');
  text.remove_prefix(1);
  skip_space();
  return text.starts_with('{') || text.starts_with('[') || text.starts_with(']');
}

}  // namespace

absl::StatusOr<LoadedGraph> LoadText(const SourceText& source) {
  LoadedGraph loaded = {.label = source.label};
  if (source.is_manifest) {
    LoadManifest(source, loaded);
  } else if (source.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    AddProblem(source, {.text = "there is nothing in it"}, loaded);
  } else if (IsJournal(source.text)) {
    loaded.kind = SourceKind::kJournal;
    LoadJournal(source, loaded);
  } else if (IsJson(source.text)) {
    LoadManifest(source, loaded);
  } else if (IsDot(source.text)) {
    loaded.kind = SourceKind::kDot;
    absl::StatusOr<GraphReading> reading = ReadDot(source.text);
    if (!reading.ok()) return reading.status();
    TakeReading(source, *std::move(reading), loaded);
  } else {
    loaded.kind = SourceKind::kEdgeList;
    TakeReading(source, ReadEdgeList(source.text), loaded);
  }
  return loaded;
}

absl::StatusOr<LoadedGraph> Load(const SourceRequest& request) {
  const absl::StatusOr<SourceText> source = ReadSource(request);
  if (!source.ok()) return source.status();
  return LoadText(*source);
}

}  // namespace stemma::tools
