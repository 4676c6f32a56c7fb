// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_MANIFEST_REQUEST_H_
#define STEMMA_SUPERVISOR_MANIFEST_REQUEST_H_

#include <vector>

#include "stemma/supervisor/node.h"

namespace stemma {

// How `stemma check -- PROGRAM` asks a service for its graph without starting it: it runs the
// program with this environment variable set to the number of a descriptor, and the program's
// stemma::Main writes the manifest there and ends.
inline constexpr char kManifestFdVariable[] = "STEMMA_MANIFEST_FD";

// Answers such a request, for stemma::Main and for a main that does without it: call it as soon as
// the nodes are known, before anything is started.
//
// Returns: false when there is no request, that is, when the variable is not set or is not the
// number of a descriptor; go on as usual. True when there was one: the caller should exit with
// `exit_code` and start nothing. `exit_code` is 0 when the whole of ManifestJson(nodes) was
// written, be it the manifest of a valid graph or not; 74 (EX_IOERR) when it could not be.
//
// Blocks until the one who asked has read it. A reader that went away is an error like any other:
// no SIGPIPE. REQUIRES: no other thread changes the environment meanwhile.
//
// Example:
//   int exit_code = 0;
//   if (stemma::AnswerManifestRequest(nodes, exit_code)) return exit_code;
bool AnswerManifestRequest(const std::vector<Node>& nodes, int& exit_code);

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_MANIFEST_REQUEST_H_
