// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/event_claim.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/testing/internal/time_text.h"

namespace stemma {
namespace {

using Events = std::vector<SupervisorEvent>;
using Finding = EventClaim::Finding;

std::string Text(std::string_view text) { return std::string(text); }

std::string Ordinal(int n) {
  const int tens = n % 100;
  const int ones = tens / 10 == 1 ? 0 : n % 10;
  return absl::StrCat(n, ones == 1 ? "st" : ones == 2 ? "nd" : ones == 3 ? "rd" : "th");
}

std::string HowOften(std::size_t times) {
  return times == 0 ? "it did not happen"
                    : absl::StrCat("it happened ", times, times == 1 ? " time" : " times");
}

std::string Place(const Events& events, std::size_t index) {
  return "\"" + Describe(events[index]) + "\"";
}

}  // namespace

Finding EventClaim::CheckOn(const Events& events) const {
  for (const SupervisorEvent& event : events) {
    if (event.kind != SupervisorEvent::Kind::kGap) continue;
    return {.holds = false,
            .why = absl::StrCat("nobody knows: ", event.missed, " events were missed")};
  }
  return check_(events);
}

std::string EventPattern::description() const {
  return nth_ == 1 ? description_ : absl::StrCat(description_, " (the ", Ordinal(nth_), " time)");
}

EventPattern EventPattern::Nth(int n) const {
  EventPattern pattern = *this;
  pattern.nth_ = n;
  return pattern;
}

std::vector<std::size_t> EventPattern::FindAll(const Events& events) const {
  std::vector<std::size_t> found;
  int skipped = 0;
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (!matches_(events[i])) continue;
    if (skipped < skip_) {
      ++skipped;
    } else {
      found.push_back(i);
    }
  }
  return found;
}

std::optional<std::size_t> EventPattern::Find(const Events& events) const {
  const std::vector<std::size_t> found = FindAll(events);
  const auto index = static_cast<std::size_t>(nth_) - 1;
  if (nth_ < 1 || index >= found.size()) return std::nullopt;
  return found[index];
}

EventClaim EventPattern::Happened() const {
  return {description(), {node_}, [pattern = *this](const Events& events) {
            return Finding{.holds = pattern.Find(events).has_value(),
                           .why = HowOften(pattern.FindAll(events).size())};
          }};
}

EventClaim EventPattern::Never() const {
  return {"never " + description_, {node_}, [pattern = *this](const Events& events) {
            const auto found = pattern.FindAll(events);
            if (found.empty()) return Finding{.holds = true};
            return Finding{.holds = false, .why = "there is " + Place(events, found[0])};
          }};
}

EventClaim EventPattern::Times(int n) const {
  return {absl::StrCat(description_, ", ", n, n == 1 ? " time" : " times"),
          {node_},
          [pattern = *this, n](const Events& events) {
            const std::size_t times = pattern.FindAll(events).size();
            return Finding{.holds = times == static_cast<std::size_t>(n), .why = HowOften(times)};
          }};
}

EventClaim EventPattern::Before(const EventPattern& later) const {
  EventClaim claim = InOrder({*this, later});
  return {absl::StrCat(description(), " before ", later.description()), claim.nodes(),
          [claim](const Events& events) { return claim.CheckOn(events); }};
}

EventClaim EventPattern::After(const EventPattern& earlier) const {
  EventClaim claim = InOrder({earlier, *this});
  return {absl::StrCat(description(), " after ", earlier.description()), claim.nodes(),
          [claim](const Events& events) { return claim.CheckOn(events); }};
}

EventClaim EventPattern::NeverAfter(const EventPattern& earlier) const {
  return {absl::StrCat("never ", description_, " after ", earlier.description()),
          {node_, earlier.node_},
          [pattern = *this, earlier](const Events& events) {
            const auto since = earlier.Find(events);
            if (!since) {
              return Finding{.holds = false,
                             .why = "there is no \"" + earlier.description() + "\""};
            }
            for (const std::size_t index : pattern.FindAll(events)) {
              if (index <= *since) continue;
              return Finding{.holds = false,
                             .why = absl::StrCat("there is ", Place(events, index), " after ",
                                                 Place(events, *since))};
            }
            return Finding{.holds = true};
          }};
}

EventClaim InOrder(const std::vector<EventPattern>& patterns) {
  std::string description;
  std::vector<std::string> nodes;
  for (const EventPattern& pattern : patterns) {
    absl::StrAppend(&description, description.empty() ? "" : ", then ", pattern.description());
    nodes.push_back(pattern.node());
  }
  return {description, nodes, [patterns](const Events& events) {
            std::optional<std::size_t> last;
            for (const EventPattern& pattern : patterns) {
              const auto found = pattern.Find(events);
              if (!found) {
                return Finding{.holds = false,
                               .why = "there is no \"" + pattern.description() + "\""};
              }
              if (last && *found <= *last) {
                return Finding{.holds = false,
                               .why = absl::StrCat("there is ", Place(events, *found),
                                                   " and only then ", Place(events, *last))};
              }
              last = found;
            }
            return Finding{.holds = true};
          }};
}

EventPattern On::Became(NodeState state) const {
  return {node_, absl::StrCat(node_, " ", Text(ToString(state))),
          [node = node_, state](const SupervisorEvent& event) {
            return event.kind == SupervisorEvent::Kind::kTransition && event.node == node &&
                   event.to == state;
          }};
}

EventPattern On::Started() const { return Became(NodeState::kStarting); }
EventPattern On::Ready() const { return Became(NodeState::kReady); }
EventPattern On::AskedToStop() const { return Became(NodeState::kStopping); }
EventPattern On::BackedOff() const { return Became(NodeState::kBackingOff); }
EventPattern On::Completed() const { return Became(NodeState::kCompleted); }
EventPattern On::Stopped() const { return Became(NodeState::kStopped); }
EventPattern On::FailedForGood() const { return Became(NodeState::kFailed); }
EventPattern On::Abandoned() const { return Became(NodeState::kAbandoned); }
EventPattern On::Failed() const { return Happened(SupervisorEvent::Kind::kFailure); }

EventPattern On::Restarted() const {
  return {node_, node_ + " restarted",
          [node = node_](const SupervisorEvent& event) {
            return event.kind == SupervisorEvent::Kind::kTransition && event.node == node &&
                   event.to == NodeState::kStarting;
          },
          /*skip=*/1};
}

EventPattern On::Ended() const {
  return {node_, node_ + " ended", [node = node_](const SupervisorEvent& event) {
            if (event.kind != SupervisorEvent::Kind::kTransition || event.node != node)
              return false;
            const bool had_instance =
                event.from > NodeState::kWaiting && event.from < NodeState::kBackingOff;
            const bool has_instance =
                event.to > NodeState::kWaiting && event.to < NodeState::kBackingOff;
            return had_instance && !has_instance && event.to != NodeState::kAbandoned;
          }};
}

EventPattern On::Got(ErrorHandlingBehavior verdict) const {
  return {node_, absl::StrCat(node_, " got the verdict ", Text(ToString(verdict))),
          [node = node_, verdict](const SupervisorEvent& event) {
            return event.kind == SupervisorEvent::Kind::kVerdict && event.node == node &&
                   event.verdict == verdict;
          }};
}

EventPattern On::Happened(SupervisorEvent::Kind kind) const {
  return {node_, absl::StrCat(node_, " ", Text(ToString(kind))),
          [node = node_, kind](const SupervisorEvent& event) {
            return event.kind == kind && event.node == node;
          }};
}

EventPattern ServiceEvent(SupervisorEvent::Kind kind) {
  return {"", Text(ToString(kind)),
          [kind](const SupervisorEvent& event) { return event.kind == kind; }};
}

EventPattern EveryNodeReady() { return ServiceEvent(SupervisorEvent::Kind::kAllReady); }

std::string Describe(const SupervisorEvent& event) {
  std::string text = absl::StrCat(event.number, " ");
  if (!event.node.empty()) absl::StrAppend(&text, event.node, "/", event.incarnation, ": ");
  if (event.kind == SupervisorEvent::Kind::kTransition) {
    absl::StrAppend(&text, Text(ToString(event.from)), " -> ", Text(ToString(event.to)));
  } else {
    absl::StrAppend(&text, Text(ToString(event.kind)));
  }
  if (event.kind == SupervisorEvent::Kind::kVerdict ||
      event.kind == SupervisorEvent::Kind::kRestartRefused) {
    absl::StrAppend(&text, " ", Text(ToString(event.verdict)));
  }
  if (!event.text.empty()) absl::StrAppend(&text, " (", event.text, ")");
  return text;
}

std::string DescribeWithTimes(const std::vector<SupervisorEvent>& events) {
  std::string text;
  for (const SupervisorEvent& event : events) {
    const std::string at = internal::TimeText(event.monotonic);
    absl::StrAppend(&text, "\n  ", at, std::string(at.size() < 10 ? 10 - at.size() : 1, ' '),
                    Describe(event));
  }
  return text;
}

}  // namespace stemma
