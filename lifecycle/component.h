// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_COMPONENT_H_
#define STEMMA_LIFECYCLE_COMPONENT_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "stemma/lifecycle/error_handling_behavior.h"
#include "stemma/lifecycle/event.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/lifecycle/signaler_context.h"

namespace stemma {

// A part of a service that starts, becomes ready, works on threads of its own, and ends. Most are
// made of worker functions by `ComponentManagerBuilder`; implement this interface where that does
// not fit.
//
// It is started once, with a context that tells it to stop and takes its failures. Its object is
// one incarnation: a restart makes a fresh one.
//
// Thread safety: `Ready` and `Done` may be called by any thread at any time, before `Start` too,
// and always answer the same event.
class Component {
 public:
  // May be called at any time; a component that still runs ends first.
  virtual ~Component() = default;

  // Starts, and returns soon: what takes long belongs on a worker. Once.
  //
  // Returns: OK if it runs. FailedPrecondition at a second call, which leaves the first start
  // unharmed. Any other error: it did not start, nothing of it runs, and neither Ready nor Done
  // will be set; whoever called destroys it.
  virtual absl::Status Start(SignalerContext context) = 0;

  // Set when it does what it is there for.
  virtual Event Ready() const = 0;

  // Set when everything that it runs has ended: by itself, because stop was requested, or after a
  // failure. Every failure has been delivered before.
  virtual Event Done() const = 0;
};

// Makes a fresh incarnation. An error says why it cannot; null is an error.
using ComponentFactory = std::function<absl::StatusOr<std::unique_ptr<Component>>()>;

// Answers a failure with a verdict.
using OnError = std::function<ErrorHandlingBehavior(const Failure&)>;

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_COMPONENT_H_
