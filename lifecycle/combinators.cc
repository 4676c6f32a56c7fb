// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/combinators.h"

#include <atomic>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/lifecycle/internal/context_state.h"
#include "stemma/lifecycle/internal/scope.h"

namespace stemma {
namespace {

class MergedComponent final : public Component {
 public:
  explicit MergedComponent(std::vector<std::unique_ptr<Component>> components)
      : components_(std::move(components)) {}

  ~MergedComponent() override {
    if (!started_) return;
    if (!Done().IsSet()) {  // all at once: one that waits for another's stop would wait for ever
      scope_->RequestStop({.kind = StopReason::Kind::kDestroyed,
                           .text = "whoever owned the component destroyed it"});
    }
    while (!components_.empty()) components_.pop_back();
  }

  absl::Status Start(SignalerContext context) override {
    if (started_.exchange(true)) {
      return absl::FailedPreconditionError("the component has been started before: it starts once");
    }
    for (std::size_t i = 0; i < components_.size(); ++i) {
      if (components_[i] == nullptr) {
        return absl::InvalidArgumentError(absl::StrCat("merged component ", i, " is null"));
      }
    }
    scope_->StopWith(internal::ContextAccess::State(context).scope());
    const SignalerContext inner = internal::ContextAccess::InScope(context, scope_);

    struct RollBack {  // a destructor, so that a Start that throws rolls back too
      MergedComponent& merged;
      std::size_t started = 0;
      ~RollBack() {
        if (started != merged.components_.size()) merged.StopAndAwait(started);
      }
    } roll_back{*this};
    for (const auto& component : components_) {
      if (absl::Status status = component->Start(inner); !status.ok()) return status;
      ++roll_back.started;
    }
    running_.Set();
    return absl::OkStatus();
  }

  Event Ready() const override { return ready_; }
  Event Done() const override { return done_; }

 private:
  void StopAndAwait(std::size_t count) {
    scope_->RequestStop({.kind = StopReason::Kind::kFailure,
                         .text = "another part of the component did not start"});
    for (std::size_t i = 0; i < count; ++i) components_[i]->Done().Wait();
  }

  // Set when all have started. Without it a component of no components would be ready before it was
  // started.
  Event AllOfThem(Event (Component::*event)() const) const {
    std::vector<Event> events = {running_.event()};
    for (const auto& component : components_) {
      if (component != nullptr) events.push_back((component.get()->*event)());
    }
    return AllOf(std::move(events));
  }

  const std::shared_ptr<internal::Scope> scope_ = std::make_shared<internal::Scope>();
  const EventSource running_;
  std::vector<std::unique_ptr<Component>> components_;  // constant until the destructor
  const Event ready_ = AllOfThem(&Component::Ready);
  const Event done_ = AllOfThem(&Component::Done);
  std::atomic<bool> started_ = false;
};

}  // namespace

Event AllReady(const std::vector<const Component*>& components) {
  std::vector<Event> events;
  events.reserve(components.size());
  for (const Component* component : components) events.push_back(component->Ready());
  return AllOf(std::move(events));
}

Event AllDone(const std::vector<const Component*>& components) {
  std::vector<Event> events;
  events.reserve(components.size());
  for (const Component* component : components) events.push_back(component->Done());
  return AllOf(std::move(events));
}

std::unique_ptr<Component> MergeComponents(std::vector<std::unique_ptr<Component>> components) {
  return std::make_unique<MergedComponent>(std::move(components));
}

}  // namespace stemma
