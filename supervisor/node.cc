// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/node.h"

namespace stemma {
namespace {

// A named type, so that IsAlways can find it again inside the std::function.
struct AlwaysHandler {
  ErrorHandlingBehavior verdict;
  ErrorHandlingBehavior operator()(const Failure&) const { return verdict; }
};

}  // namespace

OnError Always(ErrorHandlingBehavior verdict) { return AlwaysHandler{verdict}; }

bool IsAlways(const OnError& handler, ErrorHandlingBehavior& verdict) {
  if (!handler) {
    verdict = ErrorHandlingBehavior::kRestart;
    return true;
  }
  const auto* always = handler.target<AlwaysHandler>();
  if (always != nullptr) verdict = always->verdict;
  return always != nullptr;
}

}  // namespace stemma
