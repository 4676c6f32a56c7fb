// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/review.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "stemma/graph/blast_radius.h"
#include "stemma/graph/node_id.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/questions/impact.h"
#include "stemma/tools/questions/stop_budget.h"

namespace stemma::tools {
namespace {

using Verdict = ErrorHandlingBehavior;
using Names = std::vector<std::string>;

std::string Number(double number) {
  char text[32];
  const std::to_chars_result end = std::to_chars(std::begin(text), std::end(text), number);
  return std::string(text, end.ptr);
}

// The fields of a node's policies and their values, in the words of a manifest.
std::vector<std::pair<std::string, std::string>> PoliciesOf(const Node& node, bool with_verdict) {
  const RestartPolicy& restart = node.restart;
  std::vector<std::pair<std::string, std::string>> fields;
  if (with_verdict) {
    Verdict verdict;
    fields.emplace_back("on_error",
                        IsAlways(node.on_error, verdict) ? ManifestWord(verdict) : "handler");
  }
  fields.insert(fields.end(),
                {{"restart.initial", ManifestDuration(restart.initial)},
                 {"restart.max", ManifestDuration(restart.max)},
                 {"restart.multiplier", Number(restart.multiplier)},
                 {"restart.jitter", Number(restart.jitter)},
                 {"restart.reset_after", ManifestDuration(restart.reset_after)},
                 {"restart.max_restarts", restart.max_restarts == kUnlimitedRestarts
                                              ? "unlimited"
                                              : std::to_string(restart.max_restarts)},
                 {"restart.window", ManifestDuration(restart.window)},
                 {"restart.on_limit", std::string(ManifestWord(restart.on_limit))},
                 {"start_timeout", ManifestDuration(node.start_timeout)},
                 {"stop_timeout", ManifestDuration(node.stop_timeout)},
                 {"watchdog", ManifestDuration(node.watchdog)},
                 {"on_completion", std::string(ToString(node.on_completion))},
                 {"on_dependency_restart", std::string(ToString(node.on_dependency_restart))}});
  return fields;
}

// What a verdict at each node takes down, counted, and named where that is wanted.
class Radii {
 public:
  // `has_policies`: otherwise no node restarts with its dependencies.
  Radii(const ReviewSide& side, bool has_policies)
      : graph_(side.graph),
        follows_(has_policies ? FollowsOf(side.nodes) : std::vector<bool>()),
        counts_(CountBlastRadius(graph_, follows_)) {}

  std::size_t Count(NodeId id, Verdict verdict) const {
    switch (verdict) {
      case Verdict::kRestart:
        return counts_.restart[id];
      case Verdict::kStop:
        return counts_.stop[id];
      case Verdict::kStopParents:
        return counts_.stop_parents[id];
      case Verdict::kShutdown:
      case Verdict::kSpinHalt:
        break;
    }
    return graph_.size();
  }

  // In ascending order.
  Names NamesOf(NodeId id, Verdict verdict) const {
    Names names;
    for (const NodeId other : ImpactOf(graph_, follows_, id, verdict).in_order()) {
      names.push_back(graph_.name(other));
    }
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  const DependencyGraph& graph_;
  std::vector<bool> follows_;
  BlastRadiusCounts counts_;
};

Names Without(const Names& names, const Names& others) {
  Names rest;
  std::set_difference(names.begin(), names.end(), others.begin(), others.end(),
                      std::back_inserter(rest));
  return rest;
}

bool IsSmall(const DependencyGraph& graph) {
  constexpr std::size_t kMost = 10'000'000;
  return graph.size() == 0 || graph.size() + graph.edge_count() <= kMost / graph.size();
}

class Reviewer {
 public:
  Reviewer(const ReviewSide& before, const ReviewSide& after) : before_(before), after_(after) {
    for (NodeId id = 0; id < after.graph.size(); ++id) {
      if (const auto old = before.graph.Find(after.graph.name(id))) both_.emplace_back(*old, id);
    }
    review_ = {.nodes_before = before.graph.size(),
               .nodes_after = after.graph.size(),
               .edges_before = before.graph.edge_count(),
               .edges_after = after.graph.edge_count(),
               .graph = Difference(before.graph, after.graph),
               .has_policies = before.has_policies && after.has_policies};
  }

  Review Take() && {
    if (review_.has_policies) ComparePolicies();
    CompareRadii();
    if (review_.has_policies) CompareStops();
    return std::move(review_);
  }

 private:
  void ComparePolicies() {
    const bool with_verdict = before_.has_verdicts && after_.has_verdicts;
    for (const auto& [old, id] : both_) {
      const auto was = PoliciesOf(before_.nodes[old], with_verdict);
      const auto is = PoliciesOf(after_.nodes[id], with_verdict);
      for (std::size_t i = 0; i < is.size(); ++i) {
        if (was[i] == is[i]) continue;
        review_.policies.push_back({.node = after_.graph.name(id),
                                    .field = is[i].first,
                                    .before = was[i].second,
                                    .after = is[i].second});
      }
    }
  }

  void CompareRadii() {
    // Without this nothing can have changed.
    const bool differs =
        !review_.graph.empty() ||
        std::any_of(review_.policies.begin(), review_.policies.end(), [](const auto& change) {
          return change.field == "on_dependency_restart" || change.field == "on_error";
        });
    if (!differs) return;
    const Radii was(before_, review_.has_policies), is(after_, review_.has_policies);
    review_.names_radii = IsSmall(before_.graph) && IsSmall(after_.graph);
    for (const Verdict verdict : {Verdict::kRestart, Verdict::kStop, Verdict::kStopParents}) {
      for (const auto& [old, id] : both_) {
        Review::RadiusChange change = {.node = after_.graph.name(id),
                                       .verdict = verdict,
                                       .before = was.Count(old, verdict),
                                       .after = is.Count(id, verdict)};
        if (review_.names_radii) {
          const Names names_before = was.NamesOf(old, verdict), names = is.NamesOf(id, verdict);
          if (names == names_before) continue;
          change.gained = Without(names, names_before);
          change.lost = Without(names_before, names);
        } else if (change.before == change.after) {
          continue;
        }
        review_.radii.push_back(std::move(change));
      }
    }
    for (const auto& [old, id] : both_) {
      Verdict verdict_before, verdict;
      if (!review_.has_policies || !before_.has_verdicts || !after_.has_verdicts ||
          !IsAlways(before_.nodes[old].on_error, verdict_before) ||
          !IsAlways(after_.nodes[id].on_error, verdict) || verdict_before == verdict) {
        continue;
      }
      review_.own_radii.push_back({.node = after_.graph.name(id),
                                   .verdict_before = verdict_before,
                                   .verdict_after = verdict,
                                   .before = was.Count(old, verdict_before),
                                   .after = is.Count(id, verdict)});
    }
  }

  void CompareStops() {
    const StopBudget was = StopBudgetOf(before_.nodes, before_.graph);
    const StopBudget is = StopBudgetOf(after_.nodes, after_.graph);
    if (was.total == is.total) return;
    review_.stop = {.before = was.total, .after = is.total};
    for (const StopBudget::Step& step : is.path) {
      review_.stop->path_after.push_back(after_.graph.name(step.node));
    }
  }

  const ReviewSide& before_;
  const ReviewSide& after_;
  std::vector<std::pair<NodeId, NodeId>> both_;  // the ids, old and new, of those that both have
  Review review_;
};

}  // namespace

bool Review::is_same() const { return graph.empty() && policies.empty(); }

Review ReviewOf(const ReviewSide& before, const ReviewSide& after) {
  return Reviewer(before, after).Take();
}

}  // namespace stemma::tools
