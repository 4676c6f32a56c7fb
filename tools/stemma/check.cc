// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/check.h"

#include <cstddef>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "stemma/tools/sources/load.h"
#include "stemma/tools/stemma/graph_source.h"

namespace stemma::tools {
namespace {

std::string Counted(std::size_t count, const char* noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

absl::StatusOr<Answer> Check(const GraphSource& source, Session& session) {
  const absl::StatusOr<LoadedGraph> loaded = Load(source, session);
  if (!loaded.ok()) return loaded.status();
  const absl::Status sound = ReportProblems(*loaded, session);
  if (!loaded->is_readable) return sound;
  if (!sound.ok()) {
    return Answer{.json = {{"problems", loaded->problems.size()}}, .is_yes = false};
  }
  const DependencyGraph& graph = loaded->graph;
  return Answer{.text = absl::StrCat("ok: ", Counted(graph.size(), "node"), ", ",
                                     Counted(graph.edge_count(), "edge"), "\n"),
                .json = {{"problems", 0}, {"nodes", graph.size()}, {"edges", graph.edge_count()}}};
}

}  // namespace

Verb CheckVerb() {
  return {.name = "check",
          .group = kAskAGraph,
          .summary = "Would a supervisor accept this graph? Tells all the problems at once",
          .examples =
              "  stemma check shop.json               would a supervisor accept this graph?\n"
              "  stemma check -- ./shop --port 80     ask the service itself; it is not started\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto source = std::make_shared<GraphSource>();
            DeclareGraphSource(app, *source);
            return [source](Session& session) { return Check(*source, session); };
          }};
}

}  // namespace stemma::tools
