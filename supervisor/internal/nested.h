// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_NESTED_H_
#define STEMMA_SUPERVISOR_INTERNAL_NESTED_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/lifecycle/component.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/lifecycle/stop_reason.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/options.h"

// What the two supervisors know of each other when one is a component of the other (S18).

namespace stemma::internal {

// What the outer one sees of a component that is a supervisor.
class Nested {
 public:
  virtual ~Nested() = default;
  // Where it stands: names of nodes, outermost first, with slashes between. Before Start.
  virtual void SetPlace(std::string place) = 0;
  // True if threads of it run on, or an instance was not destroyed: it can have no successor. After
  // Done.
  virtual bool left_behind() const = 0;
};

// What the inner one knows of the outer one.
struct Nesting {
  std::string place = {};  // see Nested
  // Reports a failure of the inner one as a whole.
  std::function<void(FailureKind, absl::Status)> tell_outer = {};
  // Why the outer one has asked it to stop.
  std::function<StopReason()> stop_reason = {};
};

// The factory of a SupervisorNode: a named type, so that the outer one's Create can find in it what
// the inner one's would refuse.
struct NestedFactory {
  std::shared_ptr<const std::vector<Node>> nodes;
  SupervisorOptions options;
  absl::StatusOr<std::unique_ptr<Component>> (*make)(const NestedFactory&);

  absl::StatusOr<std::unique_ptr<Component>> operator()() const { return make(*this); }
};

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_NESTED_H_
