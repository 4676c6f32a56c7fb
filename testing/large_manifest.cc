// SPDX-License-Identifier: Apache-2.0
// Writes the manifest of a large service that nobody has, to measure the `stemma` command with:
//   bazel run -c opt //testing:large_manifest -- 10000 40000 > large.json
// Nodes stand in layers, as in services: each depends on some of the layers below, mostly near. The
// same numbers give the same bytes.
#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/supervisor/manifest.h"

namespace {

using stemma::ErrorHandlingBehavior;
using stemma::Node;

std::vector<Node> LargeService(std::size_t size, std::size_t edges) {
  std::mt19937 random(1);  // whose numbers the standard fixes, unlike those of distributions
  const std::size_t reach = std::max<std::size_t>(size / 10, 10);
  std::vector<Node> nodes(size);
  for (std::size_t i = 0; i < size; ++i) {
    Node& node = nodes[i];
    node.name = "service-" + std::to_string(i);
    if (random() % 10 == 0) node.on_error = stemma::Always(ErrorHandlingBehavior::kStop);
    if (random() % 10 == 0) {
      node.on_dependency_restart = stemma::OnDependencyRestart::kRestart;
    }
    std::vector<std::size_t> below;
    for (std::size_t edge = 0; i > 0 && edge < (edges + i) / size; ++edge) {
      const std::size_t near = 1 + random() % std::min(i, reach);
      below.push_back(random() % 20 == 0 ? random() % i : i - near);
    }
    std::sort(below.begin(), below.end());
    below.erase(std::unique(below.begin(), below.end()), below.end());
    for (const std::size_t other : below) {
      (random() % 20 == 0 ? node.soft_dependencies : node.dependencies)
          .push_back("service-" + std::to_string(other));
    }
  }
  return nodes;
}

bool Read(std::string_view text, std::size_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number > 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t nodes = 0, edges = 0;
  if (argc != 3 || !Read(argv[1], nodes) || !Read(argv[2], edges)) {
    std::cerr << "usage: large_manifest NODES EDGES\n";
    return 64;
  }
  std::cout << stemma::ManifestJson(LargeService(nodes, edges));
  return std::cout.flush() ? 0 : 74;
}
