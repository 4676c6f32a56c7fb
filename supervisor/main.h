// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_SUPERVISOR_MAIN_H_
#define STEMMA_SUPERVISOR_MAIN_H_

#include <vector>

#include "stemma/supervisor/node.h"
#include "stemma/supervisor/options.h"

namespace stemma {

// What the main of a service calls: supervises `nodes`, owning SIGINT and SIGTERM, until everything
// has ended. Answers `stemma graph -- PROGRAM` with the nodes' manifest instead, without starting
// any.
//
// Returns: what main should return: RunResult::ExitCode(), or 70 when the nodes or options are
// refused, after saying why on stderr. Does not return, but exits with that code, when threads had
// to be left behind (ExitProcess).
//
// `argc` and `argv` are main's: Stemma reads none of the arguments, they are there so that it may.
//
// Example:
//   int main(int argc, char** argv) { return stemma::Main(argc, argv, {...}); }
int Main(int argc, char** argv, std::vector<Node> nodes, SupervisorOptions options = {});

}  // namespace stemma

#endif  // STEMMA_SUPERVISOR_MAIN_H_
