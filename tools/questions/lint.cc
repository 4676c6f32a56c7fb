// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/lint.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "stemma/graph/blast_radius.h"
#include "stemma/graph/edge.h"
#include "stemma/graph/transitive_reduction.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/tools/questions/names.h"

namespace stemma::tools {
namespace {

using std::chrono::nanoseconds;
using Verdict = ErrorHandlingBehavior;

absl::string_view Piece(std::string_view text) { return {text.data(), text.size()}; }

// Whether its handler may answer kRestart.
bool HandlerMayRestart(const Node& node) {
  Verdict verdict;
  return !IsAlways(node.on_error, verdict) || verdict == Verdict::kRestart;
}

bool MayRestart(const Node& node) {
  return HandlerMayRestart(node) || node.on_completion == OnCompletion::kRestart;
}

bool HasOwnPauses(const RestartPolicy& policy) {
  const RestartPolicy other;
  return policy.initial != other.initial || policy.max != other.max ||
         policy.multiplier != other.multiplier || policy.jitter != other.jitter ||
         policy.reset_after != other.reset_after || policy.window != other.window;
}

// The least time from one restart to the one that is `count` restarts later: each follows its pause
// at once, drawn as short as jitter allows. Less than that if it is not worked out.
double LeastTimeOf(const RestartPolicy& policy, int count) {
  constexpr int kMostSteps = 1000;
  const auto least_pause = [&](int attempt) {
    return static_cast<double>(BackoffDelay(policy, attempt, 1.0).count());
  };
  double total = 0;
  for (int attempt = 0; attempt < count; ++attempt) {
    // The backoff may begin anew within the window, so that pauses never grow. And from some pause
    // on they never do.
    if (policy.reset_after < policy.window || attempt == kMostSteps || policy.multiplier == 1.0 ||
        BackoffDelay(policy, attempt, 0.0) >= policy.max) {
      return total + static_cast<double>(count - attempt) *
                         least_pause(policy.reset_after < policy.window ? 0 : attempt);
    }
    total += least_pause(attempt);
  }
  return total;
}

// A shortest path from `edge.from` to `edge.to` other than the edge, or of a soft edge any;
// `follows`: by id, of nodes with on_dependency_restart = kRestart; if `edge.from` is one, then so
// is every dependent on the path (S6).
class Detours {
 public:
  Detours(const DependencyGraph& graph, const std::vector<bool>& follows)
      : graph_(graph), follows_(follows), position_(graph.size()), reached_from_(graph.size()) {
    std::size_t position = 0;
    for (const NodeId id : graph.StartOrder()) position_[id] = position++;
  }

  std::vector<NodeId> Find(const Edge& edge, bool soft) {
    const bool following = !soft && follows_[edge.from];
    std::fill(reached_from_.begin(), reached_from_.end(), std::nullopt);
    std::vector<NodeId> found = {edge.from};
    for (std::size_t i = 0; i < found.size(); ++i) {
      const NodeId id = found[i];
      if (following && !follows_[id]) continue;
      for (const NodeId to : graph_.Dependencies(id)) {
        if (id == edge.from && to == edge.to) continue;
        // What starts before the end of the path does not depend on it.
        if (position_[to] < position_[edge.to] || reached_from_[to].has_value()) continue;
        reached_from_[to] = id;
        if (to == edge.to) return PathTo(edge);
        found.push_back(to);
      }
    }
    return {edge.from, edge.to};
  }

 private:
  std::vector<NodeId> PathTo(const Edge& edge) const {
    std::vector<NodeId> path = {edge.to};
    while (path.back() != edge.from) path.push_back(*reached_from_[path.back()]);
    std::reverse(path.begin(), path.end());
    return path;
  }

  const DependencyGraph& graph_;
  const std::vector<bool>& follows_;
  std::vector<std::size_t> position_;  // in the start order, by id
  std::vector<std::optional<NodeId>> reached_from_;
};

class Linter {
 public:
  Linter(const std::vector<Node>& nodes, const DependencyGraph& graph, std::size_t most)
      : nodes_(nodes), graph_(graph), most_(most) {
    for (const Node& node : nodes) {
      follows_.push_back(node.on_dependency_restart == OnDependencyRestart::kRestart);
    }
  }

  void LookAtPolicies() {
    const bool asks = std::any_of(nodes_.begin(), nodes_.end(), [](const Node& node) {
      Verdict verdict;
      return node.restart.on_limit == Verdict::kStopParents ||
             (IsAlways(node.on_error, verdict) && verdict == Verdict::kStopParents);
    });
    if (asks && graph_.size() > 1) stop_parents_ = CountBlastRadius(graph_, {}).stop_parents;
    for (NodeId id = 0; id < nodes_.size(); ++id) {
      LookAtRestarts(id);
      LookAtStopParents(id);
      if (follows_[id] && graph_.Dependencies(id).empty()) {
        Note(Lint::kUnusedFollow, id, "on_dependency_restart", [&] {
          return absl::StrCat(
              "on_dependency_restart is restart, and it has no dependency to restart with",
              graph_.SoftDependencies(id).empty() ? "" : "; soft ones do not count");
        });
      }
    }
  }

  void LookAtEdges() {
    Detours detours(graph_, follows_);
    const auto look_at = [&](const std::vector<Edge>& edges, bool soft) {
      for (const Edge& edge : edges) {
        const Node& node = nodes_[edge.from];
        const std::vector<std::string>& names = soft ? node.soft_dependencies : node.dependencies;
        const bool noted =
            Note(soft ? Lint::kRedundantSoftDependency : Lint::kRedundantDependency, edge.from,
                 soft ? "soft_dependencies" : "dependencies", [&] {
                   return absl::StrCat(soft ? "the soft dependency on " : "the dependency on ",
                                       Quoted(graph_.name(edge.to)), " follows from ",
                                       PathText(graph_, detours.Find(edge, soft), 6));
                 });
        if (!noted) continue;
        const auto name = std::find(names.begin(), names.end(), graph_.name(edge.to));
        report_.remarks.back().element = static_cast<std::size_t>(name - names.begin());
      }
    };
    look_at(RedundantEdges(graph_, follows_), false);
    look_at(RedundantSoftEdges(graph_), true);
    if (graph_.edge_count() == 0) return;
    for (NodeId id = 0; id < nodes_.size(); ++id) {
      if (!graph_.Dependencies(id).empty() || !graph_.Dependents(id).empty() ||
          !graph_.SoftDependencies(id).empty() || !graph_.SoftDependents(id).empty()) {
        continue;
      }
      Note(Lint::kOrphan, id, "",
           [] { return std::string("it depends on nothing, and nothing depends on it"); });
    }
  }

  LintReport TakeReport() {
    std::stable_sort(report_.remarks.begin(), report_.remarks.end(),
                     [](const Remark& a, const Remark& b) { return a.node < b.node; });
    return std::move(report_);
  }

 private:
  void LookAtRestarts(NodeId id) {
    const Node& node = nodes_[id];
    const RestartPolicy& policy = node.restart;
    if (!MayRestart(node)) {
      // on_limit is none of it: a restart by an operator may come to it (S12).
      if (!HasOwnPauses(policy) && policy.max_restarts == RestartPolicy().max_restarts) return;
      Note(Lint::kUnusedRestart, id, "restart", [&] {
        Verdict verdict;
        IsAlways(node.on_error, verdict);
        return absl::StrCat("its restart policy is never used: on_error is always ",
                            Piece(ManifestWord(verdict)), ", on_completion ",
                            Piece(ToString(node.on_completion)));
      });
      return;
    }
    if (policy.max_restarts == 0) {
      if (!HasOwnPauses(policy)) return;
      Note(Lint::kUnusedRestart, id, "restart", [&] {
        return std::string("its pauses are never used: max_restarts is 0, which refuses all");
      });
    } else if (policy.max_restarts == kUnlimitedRestarts) {
      if (policy.initial != nanoseconds::zero() && policy.max != nanoseconds::zero()) return;
      Note(Lint::kBusyRestart, id, "restart", [] {
        return std::string(
            "neither a pause nor a limit: if it fails at once, it is restarted as fast as can be");
      });
    } else if (policy.window != nanoseconds::max()) {
      // S8: a restart that is as old as the window does not count any more.
      if (LeastTimeOf(policy, policy.max_restarts) < static_cast<double>(policy.window.count())) {
        return;
      }
      Note(Lint::kLimitOutOfReach, id, "restart", [&] {
        return absl::StrCat(
            "its limit is never reached, it is restarted for ever: with their "
            "pauses ",
            Grouped(static_cast<std::size_t>(policy.max_restarts)),
            " restarts take longer than the window of ", ManifestDuration(policy.window));
      });
    }
  }

  void LookAtStopParents(NodeId id) {
    if (stop_parents_.empty() || stop_parents_[id] != graph_.size()) return;
    const auto note = [&](const char* field, const char* what) {
      Note(Lint::kStopParentsIsShutdown, id, field, [&] {
        return absl::StrCat(what, " stop_parents takes down all ", Grouped(graph_.size()),
                            " nodes, as shutdown does");
      });
    };
    const Node& node = nodes_[id];
    Verdict verdict;
    if (IsAlways(node.on_error, verdict) && verdict == Verdict::kStopParents) {
      note("on_error", "its");
    }
    if (MayRestart(node) && node.restart.on_limit == Verdict::kStopParents) {
      note("restart.on_limit", "on its limit,");
    }
  }

  // `words`: makes the text, without the node. Returns: whether it is among the remarks.
  template <class Words>
  bool Note(Lint lint, NodeId id, const char* field, const Words& words) {
    if (++report_.found[lint] > most_) return false;
    report_.remarks.push_back(
        {.lint = lint,
         .node = id,
         .field = field,
         .text = absl::StrCat("node ", Quoted(graph_.name(id)), ": ", words())});
    return true;
  }

  const std::vector<Node>& nodes_;
  const DependencyGraph& graph_;
  const std::size_t most_;
  std::vector<bool> follows_;              // by id
  std::vector<std::size_t> stop_parents_;  // by id, how many it takes down; empty: nobody asks
  LintReport report_;
};

}  // namespace

std::string_view ToString(Lint lint) {
  switch (lint) {
    case Lint::kUnusedRestart:
      return "unused-restart";
    case Lint::kLimitOutOfReach:
      return "limit-out-of-reach";
    case Lint::kBusyRestart:
      return "busy-restart";
    case Lint::kStopParentsIsShutdown:
      return "stop-parents-is-shutdown";
    case Lint::kRedundantDependency:
      return "redundant-dependency";
    case Lint::kRedundantSoftDependency:
      return "redundant-soft-dependency";
    case Lint::kUnusedFollow:
      return "unused-follow";
    case Lint::kOrphan:
      return "orphan";
  }
  return "unknown";
}

LintReport LintOf(const std::vector<Node>& nodes, const DependencyGraph& graph, bool has_policies,
                  std::size_t most) {
  Linter linter(nodes, graph, most);
  if (has_policies) linter.LookAtPolicies();
  linter.LookAtEdges();
  return linter.TakeReport();
}

}  // namespace stemma::tools
