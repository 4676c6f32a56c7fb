// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_ENVELOPE_H_
#define STEMMA_TOOLS_STEMMA_ENVELOPE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "stemma/tools/stemma/exit_code.h"
#include "stemma/tools/stemma/session.h"

namespace stemma::tools {

// Grows when a reader of the former envelope would misread the new one; not when keys are added.
inline constexpr int kEnvelopeVersion = 1;

// What --json prints: the answer, or the error, of a verb such as "latch show" (empty: the command
// line names none), and all that was reported. docs/stemma_command.md and docs/envelope.schema.json
// describe it. Always JSON, whatever the names in it have in them.
std::string Envelope(std::string_view verb, ExitCode code, const absl::StatusOr<Answer>& answer,
                     const Session& session);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_ENVELOPE_H_
