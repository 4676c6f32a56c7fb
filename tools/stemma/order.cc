// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/order.h"

#include <cstddef>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"
#include "stemma/graph/waves.h"
#include "stemma/tools/questions/names.h"
#include "stemma/tools/stemma/focus.h"
#include "stemma/tools/stemma/graph_source.h"

namespace stemma::tools {
namespace {

struct Arguments {
  GraphSource source = {};
  FocusArguments focus = {};
  bool stop = false;
};

absl::StatusOr<Answer> Order(const Arguments& arguments, Session& session) {
  const absl::StatusOr<LoadedGraph> loaded =
      LoadFocused(arguments.source, arguments.focus, session);
  if (!loaded.ok()) return loaded.status();
  const DependencyGraph& graph = loaded->graph;
  std::vector<NodeId> all(graph.size());
  std::iota(all.begin(), all.end(), NodeId{0});
  const NodeWaves waves = arguments.stop ? StopWaves(graph, all) : StartWaves(graph, all);

  Answer answer;
  const std::size_t width = std::to_string(waves.size()).size();
  nlohmann::ordered_json told = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < waves.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    nlohmann::ordered_json& names = told.emplace_back(nlohmann::ordered_json::array());
    for (const NodeId id : waves[i]) {
      absl::StrAppend(&answer.text, std::string(width - number.size(), ' '), number, "  ",
                      Printable(graph.name(id)), "\n");
      if (session.json) names.push_back(graph.name(id));
    }
  }
  answer.json = {{"order", arguments.stop ? "stop" : "start"}, {"waves", std::move(told)}};
  return answer;
}

}  // namespace

Verb OrderVerb() {
  return {.name = "order",
          .group = kAskAGraph,
          .summary = "In which order nodes start, or stop: each with the number of its wave",
          .examples =
              "  stemma order shop.json               what starts when, in waves side by side\n"
              "  stemma order shop.json --stop        what stops when\n"
              "  stemma order shop.json --focus api --ancestors\n"
              "                                       what has to start before api\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto arguments = std::make_shared<Arguments>();
            DeclareGraphSource(app, arguments->source);
            app.add_flag("--stop", arguments->stop,
                         "The order of a stop of everything. Default: that of a start");
            DeclareFocus(app, arguments->focus);
            return [arguments](Session& session) { return Order(*arguments, session); };
          }};
}

}  // namespace stemma::tools
