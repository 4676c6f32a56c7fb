// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_ENGINE_FINGERPRINT_H_
#define STEMMA_SUPERVISOR_INTERNAL_ENGINE_FINGERPRINT_H_

#include <algorithm>
#include <string>

#include "stemma/supervisor/engine.h"
#include "stemma/supervisor/internal/bytes.h"

namespace stemma::internal {

// All that an engine's further actions depend on, with times relative to `now` and without
// incarnation numbers: engines of one policy, without jitter, that have the same one go on alike.
// What is left out only explains: causes.
struct EngineFingerprint {
  // `EngineType`: Engine, or a copy of it under another name.
  template <class EngineType>
  static void Append(const EngineType& engine, Engine::Time now, std::string& key) {
    for (NodeId id = 0; id < engine.nodes_.size(); ++id) {
      const auto& node = engine.nodes_[id];
      AppendBytes(node.state, key);
      AppendBytes(node.goal, key);
      AppendBytes(node.verdict, key);
      AppendBits({node.has_instance, node.asked, node.failed, node.verdict_pending, node.done,
                  node.destroying, node.leak, node.ever_ready},
                 key);
      AppendBits({node.nested_spin_halt, node.operator_stopped, node.removing, node.after_followers,
                  node.left_behind, node.incarnation != 0},
                 key);
      for (const std::uint32_t count : {node.unsatisfied, node.unsatisfied_soft, node.holding,
                                        node.holding_soft, node.unended}) {
        AppendBytes(count, key);
      }
      if (node.goal == EngineType::Goal::kCycle) AppendBytes(node.restart_delay, key);
      AppendBytes(node.budget.attempt(), key);
      const auto reset_after = engine.policies_[id].restart.reset_after;
      if (node.state == NodeState::kReady && reset_after != kNoTimeout)
        AppendBytes(std::min(now - node.ready_since, reset_after), key);
    }
    const auto keys = EngineType::kGlobalTimers + engine.nodes_.size() * EngineType::kTimersPerNode;
    for (TimerQueue::Key timer = 0; timer < keys; ++timer) {
      const auto at = engine.timers_.Get(timer);
      AppendBytes(!at ? -Engine::Time::max() : *at == Engine::Time::max() ? *at : *at - now, key);
    }
    for (const std::size_t count : {engine.satisfied_, engine.ended_, engine.ever_ready_,
                                    engine.operator_stopped_, engine.pending_verdicts_}) {
      AppendBytes(count, key);
    }
    for (const NodeId id : engine.removing_) AppendBytes(id, key);
    AppendBytes(engine.outcome_, key);
    AppendBytes(engine.signals_, key);
    AppendBits(
        {engine.begun_, engine.said_all_ready_, engine.startup_failed_, engine.down_is_closed_,
         engine.delaying_, engine.stopping_, engine.spin_halt_, engine.announced_},
        key);
    AppendBits({engine.terminate_seen_, engine.end_spin_halt_, engine.latching_, engine.finished_},
               key);
  }
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_ENGINE_FINGERPRINT_H_
