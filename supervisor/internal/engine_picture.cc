// SPDX-License-Identifier: Apache-2.0
// What the referee remembers, as a key: two games with the same one are judged alike from there on.
// Causes are left out: they follow from what happened, and nothing follows from them.
#include <algorithm>

#include "stemma/supervisor/internal/bytes.h"
#include "stemma/supervisor/internal/engine_referee.h"

namespace stemma::internal {

void EngineReferee::AppendPicture(Time now, std::string& picture) const {
  // How long ago, as far as it matters.
  const auto age = [&](Time since, Time matters) {
    AppendBytes(matters == kNoTimeout ? Time::zero() : std::min(now - since, matters), picture);
  };
  const auto until = [&](const std::optional<Time>& at) {
    AppendBytes(at && *at != Time::max() ? *at - now : kNoTimeout, picture);
  };
  for (NodeId id = 0; id < size(); ++id) {
    const Life& life = lives_[id];
    const NodePolicy& policy = PolicyOf(id);
    picture += graph_->name(id) + "\n";  // which tells the policy
    for (const NodeId other : graph_->Dependencies(id)) AppendBytes(other, picture);
    AppendBytes(kNoNode, picture);
    for (const NodeId other : graph_->SoftDependencies(id)) AppendBytes(other, picture);
    AppendBits({life.exists, life.pending, life.down, life.tainted, life.ever_ready,
                life.operator_stopped, life.removing, life.after_followers},
               picture);
    AppendBytes(life.state, picture);
    AppendBytes(life.failed ? life.verdict : ErrorHandlingBehavior::kRestart, picture);
    AppendBytes(life.attempt, picture);
    for (const Time restart : life.restarts) age(restart, policy.restart.window);
    AppendBytes(life.restarts.size(), picture);
    if (life.exists || life.pending) {  // else what it was does not matter any more
      AppendBits({life.asked, life.failed, life.consulted, life.done, life.nested_spin_halt,
                  life.destroying, life.cycling, life.ready_reported},
                 picture);
    }
    if (life.cycling || !life.exists) AppendBytes(life.pause, picture);
    if (!life.exists) age(life.paused_at, life.pause);
    if (life.state == NodeState::kStarting) age(life.launched_at, policy.start_timeout);
    if (life.pending) age(life.consulted_at, policy.stop_timeout);
    if (life.ready_at) age(*life.ready_at, policy.restart.reset_after);
    if (life.stop_clock) age(*life.stop_clock, policy.stop_timeout);
    until(life.watch);
    AppendBits({life.left_behind, life.watched}, picture);
    AppendBits({life.stop_clock.has_value(), life.ready_at.has_value()}, picture);
  }
  AppendBytes(outcome_, picture);
  AppendBytes(signals_, picture);
  AppendBits({begun_, stopping_, spin_halt_, terminate_seen_, end_spin_halt_, announced_, aborted_,
              finished_},
             picture);
  AppendBits({said_stopping_, said_all_ready_, said_startup_failed_, said_latch_, told_spin_halt_,
              told_shutdown_},
             picture);
  until(delay_);
  until(deadline_);
  until(reminder_);
  until(latch_);
}

}  // namespace stemma::internal
