// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_START_COMPONENT_H_
#define STEMMA_LIFECYCLE_INTERNAL_START_COMPONENT_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/lifecycle/component.h"
#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/signaler_context.h"

namespace stemma::internal {

// Calls the factory, which is user code, and lets no exception out (S3).
// Returns: the component, never null; the factory's own error as it is; FailedPrecondition if the
// factory is empty; Internal if it returned null or threw.
absl::StatusOr<std::unique_ptr<Component>> MakeComponent(const ComponentFactory& factory);

// The events of a component that runs.
struct ComponentEvents {
  Event ready;
  Event done;
};

// Calls `Ready`, `Done` and then `Start`, which are user code, and lets no exception out (S3).
// `watch` is given the first before Start: who subscribes there hears that it is ready before he
// hears of a failure that comes right after. If it is set already, which says nothing, `watch` is
// given it when Start has succeeded. When it did not start, the failure has been delivered
// to the context's source before this returns: kThrown if Start called `Throw` (L3), else kStart.
// Returns: its events if it runs; the error of that failure if it did not start, whereupon Done is
// not to be awaited.
absl::StatusOr<ComponentEvents> StartComponent(
    Component& component, const SignalerContext& context,
    const std::function<void(const Event& ready)>& watch = [](const Event&) {});

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_START_COMPONENT_H_
