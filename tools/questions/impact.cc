// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/questions/impact.h"

#include <numeric>

#include "stemma/graph/blast_radius.h"
#include "stemma/graph/edge.h"

namespace stemma::tools {
namespace {

std::vector<NodeId> RadiusOf(const DependencyGraph& graph, const std::vector<bool>& follows,
                             NodeId node, ErrorHandlingBehavior verdict) {
  switch (verdict) {
    case ErrorHandlingBehavior::kRestart:
      return RestartRadius(graph, node, follows);
    case ErrorHandlingBehavior::kStop:
      return StopRadius(graph, node);
    case ErrorHandlingBehavior::kStopParents:
      return StopParentsRadius(graph, node);
    case ErrorHandlingBehavior::kShutdown:
    case ErrorHandlingBehavior::kSpinHalt:
      break;
  }
  std::vector<NodeId> all(graph.size());
  std::iota(all.begin(), all.end(), NodeId{0});
  return all;
}

}  // namespace

std::size_t Impact::count() const {
  std::size_t count = 0;
  for (const std::vector<NodeId>& wave : goes_down) count += wave.size();
  return count;
}

std::vector<NodeId> Impact::in_order() const {
  std::vector<NodeId> ids;
  for (const std::vector<NodeId>& wave : goes_down) ids.insert(ids.end(), wave.begin(), wave.end());
  return ids;
}

std::vector<bool> FollowsOf(const std::vector<Node>& nodes) {
  std::vector<bool> follows;
  for (const Node& node : nodes) {
    follows.push_back(node.on_dependency_restart == OnDependencyRestart::kRestart);
  }
  return follows;
}

Impact ImpactOf(const DependencyGraph& graph, const std::vector<bool>& follows, NodeId node,
                ErrorHandlingBehavior verdict) {
  const std::vector<NodeId> radius = RadiusOf(graph, follows, node, verdict);
  const bool restarts = verdict == ErrorHandlingBehavior::kRestart;
  Impact impact;
  // S20: a soft edge orders the end of what goes down for good, and every start.
  impact.goes_down =
      StopWaves(graph, radius, restarts ? EdgeKinds::kHard : EdgeKinds::kHardAndSoft);
  if (restarts) impact.comes_back = StartWaves(graph, radius);
  return impact;
}

}  // namespace stemma::tools
