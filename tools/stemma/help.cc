// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/help.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "stemma/tools/stemma/exit_code.h"

namespace stemma::tools {
namespace {

// `text` in lines of at most kHelpWidth columns. The first begins where `column` is, the others
// with as many spaces as `indent`.
std::string Wrapped(std::string_view text, std::size_t column, std::size_t indent) {
  std::string wrapped;
  bool is_begin = true;
  for (const absl::string_view word : absl::StrSplit(absl::string_view(text.data(), text.size()),
                                                     absl::ByAnyChar(" \n"), absl::SkipEmpty())) {
    if (!is_begin && column + 1 + word.size() > kHelpWidth) {
      absl::StrAppend(&wrapped, "\n", std::string(indent, ' '));
      column = indent;
      is_begin = true;
    }
    absl::StrAppend(&wrapped, is_begin ? "" : " ", word);
    column += word.size() + (is_begin ? 0 : 1);
    is_begin = false;
  }
  return wrapped + "\n";
}

// "  term      text", the text from `column` on, and below the term if that is too long.
std::string Explained(const std::string& term, std::string_view text, std::size_t column) {
  std::string line = "  " + term;
  if (line.size() + 2 > column) line += "\n" + std::string(column, ' ');
  const std::size_t at = line.size() - std::min(line.size(), line.rfind('\n') + 1);
  line += std::string(column - std::min(column, at), ' ');
  return line + Wrapped(text, column, column);
}

std::string Options(const std::vector<const DeclaredOption*>& options) {
  constexpr std::size_t kColumn = 22;
  std::string text;
  for (const DeclaredOption* option : options) {
    text += Explained(Heading(*option), option->description, kColumn);
  }
  return text;
}

std::string Verbs(const std::vector<const DeclaredVerb*>& verbs) {
  constexpr std::size_t kColumn = 14;
  std::string text;
  for (const DeclaredVerb* verb : verbs) text += Explained(verb->name, verb->summary, kColumn);
  return text;
}

std::string Headed(std::string_view heading, std::string_view text) {
  if (text.empty()) return "";
  return std::string("\n").append(heading).append(":\n").append(text);
}

std::string Usage(const DeclaredVerb& verb) {
  std::string text;
  for (const std::string& usage : UsageOf(verb)) absl::StrAppend(&text, "  ", usage, "\n");
  return text;
}

}  // namespace

std::string Heading(const DeclaredOption& option) {
  std::string heading = absl::StrJoin(option.names, ", ");
  if (option.value.empty() || option.names.back() == option.value) return heading;
  // An argument is called by its place; what it takes is told when it is one of some words.
  if (!heading.starts_with("-") && option.choices().empty()) return heading;
  return absl::StrCat(heading, " ", option.value);
}

std::vector<std::string> UsageOf(const DeclaredVerb& verb) {
  std::string usage = verb.path;
  if (!verb.verbs.empty()) return {usage + " VERB [OPTION...] [ARGUMENT...]"};
  if (!verb.options.empty()) usage += " [OPTION...]";
  std::vector<std::string> words;
  std::size_t source = 0;  // the place of the last one, which may be a program
  for (const DeclaredOption& argument : verb.arguments) {
    std::string word = argument.name() + (argument.repeats ? "..." : "");
    if (argument.value == kSource) {
      source = words.size();
    } else if (!argument.required) {
      word = "[" + word + "]";
    }
    words.push_back(std::move(word));
  }
  const auto called = [&] {
    return absl::StrCat(usage, words.empty() ? "" : " ", absl::StrJoin(words, " "));
  };
  std::vector<std::string> usages = {called()};
  if (verb.takes_program) {
    words.erase(words.begin() + static_cast<std::ptrdiff_t>(source));
    words.push_back("-- PROGRAM [ARG...]");
    usages.push_back(called());
  }
  return usages;
}

std::vector<DeclaredOption> CommonOptions(const DeclaredVerb& command) {
  std::vector<DeclaredOption> common;
  bool is_first = true;
  for (const DeclaredVerb& verb : command.verbs) {
    const std::vector<DeclaredOption> its = verb.verbs.empty() ? verb.options : CommonOptions(verb);
    if (std::exchange(is_first, false)) {
      common = its;
      continue;
    }
    std::erase_if(common, [&](const DeclaredOption& option) {
      return std::none_of(its.begin(), its.end(), [&](const DeclaredOption& other) {
        return other.name() == option.name();
      });
    });
  }
  return common;
}

std::string Overview(const DeclaredVerb& command) {
  std::string text = Wrapped(command.summary + ".", 0, 0);
  text += Headed("Examples", command.examples);
  text += Headed("Usage", Usage(command));
  for (const auto& [group, verbs] : InGroups(command.verbs)) text += Headed(group, Verbs(verbs));
  std::vector<std::string> common;
  for (const DeclaredOption& option : CommonOptions(command)) common.push_back(Heading(option));
  absl::StrAppend(&text, "\n",
                  Wrapped("Every verb takes " + absl::StrJoin(common, "; ") + ".", 0, 0));
  std::string codes;
  for (const ExitMeaning& exit : ExitMeanings()) {
    codes += Explained(absl::StrCat(static_cast<int>(exit.code)), exit.meaning, 6);
  }
  text += Headed("Exit codes", codes);
  return absl::StrCat(text, "\nThe rest of what a verb takes, with examples: ", command.path,
                      " help VERB\n");
}

std::string HelpOf(const DeclaredVerb& verb) {
  std::string text = Wrapped(verb.summary + (verb.summary.ends_with("?") ? "" : "."), 0, 0);
  text += Headed("Examples", verb.examples);
  text += Headed("Usage", Usage(verb));
  std::vector<const DeclaredOption*> arguments;
  for (const DeclaredOption& argument : verb.arguments) arguments.push_back(&argument);
  if (!arguments.empty()) text += "\n" + Options(arguments);
  for (const auto& [group, verbs] : InGroups(verb.verbs)) {
    text += Headed(group.empty() ? "Verbs" : group, Verbs(verbs));
  }
  for (const auto& [group, options] : InGroups(verb.options)) {
    text += Headed(group, Options(options));
  }
  return text +
         "\nExit codes: 0 done, and the answer is yes; 1 the answer is no; the others are\n"
         "errors: 'stemma --help' tells them.\n";
}

}  // namespace stemma::tools
