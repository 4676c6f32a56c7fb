// SPDX-License-Identifier: Apache-2.0
// Any bytes as a source of any kind: what it is shows in its content, and it is read as that. A
// place is told where somebody has the text before them, and makes no other difference.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/supervisor/manifest.h"
#include "stemma/tools/sources/dot_reader.h"
#include "stemma/tools/sources/load.h"

namespace {

using stemma::tools::LoadedGraph;
using stemma::tools::SourceKind;

LoadedGraph Load(const std::string& text, bool has_places) {
  return *stemma::tools::LoadText({.text = text, .label = "any", .has_places = has_places});
}

std::vector<std::string> Told(const LoadedGraph& loaded) {
  std::vector<std::string> texts;
  for (const auto* all : {&loaded.problems, &loaded.notes}) {
    for (const stemma::tools::SourceProblem& each : *all) texts.push_back(each.text);
  }
  return texts;
}

bool IsOneLine(const std::string& text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (stemma::tools::IsDot(text)) return 0;  // read by a process of Graphviz's
  const LoadedGraph loaded = Load(text, true);
  if (!loaded.is_readable && loaded.problems.empty()) std::abort();
  if (loaded.journal.has_value() &&
      (loaded.kind != SourceKind::kJournal || loaded.states.size() != loaded.nodes.size())) {
    std::abort();
  }
  const std::vector<std::string> told = Told(loaded);
  if (!std::all_of(told.begin(), told.end(), IsOneLine)) std::abort();

  const LoadedGraph unplaced = Load(text, false);
  if (unplaced.kind != loaded.kind || Told(unplaced) != told) std::abort();
  for (const auto* all : {&unplaced.problems, &unplaced.notes}) {
    for (const stemma::tools::SourceProblem& each : *all) {
      if (each.place.has_value()) std::abort();
    }
  }

  if (!loaded.problems.empty()) return 0;
  if (loaded.graph.size() != loaded.nodes.size()) std::abort();
  const std::string written = stemma::ManifestJson(loaded.nodes);
  const LoadedGraph again = Load(written, true);
  if (again.kind != SourceKind::kManifest || !again.problems.empty()) std::abort();
  if (stemma::ManifestJson(again.nodes) != written) std::abort();
  return 0;
}
