// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_DECLARED_H_
#define STEMMA_TOOLS_STEMMA_DECLARED_H_

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace stemma::tools {

inline constexpr char kSource[] = "SOURCE";
inline constexpr char kWholeNumber[] = "NUMBER";

// What a command line may have, as its verbs declared it. Whatever is told of the command (help,
// man page, completions, what was meant by a word that is none) comes from here, so that it cannot
// tell of anything else than what is read.

// An option, or an argument, which has no name on the command line but its place.
//
// What it takes is told by its type name; for an argument without one, by its name. It is one of
//   FILE                            a file; of a result: a new one
//   SOURCE                          a graph: a file, or - for standard input, or a program
//   NODE, GLOB                      the name of a node, of several; more may follow it: NODE[@TIME]
//   a|b|c                           one of these words
//   NUMBER                          a whole number
//   [@TIME]                         may be left out; begins with this sign
//   DURATION, and other words       as they say
struct DeclaredOption {
  std::vector<std::string> names = {};  // {"-o", "--output"}; of an argument {"FILE"}
  std::string value = {};               // what it takes: "FILE", "a|b|c". Empty: a flag
  std::string description = {};
  std::string group = {};  // the heading in the help
  bool repeats = false;    // may be given again
  bool required = false;   // of an argument: must be given

  // The name that messages use: the last.
  const std::string& name() const { return names.back(); }
  bool has_name(std::string_view word) const;
  // Whether this word, after the option, is its value.
  bool takes(std::string_view word) const;
  // "a|b|c" as {"a", "b", "c"}; empty if it takes anything else.
  std::vector<std::string> choices() const;
};

// A verb, or the command itself.
struct DeclaredVerb {
  std::string path = {};  // "stemma latch show"
  std::string name = {};  // "show"
  std::string group = {};
  std::string summary = {};   // one line, without a full stop
  std::string examples = {};  // as Verb::examples; only those of this path
  std::vector<DeclaredOption> arguments = {};
  std::vector<DeclaredOption> options = {};
  std::vector<DeclaredVerb> verbs = {};  // if not empty, one of them must follow
  bool takes_program = false;            // a SOURCE may be `-- PROGRAM ARGS...`

  const DeclaredOption* FindOption(std::string_view word) const;  // null: there is none
  const DeclaredVerb* FindVerb(std::string_view word) const;
};

// What `app` declares, by this path. Of `examples` those that are of the path.
DeclaredVerb Declared(const CLI::App& app, const std::string& path, std::string_view examples);

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_DECLARED_H_
