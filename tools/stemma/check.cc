// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/check.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/questions/lint.h"
#include "stemma/tools/questions/names.h"
#include "stemma/tools/questions/stop_budget.h"
#include "stemma/tools/sources/load.h"
#include "stemma/tools/stemma/graph_source.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;

struct Arguments {
  GraphSource source = {};
  bool strict = false;
  std::vector<std::string> allow = {};
  std::string grace = {};
  std::string shutdown_delay = {};
};

absl::string_view Piece(std::string_view text) { return {text.data(), text.size()}; }

// Returns: InvalidArgument for a name that is no warning's.
absl::Status CheckAllowed(const std::vector<std::string>& allow) {
  std::vector<std::string_view> known;
  for (const Lint lint : kLints) known.push_back(ToString(lint));
  for (const std::string& name : allow) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string all;
    for (const std::string_view word : known) {
      absl::StrAppend(&all, all.empty() ? "" : ", ", Piece(word));
    }
    return absl::InvalidArgumentError(absl::StrCat("no warning '", Printable(name), "'",
                                                   DidYouMean(name, known), "; there are ", all));
  }
  return absl::OkStatus();
}

// Nothing for an option that was not given. Returns: InvalidArgument if it is no such duration.
absl::StatusOr<std::optional<nanoseconds>> DurationOf(const char* option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const std::optional<nanoseconds> duration = ParseManifestDuration(text);
  if (duration.has_value() && *duration >= nanoseconds::zero()) return duration;
  return absl::InvalidArgumentError(
      absl::StrCat(option, " must be a duration, such as 30s, is '", Printable(text), "'"));
}

// Where a remark points to, if the text is before the user.
std::optional<Place> PlaceOf(const LoadedGraph& loaded, const Remark& remark) {
  if (loaded.places.empty()) return std::nullopt;
  const NodePlaces& places = loaded.places[remark.node];
  if (remark.element.has_value()) {
    const std::vector<Place>& names =
        remark.field == "dependencies" ? places.dependencies : places.soft_dependencies;
    if (*remark.element < names.size()) return names[*remark.element];
  }
  const auto field = places.fields.find(remark.field);
  return field == places.fields.end() ? places.node : field->second;
}

// Reports the warnings that are not allowed. Returns: how many there are, by name.
std::map<std::string, std::size_t> Warn(const LoadedGraph& loaded,
                                        const std::vector<std::string>& allow, Session& session) {
  const LintReport report = LintOf(loaded.nodes, loaded.graph, loaded.has_policies);
  const auto is_allowed = [&](Lint lint) {
    return std::find(allow.begin(), allow.end(), ToString(lint)) != allow.end();
  };
  std::map<Lint, std::size_t> told;
  for (const Remark& remark : report.remarks) {
    if (is_allowed(remark.lint)) continue;
    ++told[remark.lint];
    session.Report({.severity = Diagnostic::Severity::kWarning,
                    .label = loaded.label,
                    .place = PlaceOf(loaded, remark),
                    .text = absl::StrCat(remark.text, " [", Piece(ToString(remark.lint)), "]")});
  }
  std::map<std::string, std::size_t> counts;
  for (const auto& [lint, found] : report.found) {
    if (is_allowed(lint)) continue;
    counts[std::string(ToString(lint))] = found;
    if (told[lint] == found) continue;
    session.Report({.severity = Diagnostic::Severity::kNote,
                    .label = loaded.label,
                    .text = absl::StrCat(Grouped(found - told[lint]), " more of [",
                                         Piece(ToString(lint)), "]")});
  }
  return counts;
}

nlohmann::ordered_json Nanoseconds(nanoseconds duration) {
  if (duration == kNoTimeout) return nullptr;
  return duration.count();
}

// Whether an ordered stop is over in time, appended to `answer`.
void AddGrace(const LoadedGraph& loaded, nanoseconds grace, nanoseconds shutdown_delay,
              Answer& answer) {
  constexpr std::size_t kMostSteps = 24;
  const StopBudget budget = StopBudgetOf(loaded.nodes, loaded.graph);
  const bool fits = budget.FitsInto(grace, shutdown_delay);
  const nanoseconds total = budget.TotalAfter(shutdown_delay);
  const std::string allowed = ManifestDuration(grace);
  if (total == kNoTimeout) {
    absl::StrAppend(&answer.text, fits ? "fits" : "does not fit", " into ", allowed,
                    ": an ordered stop may take for ever");
  } else {
    absl::StrAppend(&answer.text, fits ? "fits" : "does not fit", " into ", allowed,
                    ": an ordered stop may take ", ManifestDuration(total),
                    fits ? "" : absl::StrCat(", ", ManifestDuration(total - grace), " too long"));
  }
  absl::StrAppend(&answer.text, budget.path.empty() ? "\n" : ":\n");
  if (shutdown_delay > nanoseconds::zero()) {
    absl::StrAppend(&answer.text, "  the shutdown delay of ", ManifestDuration(shutdown_delay),
                    ", and\n");
  }
  answer.text += StepLines(budget, loaded.graph, kMostSteps);
  nlohmann::ordered_json path = nlohmann::ordered_json::array();
  for (const auto& [node, timeout] : budget.path) {
    path.push_back({{"node", loaded.graph.name(node)}, {"stop_timeout_ns", Nanoseconds(timeout)}});
  }
  answer.json["stop"] = {{"fits", fits},
                         {"grace_ns", Nanoseconds(grace)},
                         {"shutdown_delay_ns", Nanoseconds(shutdown_delay)},
                         {"total_ns", Nanoseconds(total)},
                         {"path", path}};
  answer.is_yes = answer.is_yes && fits;
}

absl::StatusOr<Answer> Check(const Arguments& arguments, Session& session) {
  if (absl::Status known = CheckAllowed(arguments.allow); !known.ok()) return known;
  const auto grace = DurationOf("--grace", arguments.grace);
  if (!grace.ok()) return grace.status();
  const auto delay = DurationOf("--shutdown-delay", arguments.shutdown_delay);
  if (!delay.ok()) return delay.status();
  if (delay->has_value() && !grace->has_value()) {
    return absl::InvalidArgumentError("--shutdown-delay counts for --grace: how much is allowed?");
  }
  const absl::StatusOr<LoadedGraph> loaded = Load(arguments.source, session);
  if (!loaded.ok()) return loaded.status();
  const absl::Status sound = ReportProblems(*loaded, session);
  if (!loaded->is_readable) return sound;
  if (!sound.ok()) {
    return Answer{.json = {{"problems", loaded->problems.size()}}, .is_yes = false};
  }
  if (grace->has_value() && !loaded->has_policies) {
    return absl::DataLossError(
        absl::StrCat(loaded->label,
                     " has no stop timeouts to compare with --grace: it has names and edges only"));
  }
  const std::map<std::string, std::size_t> counts = Warn(*loaded, arguments.allow, session);
  std::size_t warnings = 0;
  for (const auto& [name, count] : counts) warnings += count;
  const DependencyGraph& graph = loaded->graph;
  Answer answer = {.json = {{"problems", 0},
                            {"nodes", graph.size()},
                            {"edges", graph.edge_count()},
                            {"warnings", counts}},
                   .is_yes = warnings == 0 || !arguments.strict};
  answer.text = absl::StrCat(answer.is_yes ? "ok: " : "not ok: ", Counted(graph.size(), "node"),
                             ", ", Counted(graph.edge_count(), "edge"),
                             warnings == 0 ? "" : ", " + Counted(warnings, "warning"), "\n");
  if (grace->has_value()) {
    // The options of a supervisor are in no manifest, but in a journal.
    const nanoseconds known_delay = loaded->journal.has_value()
                                        ? loaded->journal->header.options.shutdown_delay
                                        : nanoseconds::zero();
    AddGrace(*loaded, **grace, delay->value_or(known_delay), answer);
  }
  return answer;
}

}  // namespace

Verb CheckVerb() {
  return {.name = "check",
          .group = kAskAGraph,
          .summary = "Would a supervisor accept this graph? Tells what is wrong, and what is odd",
          .examples =
              "  stemma check shop.json               would a supervisor accept this graph?\n"
              "  stemma check -- ./shop --port 80     ask the service itself; it is not started\n"
              "  stemma check shop.json --strict      warnings count as well: for CI\n"
              "  stemma check shop.json --grace 30s   does an ordered stop fit into 30 s?\n",
          .declare = [](CLI::App& app) -> Runner {
            const auto arguments = std::make_shared<Arguments>();
            DeclareGraphSource(app, arguments->source);
            app.add_flag("--strict", arguments->strict, "With warnings the answer is no");
            app.add_option("--allow", arguments->allow,
                           "Not this warning: the name that is told with it. May be given again")
                ->type_name("WARNING")
                ->allow_extra_args(false);
            app.add_option("--grace", arguments->grace,
                           "Also: is an ordered stop over in this time, which systemd\n"
                           "(TimeoutStopSec) or Kubernetes (terminationGracePeriodSeconds)\n"
                           "allows? By the stop timeouts along the longest path")
                ->type_name("DURATION");
            app.add_option("--shutdown-delay", arguments->shutdown_delay,
                           "SupervisorOptions::shutdown_delay, which comes before that stop.\n"
                           "Default: 0; for a journal, what it says")
                ->type_name("DURATION");
            return [arguments](Session& session) { return Check(*arguments, session); };
          }};
}

}  // namespace stemma::tools
