// SPDX-License-Identifier: Apache-2.0
// The `stemma` command: docs/stemma_command.md.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "stemma/tools/stemma/check_verb.h"
#include "stemma/tools/stemma/graph_verb.h"
#include "stemma/tools/stemma/verb.h"

int main(int argc, char** argv) {
  // Files and pipes must not get the numbers of the standard descriptors.
  for (int fd = open("/dev/null", O_RDWR); fd >= 0; fd = open("/dev/null", O_RDWR)) {
    if (fd <= STDERR_FILENO) continue;
    close(fd);
    break;
  }
  signal(SIGPIPE, SIG_IGN);  // a reader that went away is found out by writing

  std::vector<std::unique_ptr<stemma::tools::Verb>> verbs;
  verbs.push_back(std::make_unique<stemma::tools::CheckVerb>());
  verbs.push_back(std::make_unique<stemma::tools::GraphVerb>());
  return stemma::tools::RunCommandLine(argc, argv, verbs);
}
