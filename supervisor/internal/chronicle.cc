// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/chronicle.h"

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/graph/printable.h"

namespace stemma::internal {

void Chronicle::Add(Node node) {
  records_.push_back({.node = std::make_shared<const Node>(std::move(node)),
                      .place = std::make_shared<NodeId>(static_cast<NodeId>(records_.size()))});
}

void Chronicle::Remove(NodeId id) {
  *records_[id].place = kNoNode;
  records_.erase(records_.begin() + id);
  for (NodeId above = id; above < records_.size(); ++above) *records_[above].place = above;
}

Chronicle::Failures& Chronicle::FailuresOf(NodeId id) {
  std::unique_ptr<Failures>& failures = records_[id].failures;
  if (failures == nullptr) failures = std::make_unique<Failures>();
  return *failures;
}

void Chronicle::Hear(const Input& input, Failure failure) {
  Remember(input.node, failure);
  // The engine asks the handler about the first failure of an incarnation only.
  if (input.kind == Input::Kind::kHandlerThrew) {
    FailuresOf(input.node).handler_threw = input.incarnation;
  } else if (!records_[input.node].HasFailed(input.incarnation)) {
    SetAsked(input.node, input.incarnation, std::move(failure));
  }
}

bool Chronicle::FindFailure(const Action& ask) {
  if (records_[ask.node].HasFailed(ask.incarnation)) return false;
  Failure failure = Synthesised(ask.node, ask.failure);  // a timeout, an early end
  Remember(ask.node, failure);
  SetAsked(ask.node, ask.incarnation, std::move(failure));
  return true;
}

bool Chronicle::FindHandlerFault(const EngineEvent& event) {
  if (FailuresOf(event.node).handler_threw == event.incarnation) return false;
  Failure fault = Synthesised(event.node, FailureKind::kException);
  fault.status = absl::InternalError(
      "its handler answered with no verdict, or was silent for the stop timeout");
  Remember(event.node, fault);
  return true;
}

void Chronicle::SetAsked(NodeId id, Incarnation incarnation, Failure failure) {
  Failures& failures = FailuresOf(id);
  failures.incarnation = incarnation;
  failures.asked = std::move(failure);
  failures.asked_text = failures.latest_text;
}

void Chronicle::Remember(NodeId id, const Failure& failure) {
  Failures& failures = FailuresOf(id);
  ++failures.count;
  if (failures.first.size() < NodeReport::kKeptFailures) {
    failures.first.push_back(failure);
  } else {
    if (failures.last.size() == NodeReport::kKeptFailures) failures.last.pop_front();
    failures.last.push_back(failure);
  }
  failures.latest_text = Describe(failure);
}

Failure Chronicle::Synthesised(NodeId id, FailureKind kind) const {
  const Node& node = *records_[id].node;
  Failure failure{.kind = kind, .component = node.name};
  if (kind == FailureKind::kStartTimeout) {
    failure.status = absl::DeadlineExceededError(
        absl::StrCat("not ready within its start timeout of ",
                     std::chrono::duration<double>(node.start_timeout).count(), " s"));
  } else if (kind == FailureKind::kWatchdog) {
    if (records_[id].failures != nullptr) failure.worker = records_[id].failures->quiet_worker;
    failure.status = absl::DeadlineExceededError(
        absl::StrCat("no heartbeat within its watchdog of ",
                     std::chrono::duration<double>(node.watchdog).count(), " s"));
  } else if (kind == FailureKind::kEndedBeforeReady) {
    failure.status = absl::FailedPreconditionError("ended before it was ready");
  }
  return failure;
}

std::string Chronicle::NameIn(const Cause& cause) const {
  if (cause.node == kNoNode) return "a node that has been removed since";
  return absl::StrCat("'", Printable(records_[cause.node].node->name), "'");
}

const Chronicle::Failures* Chronicle::FailuresIn(const Cause& cause) const {
  if (cause.kind != Cause::Kind::kFailure || cause.node == kNoNode) return nullptr;
  const Record& record = records_[cause.node];
  return record.HasFailed(cause.incarnation) ? record.failures.get() : nullptr;
}

std::string Chronicle::CauseText(const Cause& cause) const {
  switch (cause.kind) {
    case Cause::Kind::kNone:
      return "";
    case Cause::Kind::kFailure:
      if (const Failures* const failures = FailuresIn(cause)) return failures->asked_text;
      return NameIn(cause) + " failed";
    case Cause::Kind::kStopRequest:
      if (outer_reason_ && !outer_reason_().text.empty()) {
        return outer_reason_().text;
      }
      return "a stop was requested";
    case Cause::Kind::kInterrupt:
      return "SIGINT";
    case Cause::Kind::kTerminate:
      return "SIGTERM";
    case Cause::Kind::kCompletion:
      return NameIn(cause) + " ended by itself";
    case Cause::Kind::kDependencyRestart:
      return absl::StrCat("its dependency ", NameIn(cause), " is restarted");
    case Cause::Kind::kOperator:
      return cause.node == kNoNode ? "an operator's command"
                                   : "an operator's command about " + NameIn(cause);
    case Cause::Kind::kShutdownDeadline:
      return "the time for the whole stop is over";
  }
  return "";
}

std::shared_ptr<const StopReason> Chronicle::SharedReasonFor(NodeId id, const Cause& cause) {
  StopReason reason = ReasonFor(id, cause);
  if (last_reason_ == nullptr || *last_reason_ != reason) {
    last_reason_ = std::make_shared<const StopReason>(std::move(reason));
  }
  return last_reason_;
}

StopReason Chronicle::ReasonFor(NodeId id, const Cause& cause) const {
  if (cause.kind == Cause::Kind::kStopRequest && outer_reason_) {
    return outer_reason_();  // the outer one's
  }
  StopReason reason{.text = CauseText(cause)};
  if (cause.node != kNoNode) reason.node = records_[cause.node].node->name;
  switch (cause.kind) {
    case Cause::Kind::kFailure:
      if (cause.node == id) {
        reason.kind = StopReason::Kind::kFailure;
      } else if (cause.verdict == ErrorHandlingBehavior::kSpinHalt) {
        reason.kind = StopReason::Kind::kSpinHalt;
      } else if (cause.verdict == ErrorHandlingBehavior::kShutdown) {
        reason.kind = StopReason::Kind::kShutdown;
      } else {
        reason.kind = StopReason::Kind::kCascade;
      }
      break;
    case Cause::Kind::kInterrupt:
    case Cause::Kind::kTerminate:
      reason.kind = StopReason::Kind::kSignal;
      break;
    case Cause::Kind::kCompletion:
      reason.kind = StopReason::Kind::kShutdown;
      break;
    case Cause::Kind::kDependencyRestart:
      reason.kind = StopReason::Kind::kRestart;
      break;
    case Cause::Kind::kOperator:
      reason.kind = cause.node == id && records_[id].recalled ? StopReason::Kind::kRestart
                                                              : StopReason::Kind::kOperator;
      break;
    case Cause::Kind::kNone:
    case Cause::Kind::kStopRequest:
    case Cause::Kind::kShutdownDeadline:
      reason.kind = StopReason::Kind::kRequested;
      break;
  }
  return reason;
}

absl::Status Chronicle::StatusOf(const Cause& cause) const {
  if (const Failures* const failures = FailuresIn(cause)) return failures->asked.status;
  return absl::FailedPreconditionError(cause.kind == Cause::Kind::kNone
                                           ? "a node did not end and was left behind"
                                           : CauseText(cause));
}

std::vector<NodeReport> Chronicle::Reports() const {
  std::vector<NodeReport> reports;
  reports.reserve(records_.size());
  for (const Record& record : records_) {
    NodeReport& report = reports.emplace_back();
    report.name = record.node->name;
    report.incarnations = record.incarnations;
    if (record.failures == nullptr) continue;
    const Failures& failures = *record.failures;
    report.failure_count = failures.count;
    report.failures = failures.first;
    report.failures.insert(report.failures.end(), failures.last.begin(), failures.last.end());
  }
  return reports;
}

RunResult Chronicle::ResultOf(const Engine& engine) const {
  RunResult result{.outcome = engine.outcome(), .nodes = Reports()};
  if (result.outcome >= Outcome::kFailed) result.status = StatusOf(engine.outcome_cause());
  for (NodeId id = 0; id < result.nodes.size(); ++id) result.nodes[id].state = engine.state(id);
  return result;
}

}  // namespace stemma::internal
