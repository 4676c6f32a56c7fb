// SPDX-License-Identifier: Apache-2.0
// The `stemma` command: docs/stemma_command.md.
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <exception>
#include <string>

#include "absl/strings/str_cat.h"
#include "stemma/tools/stemma/check.h"
#include "stemma/tools/stemma/command_line.h"
#include "stemma/tools/stemma/diff.h"
#include "stemma/tools/stemma/explain.h"
#include "stemma/tools/stemma/graph.h"
#include "stemma/tools/stemma/impact.h"
#include "stemma/tools/stemma/latch.h"
#include "stemma/tools/stemma/order.h"
#include "stemma/tools/stemma/output.h"
#include "stemma/tools/stemma/replay.h"
#include "stemma/tools/stemma/simulate.h"
#include "stemma/tools/stemma/spof.h"
#include "stemma/tools/stemma/why.h"

int main(int argc, char** argv) {
  namespace tools = stemma::tools;
  // Files and pipes must not get the numbers of the standard descriptors.
  int descriptor = open("/dev/null", O_RDWR);
  while (descriptor >= 0 && descriptor <= STDERR_FILENO) descriptor = open("/dev/null", O_RDWR);
  close(descriptor);
  signal(SIGPIPE, SIG_IGN);  // a reader that went away is found out by writing

  try {
    return tools::RunCommandLine(
        {
            tools::CheckVerb(),
            tools::GraphVerb(),
            tools::OrderVerb(),
            tools::ImpactVerb(),
            tools::WhyVerb(),
            tools::SpofVerb(),
            tools::DiffVerb(),
            tools::SimulateVerb(),
            tools::ReplayVerb(),
            tools::ExplainVerb(),
            tools::LatchVerb(),
        },
        argc, argv);
  } catch (const std::exception& exception) {
    tools::Tell(absl::StrCat("stemma: a bug, please report it: ", exception.what(), "\n"));
    return tools::kBug;
  }
}
