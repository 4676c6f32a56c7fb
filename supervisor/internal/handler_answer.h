// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_INTERNAL_HANDLER_ANSWER_H_
#define STEMMA_SUPERVISOR_INTERNAL_HANDLER_ANSWER_H_

#include <optional>

#include "stemma/lifecycle/component.h"
#include "stemma/lifecycle/error_handling_behavior.h"
#include "stemma/lifecycle/failure.h"
#include "stemma/supervisor/engine_types.h"

namespace stemma::internal {

// What a handler has answered, as the engine is told.
struct HandlerAnswer {
  Input::Kind kind = Input::Kind::kVerdict;
  ErrorHandlingBehavior verdict = ErrorHandlingBehavior::kRestart;
  std::optional<Failure> fault = std::nullopt;  // of kHandlerThrew
};

// Calls the user's code. An empty handler answers kRestart (S4); an exception is no answer (S9).
HandlerAnswer AskHandler(const OnError& handler, const Failure& failure);

}  // namespace stemma::internal

#endif  // STEMMA_SUPERVISOR_INTERNAL_HANDLER_ANSWER_H_
