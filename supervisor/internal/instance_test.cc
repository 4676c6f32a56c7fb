// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/instance.h"

#include <memory>
#include <optional>
#include <thread>

#include "catch2/catch_test_macros.hpp"
#include "stemma/lifecycle/component_manager.h"

namespace stemma::internal {
namespace {

TEST_CASE("an instance may be destroyed as soon as its end is known, even while it is launched",
          "[supervisor][S5]") {
  // The component may end while Launch still puts its subscriptions in place: ThreadSanitizer tells
  // when Destroy meets those.
  for (int i = 0; i < 200; ++i) {
    EventSource done, gone;
    const auto instance = std::make_shared<Instance>(
        std::make_shared<const ComponentFactory>(
            []() -> absl::StatusOr<std::unique_ptr<Component>> {
              return ComponentManagerBuilder().Build();  // no workers: ready and done at once
            }),
        ContextOptions{.component = "brief"}, [&](Input::Kind kind, const std::optional<Failure>&) {
          if (kind == Input::Kind::kDone) done.Set();
          if (kind == Input::Kind::kGone) gone.Set();
        });
    std::jthread destroyer([&] {
      done.event().Wait();
      instance->Destroy();
    });
    instance->Launch();
    gone.event().Wait();
  }
}

}  // namespace
}  // namespace stemma::internal
