// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/declared.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace stemma::tools {
namespace {

DeclaredOption DeclaredAs(const CLI::Option& option) {
  DeclaredOption declared = {
      .value = option.get_type_name(),
      .description = absl::StrReplaceAll(option.get_description(), {{"\n", " "}}),
      .group = option.get_group(),
      .repeats = option.get_expected_max() > 1 ||
                 option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll,
      .required = option.get_required()};
  if (option.get_positional()) {
    declared.names = {option.get_name()};
    if (declared.value.empty()) declared.value = option.get_name();
    return declared;
  }
  for (const std::string& name : option.get_snames()) declared.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) declared.names.push_back("--" + name);
  if (option.get_expected_max() == 0) declared.value.clear();
  return declared;
}

// The examples whose command begins with `path`, each with the lines that continue it.
std::string ExamplesOf(std::string_view examples, const std::string& path) {
  const std::string begin = absl::StrCat("  ", path, " ");
  std::string own;
  bool is_own = false;
  while (!examples.empty()) {
    const std::size_t length = std::min(examples.find('\n'), examples.size() - 1) + 1;
    const std::string_view line = examples.substr(0, length);
    examples.remove_prefix(length);
    // A shell may run it: "source <(stemma completion bash)".
    if (!line.starts_with("   ")) {
      is_own = line.starts_with(begin) || line.find("(" + begin.substr(2)) < line.size();
    }
    if (is_own) own.append(line);
  }
  return own;
}

}  // namespace

bool DeclaredOption::has_name(std::string_view word) const {
  return std::find(names.begin(), names.end(), word) != names.end();
}

bool DeclaredOption::takes(std::string_view word) const {
  if (value.empty()) return false;
  return !value.starts_with("[") || word.substr(0, 1) == value.substr(1, 1);
}

std::vector<std::string> DeclaredOption::choices() const {
  if (value.find('|') == std::string::npos) return {};
  return absl::StrSplit(value, '|');
}

const DeclaredOption* DeclaredVerb::FindOption(std::string_view word) const {
  const auto found =
      std::find_if(options.begin(), options.end(),
                   [&](const DeclaredOption& option) { return option.has_name(word); });
  return found == options.end() ? nullptr : &*found;
}

const DeclaredVerb* DeclaredVerb::FindVerb(std::string_view word) const {
  const auto found = std::find_if(verbs.begin(), verbs.end(),
                                  [&](const DeclaredVerb& verb) { return verb.name == word; });
  return found == verbs.end() ? nullptr : &*found;
}

DeclaredVerb Declared(const CLI::App& app, const std::string& path, std::string_view examples) {
  DeclaredVerb declared = {.path = path,
                           .name = app.get_name(),
                           .group = app.get_group(),
                           .summary = app.get_description(),
                           .examples = ExamplesOf(examples, path)};
  for (const CLI::Option* option : app.get_options()) {
    const bool is_argument = option->get_positional();
    (is_argument ? declared.arguments : declared.options).push_back(DeclaredAs(*option));
    if (is_argument && declared.arguments.back().value == kSource) declared.takes_program = true;
  }
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    declared.verbs.push_back(Declared(*verb, absl::StrCat(path, " ", verb->get_name()), examples));
  }
  return declared;
}

}  // namespace stemma::tools
