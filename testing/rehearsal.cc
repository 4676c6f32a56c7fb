// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/rehearsal.h"

#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "stemma/supervisor/journal_writer.h"
#include "stemma/supervisor/simulation.h"
#include "stemma/testing/internal/failure_search.h"
#include "stemma/testing/internal/rehearsed_run.h"
#include "stemma/testing/stop_order.h"
#include "stemma/testing/test_failure.h"

namespace stemma {
namespace {

using internal::RehearsedRun;
using std::chrono::nanoseconds;

std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

// What makes no sense fails the test. Of a run that is one of many, in each of which something else
// fails, what it asks of components that do not run is let pass.
void Accept(const absl::Status& status, const RehearsedRun& run, SourceLocation where) {
  if (status.ok() || (run.is_one_of_many() && !absl::IsNotFound(status))) return;
  FailTestAndLeave(MessageOf(status), where);
}

template <class T>
T Accept(const absl::StatusOr<T>& value, SourceLocation where) {
  if (!value.ok()) FailTestAndLeave(MessageOf(value.status()), where);
  return *value;
}

}  // namespace

Rehearsal::Rehearsal(std::vector<Node> nodes, const SupervisorOptions& options,
                     SourceLocation where)
    : run_(Accept(RehearsedRun::Create(std::move(nodes), options), where)) {}

Rehearsal::Rehearsal(std::shared_ptr<RehearsedRun> run) : run_(std::move(run)) {}

void Rehearsal::Behave(std::string_view node, Behavior behavior, SourceLocation where) {
  Accept(run_->Behave(node, std::move(behavior)), *run_, where);
}

void Rehearsal::When(const EventPattern& moment, std::function<void(Rehearsal&)> step,
                     SourceLocation where) {
  const auto take = [step = std::move(step)](const std::shared_ptr<RehearsedRun>& run) {
    Rehearsal rehearsal(run);
    step(rehearsal);
  };
  Accept(run_->When(moment, take), *run_, where);
}

void Rehearsal::Fail(std::string_view node, FailureKind kind, SourceLocation where) {
  Fail(node, Failure{.kind = kind, .status = RehearsedError()}, where);
}

void Rehearsal::Fail(std::string_view node, absl::Status error, SourceLocation where) {
  Fail(node, Failure{.kind = FailureKind::kThrown, .status = std::move(error)}, where);
}

void Rehearsal::Fail(std::string_view node, Failure failure, SourceLocation where) {
  Accept(run_->Fail(node, std::move(failure)), *run_, where);
}

void Rehearsal::End(std::string_view node, SourceLocation where) {
  Accept(run_->End(node), *run_, where);
}

void Rehearsal::Hang(std::string_view node, SourceLocation where) {
  Accept(run_->Hang(node), *run_, where);
}

void Rehearsal::RequestStop(SourceLocation where) {
  Accept(run_->Demand(&Simulation::RequestStop), *run_, where);
}

void Rehearsal::Interrupt(SourceLocation where) {
  Accept(run_->Demand(&Simulation::Interrupt), *run_, where);
}

void Rehearsal::Terminate(SourceLocation where) {
  Accept(run_->Demand(&Simulation::Terminate), *run_, where);
}

void Rehearsal::EndSpinHalt(SourceLocation where) {
  Accept(run_->Demand(&Simulation::EndSpinHalt), *run_, where);
}

absl::Status Rehearsal::StopNode(std::string_view node) {
  return run_->Command(&Simulation::StopNode, node);
}

absl::Status Rehearsal::StartNode(std::string_view node) {
  return run_->Command(&Simulation::StartNode, node);
}

absl::Status Rehearsal::RestartNode(std::string_view node) {
  return run_->Command(&Simulation::RestartNode, node);
}

absl::Status Rehearsal::RemoveNode(std::string_view node) {
  return run_->Command(&Simulation::RemoveNode, node);
}

absl::Status Rehearsal::AddNode(Node node, Behavior behavior) {
  return run_->AddNode(std::move(node), std::move(behavior));
}

void Rehearsal::Advance(nanoseconds by, SourceLocation where) {
  Accept(run_->Advance(by), *run_, where);
}

bool Rehearsal::Settle(SourceLocation where) {
  const absl::StatusOr<bool> settled = run_->Settle(kLongest);
  Accept(settled.status(), *run_, where);
  return settled.ok() && *settled;
}

Rehearsal::Time Rehearsal::now() const { return run_->simulation().now(); }

NodeState Rehearsal::State(std::string_view node, SourceLocation where) const {
  return Accept(run_->State(node), where);
}

NodeState Rehearsal::StateAt(std::string_view node, Time time, SourceLocation where) const {
  Accept(run_->Known(node), *run_, where);
  NodeState state = NodeState::kWaiting;
  for (const SupervisorEvent& event : events()) {
    if (event.monotonic > time) break;
    if (event.kind == SupervisorEvent::Kind::kTransition && event.node == node) state = event.to;
  }
  return state;
}

bool Rehearsal::over() const { return run_->simulation().over(); }

RunResult Rehearsal::Result() const { return run_->simulation().Result(); }

int Rehearsal::ExitCode() const {
  const std::optional<int> at_once = run_->simulation().immediate_exit_code();
  return at_once ? *at_once : Result().ExitCode();
}

const std::vector<SupervisorEvent>& Rehearsal::events() const { return run_->events(); }

EventClaim::Finding Rehearsal::Check(const EventClaim& claim) const { return run_->Check(claim); }

std::vector<Outage> Rehearsal::Outages(std::string_view node, SourceLocation where) const {
  Accept(run_->Known(node), *run_, where);
  return stemma::Outages(events(), node, now());
}

nanoseconds Rehearsal::Downtime(std::string_view node, SourceLocation where) const {
  return stemma::Downtime(Outages(node, where));
}

nanoseconds Rehearsal::LongestOutage(std::string_view node, SourceLocation where) const {
  return stemma::LongestOutage(Outages(node, where));
}

std::vector<std::string> Rehearsal::StopOrder() const { return stemma::StopOrder(events()); }

std::string Rehearsal::Journal() const {
  JournalWriter writer;
  std::string text = writer.Header(run_->simulation().header());
  for (const JournalEntry& entry : run_->simulation().entries()) text += writer.Line(entry);
  return text;
}

ClaimReport Rehearsal::TryEverySingleFailure(const RehearsalClaim& claim, const WhatMayFail& what,
                                             SourceLocation where) const {
  return Accept(internal::FailureSearch::Single(*run_, claim, what), where);
}

ClaimReport Rehearsal::TryEveryPairOfFailures(const RehearsalClaim& claim, const WhatMayFail& what,
                                              SourceLocation where) const {
  return Accept(internal::FailureSearch::Pairs(*run_, claim, what), where);
}

void Rehearsal::ForEverySingleFailure(const RehearsalClaim& claim, const WhatMayFail& what,
                                      SourceLocation where) const {
  const ClaimReport report = TryEverySingleFailure(claim, what, where);
  if (!report.holds()) FailTest(report.ToString(), where);
}

void Rehearsal::ForEveryPairOfFailures(const RehearsalClaim& claim, const WhatMayFail& what,
                                       SourceLocation where) const {
  const ClaimReport report = TryEveryPairOfFailures(claim, what, where);
  if (!report.holds()) FailTest(report.ToString(), where);
}

std::ostream& operator<<(std::ostream& out, const Rehearsal& rehearsal) {
  return out << DescribeWithTimes(rehearsal.events());
}

}  // namespace stemma
