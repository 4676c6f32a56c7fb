// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_WORDS_H_
#define STEMMA_TOOLS_STEMMA_WORDS_H_

#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "stemma/tools/stemma/declared.h"

namespace stemma::tools {

// An option that was given. It points into the DeclaredVerb.
struct GivenOption {
  const DeclaredOption* option = nullptr;
  std::string value = {};  // empty: a flag
};

// What the words of a command line say, up to `--`.
struct CommandWords {
  // The verb that they name; if they do not name one to the end, as far as they do. Never null.
  const DeclaredVerb* verb = nullptr;
  std::vector<GivenOption> options = {};
  std::vector<std::string> arguments = {};
  // What they are, in their order: the verb's arguments, without the one that a program is for.
  std::vector<const DeclaredOption*> places = {};
  bool has_program = false;  // `--` follows
  // InvalidArgument: the first thing that is wrong, what was expected, and what may have been
  // meant. One line, printable.
  absl::Status status = {};

  // Whether the option of this name, such as "--json", is given.
  bool Has(std::string_view name) const;
};

// Reads the words after the name of the command. Values may follow an option as the next word or
// as `--name=value`, `-ovalue`; options and arguments may be mixed. When help or the version is
// asked for, nothing is wrong. With `has_program`, a program follows `--`: it takes the place of the
// last SOURCE. Whether all arguments are there is not looked at (Missing).
CommandWords ReadWords(const DeclaredVerb& command, std::span<const std::string> words,
                       bool has_program = false);

// What the words lack: a verb or an argument. Returns: InvalidArgument, as CommandWords::status.
absl::Status Missing(const CommandWords& words);

// "a", "a or b", "a, b or c"
std::string OneOf(const std::vector<std::string>& words);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_WORDS_H_
