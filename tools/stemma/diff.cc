// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/diff.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/questions/review.h"
#include "stemma/tools/questions/review_dot.h"
#include "stemma/tools/questions/review_text.h"
#include "stemma/tools/sources/load.h"
#include "stemma/tools/stemma/declared.h"
#include "stemma/tools/stemma/graph_source.h"
#include "stemma/tools/views/graphviz.h"

namespace stemma::tools {
namespace {

struct Arguments {
  GraphSource before = {};
  std::string after = {};
  std::string format = {};
};

enum class ReviewFormat { kText, kMarkdown, kDot, kSvg };

// By --format, else by the ending of the file that is written.
ReviewFormat FormatOf(std::string_view name, std::string_view output) {
  if (name == "text") return ReviewFormat::kText;
  if (name == "markdown") return ReviewFormat::kMarkdown;
  if (name == "dot") return ReviewFormat::kDot;
  if (name == "svg") return ReviewFormat::kSvg;
  if (output.ends_with(".md")) return ReviewFormat::kMarkdown;
  if (output.ends_with(".dot") || output.ends_with(".gv")) return ReviewFormat::kDot;
  if (output.ends_with(".svg")) return ReviewFormat::kSvg;
  return ReviewFormat::kText;
}

nlohmann::ordered_json EdgesJson(const std::vector<GraphDifference::NamedEdge>& edges) {
  nlohmann::ordered_json told = nlohmann::ordered_json::array();
  for (const auto& [from, to, soft] : edges) {
    told.push_back({{"from", from}, {"to", to}, {"soft", soft}});
  }
  return told;
}

nlohmann::ordered_json Nanoseconds(std::chrono::nanoseconds duration) {
  if (duration == kNoTimeout) return nullptr;
  return duration.count();
}

std::string Word(ErrorHandlingBehavior verdict) { return std::string(ManifestWord(verdict)); }

nlohmann::ordered_json Json(const Review& review) {
  nlohmann::ordered_json told = {{"same", review.is_same()},
                                 {"nodes",
                                  {{"before", review.nodes_before},
                                   {"after", review.nodes_after},
                                   {"added", review.graph.added_nodes},
                                   {"removed", review.graph.removed_nodes}}},
                                 {"edges",
                                  {{"before", review.edges_before},
                                   {"after", review.edges_after},
                                   {"added", EdgesJson(review.graph.added_edges)},
                                   {"removed", EdgesJson(review.graph.removed_edges)},
                                   {"changed", EdgesJson(review.graph.changed_edges)}}},
                                 {"has_policies", review.has_policies}};
  told["policies"] = nlohmann::ordered_json::array();
  for (const auto& [node, field, before, after] : review.policies) {
    told["policies"].push_back(
        {{"node", node}, {"field", field}, {"before", before}, {"after", after}});
  }
  told["blast_radius"] = nlohmann::ordered_json::array();
  for (const Review::RadiusChange& change : review.radii) {
    nlohmann::ordered_json& radius = told["blast_radius"].emplace_back();
    radius = {{"node", change.node},
              {"verdict", Word(change.verdict)},
              {"before", change.before},
              {"after", change.after}};
    if (!review.names_radii) continue;
    radius["gained"] = change.gained;
    radius["lost"] = change.lost;
  }
  told["own_verdict"] = nlohmann::ordered_json::array();
  for (const Review::OwnRadiusChange& change : review.own_radii) {
    told["own_verdict"].push_back({{"node", change.node},
                                   {"verdict_before", Word(change.verdict_before)},
                                   {"verdict_after", Word(change.verdict_after)},
                                   {"before", change.before},
                                   {"after", change.after}});
  }
  if (review.stop.has_value()) {
    told["stop"] = {{"before_ns", Nanoseconds(review.stop->before)},
                    {"after_ns", Nanoseconds(review.stop->after)},
                    {"path", review.stop->path_after}};
  }
  return told;
}

// One of the two, sound. Returns: as LoadSound.
absl::StatusOr<LoadedGraph> LoadSide(GraphSource source, bool is_program, Session& session) {
  const std::optional<std::vector<std::string>> program = session.program;
  if (!is_program) session.program.reset();
  absl::StatusOr<LoadedGraph> loaded = LoadSound(source, session);
  session.program = program;
  return loaded;
}

ReviewSide SideOf(const LoadedGraph& loaded) {
  return {.nodes = loaded.nodes,
          .graph = loaded.graph,
          .has_policies = loaded.has_policies,
          .has_verdicts = loaded.kind != SourceKind::kJournal};
}

absl::StatusOr<Answer> Diff(const Arguments& arguments, Session& session) {
  const ReviewFormat format = FormatOf(arguments.format, session.output);
  const bool is_program = session.program.has_value();
  if (arguments.after.empty() && !is_program) {
    return absl::InvalidArgumentError("NEW is required: a file, - or -- PROGRAM");
  }
  if (arguments.before.file == "-" && arguments.after == "-") {
    return absl::InvalidArgumentError("standard input can be OLD or NEW, not both");
  }
  const absl::StatusOr<LoadedGraph> before = LoadSide(arguments.before, false, session);
  if (!before.ok()) return before.status();
  const absl::StatusOr<LoadedGraph> after =
      LoadSide({.file = arguments.after, .timeout = arguments.before.timeout}, is_program, session);
  if (!after.ok()) return after.status();

  const Review review = ReviewOf(SideOf(*before), SideOf(*after));
  Answer answer = {.is_yes = review.is_same()};
  if (session.json) {
    answer.json = Json(review);
    return answer;
  }
  if (format == ReviewFormat::kText) {
    answer.text = ReviewText(review, session.style.color);
    return answer;
  }
  if (format == ReviewFormat::kMarkdown) {
    answer.text = ReviewMarkdown(review);
    return answer;
  }
  answer.text = ReviewDot(before->graph, after->graph, review);
  if (format == ReviewFormat::kDot) return answer;
  absl::StatusOr<std::string> svg = DrawByGraphviz(answer.text, "svg");
  if (!svg.ok()) return svg.status();
  answer.text = *std::move(svg);
  return answer;
}

}  // namespace

Verb DiffVerb() {
  return {.name = "diff",
          .group = kAskAGraph,
          .summary =
              "What changed from one graph to another, and what follows from it:\n"
              "who goes down with whom now, and how long a stop may take",
          .examples =
              "  stemma diff old.json new.json        what changed? Exit code 1: something did\n"
              "  stemma diff released.json -- ./shop  since the release, in what is built here\n"
              "  stemma diff old.json new.json -o review.md\n"
              "                                       for the comment on a change\n"
              "  stemma diff old.json new.json -o change.svg\n"
              "                                       as a picture (with Graphviz)\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto arguments = std::make_shared<Arguments>();
            app.add_option("OLD", arguments->before.file,
                           "The graph as it was: a file, or - for standard input")
                ->type_name("FILE")
                ->required();
            app.add_option("NEW", arguments->after,
                           "As it is: likewise; or instead, last, -- PROGRAM ARGS...")
                ->type_name(kSource);
            app.add_option("--timeout", arguments->before.timeout,
                           "How long PROGRAM may take to answer: 500ms, 1m, none. Default: 10s")
                ->type_name("DURATION");
            app.add_option("--format", arguments->format,
                           "Default: by the ending of -o FILE (.md, .dot, .svg), else text")
                ->type_name("text|markdown|dot|svg");
            return [arguments](Session& session) { return Diff(*arguments, session); };
          }};
}

}  // namespace stemma::tools
