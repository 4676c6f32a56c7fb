// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_INTERNAL_COMPONENT_MANAGER_ACCESS_H_
#define STEMMA_LIFECYCLE_INTERNAL_COMPONENT_MANAGER_ACCESS_H_

#include <memory>
#include <utility>

#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/internal/thread_reserve.h"

namespace stemma::internal {

// For tests of what happens when the system gives no thread (L8).
struct ComponentManagerAccess {
  using ThreadStarter = ComponentManager::ThreadStarter;

  // As `ComponentManagerBuilder::Build`, with `start_thread` in place of std::thread.
  static std::unique_ptr<ComponentManager> Build(const ComponentManagerBuilder& builder,
                                                 ThreadStarter start_thread) {
    return std::unique_ptr<ComponentManager>(
        new ComponentManager(builder.workers_, std::move(start_thread)));
  }
  // The same of one that runs on ReusableThreads.
  static std::unique_ptr<ComponentManager> BuildOnReserve(
      const ComponentManagerBuilder& builder, const std::shared_ptr<ThreadReserve>& reserve) {
    return std::unique_ptr<ComponentManager>(
        new ComponentManager(builder.workers_, nullptr, reserve));
  }
};

}  // namespace stemma::internal

#endif  // STEMMA_LIFECYCLE_INTERNAL_COMPONENT_MANAGER_ACCESS_H_
