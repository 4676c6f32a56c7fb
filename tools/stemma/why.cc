// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/why.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "stemma/graph/dependency_paths.h"
#include "stemma/graph/edge.h"
#include "stemma/tools/questions/names.h"
#include "stemma/tools/stemma/declared.h"
#include "stemma/tools/stemma/graph_source.h"
#include "stemma/tools/views/paint.h"

namespace stemma::tools {
namespace {

struct Arguments {
  GraphSource source = {};
  std::string from = {};
  std::string to = {};
  std::size_t limit = 10;
};

using Paths = std::vector<std::vector<NodeId>>;

bool IsSoft(const DependencyGraph& graph, NodeId from, NodeId to) {
  const auto soft = graph.SoftDependencies(from);
  return std::binary_search(soft.begin(), soft.end(), to);
}

// "api -> db", "api ~> log". Of a very long path the middle is left out.
std::string Line(const DependencyGraph& graph, const std::vector<NodeId>& path) {
  constexpr std::size_t kMost = 40;
  std::string line = "  " + Shown(graph.name(path.front()));
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (path.size() > kMost && i == kMost / 2) {
      absl::StrAppend(&line, " -> (", Grouped(path.size() - kMost), " more)");
      i += path.size() - kMost;
    }
    absl::StrAppend(&line, IsSoft(graph, path[i - 1], path[i]) ? " ~> " : " -> ",
                    Shown(graph.name(path[i])));
  }
  return line + "\n";
}

nlohmann::ordered_json Json(const DependencyGraph& graph, const Paths& paths) {
  nlohmann::ordered_json told = nlohmann::ordered_json::array();
  for (const std::vector<NodeId>& path : paths) {
    nlohmann::ordered_json& names = told.emplace_back(nlohmann::ordered_json::array());
    for (const NodeId id : path) names.push_back(graph.name(id));
  }
  return told;
}

// CountPaths counts no further than this.
constexpr std::uint64_t kCountless = std::numeric_limits<std::uint64_t>::max();

std::string PathCount(std::uint64_t count) {
  if (count == kCountless) return "more paths than can be counted";
  return Counted(static_cast<std::size_t>(count), "path");
}

Answer No(const DependencyGraph& graph, NodeId from, NodeId to, const Paths& soft, bool color) {
  Answer answer = {.is_yes = false};
  answer.json = {{"from", graph.name(from)},
                 {"to", graph.name(to)},
                 {"depends", false},
                 {"soft_paths", Json(graph, soft)}};
  const std::string a = Quoted(graph.name(from)), b = Quoted(graph.name(to));
  answer.text = absl::StrCat(Painted("no", Paint::kRed, color), ": ");
  const Paths reverse = ShortestPaths(graph, to, from, 1);
  answer.json["reverse"] = Json(graph, reverse);
  if (from == to) {
    absl::StrAppend(&answer.text, "no node depends on itself\n");
  } else if (!reverse.empty()) {
    absl::StrAppend(&answer.text, a, " does not depend on ", b, "; it is the other way round\n",
                    Line(graph, reverse.front()));
  } else if (!soft.empty()) {
    absl::StrAppend(&answer.text, a, " does not depend on ", b,
                    "; it only starts after it and ends before it, by soft dependencies (~>)\n");
    for (const std::vector<NodeId>& path : soft) answer.text += Line(graph, path);
  } else {
    absl::StrAppend(&answer.text, a, " does not depend on ", b, ", nor ", b, " on ", a, "\n");
  }
  return answer;
}

absl::StatusOr<Answer> Why(const Arguments& arguments, Session& session) {
  const absl::StatusOr<LoadedGraph> loaded = LoadSound(arguments.source, session);
  if (!loaded.ok()) return loaded.status();
  const DependencyGraph& graph = loaded->graph;
  const absl::StatusOr<NodeId> from = FindNode(graph, arguments.from);
  if (!from.ok()) return from.status();
  const absl::StatusOr<NodeId> to = FindNode(graph, arguments.to);
  if (!to.ok()) return to.status();

  const std::uint64_t count = CountPaths(graph, *from, *to);
  if (count == 0) {
    const Paths soft = ShortestPaths(graph, *from, *to, arguments.limit, EdgeKinds::kHardAndSoft);
    return No(graph, *from, *to, soft, session.style.color);
  }
  const Paths paths = ShortestPaths(graph, *from, *to, arguments.limit);
  Answer answer;
  answer.json = {{"from", graph.name(*from)},
                 {"to", graph.name(*to)},
                 {"depends", true},
                 {"path_count", count},
                 {"paths", Json(graph, paths)}};
  answer.text = absl::StrCat(Quoted(graph.name(*from)), " depends on ", Quoted(graph.name(*to)),
                             " by ", PathCount(count), "\n");
  for (const std::vector<NodeId>& path : paths) answer.text += Line(graph, path);
  if (count > paths.size()) {
    const std::string rest =
        count == kCountless ? "" : Grouped(static_cast<std::size_t>(count - paths.size())) + " ";
    absl::StrAppend(&answer.text, "  and ", rest,
                    "more, as long or longer; --limit N shows them\n");
  }
  return answer;
}

}  // namespace

Verb WhyVerb() {
  return {.name = "why",
          .group = kAskAGraph,
          .summary = "Why one node depends on another: every path from it, the shortest first",
          .examples =
              "  stemma why shop.json http db         every path by which http depends on db\n"
              "  stemma why shop.json http db --limit 100\n"
              "                                       more of them\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto arguments = std::make_shared<Arguments>();
            DeclareGraphSource(app, arguments->source);
            app.add_option("A", arguments->from, "The dependent")->type_name("NODE")->required();
            app.add_option("B", arguments->to, "What it depends on, or does it?")
                ->type_name("NODE")
                ->required();
            app.add_option("--limit", arguments->limit,
                           "How many paths are told; all are counted. Default: 10")
                ->type_name(kWholeNumber);
            return [arguments](Session& session) { return Why(*arguments, session); };
          }};
}

}  // namespace stemma::tools
