// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/supervisor_component.h"

#include <utility>

#include "stemma/lifecycle/internal/context_state.h"

namespace stemma {
namespace {

absl::StatusOr<std::unique_ptr<Component>> MakeNested(const internal::NestedFactory& factory) {
  return SupervisorComponent::Create(*factory.nodes, factory.options);
}

}  // namespace

absl::StatusOr<std::unique_ptr<SupervisorComponent>> SupervisorComponent::Create(
    std::vector<Node> nodes, SupervisorOptions options) {
  auto supervisor = Supervisor::Make(std::move(nodes), std::move(options), /*nested=*/true);
  if (!supervisor.ok()) return supervisor.status();
  return std::unique_ptr<SupervisorComponent>(new SupervisorComponent(*std::move(supervisor)));
}

SupervisorComponent::SupervisorComponent(std::unique_ptr<Supervisor> supervisor)
    : supervisor_(std::move(supervisor)),
      manager_(ComponentManagerBuilder()
                   .AddWorker("supervisor", [this](const SignalerContext& context,
                                                   const ReadyFunc& ready) { Run(context, ready); })
                   .Build()) {}

absl::Status SupervisorComponent::Start(SignalerContext context) {
  return manager_->Start(context);
}

void SupervisorComponent::Run(const SignalerContext& context, const ReadyFunc& ready) {
  const internal::ContextState& state = internal::ContextAccess::State(context);
  // It fails as a whole: the worker is not to blame.
  const SignalerContext whole = internal::ContextAccess::InScope(context, state.scope());
  const auto fail = [whole](FailureKind kind, absl::Status status) {
    internal::ContextAccess::Fail(whole, kind, std::move(status));
  };
  // S22: it is alive for as long as it runs the inner supervisor, whose nodes have watchdogs of
  // their own.
  const internal::Waiting waiting(state);
  const Subscription on_ready = supervisor_->Ready().OnSet(ready);
  const RunResult result = supervisor_->RunNested(
      context.stop_token(), {.place = place_, .tell_outer = fail, .stop_reason = [context] {
                               return context.stop_reason();
                             }});
  left_behind_ = result.left_behind() || result.instances_kept;
  if (result.outcome == Outcome::kRefused) fail(FailureKind::kStart, result.status);
}

Node SupervisorNode(std::string name, std::vector<Node> nodes, SupervisorOptions options) {
  return {.name = std::move(name),
          .factory = internal::NestedFactory{.nodes = std::make_shared<const std::vector<Node>>(
                                                 std::move(nodes)),
                                             .options = std::move(options),
                                             .make = &MakeNested},
          .stop_timeout = kNoTimeout};
}

}  // namespace stemma
