// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/stemma_command.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/statusor.h"
#include "stemma/supervisor/node.h"
#include "stemma/tools/sources/load.h"
#include "stemma/tools/stemma/blame.h"
#include "stemma/tools/stemma/chain.h"
#include "stemma/tools/stemma/check.h"
#include "stemma/tools/stemma/diff.h"
#include "stemma/tools/stemma/explain.h"
#include "stemma/tools/stemma/graph.h"
#include "stemma/tools/stemma/impact.h"
#include "stemma/tools/stemma/latch.h"
#include "stemma/tools/stemma/order.h"
#include "stemma/tools/stemma/replay.h"
#include "stemma/tools/stemma/simulate.h"
#include "stemma/tools/stemma/spof.h"
#include "stemma/tools/stemma/timeline.h"
#include "stemma/tools/stemma/trace.h"
#include "stemma/tools/stemma/why.h"

namespace stemma::tools {
namespace {

// For completing them: silently, and not of a file that takes long to read.
std::vector<std::string> NodeNamesIn(const std::string& file) {
  constexpr std::uintmax_t kLargest = 32 << 20;
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return {};
  if (std::filesystem::file_size(file, error) > kLargest || error) return {};
  const absl::StatusOr<LoadedGraph> loaded = Load({.file = file});
  if (!loaded.ok()) return {};
  std::vector<std::string> names;
  for (const Node& node : loaded->nodes) names.push_back(node.name);
  return names;
}

}  // namespace

Command StemmaCommand() {
  return {.summary = "Looks at the component graph of a service that uses Stemma, and at its runs",
          .examples =
              "  stemma graph shop.json               draw what depends on what\n"
              "  stemma check -- ./shop               ask the service itself; it is not started\n"
              "  stemma replay shop.journal           what happened, and what was decided\n",
          .verbs =
              {
                  CheckVerb(),
                  GraphVerb(),
                  OrderVerb(),
                  ImpactVerb(),
                  WhyVerb(),
                  SpofVerb(),
                  DiffVerb(),
                  SimulateVerb(),
                  ReplayVerb(),
                  ExplainVerb(),
                  ChainVerb(),
                  BlameVerb(),
                  TimelineVerb(),
                  TraceVerb(),
                  LatchVerb(),
              },
          .node_names = NodeNamesIn};
}

}  // namespace stemma::tools
