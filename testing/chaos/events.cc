// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/chaos/events.h"

#include "absl/strings/str_cat.h"

namespace stemma::chaos {

void Events::Take(const SupervisorEvent& event) {
  const std::lock_guard lock(mutex_);
  ledger_.Count(Sight::kEvents);
  if (event.kind == SupervisorEvent::Kind::kGap) {
    number_ += event.missed;
    gap_ = true;
    return;
  }
  const auto lose = [&](std::string_view why) {
    ledger_.Lose(Loss::kEvents,
                 absl::StrCat("event ", event.number, " (", std::string(ToString(event.kind)),
                              "): ", event.node, ": ", std::string(why)));
  };
  if (ended_) lose("after the last");
  if (event.number != ++number_) lose("does not follow");
  number_ = event.number;
  if (event.kind == SupervisorEvent::Kind::kEnded) ended_ = true;
  if (event.kind == SupervisorEvent::Kind::kRemoved) lives_.erase(event.node);
  if (event.kind != SupervisorEvent::Kind::kTransition) return;
  Life& life = lives_[event.node];
  if (!gap_ && event.from != life.state) lose("was not in that state");
  life.state = event.to;
  if (event.to == NodeState::kStarting) {
    ++life.launches;
    if (event.incarnation <= last_) lose("an incarnation that is not new");
    last_ = event.incarnation;
  }
}

void Events::Judge(const RunResult& result) {
  const std::lock_guard lock(mutex_);
  if (gap_ || !result.calls_left_behind.empty()) return;
  if (!ended_) ledger_.Lose(Loss::kEvents, "the last one is missing");
  for (const NodeReport& node : result.nodes) {
    const Life& life = lives_[node.name];
    if (!IsTerminal(node.state)) {
      ledger_.Lose(Loss::kReport, absl::StrCat(node.name, " has not ended"));
    }
    if (node.state != life.state || node.incarnations != life.launches) {
      ledger_.Lose(Loss::kReport, absl::StrCat(node.name, " is not as its events say"));
    }
  }
}

}  // namespace stemma::chaos
