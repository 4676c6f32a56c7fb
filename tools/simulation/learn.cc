// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/simulation/learn.h"

#include <optional>

namespace stemma::tools {

using std::chrono::nanoseconds;
using Rule = Script::Rule;

std::vector<Rule> Learned(const History& history, const DependencyGraph& graph) {
  std::vector<Rule> rules;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const std::optional<Row> row = history.Find(graph.name(id));
    if (!row.has_value()) continue;
    const std::vector<Span>& spans = history[*row].spans;
    std::optional<nanoseconds> start, stop;
    for (std::size_t i = 0; i + 1 < spans.size(); ++i) {
      const bool gave_way = spans[i + 1].state != NodeState::kAbandoned;
      if (spans[i].state == NodeState::kStarting && spans[i + 1].state == NodeState::kReady) {
        start = spans[i].end - spans[i].begin;
      }
      if (spans[i].state == NodeState::kStopping && gave_way) stop = spans[i].end - spans[i].begin;
    }
    const auto learn = [&](Rule::Kind kind, const std::optional<nanoseconds>& time) {
      if (time.value_or(nanoseconds::zero()) != nanoseconds::zero()) {
        rules.push_back({.kind = kind, .nodes = {id}, .time = *time});
      }
    };
    learn(Rule::Kind::kStart, start);
    learn(Rule::Kind::kStop, stop);
    std::optional<ErrorHandlingBehavior> verdict;
    for (const std::size_t index : history[*row].moments) {
      const Moment& moment = history.moments()[index];
      if (moment.kind == Moment::Kind::kVerdict) verdict = moment.verdict;
    }
    if (verdict.has_value()) {
      rules.push_back({.kind = Rule::Kind::kHandler, .nodes = {id}, .verdict = *verdict});
    }
  }
  return rules;
}

}  // namespace stemma::tools
