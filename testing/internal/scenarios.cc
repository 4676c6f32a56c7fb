// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/internal/scenarios.h"

#include <chrono>

namespace stemma::internal {
namespace {

using namespace std::chrono_literals;
using enum OnDependencyRestart;

// Restarts at once and once, so that a run has an end; the other numbers are such that each clock
// may be the first to ring.
NodePolicy Policy(OnDependencyRestart on_dependency_restart,
                  OnCompletion on_completion = OnCompletion::kComplete) {
  NodePolicy policy;
  policy.restart.initial = 0s;
  policy.restart.jitter = 0;
  policy.restart.reset_after = kNoTimeout;
  policy.restart.max_restarts = 1;
  policy.restart.window = kNoTimeout;
  policy.on_completion = on_completion;
  policy.on_dependency_restart = on_dependency_restart;
  return policy;
}

// And pauses before that.
NodePolicy Patient() {
  NodePolicy policy = Policy(kKeep);
  policy.restart.initial = 3s;
  policy.restart.on_limit = ErrorHandlingBehavior::kStop;
  return policy;
}

std::vector<Scenario> Make() {
  const std::vector<NodePolicy> both = {Policy(kKeep), Policy(kRestart)};
  const std::vector<NodePolicy> follow = {Policy(kRestart)};
  return {
      {.name = "a failure",
       .most_nodes = 4,
       .tested_nodes = 4,
       .policies = both,
       .happenings = {.failures = 1}},
      {.name = "two failures",
       .most_nodes = 3,
       .tested_nodes = 3,
       .policies = both,
       .happenings = {.failures = 2}},
      {.name = "a failure, a stop request",
       .most_nodes = 4,
       .tested_nodes = 3,
       .policies = follow,
       .happenings = {.failures = 1, .stop_requests = 1}},
      {.name = "a failure, a clean end, a stop request",
       .most_nodes = 3,
       .policies = follow,
       .happenings = {.failures = 1, .ends = 1, .stop_requests = 1}},
      {.name = "a failure, a clean end that restarts or shuts down",
       .most_nodes = 3,
       .policies = {Policy(kRestart, OnCompletion::kRestart),
                    Policy(kRestart, OnCompletion::kShutdown)},
       .happenings = {.failures = 1, .ends = 1}},
      {.name = "a failure, two clocks that ring first",
       .most_nodes = 3,
       .policies = {Patient()},
       .options = {.shutdown_deadline = 25s, .shutdown_delay = 5s},
       .happenings = {.failures = 1, .timers = 2}},
      {.name = "a stop request, two clocks that ring first",
       .most_nodes = 3,
       .policies = follow,
       .options = {.shutdown_deadline = 25s, .shutdown_delay = 5s},
       .happenings = {.timers = 2, .stop_requests = 1}},
      {.name = "a failure, a stop request, a pause, a clock that rings first",
       .most_nodes = 2,
       .policies = follow,
       .happenings = {.failures = 1, .timers = 1, .pauses = 1, .stop_requests = 1}},
      {.name = "a failure, two signals",
       .most_nodes = 3,
       .policies = follow,
       .happenings = {.failures = 1, .signals = 2}},
      {.name = "a nested spin halt, a failure",
       .most_nodes = 3,
       .tested_nodes = 3,
       .policies = follow,
       .happenings = {.failures = 1, .nested_halts = 1}},
      {.name = "soft edges: a failure, a stop request",
       .most_nodes = 3,
       .tested_nodes = 3,
       .edges = Edges::kHardAndSoft,
       .policies = follow,
       .happenings = {.failures = 1, .stop_requests = 1}},
      {.name = "soft edges: a clean end, two commands",
       .most_nodes = 3,
       .edges = Edges::kHardAndSoft,
       .policies = follow,
       .happenings = {.ends = 1, .commands = 2}},
      {.name = "a failure, two commands",
       .most_nodes = 3,
       .policies = both,
       .happenings = {.failures = 1, .commands = 2}},
      {.name = "two failures, a command",
       .most_nodes = 2,
       .policies = follow,
       .happenings = {.failures = 2, .commands = 1}},
      {.name = "a failure, a command, a clock that rings first",
       .most_nodes = 3,
       .policies = {Patient()},
       .happenings = {.failures = 1, .timers = 1, .commands = 1}},
      {.name = "an addition, a command, a failure",
       .most_nodes = 2,
       .policies = follow,
       .happenings = {.failures = 1, .commands = 1, .additions = 1}},
      {.name = "an addition, a clean end, a clock that rings first",
       .most_nodes = 2,
       .policies = follow,
       .happenings = {.ends = 1, .timers = 1, .additions = 1}},
      {.name = "a failure, a clean end",
       .most_nodes = 4,
       .policies = follow,
       .happenings = {.failures = 1, .ends = 1}},
      {.name = "a failure, a clock that rings first",
       .most_nodes = 4,
       .policies = {Patient()},
       .options = {.shutdown_deadline = 25s},
       .happenings = {.failures = 1, .timers = 1}},
      {.name = "a failure, a signal",
       .most_nodes = 4,
       .policies = follow,
       .happenings = {.failures = 1, .signals = 1}},
      {.name = "a failure, a command",
       .most_nodes = 4,
       .policies = follow,
       .happenings = {.failures = 1, .commands = 1}},
      {.name = "two commands",
       .most_nodes = 4,
       .tested_nodes = 3,
       .policies = follow,
       .happenings = {.commands = 2}},
  };
}

}  // namespace

const std::vector<Scenario>& Scenarios() {
  static const std::vector<Scenario>& scenarios = *new std::vector<Scenario>(Make());
  return scenarios;
}

void ForEachExploration(const Scenario& scenario, std::size_t nodes,
                        const std::function<bool(const Exploration&)>& body) {
  for (const auto& graph : SmallGraphs(nodes, scenario.edges)) {
    for (const NodePolicy& policy : scenario.policies) {
      Exploration exploration{.graph = graph,
                              .policies = std::vector<NodePolicy>(nodes, policy),
                              .options = scenario.options,
                              .happenings = scenario.happenings};
      if (!body(exploration)) return;
    }
  }
}

}  // namespace stemma::internal
