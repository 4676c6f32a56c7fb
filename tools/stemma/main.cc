// SPDX-License-Identifier: Apache-2.0
// The `stemma` command: docs/stemma_command.md.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

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
#include "stemma/tools/stemma/command_line.h"
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

namespace {

// Files and pipes must not get the numbers of the standard descriptors. What is closed stays
// unusable: a result that nobody can see is an error.
void OccupyStandardDescriptors() {
  constexpr int kUnusable[] = {O_WRONLY, O_RDONLY, O_RDWR};  // standard error need not tell
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // The lowest number that is free is this one.
    if (fcntl(descriptor, F_GETFD) < 0) open("/dev/null", kUnusable[descriptor]);
  }
}

// For completing them: silently, and not of a file that takes long to read.
std::vector<std::string> NodeNamesIn(const std::string& file) {
  constexpr std::uintmax_t kLargest = 32 << 20;
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return {};
  if (std::filesystem::file_size(file, error) > kLargest || error) return {};
  const absl::StatusOr<stemma::tools::LoadedGraph> loaded = stemma::tools::Load({.file = file});
  if (!loaded.ok()) return {};
  std::vector<std::string> names;
  for (const stemma::Node& node : loaded->nodes) names.push_back(node.name);
  return names;
}

}  // namespace

int main(int argc, char** argv) {
  namespace tools = stemma::tools;
  OccupyStandardDescriptors();
  signal(SIGPIPE, SIG_IGN);  // a reader that went away is found out by writing
  return tools::RunCommandLine(
      {.summary = "Looks at the component graph of a service that uses Stemma, and at its runs",
       .examples =
           "  stemma graph shop.json               draw what depends on what\n"
           "  stemma check -- ./shop               ask the service itself; it is not started\n"
           "  stemma replay shop.journal           what happened, and what was decided\n",
       .verbs =
           {
               tools::CheckVerb(),
               tools::GraphVerb(),
               tools::OrderVerb(),
               tools::ImpactVerb(),
               tools::WhyVerb(),
               tools::SpofVerb(),
               tools::DiffVerb(),
               tools::SimulateVerb(),
               tools::ReplayVerb(),
               tools::ExplainVerb(),
               tools::ChainVerb(),
               tools::BlameVerb(),
               tools::TimelineVerb(),
               tools::TraceVerb(),
               tools::LatchVerb(),
           },
       .node_names = NodeNamesIn},
      argc, argv);
}
