// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/look.h"

#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/supervisor/manifest_words.h"
#include "stemma/supervisor/node.h"
#include "stemma/supervisor/node_state.h"

namespace stemma::tools {
namespace {

struct Meaning {
  std::string_view symbol, color, text;
};

// The more a failure takes down, the warmer the color.
Meaning MeaningOf(ErrorHandlingBehavior verdict) {
  switch (verdict) {
    case ErrorHandlingBehavior::kRestart:
      return {"↻", "#e3f1de", "it alone ends, and comes back"};
    case ErrorHandlingBehavior::kStop:
      return {"■", "#fdf3c8", "its descendants go down, too"};
    case ErrorHandlingBehavior::kStopParents:
      return {"⇕", "#fde0b8", "its ancestors and all their descendants, too"};
    case ErrorHandlingBehavior::kShutdown:
      return {"⊗", "#f9c9bc", "everything goes down"};
    case ErrorHandlingBehavior::kSpinHalt:
      return {"⊖", "#ee9f9f", "everything goes down, and stays down"};
  }
  return {"", "white", ""};
}

constexpr Meaning kHandler = {"{}", "#dbe9f6", "a function of the service decides"};

Meaning MeaningOf(NodeState state) {
  switch (state) {
    case NodeState::kWaiting:
      return {"…", "#eef0f3", "until its dependencies are ready"};
    case NodeState::kStarting:
      return {"▷", "#dbe9f6", "launched, not ready yet"};
    case NodeState::kReady:
      return {"✓", "#e3f1de", "it does what it is there for"};
    case NodeState::kDeciding:
      return {"?", "#fde0b8", "it has failed, and its handler is asked"};
    case NodeState::kStopping:
      return {"↓", "#fde8d8", "it was asked to end, and has not yet"};
    case NodeState::kBackingOff:
      return {"~", "#fdf3c8", "it is launched again after a pause"};
    case NodeState::kCompleted:
      return {"◆", "#d5efe9", "it ended by itself"};
    case NodeState::kStopped:
      return {"○", "#e4e7ec", "it ended because it was asked to"};
    case NodeState::kFailed:
      return {"✗", "#f9c9bc", "it ended by a failure, for good"};
    case NodeState::kAbandoned:
      return {"▲", "#ecd3f0", "it did not end in time, and was left behind"};
  }
  return {"", "white", ""};
}

Look LookOf(const Meaning& meaning, std::string_view word) {
  return {.word = std::string(word),
          .symbol = std::string(meaning.symbol),
          .color = std::string(meaning.color)};
}

// A row of a legend, and where it stands in there.
struct Described {
  int place = 0;
  LegendRow row = {};
};

constexpr int kLast = 100;

Described Describe(const LoadedGraph& loaded, NodeId id) {
  if (!loaded.members.empty() && !loaded.members[id].empty()) {
    return {.place = kLast,
            .row = {.look = {.members = loaded.members[id].size()},
                    .meaning = "nodes in a cycle, as one"}};
  }
  if (!loaded.states.empty()) {
    const NodeStatus& status = loaded.states[id];
    const Meaning meaning = MeaningOf(status.state);
    Look look = LookOf(meaning, ToString(status.state));
    if (status.incarnation > 1) look.number = absl::StrCat("#", status.incarnation);
    return {.place = static_cast<int>(status.state),
            .row = {.look = look, .meaning = std::string(meaning.text)}};
  }
  if (!loaded.has_policies) return {};
  ErrorHandlingBehavior verdict;
  if (!IsAlways(loaded.nodes[id].on_error, verdict)) {
    return {.place = kLast - 1,
            .row = {.look = LookOf(kHandler, "handler"), .meaning = std::string(kHandler.text)}};
  }
  const Meaning meaning = MeaningOf(verdict);
  return {.place = static_cast<int>(verdict),
          .row = {.look = LookOf(meaning, ManifestWord(verdict)),
                  .meaning = std::string(meaning.text)}};
}

bool HasSoftEdges(const DependencyGraph& graph) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (!graph.SoftDependencies(id).empty()) return true;
  }
  return false;
}

}  // namespace

std::string Look::Line() const {
  if (members > 0) return absl::StrCat("cycle of ", members);
  if (word.empty()) return "";
  return absl::StrCat(symbol, " ", word, number.empty() ? "" : " ", number);
}

Looks LooksOf(const LoadedGraph& loaded) {
  Looks looks = {.legend_title = loaded.states.empty() ? "If a node fails" : "At the end"};
  std::map<int, LegendRow> rows;
  for (NodeId id = 0; id < loaded.graph.size(); ++id) {
    auto [place, row] = Describe(loaded, id);
    looks.nodes.push_back(row.look);
    row.look.number.clear();
    if (!row.meaning.empty()) rows.emplace(place, std::move(row));
  }
  for (auto& [place, row] : rows) looks.legend.push_back(std::move(row));
  if (HasSoftEdges(loaded.graph)) {
    looks.legend.push_back({.sample = LegendRow::Sample::kEdge, .meaning = "depends on"});
    looks.legend.push_back(
        {.sample = LegendRow::Sample::kSoftEdge, .meaning = "soft: waits for it, and no more"});
  }
  return looks;
}

}  // namespace stemma::tools
