// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/declared_json.h"

#include <vector>

#include "stemma/tools/stemma/help.h"

namespace stemma::tools {
namespace {

nlohmann::ordered_json Options(const std::vector<DeclaredOption>& options) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const DeclaredOption& option : options) {
    nlohmann::ordered_json& told = all.emplace_back();
    told = {{"names", option.names}, {"description", option.description}};
    if (!option.value.empty()) told["value"] = option.value;
    if (option.repeats) told["repeats"] = true;
    if (option.required) told["required"] = true;
  }
  return all;
}

}  // namespace

nlohmann::ordered_json DeclaredJson(const DeclaredVerb& verb) {
  nlohmann::ordered_json told = {{"path", verb.path},
                                 {"summary", verb.summary},
                                 {"usage", UsageOf(verb)},
                                 {"arguments", Options(verb.arguments)},
                                 {"options", Options(verb.options)},
                                 {"verbs", nlohmann::ordered_json::array()}};
  for (const DeclaredVerb& below : verb.verbs) told["verbs"].push_back(DeclaredJson(below));
  return told;
}

}  // namespace stemma::tools
