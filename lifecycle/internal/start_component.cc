// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/internal/start_component.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/lifecycle/internal/context_state.h"
#include "stemma/lifecycle/internal/exception_text.h"
#include "stemma/lifecycle/internal/unwind.h"

namespace stemma::internal {

absl::StatusOr<std::unique_ptr<Component>> MakeComponent(const ComponentFactory& factory) {
  if (!factory) return absl::FailedPreconditionError("the component's factory is empty");
  try {
    absl::StatusOr<std::unique_ptr<Component>> component = factory();
    if (component.ok() && *component == nullptr) {
      return absl::InternalError("the component's factory returned null");
    }
    return component;
  } catch (...) {
    return absl::InternalError(
        absl::StrCat("an exception escaped the component's factory: ", CurrentExceptionText()));
  }
}

absl::StatusOr<ComponentEvents> StartComponent(
    Component& component, const SignalerContext& context,
    const std::function<void(const Event& ready)>& watch) {
  absl::Status error;
  const char* call = "Ready";
  try {
    // Before Start: one whose events cannot be had is not started, for nobody would see it end.
    const Event ready = component.Ready();
    call = "Done";
    const Event done = component.Done();
    const bool set_before = ready.IsSet();
    if (!set_before) watch(ready);
    call = "Start";
    error = component.Start(context);
    if (error.ok()) {
      if (set_before) watch(ready);
      return ComponentEvents{ready, done};
    }
  } catch (const Unwind& unwind) {
    if (unwind.context == ContextAccess::State(context).channel().get()) return unwind.status;
    error = absl::InternalError(
        absl::StrCat(call, " called Throw of another context: ", unwind.status.ToString()));
  } catch (...) {
    error = absl::InternalError(
        absl::StrCat("an exception escaped ", call, ": ", CurrentExceptionText()));
  }
  ContextAccess::Fail(context, FailureKind::kStart, error);
  return error;
}

}  // namespace stemma::internal
