// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/benchmark/driven_engine.h"

#include <memory>
#include <utility>

namespace stemma::benchmark {
namespace {

constexpr Engine::Time kNow = std::chrono::hours(1);

NodePolicy AtOnce() {
  NodePolicy policy{.restart = RestartPolicy::Unlimited()};
  policy.restart.initial = policy.restart.max = std::chrono::nanoseconds(0);
  return policy;
}

}  // namespace

DrivenEngine::DrivenEngine(Shape shape, std::size_t nodes)
    : engine_(std::make_shared<const DependencyGraph>(
                  *DependencyGraph::Create(DeclarationsOf(shape, nodes))),
              std::vector<NodePolicy>(nodes, AtOnce())) {
  Tell(Input::Kind::kBegin, kNoNode);
  const auto order = engine_.graph().StartOrder();
  for (const NodeId id : order) Tell(Input::Kind::kReady, id);
}

int DrivenEngine::Restart(NodeId id) {
  Tell(Input::Kind::kFailed, id);
  Tell(Input::Kind::kVerdict, id);
  Tell(Input::Kind::kDone, id);
  Tell(Input::Kind::kGone, id);
  Tell(Input::Kind::kReady, id);
  return 5;
}

void DrivenEngine::Fail(NodeId id) { Tell(Input::Kind::kFailed, id); }

const std::vector<Action>& DrivenEngine::TakeDown(NodeId id) {
  Tell(Input::Kind::kVerdict, id, ErrorHandlingBehavior::kStop);
  return actions_;
}

std::size_t DrivenEngine::Cooperate() {
  std::size_t inputs = 0;
  std::vector<Action> owed = actions_;
  for (std::size_t i = 0; i < owed.size(); ++i) {
    const Action action = owed[i];
    if (action.kind == Action::Kind::kRequestStop) {
      Tell(Input::Kind::kDone, action.node);
    } else if (action.kind == Action::Kind::kDestroy) {
      Tell(Input::Kind::kGone, action.node);
    } else {
      continue;
    }
    ++inputs;
    owed.insert(owed.end(), actions_.begin(), actions_.end());
  }
  return inputs;
}

void DrivenEngine::Tell(Input::Kind kind, NodeId id, ErrorHandlingBehavior verdict) {
  Input input;
  input.kind = kind;
  input.verdict = verdict;
  input.node = id;
  if (id != kNoNode) input.incarnation = engine_.incarnation(id);
  actions_.clear();
  engine_.Handle(input, kNow, actions_);
}

}  // namespace stemma::benchmark
