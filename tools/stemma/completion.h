// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_COMPLETION_H_
#define STEMMA_TOOLS_STEMMA_COMPLETION_H_

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "stemma/tools/stemma/declared.h"

namespace stemma::tools {

// What a word may become.
struct Completion {
  struct Candidate {
    std::string word = {};
    std::string description = {};  // one line; may be empty
  };
  bool files = false;  // the name of a file, which the shell knows best
  std::vector<Candidate> candidates = {};
};

// The names of the nodes of the graph in a file; none if there is no graph in it.
using NodeNames = std::function<std::vector<std::string>(const std::string& file)>;

// What the last of `words` may become, after those before it: the words after the name of the
// command, up to the cursor. Verbs, options that are not given yet, the values of options, and node
// names of the source that the words name. A program after `--` is not asked for its nodes: a key
// pressed must not run it.
Completion Complete(const DeclaredVerb& command, std::span<const std::string> words,
                    const NodeNames& node_names);

// As the shells' scripts read it: a line "files" or "words", then for each candidate a line, its
// word and its description with a tab between. Names of control characters are left out.
std::string ToString(const Completion& completion);

// The verb, left out of the help, by which the shells' scripts ask: what follows it are `words`.
inline constexpr char kCompleteVerb[] = "__complete";

// What the start-up file of this shell is to read. REQUIRES: one of kShells.
std::string CompletionScript(const std::string& shell);
inline constexpr char kShells[] = "bash|zsh|fish";

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_COMPLETION_H_
