// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/stop_order.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/testing/internal/time_text.h"

namespace stemma {
namespace {

using Events = std::vector<SupervisorEvent>;
using Finding = EventClaim::Finding;

// True while there is an instance that may do something.
bool Runs(NodeState state) { return state > NodeState::kWaiting && state < NodeState::kBackingOff; }

struct End {
  std::string node = {};
  std::chrono::nanoseconds at = {};
};

std::vector<End> Ends(const Events& events) {
  std::vector<End> ends;
  for (const SupervisorEvent& event : events) {
    if (event.kind != SupervisorEvent::Kind::kTransition) continue;
    if (Runs(event.to)) {
      std::erase_if(ends, [&](const End& end) { return end.node == event.node; });
    } else if (Runs(event.from) && event.to != NodeState::kAbandoned) {
      ends.push_back({.node = event.node, .at = event.monotonic});
    }
  }
  return ends;
}

std::string Text(const End& end) {
  return absl::StrCat(end.node, " ended at ", internal::TimeText(end.at));
}

std::string Text(const End& earlier, const End& later) {
  return absl::StrCat(Text(earlier), ", and only then ", Text(later));
}

}  // namespace

std::vector<std::string> StopOrder(const Events& events) {
  std::vector<std::string> order;
  for (const End& end : Ends(events)) order.push_back(end.node);
  return order;
}

EventClaim LastToStop(std::string node) {
  return {node + " is the last to stop", {node}, [node](const Events& events) {
            const std::vector<End> ends = Ends(events);
            const auto its = std::find_if(ends.begin(), ends.end(),
                                          [&](const End& end) { return end.node == node; });
            if (its == ends.end() || its + 1 == ends.end()) return Finding{.holds = true};
            return Finding{.holds = false, .why = Text(*its, *(its + 1))};
          }};
}

EventClaim StopInOrder(std::vector<std::string> nodes) {
  std::string description = absl::StrJoin(nodes, ", then ") + " stop";
  return {std::move(description), nodes, [nodes](const Events& events) {
            const auto place = [&](const End& end) {
              return std::find(nodes.begin(), nodes.end(), end.node);
            };
            std::vector<End> ends = Ends(events);
            std::erase_if(ends, [&](const End& end) { return place(end) == nodes.end(); });
            for (std::size_t i = 1; i < ends.size(); ++i) {
              if (place(ends[i]) < place(ends[i - 1])) {
                return Finding{.holds = false, .why = Text(ends[i - 1], ends[i])};
              }
            }
            return Finding{.holds = true};
          }};
}

}  // namespace stemma
