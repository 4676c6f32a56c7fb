// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/internal/rehearsed_run.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/supervisor/internal/validation.h"
#include "stemma/testing/internal/unknown_node.h"

namespace stemma::internal {

using std::chrono::nanoseconds;

absl::StatusOr<std::shared_ptr<RehearsedRun>> RehearsedRun::Create(
    std::vector<Node> nodes, const SupervisorOptions& options) {
  for (Node& node : nodes) {  // it is not called, so it need not be there
    if (!node.factory) node.factory = [] { return absl::UnimplementedError("rehearsed"); };
  }
  const std::vector<std::string> problems = Problems(nodes, options, /*nested=*/false);
  if (!problems.empty()) return absl::InvalidArgumentError(absl::StrJoin(problems, "\n"));
  absl::StatusOr<Simulation> simulation =
      Simulation::Create(nodes, EngineOptionsOf(options, /*nested=*/false));
  if (!simulation.ok()) return simulation.status();
  return std::shared_ptr<RehearsedRun>(new RehearsedRun(std::move(nodes), *std::move(simulation)));
}

RehearsedRun::RehearsedRun(std::vector<Node> nodes, Simulation simulation)
    : nodes_(std::move(nodes)),
      graph_(simulation.engine().shared_graph()),
      simulation_(std::move(simulation)) {
  simulation_.SetListener([this](const SupervisorEvent& event) { events_.push_back(event); });
}

std::shared_ptr<RehearsedRun> RehearsedRun::Afresh() const {
  const std::shared_ptr<RehearsedRun> run(
      new RehearsedRun(nodes_, Simulation(graph_, nodes_, simulation_.engine().options())));
  for (const auto& [node, behavior] : behaviors_) run->simulation_.Behave(node, behavior);
  for (const auto& [moment, step] : said_) run->waiting_.push_back({moment, step});
  run->is_one_of_many_ = true;
  return run;
}

absl::Status RehearsedRun::Known(std::string_view node) const {
  const std::optional<std::string> unknown =
      node.empty() ? "a node has a name" : UnknownNode(node, *graph_, events_);
  return unknown ? absl::NotFoundError(*unknown) : absl::OkStatus();
}

absl::StatusOr<NodeState> RehearsedRun::State(std::string_view node) const {
  if (absl::Status known = Known(node); !known.ok()) return known;
  if (const std::optional<NodeState> state = simulation_.State(node)) return *state;
  return absl::FailedPreconditionError(
      absl::StrCat("the node '", std::string(node), "' has been removed"));
}

EventClaim::Finding RehearsedRun::Check(const EventClaim& claim) const {
  for (const std::string& node : claim.nodes()) {
    if (const auto unknown = UnknownNode(node, *graph_, events_)) {
      return {.holds = false, .why = *unknown};
    }
  }
  return claim.CheckOn(events_);
}

absl::Status RehearsedRun::Behave(std::string_view node, Behavior behavior) {
  if (absl::Status known = Known(node); !known.ok()) return known;
  behaviors_.emplace_back(node, behavior);
  simulation_.Behave(node, std::move(behavior));
  return absl::OkStatus();
}

absl::Status RehearsedRun::When(EventPattern moment, Step step) {
  if (!moment.node().empty()) {
    if (absl::Status known = Known(moment.node()); !known.ok()) return known;
  }
  Waiting waiting{moment, step};
  for (std::size_t i = 0; i < seen_; ++i) waiting.seen += moment.IsLike(events_[i]) ? 1 : 0;
  if (waiting.seen >= moment.which()) {
    return absl::FailedPreconditionError(
        absl::StrCat("it has happened already: ", moment.description()));
  }
  said_.emplace_back(std::move(moment), std::move(step));
  waiting_.push_back(std::move(waiting));
  return absl::OkStatus();
}

absl::Status RehearsedRun::Begin() {
  if (std::exchange(begun_, true)) return absl::OkStatus();
  simulation_.Begin();
  return AndThen(absl::OkStatus());
}

absl::Status RehearsedRun::AndThen(absl::Status done) {
  if (!done.ok() || stepping_) return done;
  return LetHappen(simulation_.now());
}

absl::Status RehearsedRun::LetHappen(Time until) {
  TakeSteps();
  while (simulation_.Step(until)) {
    TakeSteps();
    if (absl::Status round = simulation_.GoesRound(); !round.ok()) return round;
  }
  return simulation_.AdvanceTo(std::max(until, simulation_.now()));
}

void RehearsedRun::TakeSteps() {
  struct Stepping {  // a destructor: a step that makes no sense leaves the test
    bool& stepping;
    explicit Stepping(bool& the_stepping) : stepping(the_stepping) { stepping = true; }
    ~Stepping() { stepping = false; }
  } const stepping(stepping_);
  for (; seen_ < events_.size(); ++seen_) {
    std::vector<Step> due;
    std::erase_if(waiting_, [&](Waiting& waiting) {
      if (!waiting.moment.IsLike(events_[seen_])) return false;
      if (++waiting.seen < waiting.moment.which()) return false;
      due.push_back(std::move(waiting.step));
      return true;
    });
    for (const Step& step : due) step(shared_from_this());
  }
}

absl::Status RehearsedRun::Fail(std::string_view node, Failure failure) {
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  return AndThen(simulation_.Fail(node, std::nullopt, std::move(failure)));
}

absl::Status RehearsedRun::End(std::string_view node) {
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  return AndThen(simulation_.End(node));
}

absl::Status RehearsedRun::Hang(std::string_view node) {
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  return AndThen(simulation_.Hang(node));
}

absl::Status RehearsedRun::Demand(void (Simulation::*what)()) {
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  (simulation_.*what)();
  return AndThen(absl::OkStatus());
}

absl::Status RehearsedRun::Command(absl::Status (Simulation::*command)(std::string_view),
                                   std::string_view node) {
  absl::Status answer = (simulation_.*command)(node);
  return begun_ ? AndThen(std::move(answer)) : answer;
}

absl::Status RehearsedRun::AddNode(Node node, Behavior behavior) {
  if (!simulation_.State(node.name)) simulation_.Behave(node.name, std::move(behavior));
  absl::Status answer = simulation_.AddNode(std::move(node));
  return begun_ ? AndThen(std::move(answer)) : answer;
}

absl::Status RehearsedRun::Advance(nanoseconds by) {
  if (stepping_) return absl::FailedPreconditionError("time does not pass within a step of When");
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  const Time now = simulation_.now();
  return LetHappen(by > nanoseconds::max() - now ? nanoseconds::max() : now + by);
}

absl::StatusOr<bool> RehearsedRun::Settle(nanoseconds at_most) {
  if (stepping_) return absl::FailedPreconditionError("time does not pass within a step of When");
  if (absl::Status begun = Begin(); !begun.ok()) return begun;
  const Time limit = simulation_.now() + at_most;
  while (!simulation_.settled()) {
    if (!simulation_.Step(limit)) {
      if (absl::Status passed = simulation_.AdvanceTo(limit); !passed.ok()) return passed;
      return false;
    }
    TakeSteps();
    if (absl::Status round = simulation_.GoesRound(); !round.ok()) return round;
  }
  return true;
}

}  // namespace stemma::internal
