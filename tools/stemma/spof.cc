// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/spof.h"

#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "stemma/graph/dominators.h"
#include "stemma/graph/printable.h"
#include "stemma/graph/single_points_of_failure.h"
#include "stemma/tools/questions/names.h"
#include "stemma/tools/questions/table.h"
#include "stemma/tools/stemma/focus.h"
#include "stemma/tools/stemma/graph_source.h"

namespace stemma::tools {
namespace {

struct Arguments {
  GraphSource source = {};
  FocusArguments focus = {};
  std::string share = "25%";
};

// "25%" or "0.25". Returns: InvalidArgument for what is no share of a whole.
absl::StatusOr<double> ShareOf(const std::string& text) {
  const bool percent = text.ends_with("%");
  double share = 0;
  const std::string number = percent ? text.substr(0, text.size() - 1) : text;
  if (absl::SimpleAtod(number, &share)) {
    if (percent) share /= 100;
    if (share >= 0 && share <= 1) return share;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--share must be a share of all nodes, such as 25% or 0.25, is '", Printable(text), "'"));
}

absl::StatusOr<Answer> Spof(const Arguments& arguments, Session& session) {
  const absl::StatusOr<double> share = ShareOf(arguments.share);
  if (!share.ok()) return share.status();
  const absl::StatusOr<LoadedGraph> loaded =
      LoadFocused(arguments.source, arguments.focus, session);
  if (!loaded.ok()) return loaded.status();
  const DependencyGraph& graph = loaded->graph;
  const std::vector<SinglePointOfFailure> points = SinglePointsOfFailure(graph, *share);
  const Dominators dominators = DominatorsOf(graph);

  Answer answer = {.json = {{"nodes", graph.size()}, {"share", *share}}};
  answer.json["points"] = nlohmann::ordered_json::array();
  const std::string percent = absl::StrFormat("%g %%", 100 * *share);
  if (points.empty()) {
    answer.text = absl::StrCat("none: no node takes down more than ", percent, " of ",
                               Counted(graph.size(), "node"), " when it fails for good\n");
    return answer;
  }
  std::vector<std::vector<std::string>> lines = {{"node", "down", "", "only way of"}};
  for (const auto& [node, takes_down, share_of_all] : points) {
    lines.push_back({Shown(graph.name(node)), Grouped(takes_down),
                     absl::StrFormat("%.0f %%", 100 * share_of_all),
                     dominators.dominated[node] == 0 ? "-" : Grouped(dominators.dominated[node])});
    answer.json["points"].push_back({{"node", graph.name(node)},
                                     {"takes_down", takes_down},
                                     {"share", share_of_all},
                                     {"dominates", dominators.dominated[node]}});
  }
  answer.text = absl::StrCat(
      Grouped(points.size()), " of ", Counted(graph.size(), "node"),
      points.size() == 1 ? " takes" : " each take", " down more than ", percent,
      points.size() == 1 ? " when it fails for good\n" : " when they fail for good\n",
      Table(lines, {Alignment::kLeft, Alignment::kRight, Alignment::kRight, Alignment::kRight}),
      "only way of: so many nodes reach all that is beyond it through it alone\n");
  return answer;
}

}  // namespace

Verb SpofVerb() {
  return {
      .name = "spof",
      .group = kAskAGraph,
      .summary = "Single points of failure: which nodes take down a large share, the worst first",
      .examples =
          "  stemma spof shop.json                who takes down more than a quarter?\n"
          "  stemma spof shop.json --share 50%    ... more than half?\n",
      .declare = [](CLI::App& app) -> Runner {
        const auto arguments = std::make_shared<Arguments>();
        DeclareGraphSource(app, arguments->source);
        app.add_option("--share", arguments->share,
                       "More than this share of all nodes, by a verdict of stop: 25% or\n"
                       "0.25; 0: all that take down anything. Default: 25%")
            ->type_name("SHARE");
        DeclareFocus(app, arguments->focus);
        return [arguments](Session& session) { return Spof(*arguments, session); };
      }};
}

}  // namespace stemma::tools
