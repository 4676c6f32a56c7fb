// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_VERB_H_
#define STEMMA_TOOLS_STEMMA_VERB_H_

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stemma::tools {

// One thing that the command can do: `stemma check`. RunCommandLine shows its help, reads its
// options and runs it.
class Verb {
 public:
  virtual ~Verb() = default;

  virtual std::string name() const = 0;
  virtual std::string summary() const = 0;   // one line
  virtual std::string examples() const = 0;  // command lines and what they do, one on each line

  // Adds the verb's options to `app`, its own part of the command line. Once, before Run.
  virtual void Declare(CLI::App& app) = 0;

  // Does it, with the options that were given. `program` is what followed `--`, if there was one.
  // Results go to standard output, everything else to standard error. Returns: the exit code.
  virtual int Run(const std::optional<std::vector<std::string>>& program) = 0;
};

// The whole command: chooses among the verbs by argv[1], and answers --help, --version and mistakes
// (exit code 64). Returns: the exit code. Catches every exception: those are bugs (exit code 70).
int RunCommandLine(int argc, const char* const* argv,
                   const std::vector<std::unique_ptr<Verb>>& verbs);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_VERB_H_
