// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_VERB_H_
#define STEMMA_TOOLS_STEMMA_VERB_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "stemma/tools/stemma/session.h"

namespace stemma::tools {

// Answers what the command line asked. Called at most once, after the command line was read.
// Returns: the answer, or an error whose code says how the command ends (ExitCodeOf). An error
// without a message is one of which all was reported to the session.
using Runner = std::function<absl::StatusOr<Answer>(Session&)>;

// One thing that the command can do: `stemma NAME ...`.
struct Verb {
  std::string name = {};
  std::string summary = {};  // one line, without a full stop
  std::string examples =
      {};  // lines of "  stemma NAME ...   what that tells"; shown first in its help
  // Declares the verb's own options, those of a session aside. Returns what runs it; the values of
  // the options live in there.
  std::function<Runner(CLI::App& app)> declare = {};
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_VERB_H_
