// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/journal_json.h"

#include <string>

#include "stemma/supervisor/node_state.h"

namespace stemma::tools {

using Json = nlohmann::ordered_json;

JournalJson::JournalJson(const JournalHeader& header) : beginning_(header.at) {
  writer_.Header(header);
}

Json JournalJson::Entry(const JournalEntry& entry) {
  Json json = Json::parse(writer_.Line(entry));
  json["at"] = (entry.at - beginning_).count();
  return json;
}

Json StatesJson(const History& history) {
  Json states = Json::array();
  for (const NodeHistory& node : history.rows()) {
    if (node.removed.has_value()) continue;
    const Span& span = node.last();
    states.push_back({{"node", node.name},
                      {"incarnation", span.incarnation},
                      {"state", std::string(ToString(span.state))},
                      {"since", span.begin.count()}});
  }
  return states;
}

}  // namespace stemma::tools
