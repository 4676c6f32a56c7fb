// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_OUTPUT_H_
#define STEMMA_TOOLS_STEMMA_OUTPUT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace stemma::tools {

// Writes a result to `path`, or to standard output if that is empty or "-".
//
// A file has all of it or, after an error, what it had before: a temporary file beside it takes its
// place when it is complete and on the disk. SIGINT and its like wait for that, so nothing is left
// of it but by SIGKILL. The file keeps its permissions, a link to it stays a link; its owner
// becomes who runs this, other hard links keep what it had. A file that may not be written is not
// replaced. What is not a regular file, such as a device, is written to directly.
// When the reader of standard output went away (`| head -1`), it has what it wanted: that is no
// error. REQUIRES: SIGPIPE is ignored.
//
// Returns: Aborted if it could not be written, with the reason.
absl::Status WriteResult(std::string_view text, const std::string& path = "");

// Writes to standard error: messages for people. Failing to is not told, for want of a place.
void Tell(std::string_view text);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_OUTPUT_H_
