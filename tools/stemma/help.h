// SPDX-License-Identifier: Apache-2.0
#ifndef STEMMA_TOOLS_STEMMA_HELP_H_
#define STEMMA_TOOLS_STEMMA_HELP_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/tools/stemma/declared.h"

namespace stemma::tools {

inline constexpr std::size_t kHelpWidth = 80;  // columns

// What `stemma --help` shows: the verbs in their groups, a line each, after the best of the
// examples, which are those of `command`.
std::string Overview(const DeclaredVerb& command);

// What `stemma help VERB` shows: the examples first, then how it is called, then each option.
std::string HelpOf(const DeclaredVerb& verb);

// How the verb is called, a line each: "stemma check [OPTION...] SOURCE"
std::vector<std::string> UsageOf(const DeclaredVerb& verb);

// The options that all the verbs have.
std::vector<DeclaredOption> CommonOptions(const DeclaredVerb& command);

// "-o, --output FILE"; of an argument "SOURCE"
std::string Heading(const DeclaredOption& option);

// The groups of these in the order in which they first come, each with its members.
template <class T>
std::vector<std::pair<std::string, std::vector<const T*>>> InGroups(const std::vector<T>& all) {
  std::vector<std::pair<std::string, std::vector<const T*>>> groups;
  for (const T& one : all) {
    auto group = groups.begin();
    while (group != groups.end() && group->first != one.group) ++group;
    if (group == groups.end()) group = groups.insert(group, {one.group, {}});
    group->second.push_back(&one);
  }
  return groups;
}

}  // namespace stemma::tools

#endif  // STEMMA_TOOLS_STEMMA_HELP_H_
