// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/chaos/judge.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/supervisor/run_result.h"

namespace stemma::chaos {

void Judge::Begin(const JournalHeader& header) {
  {
    const std::lock_guard lock(mutex_);
    replayer_.emplace(*Replayer::Create(header));
    referee_.emplace(replayer_->engine().shared_graph(), header.policies, header.options);
    names_ = JournalNames(header);
    journal_ = writer_.Header(header);
    ledger_.Count(Sight::kNodes, header.declarations.size());
  }
  if (begun_) begun_();
}

void Judge::Record(const JournalEntry& entry) {
  const std::lock_guard lock(mutex_);
  ledger_.Count(Sight::kDecisions);
  nested_spin_halt_ |= entry.input.kind == Input::Kind::kFailed &&
                       entry.input.failure == FailureKind::kNestedSpinHalt;
  if (!lost_) {
    journal_ += writer_.Line(entry);
    if (replayer_->Next(entry)) {
      lost_ = true;
      ledger_.Lose(Loss::kDecision, "a replay decides otherwise");
    }
    const std::string broken = referee_->Judge(internal::ClaimsOf(replayer_->engine()), entry.input,
                                               entry.at, entry.actions);
    if (!broken.empty()) {
      lost_ = true;
      ledger_.Lose(Loss::kDecision, broken);
    }
    if (lost_) std::fprintf(stderr, "%s", std::exchange(journal_, {}).c_str());
  }
  for (const Action& action : entry.actions) {
    names_.FollowBefore(entry.input, action);
    Count(action);
    names_.FollowAfter(action);
  }
}

void Judge::Count(const Action& action) {
  const bool outermost = !replayer_->engine().options().nested;
  const auto name = [&] { return std::string(names_.Of(action.node).value_or("")); };
  switch (action.kind) {
    case Action::Kind::kLaunch:
      ledger_.Count(Sight::kLaunches);
      break;
    case Action::Kind::kAbandon:
      ledger_.Count(Sight::kAbandoned);
      abandoned_.insert(name());
      ++undestroyed_[name()];
      break;
    case Action::Kind::kLeak:
      ++undestroyed_[name()];
      break;
    case Action::Kind::kForceExit:
      ledger_.Count(Sight::kForcedExits);
      ledger_.forced = true;
      ledger_.expected_exit =
          128 + (action.cause.kind == Cause::Kind::kTerminate ? SIGTERM : SIGINT);
      break;
    case Action::Kind::kAbort:
      ledger_.Count(Sight::kAborts);
      ledger_.forced = true;
      ledger_.expected_exit = kExitAborted;
      break;
    case Action::Kind::kFinish:
      if (outermost) {
        ledger_.expected_exit = ExitCode();
        ledger_.ended = true;
      }
      break;
    case Action::Kind::kPublish:
      switch (action.event.kind) {
        case EngineEvent::Kind::kVerdict:
          ledger_.Count(static_cast<Sight>(static_cast<int>(Sight::kVerdictRestart) +
                                           static_cast<int>(action.event.verdict)));
          severest_ = std::max(severest_, action.event.verdict);
          break;
        case EngineEvent::Kind::kRestartRefused:
          severest_ = std::max(severest_, action.event.verdict);
          break;
        case EngineEvent::Kind::kHandlerFault:
          ledger_.Count(Sight::kHandlerFaults);
          severest_ = std::max(severest_, ErrorHandlingBehavior::kShutdown);
          break;
        case EngineEvent::Kind::kLateEnd:
          ledger_.Count(Sight::kLateEnds);
          break;
        case EngineEvent::Kind::kTransition:
          if (action.event.to == NodeState::kBackingOff) ledger_.Count(Sight::kRestarts);
          break;
        default:
          break;
      }
      break;
    default:
      break;
  }
}

int Judge::ExitCode() const {
  const Engine& engine = replayer_->engine();
  switch (engine.outcome()) {
    case Outcome::kSpinHalt:
      return kExitSpinHalt;
    case Outcome::kRefused:
    case Outcome::kFailed:
    case Outcome::kShutdown:
      return kExitSoftware;
    case Outcome::kCompleted:
    case Outcome::kStopRequested:
      break;
  }
  for (NodeId id = 0; id < engine.graph().size(); ++id) {
    if (engine.state(id) == NodeState::kAbandoned) return kExitLeftBehind;
  }
  return 0;
}

bool Judge::begun() const {
  const std::lock_guard lock(mutex_);
  return replayer_.has_value();
}
bool Judge::finished() const {
  const std::lock_guard lock(mutex_);
  return replayer_.has_value() && replayer_->engine().finished();
}
Outcome Judge::outcome() const {
  const std::lock_guard lock(mutex_);
  return replayer_->engine().outcome();
}
ErrorHandlingBehavior Judge::severest() const {
  const std::lock_guard lock(mutex_);
  return severest_;
}
bool Judge::nested_spin_halt() const {
  const std::lock_guard lock(mutex_);
  return nested_spin_halt_;
}
std::set<std::string> Judge::abandoned() const {
  const std::lock_guard lock(mutex_);
  return abandoned_;
}
std::map<std::string, int> Judge::undestroyed() const {
  const std::lock_guard lock(mutex_);
  return undestroyed_;
}

}  // namespace stemma::chaos
