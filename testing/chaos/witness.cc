// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/chaos/witness.h"

#include "absl/strings/str_cat.h"

namespace stemma::chaos {
namespace {

// It goes down for good, and not by its own failure: by then those who depend on it have ended
// (S5).
bool IsForGood(StopReason::Kind why) {
  switch (why) {
    case StopReason::Kind::kRequested:
    case StopReason::Kind::kSignal:
    case StopReason::Kind::kCascade:
    case StopReason::Kind::kShutdown:
    case StopReason::Kind::kSpinHalt:
    case StopReason::Kind::kOperator:
      return true;
    default:
      return false;
  }
}

}  // namespace

Witness::Who Witness::Add(std::string name, std::vector<Who> dependencies, bool observed) {
  const std::lock_guard lock(mutex_);
  const Who who = lives_.size();
  for (const Who dependency : dependencies) lives_[dependency].dependents.push_back(who);
  lives_.push_back({.name = std::move(name),
                    .dependencies = std::move(dependencies),
                    .dependents = {},
                    .observed = observed});
  return who;
}

std::string Witness::name(Who who) const {
  const std::lock_guard lock(mutex_);
  return lives_[who].name;
}

void Witness::Making(Who who) {
  const std::lock_guard lock(mutex_);
  const Life& life = lives_[who];
  if (life.made != life.destroyed || life.working != 0) {
    ledger_.Lose(Loss::kTwoAlive, absl::StrCat(life.name, " is made while another one lives"));
  }
  for (const Who dependency : life.dependencies) {
    if (lives_[dependency].observed && !lives_[dependency].ever_ready) {
      ledger_.Lose(Loss::kLaunch, absl::StrCat(life.name, " is made, and ", lives_[dependency].name,
                                               " was never ready"));
    }
  }
}

void Witness::Made(Who who) {
  ledger_.Count(Sight::kInstances);
  const std::lock_guard lock(mutex_);
  ++lives_[who].made;
}

void Witness::WorkerBegan(Who who) {
  const std::lock_guard lock(mutex_);
  ++lives_[who].working;
}

void Witness::WorkerEnded(Who who) {
  const std::lock_guard lock(mutex_);
  --lives_[who].working;
}

void Witness::Ready(Who who) {
  const std::lock_guard lock(mutex_);
  lives_[who].ever_ready = true;
}

void Witness::Stopping(Who who, StopReason::Kind why) {
  if (IsForGood(why)) LookForDependents(who, "is asked to stop");
}

void Witness::Destroying(Who who, StopReason::Kind why) {
  if (IsForGood(why)) LookForDependents(who, "is destroyed");
  const std::lock_guard lock(mutex_);
  if (lives_[who].working != 0) {
    ledger_.Lose(Loss::kInUse, absl::StrCat(lives_[who].name, " is destroyed, and ",
                                            lives_[who].working, " of its workers run"));
  }
}

void Witness::Destroyed(Who who) {
  const std::lock_guard lock(mutex_);
  if (++lives_[who].destroyed > lives_[who].made) {
    ledger_.Lose(Loss::kReport, absl::StrCat(lives_[who].name, " is destroyed twice"));
  }
}

void Witness::LookForDependents(Who who, std::string_view what) {
  const std::lock_guard lock(mutex_);
  for (const Who dependent : lives_[who].dependents) {
    if (lives_[dependent].made == lives_[dependent].destroyed) continue;
    suspicions_.push_back(
        {.loss = Loss::kStopOrder,
         .suspect = dependent,
         .text = absl::StrCat(lives_[who].name, " ", std::string(what), " while its dependent ",
                              lives_[dependent].name, " lives")});
  }
}

void Witness::SetSupervisor(Supervisor* supervisor) {
  const std::lock_guard lock(supervisor_mutex_);
  supervisor_ = supervisor;
}

void Witness::WithSupervisor(const std::function<void(Supervisor&)>& use) const {
  const std::shared_lock lock(supervisor_mutex_);
  if (supervisor_ != nullptr) use(*supervisor_);
}

void Witness::Judge(const std::set<std::string>& abandoned,
                    const std::map<std::string, int>& undestroyed) {
  const std::lock_guard lock(mutex_);
  for (const Suspicion& suspicion : suspicions_) {
    // One that has ended may be left undestroyed, too, for what was abandoned may use it.
    const std::string& suspect = lives_[suspicion.suspect].name;
    if (abandoned.contains(suspect) || undestroyed.contains(suspect)) continue;
    ledger_.Lose(suspicion.loss, suspicion.text);
  }
  for (const Life& life : lives_) {
    const auto left = undestroyed.find(life.name);
    const int may_be_left = left == undestroyed.end() ? 0 : left->second;
    if (life.made - life.destroyed > may_be_left) {
      ledger_.Lose(Loss::kInstance,
                   absl::StrCat(life.name, ": ", life.made, " made, ", life.destroyed,
                                " destroyed, ", may_be_left, " to be left"));
    }
    if (life.working != 0) {
      ledger_.Lose(Loss::kThread,
                   absl::StrCat(life.name, ": ", life.working, " workers still run"));
    }
  }
}

}  // namespace stemma::chaos
