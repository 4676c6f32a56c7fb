// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_DOCS_EXAMPLES_KV_SERVICE_INJECTED_FAILURE_H_
#define STEMMA_DOCS_EXAMPLES_KV_SERVICE_INJECTED_FAILURE_H_

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "stemma/lifecycle/component.h"
#include "stemma/lifecycle/error_handling_behavior.h"

// What DEBUG FAIL makes of a healthy component: a failure like any other, but for a note to the
// component's handler which verdict to give.

namespace kv {

// The verdict of that name: "restart", "stop", "stop-parents", "shutdown", "spin-halt". nullopt:
// there is none.
std::optional<stemma::ErrorHandlingBehavior> VerdictNamed(std::string_view name);

// The error with which a component is to fail, carrying the verdict (as a payload of the status).
absl::Status InjectedFailure(stemma::ErrorHandlingBehavior verdict);

// A handler that gives an injected failure the verdict that it asks for, and leaves all others to
// `usual`.
stemma::OnError OrAsInjected(stemma::OnError usual);

}  // namespace kv

#endif  // STEMMA_DOCS_EXAMPLES_KV_SERVICE_INJECTED_FAILURE_H_
