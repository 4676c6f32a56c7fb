// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_ERROR_HANDLING_BEHAVIOR_H_
#define STEMMA_LIFECYCLE_ERROR_HANDLING_BEHAVIOR_H_

#include <string_view>

#include "stemma/lifecycle/internal/require_cxx20.h"

namespace stemma {

// A verdict: what an `OnError` handler answers when it is told of a failure (S4). In order of
// severity.
//
// Outside a supervisor there is one component only, and `RunComponent` distinguishes no more than
// kRestart from the rest.
enum class ErrorHandlingBehavior {
  // This incarnation of the node goes down; a fresh one is launched after the backoff, within the
  // restart policy.
  kRestart,
  // The node and its descendants go down.
  kStop,
  // The node, its ancestors, and the descendants of all of those go down.
  kStopParents,
  // Everything goes down; the supervisor returns the failure that caused it.
  kShutdown,
  // Everything goes down and stays down until somebody sends SIGTERM: for a state that no restart
  // may touch unseen.
  kSpinHalt,
};

// Returns: the enumerator's name without the k ("Restart"); "unknown verdict" for a value outside
// the enum.
std::string_view ToString(ErrorHandlingBehavior verdict);

// True if `verdict` is one of the enumerators. A handler can be made to answer anything; what is
// not a verdict counts as kShutdown (S9).
bool IsValid(ErrorHandlingBehavior verdict);

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_ERROR_HANDLING_BEHAVIOR_H_
