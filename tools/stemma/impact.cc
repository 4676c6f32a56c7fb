// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/impact.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/questions/impact.h"
#include "stemma/tools/questions/names.h"
#include "stemma/tools/questions/table.h"
#include "stemma/tools/stemma/graph_source.h"
#include "stemma/tools/views/paint.h"

namespace stemma::tools {
namespace {

using Verdict = ErrorHandlingBehavior;

struct Arguments {
  GraphSource source = {};
  std::string node = {};
  std::string verdict = {};
};

std::string Word(Verdict verdict) { return std::string(ManifestWord(verdict)); }

// "restart|stop|..."
std::string VerdictNames() {
  return absl::StrJoin(kVerdicts, "|", [](std::string* names, Verdict verdict) {
    absl::StrAppend(names, Word(verdict));
  });
}

// Nothing for a name that is none.
std::optional<Verdict> VerdictNamed(const std::string& name) {
  for (const Verdict verdict : kVerdicts) {
    if (ManifestWord(verdict) == name) return verdict;
  }
  return std::nullopt;
}

// "50 %"; what is not 0 or 100 is not rounded to it.
std::string Share(std::size_t part, std::size_t whole) {
  if (part == whole) return "100 %";
  const std::size_t percent = (200 * part / whole + 1) / 2;
  if (part > 0 && percent == 0) return "<1 %";
  return absl::StrCat(std::min<std::size_t>(percent, 99), " %");
}

nlohmann::ordered_json Names(const DependencyGraph& graph, const NodeWaves& waves) {
  nlohmann::ordered_json told = nlohmann::ordered_json::array();
  for (const std::vector<NodeId>& wave : waves) {
    nlohmann::ordered_json& names = told.emplace_back(nlohmann::ordered_json::array());
    for (const NodeId id : wave) names.push_back(graph.name(id));
  }
  return told;
}

nlohmann::ordered_json Json(const DependencyGraph& graph, Verdict verdict, const Impact& impact) {
  return {{"verdict", Word(verdict)},
          {"count", impact.count()},
          {"goes_down", Names(graph, impact.goes_down)},
          {"comes_back", Names(graph, impact.comes_back)}};
}

// What the node itself would answer.
std::string OwnVerdict(const Node& node) {
  Verdict verdict;
  const bool is_always = IsAlways(node.on_error, verdict);
  std::string text = is_always ? absl::StrCat("its on_error always answers ", Word(verdict))
                               : "its on_error is a function of the service's own";
  const RestartPolicy& policy = node.restart;
  if ((!is_always || verdict == Verdict::kRestart) && policy.max_restarts != kUnlimitedRestarts) {
    absl::StrAppend(
        &text, "; more than ", Counted(static_cast<std::size_t>(policy.max_restarts), "restart"),
        policy.window == kNoTimeout ? std::string()
                                    : absl::StrCat(" in ", ManifestDuration(policy.window)),
        " becomes ", Word(policy.on_limit));
  }
  return text;
}

std::string AllVerdicts(const LoadedGraph& loaded, NodeId node, bool color,
                        nlohmann::ordered_json& json) {
  constexpr std::size_t kMostNames = 6;
  const DependencyGraph& graph = loaded.graph;
  const std::vector<bool> follows = FollowsOf(loaded.nodes);
  Verdict own = {};
  const bool has_own = loaded.has_policies && IsAlways(loaded.nodes[node].on_error, own);
  std::vector<std::vector<std::string>> lines = {{"", "verdict", "down", "", "who"}};
  json["verdicts"] = nlohmann::ordered_json::array();
  for (const Verdict verdict : kVerdicts) {
    const Impact impact = ImpactOf(graph, follows, node, verdict);
    json["verdicts"].push_back(Json(graph, verdict, impact));
    const std::vector<NodeId> ids = impact.in_order();
    std::string who = ids.size() == graph.size() && ids.size() > 1
                          ? "every node"
                          : NameList(graph, ids, kMostNames);
    if (verdict == Verdict::kRestart) who += ids.size() == 1 ? "; comes back" : "; come back";
    if (verdict == Verdict::kSpinHalt) who += "; the process stays";
    lines.push_back({has_own && verdict == own ? "*" : "", Word(verdict), Grouped(ids.size()),
                     Share(ids.size(), graph.size()), who});
  }
  std::string text = absl::StrCat(
      Painted(Quoted(graph.name(node)), Paint::kBold, color), " fails: what goes down of ",
      Counted(graph.size(), "node"), ", by the verdict of its handler\n",
      Table(lines, {Alignment::kLeft, Alignment::kLeft, Alignment::kRight, Alignment::kRight}));
  if (loaded.has_policies) {
    absl::StrAppend(&text, has_own ? "  *  " : "  ", OwnVerdict(loaded.nodes[node]), "\n");
  }
  return text;
}

// A line for each wave, numbered, with `remark` at the name of `node`.
std::string WaveLines(const DependencyGraph& graph, const NodeWaves& waves, NodeId node,
                      const std::string& remark) {
  constexpr std::size_t kMostWaves = 40, kMostNames = 12;
  std::vector<std::vector<std::string>> lines;
  for (std::size_t i = 0; i < waves.size(); ++i) {
    const bool whole = waves.size() <= kMostWaves;
    if (!whole && i == kMostWaves / 2) {
      lines.push_back({"", absl::StrCat("(", Grouped(waves.size() - kMostWaves), " more)")});
      i += waves.size() - kMostWaves;
    }
    std::string names = NameList(graph, waves[i], kMostNames);
    if (std::binary_search(waves[i].begin(), waves[i].end(), node)) {
      absl::StrAppend(&names, waves[i].size() == 1
                                  ? absl::StrCat(" (", remark, ")")
                                  : absl::StrCat(" (", Shown(graph.name(node)), ": ", remark, ")"));
    }
    lines.push_back({std::to_string(i + 1), names});
  }
  return Table(lines, {Alignment::kRight});
}

std::string OneVerdict(const LoadedGraph& loaded, NodeId node, Verdict verdict, bool color,
                       nlohmann::ordered_json& json) {
  constexpr std::size_t kMostNames = 12;
  const DependencyGraph& graph = loaded.graph;
  const Impact impact = ImpactOf(graph, FollowsOf(loaded.nodes), node, verdict);
  json.update(Json(graph, verdict, impact));
  const std::size_t count = impact.count();
  std::string text =
      absl::StrCat(Painted(Quoted(graph.name(node)), Paint::kBold, color),
                   " fails, and the verdict is ", Word(verdict), ": ", Grouped(count), " of ",
                   Counted(graph.size(), "node"), count == 1 && graph.size() > 1 ? " goes" : " go",
                   " down (", Share(count, graph.size()), "), in this order\n",
                   WaveLines(graph, impact.goes_down, node, "it failed: its workers end at once"));
  if (verdict == Verdict::kRestart) {
    absl::StrAppend(&text, count == 1 ? "and comes back\n" : "and come back, in this order\n",
                    WaveLines(graph, impact.comes_back, node, "after its backoff"));
  }
  if (verdict == Verdict::kSpinHalt) text += "and the process stays, until SIGTERM\n";
  std::vector<bool> down(graph.size());
  for (const NodeId id : impact.in_order()) down[id] = true;
  std::vector<NodeId> others;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (!down[id]) others.push_back(id);
  }
  if (!others.empty()) {
    absl::StrAppend(&text, Grouped(others.size()), others.size() == 1 ? " goes on: " : " go on: ",
                    NameList(graph, others, kMostNames), "\n");
  }
  return text;
}

absl::StatusOr<Answer> AnswerImpact(const Arguments& arguments, Session& session) {
  const absl::StatusOr<LoadedGraph> loaded = LoadSound(arguments.source, session);
  if (!loaded.ok()) return loaded.status();
  const absl::StatusOr<NodeId> node = FindNode(loaded->graph, arguments.node);
  if (!node.ok()) return node.status();
  Answer answer = {.json = {{"node", loaded->graph.name(*node)}, {"nodes", loaded->graph.size()}}};
  const std::optional<Verdict> verdict = VerdictNamed(arguments.verdict);
  const bool color = session.style.color;
  answer.text = verdict.has_value() ? OneVerdict(*loaded, *node, *verdict, color, answer.json)
                                    : AllVerdicts(*loaded, *node, color, answer.json);
  return answer;
}

}  // namespace

Verb ImpactVerb() {
  return {
      .name = "impact",
      .group = kAskAGraph,
      .summary = "What goes down when a node fails, in which order, and who comes back",
      .examples =
          "  stemma impact shop.json db           what goes down if db fails?\n"
          "  stemma impact shop.json db --verdict stop\n"
          "                                       the same for one verdict, in order\n"
          "  stemma impact db -- ./shop           ask the service for its graph\n",
      .declare = [](CLI::App& app) -> Runner {
        const auto arguments = std::make_shared<Arguments>();
        DeclareGraphSource(app, arguments->source);
        app.add_option("NODE", arguments->node, "The node that fails")->type_name("")->required();
        app.add_option("--verdict", arguments->verdict,
                       "What its handler answers. Default: a table of all")
            ->type_name(VerdictNames());
        return [arguments](Session& session) { return AnswerImpact(*arguments, session); };
      }};
}

}  // namespace stemma::tools
