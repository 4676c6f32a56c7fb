// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/journal.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

namespace stemma {

JournalHeader HeaderOf(const Engine& engine) {
  const DependencyGraph& graph = engine.graph();
  JournalHeader header{.policies = engine.policies(), .options = engine.options()};
  header.declarations.reserve(graph.size());
  for (NodeId id = 0; id < graph.size(); ++id) {
    DependencyGraph::Declaration& declaration = header.declarations.emplace_back();
    declaration.name = graph.name(id);
    for (const NodeId other : graph.Dependencies(id)) {
      declaration.dependencies.push_back(graph.name(other));
    }
    for (const NodeId other : graph.SoftDependencies(id)) {
      declaration.soft_dependencies.push_back(graph.name(other));
    }
  }
  return header;
}

FailureDetail DetailOf(const Failure& failure) {
  FailureDetail detail{.code = failure.status.code(),
                       .message = std::string(failure.status.message()),
                       .worker = failure.worker};
  if (failure.where.line() != 0) {
    detail.file = failure.where.file_name();
    detail.line = failure.where.line();
  }
  return detail;
}

JournalNames::JournalNames(const JournalHeader& header) {
  for (const DependencyGraph::Declaration& declaration : header.declarations) {
    ids_.emplace(declaration.name, static_cast<NodeId>(names_.size()));
    names_.push_back(declaration.name);
  }
}

void JournalNames::FollowBefore(const Input& input, const Action& action) {
  if (action.kind != Action::Kind::kAdded || input.addition == nullptr) return;
  const std::string& name = input.addition->declaration.name;
  ids_.insert_or_assign(name, static_cast<NodeId>(names_.size()));
  names_.push_back(name);
}

void JournalNames::FollowAfter(const Action& action) {
  if (action.kind != Action::Kind::kRemoved || action.node >= names_.size()) return;
  names_.erase(names_.begin() + action.node);
  ids_.clear();
  for (NodeId id = 0; id < names_.size(); ++id) ids_.insert_or_assign(names_[id], id);
}

std::optional<std::string_view> JournalNames::Of(NodeId id) const {
  if (id >= names_.size()) return std::nullopt;
  return names_[id];
}

NodeId JournalNames::Find(std::string_view name) const {
  const auto found = ids_.find(name);
  return found == ids_.end() ? kNoNode : found->second;
}

absl::StatusOr<Replayer> Replayer::Create(const JournalHeader& header) {
  absl::StatusOr<DependencyGraph> graph = DependencyGraph::Create(header.declarations);
  if (!graph.ok()) return graph.status();
  if (header.policies.size() != graph->size()) {
    return absl::InvalidArgumentError(absl::StrCat("the journal has ", header.policies.size(),
                                                   " policies for ", graph->size(), " nodes"));
  }
  return Replayer(Engine(std::make_shared<const DependencyGraph>(*std::move(graph)),
                         header.policies, header.options));
}

std::optional<JournalDifference> Replayer::Next(const JournalEntry& entry) {
  actions_.clear();
  engine_.Handle(entry.input, entry.at, actions_);
  const auto [recorded, decided] =
      std::mismatch(entry.actions.begin(), entry.actions.end(), actions_.begin(), actions_.end());
  if (recorded == entry.actions.end() && decided == actions_.end()) return std::nullopt;
  JournalDifference difference{.action =
                                   static_cast<std::size_t>(recorded - entry.actions.begin())};
  if (recorded != entry.actions.end()) difference.recorded = *recorded;
  if (decided != actions_.end()) difference.decided = *decided;
  return difference;
}

absl::StatusOr<std::optional<ReplayDifference>> Replay(const JournalHeader& header,
                                                       std::span<const JournalEntry> entries) {
  absl::StatusOr<Replayer> replayer = Replayer::Create(header);
  if (!replayer.ok()) return replayer.status();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (const auto difference = replayer->Next(entries[i])) {
      return ReplayDifference{.entry = i, .difference = *difference};
    }
  }
  return std::nullopt;
}

}  // namespace stemma
