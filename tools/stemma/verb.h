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

// The groups of verbs, in the order of the help.
inline constexpr char kLookAtAGraph[] = "Look at a graph";
inline constexpr char kAskAGraph[] = "Ask it";
inline constexpr char kLookAtARun[] = "Look at a run";
inline constexpr char kBesides[] = "Besides";

// One thing that the command can do: `stemma NAME ...`.
struct Verb {
  std::string name = {};
  std::string group = {};    // its heading among all the verbs; one of those below
  std::string summary = {};  // one line, without a full stop
  // Lines of "  stemma NAME ...   what that tells"; shown first in its help.
  std::string examples = {};
  // Declares the verb's own options, those of a session aside. What an option takes is told by its
  // type name (DeclaredOption): from it come the checking, the help and the completion of values.
  // An option that may be given again has a vector for its values.
  // Returns what runs the verb; the values of the options live in there.
  std::function<Runner(CLI::App& app)> declare = {};
};

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_VERB_H_
