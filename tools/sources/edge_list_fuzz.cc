// SPDX-License-Identifier: Apache-2.0
// Any bytes as an edge list: they are read, or told what is wrong with them and where; and what was
// read without a problem is written as an edge list that is read as the same again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/supervisor/internal/json_text.h"
#include "stemma/supervisor/manifest.h"
#include "stemma/tools/sources/edge_list.h"

namespace {

// Each name in quotes. All nodes come first, so that they keep their order.
std::string Written(const std::vector<stemma::Node>& nodes) {
  using stemma::internal::JsonString;
  std::string text;
  for (const stemma::Node& node : nodes) text += JsonString(node.name) + "\n";
  for (const stemma::Node& node : nodes) {
    for (const std::string& dependency : node.dependencies) {
      text += JsonString(node.name) + " -> " + JsonString(dependency) + "\n";
    }
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const stemma::tools::GraphReading reading = stemma::tools::ReadEdgeList(text);
  for (const stemma::tools::SourceProblem& problem : reading.problems) {
    if (!problem.place.has_value()) std::abort();
  }
  if (!reading.nodes.has_value() && reading.problems.empty()) std::abort();
  if (!reading.problems.empty()) return 0;
  if (reading.places.size() != reading.nodes->size()) std::abort();
  const stemma::tools::GraphReading again = stemma::tools::ReadEdgeList(Written(*reading.nodes));
  if (!again.problems.empty()) std::abort();
  if (stemma::ManifestJson(*again.nodes) != stemma::ManifestJson(*reading.nodes)) std::abort();
  return 0;
}
