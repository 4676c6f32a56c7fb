// SPDX-License-Identifier: Apache-2.0
// The `stemma` command: docs/stemma_command.md.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "stemma/tools/stemma/command_line.h"
#include "stemma/tools/stemma/stemma_command.h"

namespace {

// Files and pipes must not get the numbers of the standard descriptors. What is closed stays
// unusable: a result that nobody can see is an error.
void OccupyStandardDescriptors() {
  constexpr int kUnusable[] = {O_WRONLY, O_RDONLY, O_RDWR};  // standard error need not tell
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // The lowest number that is free is this one.
    if (fcntl(descriptor, F_GETFD) < 0) open("/dev/null", kUnusable[descriptor]);
  }
}

}  // namespace

int main(int argc, char** argv) {
  OccupyStandardDescriptors();
  signal(SIGPIPE, SIG_IGN);  // a reader that went away is found out by writing
  return stemma::tools::RunCommandLine(stemma::tools::StemmaCommand(), argc, argv);
}
