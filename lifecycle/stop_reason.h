// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_LIFECYCLE_STOP_REASON_H_
#define STEMMA_LIFECYCLE_STOP_REASON_H_

#include <string>
#include <string_view>

#include "stemma/lifecycle/internal/require_cxx20.h"

namespace stemma {

// Why a component is being stopped: what `SignalerContext::stop_reason()` answers (S16). A plain
// value.
struct StopReason {
  enum class Kind {
    // No stop has been requested.
    kNone,
    // Somebody asked for it: the stop token, or a call such as `Supervisor::RequestStop`.
    kRequested,
    // SIGINT or SIGTERM.
    kSignal,
    // The component itself has failed, or a part of it could not be started.
    kFailure,
    // A verdict at another node takes this one down.
    kCascade,
    // A verdict stops everything.
    kShutdown,
    // A verdict stops everything, and it stays down.
    kSpinHalt,
    // An operator command.
    kOperator,
    // It is stopped in order to be launched again: with its dependency (S6), or by command.
    kRestart,
    // Whoever owned the component destroyed it.
    kDestroyed,
  };

  // Default: kNone.
  Kind kind = Kind::kNone;
  // One line for people. Default: empty.
  std::string text = {};
  // The node whose failure, or the operator's command to which, led to the stop. Default: empty:
  // none.
  std::string node = {};

  // True before a stop has been requested.
  bool empty() const { return kind == Kind::kNone; }

  bool operator==(const StopReason&) const = default;
};

// Returns: the enumerator's name without the k ("Cascade").
std::string_view ToString(StopReason::Kind kind);

}  // namespace stemma

#endif  // STEMMA_LIFECYCLE_STOP_REASON_H_
