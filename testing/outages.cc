// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/outages.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/testing/internal/time_text.h"

namespace stemma {
namespace {

using std::chrono::nanoseconds;
using Events = std::vector<SupervisorEvent>;
using internal::TimeText;
using Finding = EventClaim::Finding;

// True if from here on everything is meant to go down.
bool IsRequestedStop(const SupervisorEvent& event) {
  if (event.kind != SupervisorEvent::Kind::kStopping &&
      event.kind != SupervisorEvent::Kind::kStopDelayed) {
    return false;
  }
  switch (event.cause.kind) {
    case Cause::Kind::kStopRequest:
    case Cause::Kind::kInterrupt:
    case Cause::Kind::kTerminate:
    case Cause::Kind::kCompletion:  // which is the end of the service (S19)
      return true;
    default:
      return false;
  }
}

bool IsUp(NodeState state) { return state == NodeState::kReady || state == NodeState::kCompleted; }

std::string Text(const Outage& outage, const std::string& node) {
  if (outage.end == kNever) {
    return absl::StrCat(node, " is out from ", TimeText(outage.begin),
                        " on, and does not come back");
  }
  return absl::StrCat(node, " is out for ", TimeText(outage.duration()), ", from ",
                      TimeText(outage.begin), " to ", TimeText(outage.end));
}

EventClaim NoOutage(std::string description, const std::string& node,
                    std::function<bool(const Outage&)> is_wrong) {
  return {
      std::move(description), {node}, [node, is_wrong = std::move(is_wrong)](const Events& events) {
        const std::vector<Outage> outages = Outages(events, node);
        const auto wrong = std::find_if(outages.begin(), outages.end(), is_wrong);
        if (wrong == outages.end()) return Finding{.holds = true};
        return Finding{.holds = false, .why = Text(*wrong, node)};
      }};
}

}  // namespace

std::vector<Outage> Outages(const Events& events, std::string_view node, nanoseconds now) {
  std::vector<Outage> outages;
  NodeState state = NodeState::kWaiting;
  bool was_up = false, removed = false;
  std::optional<nanoseconds> since;  // it is out
  nanoseconds until = now;
  for (const SupervisorEvent& event : events) {
    const bool is_of_it = event.node == node;
    removed = is_of_it && event.kind == SupervisorEvent::Kind::kRemoved;
    if (IsRequestedStop(event) || removed) {
      until = event.monotonic;
      break;
    }
    if (!is_of_it || event.kind != SupervisorEvent::Kind::kTransition) continue;
    state = event.to;
    if (IsUp(state)) {
      if (since) outages.push_back({.begin = *since, .end = event.monotonic});
      since.reset();
      was_up = true;
    } else if (!since && (was_up || IsTerminal(state))) {
      since = event.monotonic;
    }
  }
  const bool stays_out = IsTerminal(state) && !removed;
  if (since) outages.push_back({.begin = *since, .end = stays_out ? kNever : until});
  return outages;
}

std::vector<Outage> Outages(const Events& events, std::string_view node) {
  return Outages(events, node, events.empty() ? nanoseconds::zero() : events.back().monotonic);
}

nanoseconds Downtime(const std::vector<Outage>& outages) {
  nanoseconds all = {};
  for (const Outage& outage : outages) {
    if (outage.end == kNever) return kNever;
    all += outage.duration();
  }
  return all;
}

nanoseconds LongestOutage(const std::vector<Outage>& outages) {
  nanoseconds longest = {};
  for (const Outage& outage : outages) longest = std::max(longest, outage.duration());
  return longest;
}

EventClaim OutageAtMost(std::string node, nanoseconds limit) {
  std::string description =
      absl::StrCat("no outage of ", node, " is longer than ", TimeText(limit));
  return NoOutage(std::move(description), node,
                  [limit](const Outage& outage) { return outage.duration() > limit; });
}

EventClaim ComesBack(std::string node) {
  return NoOutage(node + " comes back after every outage", node,
                  [](const Outage& outage) { return outage.end == kNever; });
}

}  // namespace stemma
