// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/sources/journal.h"

#include <cstddef>
#include <sstream>
#include <string>
#include <utility>

namespace stemma::tools {
namespace {

Node NodeOf(const DependencyGraph::Declaration& declaration, const NodePolicy& policy) {
  return {.name = declaration.name,
          .dependencies = declaration.dependencies,
          .soft_dependencies = declaration.soft_dependencies,
          .on_error = [](const Failure&) { return ErrorHandlingBehavior::kShutdown; },
          .restart = policy.restart,
          .start_timeout = policy.start_timeout,
          .stop_timeout = policy.stop_timeout,
          .watchdog = policy.watchdog,
          .on_completion = policy.on_completion,
          .on_dependency_restart = policy.on_dependency_restart};
}

void Follow(const JournalEntry& entry, const Action& action, JournalEnd& end) {
  const EngineEvent& event = action.event;
  if (action.kind == Action::Kind::kAdded && entry.input.addition != nullptr) {
    end.nodes.push_back(NodeOf(entry.input.addition->declaration, entry.input.addition->policy));
    end.states.push_back({.since = entry.at});
  } else if (action.kind == Action::Kind::kRemoved && action.node < end.nodes.size()) {
    const auto at = static_cast<std::ptrdiff_t>(action.node);
    const std::string name = std::move(end.nodes[action.node].name);
    end.nodes.erase(end.nodes.begin() + at);
    end.states.erase(end.states.begin() + at);
    // A node on which others depend is not removed; soft dependencies go with it.
    for (Node& node : end.nodes) std::erase(node.soft_dependencies, name);
  } else if (action.kind == Action::Kind::kPublish &&
             event.kind == EngineEvent::Kind::kTransition && event.node < end.states.size()) {
    end.states[event.node] = {event.to, event.incarnation, entry.at};
  }
}

}  // namespace

JournalReading ReadJournal(std::string_view text) {
  std::istringstream in{std::string(text)};
  JournalReader reader(in);
  absl::StatusOr<JournalHeader> header = reader.ReadHeader();
  if (!header.ok()) return {.problem = reader.problem()};
  Journal journal = {.header = *std::move(header)};
  while (true) {
    absl::StatusOr<std::optional<JournalLine>> line = reader.Next();
    if (!line.ok()) return {.problem = reader.problem()};
    if (!line->has_value()) break;
    if ((*line)->kind == JournalLine::Kind::kTorn) {
      journal.is_torn = true;
      break;
    }
    journal.lines.push_back(**std::move(line));
  }
  return {.journal = std::move(journal)};
}

JournalEnd EndOf(const Journal& journal) {
  JournalEnd end;
  const JournalHeader& header = journal.header;
  for (std::size_t i = 0; i < header.declarations.size(); ++i) {
    end.nodes.push_back(NodeOf(header.declarations[i], header.policies[i]));
    end.states.push_back({.since = header.at});
  }
  for (const JournalLine& line : journal.lines) {
    for (const Action& action : line.entry.actions) Follow(line.entry, action, end);
  }
  return end;
}

}  // namespace stemma::tools
