// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/service_under_test.h"

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/testing/require_set.h"
#include "stemma/testing/scripted_component.h"
#include "stemma/testing/test_failure.h"

namespace stemma {
namespace {

std::unique_ptr<Supervisor> Created(std::vector<Node> nodes, SupervisorOptions options,
                                    SourceLocation where) {
  auto created = Supervisor::Create(std::move(nodes), std::move(options));
  if (!created.ok()) FailTestAndLeave(created.status().ToString(), where);
  return *std::move(created);
}

std::vector<internal::ScriptedFactory> ScriptedOnes(const std::vector<Node>& nodes) {
  std::vector<internal::ScriptedFactory> scripted;
  for (const Node& node : nodes) {
    const auto* const factory = node.factory.target<internal::ScriptedFactory>();
    if (factory != nullptr) scripted.push_back(*factory);
  }
  return scripted;
}

SupervisorOptions WithClock(SupervisorOptions options, std::shared_ptr<Clock> clock) {
  options.clock = std::move(clock);
  return options;
}

}  // namespace

struct ServiceUnderTest::Running {
  Running(std::vector<Node> nodes, const SupervisorOptions& options, SourceLocation where)
      : made(where),
        shutdown_delay(options.shutdown_delay),
        scripted(ScriptedOnes(nodes)),
        supervisor(Created(std::move(nodes), WithClock(options, clock), where)),
        events(*supervisor) {}

  const SourceLocation made;
  const std::chrono::nanoseconds shutdown_delay;
  const std::vector<internal::ScriptedFactory> scripted;
  const std::shared_ptr<ManualClock> clock = std::make_shared<ManualClock>();
  const std::unique_ptr<Supervisor> supervisor;
  const EventRecorder events;
  std::promise<RunResult> promise;
  const std::shared_future<RunResult> result = promise.get_future();
  std::jthread thread{[this] { promise.set_value(supervisor->Run()); }};
};

ServiceUnderTest::ServiceUnderTest(std::vector<Node> nodes, SupervisorOptions options,
                                   SourceLocation where)
    : running_(std::make_unique<Running>(std::move(nodes), options, where)) {}

ServiceUnderTest::~ServiceUnderTest() {
  if (running_->result.wait_for(std::chrono::seconds(0)) == std::future_status::ready) return;
  for (const auto& factory : running_->scripted) factory.LetGo();
  running_->supervisor->EndSpinHalt();
  AskToStop();
  if (running_->result.wait_for(kPatience) == std::future_status::ready) return;
  std::string message = "at the end of the test, the service does not stop:";
  for (const NodeSnapshot& node : running_->supervisor->GetSnapshot().nodes) {
    if (!IsTerminal(node.state)) {
      absl::StrAppend(&message, "\n  '", node.name, "' is ", std::string(ToString(node.state)));
    }
  }
  FailTest(std::move(message), running_->made);
  // What is late is abandoned, so that the other tests have their turn.
  running_->clock->Advance(std::chrono::nanoseconds::max());
}

Supervisor& ServiceUnderTest::supervisor() { return *running_->supervisor; }
ManualClock& ServiceUnderTest::clock() { return *running_->clock; }
const EventRecorder& ServiceUnderTest::events() const { return running_->events; }

void ServiceUnderTest::RequireReady(SourceLocation where) const {
  events().RequireReady(kPatience, where);
}

void ServiceUnderTest::RequireState(std::string_view node, NodeState state,
                                    SourceLocation where) const {
  events().RequireState(node, state, kPatience, where);
}

RunResult ServiceUnderTest::RequireEnd(SourceLocation where) {
  if (running_->result.wait_for(kPatience) != std::future_status::ready) {
    GiveUp("the run is over", kPatience, where);
  }
  return running_->result.get();
}

RunResult ServiceUnderTest::Stop(SourceLocation where) {
  AskToStop();
  return RequireEnd(where);
}

void ServiceUnderTest::AskToStop() const {
  running_->supervisor->RequestStop();
  if (running_->shutdown_delay <= std::chrono::nanoseconds::zero()) return;
  // By the clock the delay begins once the request has been taken, in whichever way.
  const EventPattern taken("", "the stop request", [](const SupervisorEvent& event) {
    return event.kind == SupervisorEvent::Kind::kStopDelayed ||
           event.kind == SupervisorEvent::Kind::kStopping ||
           event.kind == SupervisorEvent::Kind::kStopIgnored;
  });
  if (running_->events.AwaitSeen(taken)) running_->clock->Advance(running_->shutdown_delay);
}

}  // namespace stemma
