// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_COMBINATORS_H_
#define STEMMA_LIFECYCLE_COMBINATORS_H_

#include <memory>
#include <vector>

#include "stemma/lifecycle/component.h"
#include "stemma/lifecycle/event.h"

namespace stemma {

// Returns: an event that is set once every one of `components` is ready, or done; at once for none.
// No thread is spent. REQUIRES: no null; the components need not outlive the event.
Event AllReady(const std::vector<const Component*>& components);
Event AllDone(const std::vector<const Component*>& components);

// Returns: one component made of `components`, which start in that order with the same context: it
// is ready when all are, done when all are, and the first failure of any of them stops all (L5).
//
// Its `Start` returns the first error of theirs, after those that had started were stopped and have
// ended; InvalidArgument if one is null. They are destroyed in the reverse order.
std::unique_ptr<Component> MergeComponents(std::vector<std::unique_ptr<Component>> components);

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_COMBINATORS_H_
