// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/page_journal.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/tools/views/timeline.h"

namespace stemma::tools {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kAbsent = static_cast<int>(NodeState::kAbandoned) + 1;

// Whether the action changes something that people see; the others only carry out what these say.
bool IsNews(const Action& action) {
  switch (action.kind) {
    case Action::Kind::kPublish:
    case Action::Kind::kAbandon:
    case Action::Kind::kAnnounceSpinHalt:
    case Action::Kind::kForceExit:
    case Action::Kind::kAbort:
    case Action::Kind::kAnswer:
    case Action::Kind::kAdded:
    case Action::Kind::kRemoved:
    case Action::Kind::kFinish:
      return true;
    case Action::Kind::kLaunch:
    case Action::Kind::kRequestStop:
    case Action::Kind::kAskHandler:
    case Action::Kind::kCheckHeartbeat:
    case Action::Kind::kDestroy:
    case Action::Kind::kLeak:
    case Action::Kind::kLatch:
    case Action::Kind::kTellOuter:
      return false;
  }
  return false;
}

class Writer {
 public:
  Writer(const Journal& journal, const std::vector<Node>& nodes)
      : journal_(journal), timeline_(journal.header) {
    for (std::size_t id = 0; id < nodes.size(); ++id) ids_.emplace(nodes[id].name, id);
  }

  Json Write() {
    Json begin = Json::array();
    for (std::size_t i = 0; i < ids_.size(); ++i) begin.push_back(kAbsent);
    for (const DependencyGraph::Declaration& declaration : journal_.header.declarations) {
      const auto id = ids_.find(declaration.name);
      if (id != ids_.end()) begin[id->second] = static_cast<int>(NodeState::kWaiting);
    }
    Json moments = Json::array();
    for (const JournalLine& line : journal_.lines) {
      if (line.kind == JournalLine::Kind::kGap) {
        moments.push_back({at_, Text(absl::StrCat(line.lost, " lines are missing")), Json::array(),
                           Json::array()});
      } else if (Json moment = Moment(line.entry); !moment.is_null()) {
        moments.push_back(std::move(moment));
      }
    }
    return {
        {"begin", std::move(begin)}, {"texts", std::move(texts_)}, {"moments", std::move(moments)}};
  }

 private:
  // Null if nothing follows from the entry.
  Json Moment(const JournalEntry& entry) {
    at_ = std::chrono::duration<double>(
              std::chrono::duration_cast<std::chrono::microseconds>(entry.at - journal_.header.at))
              .count();
    const std::string what = timeline_.Describe(entry);
    Json changes = Json::array(), news = Json::array();
    timeline_.Follow(entry, [&](const Action& action) {
      // That an answer was given is what the line says already.
      const bool is_said = entry.input.kind == Input::Kind::kVerdict &&
                           action.kind == Action::Kind::kPublish &&
                           action.event.kind == EngineEvent::Kind::kVerdict;
      if (!is_said) Add(action, changes, news);
    });
    if (changes.empty() && news.empty()) return nullptr;
    return {at_, Text(what), std::move(changes), std::move(news)};
  }

  void Add(const Action& action, Json& changes, Json& news) {
    if (!IsNews(action)) return;
    const EngineEvent& event = action.event;
    const bool is_event = action.kind == Action::Kind::kPublish;
    const NodeId node = is_event ? event.node : action.node;
    std::optional<std::size_t> id;
    if (const auto name = timeline_.NameOf(node); name.has_value()) {
      const auto found = ids_.find(std::string(*name));
      if (found == ids_.end()) return;  // not drawn
      id = found->second;
    }
    const auto change = [&](int state, Incarnation incarnation, std::string_view why) {
      changes.push_back({*id, state, incarnation, Text(std::string(why))});
    };
    if (is_event && event.kind == EngineEvent::Kind::kTransition) {
      if (!id.has_value()) return;
      change(static_cast<int>(event.to), event.incarnation, timeline_.Describe(event.cause));
    } else if (action.kind == Action::Kind::kAdded && id.has_value()) {
      change(static_cast<int>(NodeState::kWaiting), 0, "");
    } else if (action.kind == Action::Kind::kRemoved && id.has_value()) {
      change(kAbsent, 0, "");
    } else {
      news.push_back(Text(timeline_.Describe(action)));
    }
  }

  // The number of a text.
  std::size_t Text(const std::string& text) {
    const auto [number, is_new] = numbers_.emplace(text, texts_.size());
    if (is_new) texts_.push_back(text);
    return number->second;
  }

  const Journal& journal_;
  Timeline timeline_;
  std::unordered_map<std::string, std::size_t> ids_;  // of the page, by name
  double at_ = 0;                                     // seconds
  Json texts_ = Json::array();
  std::unordered_map<std::string, std::size_t> numbers_;
};

}  // namespace

Json PageJournal(const Journal& journal, const std::vector<Node>& nodes) {
  return Writer(journal, nodes).Write();
}

}  // namespace stemma::tools
