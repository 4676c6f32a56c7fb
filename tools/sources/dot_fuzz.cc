// SPDX-License-Identifier: Apache-2.0
// Any bytes as what Graphviz makes of a graph: they are read, or told what is wrong with them, on
// one line each; and the graph is that of the nodes.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "stemma/tools/sources/dot_reader.h"

namespace {

using stemma::tools::SourceProblem;

bool AreLines(const std::vector<SourceProblem>& told) {
  return std::all_of(told.begin(), told.end(), [](const SourceProblem& problem) {
    return !problem.text.empty() && problem.text.find('\n') == std::string_view::npos;
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  const stemma::tools::GraphReading reading = stemma::tools::ReadDotJson(json);
  if (!AreLines(reading.problems) || !AreLines(reading.notes)) std::abort();
  if (!reading.nodes.has_value() && reading.problems.empty()) std::abort();
  if (!reading.problems.empty()) return 0;
  if (reading.graph.size() != reading.nodes->size()) std::abort();
  for (stemma::NodeId id = 0; id < reading.graph.size(); ++id) {
    const stemma::Node& node = (*reading.nodes)[id];
    if (reading.graph.name(id) != node.name) std::abort();
    if (reading.graph.Dependencies(id).size() != node.dependencies.size()) std::abort();
  }
  return 0;
}
