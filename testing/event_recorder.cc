// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/event_recorder.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "stemma/testing/internal/unknown_node.h"
#include "stemma/testing/internal/witness.h"

namespace stemma {
namespace internal {

// Shared with the listener, which may still be told something when the recorder is gone.
//
// Thread safety: any thread may call any method.
class EventRecord {
 public:
  explicit EventRecord(std::shared_ptr<const DependencyGraph> graph) : graph_(std::move(graph)) {}

  void Add(const SupervisorEvent& event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(event);
    changed_.notify_all();
  }

  std::vector<SupervisorEvent> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }

  // Blocks until `condition` holds of the events, the run is over, or `timeout` is. Returns:
  // whether it holds.
  bool Await(const std::function<bool(const std::vector<SupervisorEvent>&)>& condition,
             std::chrono::nanoseconds timeout) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    std::unique_lock lock(mutex_);
    bool holds = false;
    changed_.wait_until(lock, deadline, [&] {  // woken by Add
      holds = condition(events_);
      return holds || IsOver(events_);
    });
    return holds;
  }

  static bool IsOver(const std::vector<SupervisorEvent>& events) {
    return !events.empty() && events.back().kind == SupervisorEvent::Kind::kEnded;
  }

  std::optional<std::string> Unknown(std::string_view node) const {
    return UnknownNode(node, *graph_, events());
  }

  std::string Tell() const {
    constexpr std::size_t kTold = 50;
    const auto events = this->events();
    std::string text = absl::StrCat("the supervisor's events: ", events.size());
    const std::size_t from = events.size() > kTold ? events.size() - kTold : 0;
    if (from > 0) absl::StrAppend(&text, ", the last ", kTold, " of them:");
    for (std::size_t i = from; i < events.size(); ++i) {
      absl::StrAppend(&text, "\n", Describe(events[i]));
    }
    return text;
  }

 private:
  const std::shared_ptr<const DependencyGraph> graph_;  // at first

  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<SupervisorEvent> events_;  // guarded by mutex_
};

}  // namespace internal

namespace {

std::string_view WhySooner(const internal::EventRecord& record) {
  return internal::EventRecord::IsOver(record.events()) ? "the run is over" : "";
}

}  // namespace

EventRecorder::EventRecorder(Supervisor& supervisor)
    : record_(std::make_shared<internal::EventRecord>(supervisor.graph())),
      subscription_(supervisor.Subscribe(
          [record = record_](const SupervisorEvent& event) { record->Add(event); })),
      witness_(std::make_unique<internal::Witness>([record = record_] { return record->Tell(); })) {
}

EventRecorder::~EventRecorder() = default;

std::vector<SupervisorEvent> EventRecorder::events() const { return record_->events(); }

bool EventRecorder::AwaitSeen(const EventPattern& pattern, std::chrono::nanoseconds timeout) const {
  return record_->Await(
      [&](const std::vector<SupervisorEvent>& events) { return pattern.Find(events).has_value(); },
      timeout);
}

SupervisorEvent EventRecorder::RequireSeen(const EventPattern& pattern,
                                           std::chrono::nanoseconds timeout,
                                           SourceLocation where) const {
  if (const auto unknown = record_->Unknown(pattern.node())) {
    GiveUp(pattern.description(), timeout, where, *unknown);
  }
  std::optional<SupervisorEvent> seen;
  const auto is_there = [&](const std::vector<SupervisorEvent>& events) {
    const auto index = pattern.Find(events);
    if (index) seen = events[*index];
    return index.has_value();
  };
  if (!record_->Await(is_there, timeout)) {
    GiveUp(pattern.description(), timeout, where, WhySooner(*record_));
  }
  return *seen;
}

void EventRecorder::RequireState(std::string_view node, NodeState state,
                                 std::chrono::nanoseconds timeout, SourceLocation where) const {
  const std::string what =
      absl::StrCat("'", std::string(node), "' is ", std::string(ToString(state)));
  if (const auto unknown = record_->Unknown(node)) GiveUp(what, timeout, where, *unknown);
  const std::size_t before = events().size();
  const auto is_or_comes = [&](const std::vector<SupervisorEvent>& events) {
    NodeState now = NodeState::kWaiting;
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (events[i].kind != SupervisorEvent::Kind::kTransition || events[i].node != node) continue;
      now = events[i].to;
      if (i >= before && now == state) return true;
    }
    return now == state;
  };
  if (!record_->Await(is_or_comes, timeout)) GiveUp(what, timeout, where, WhySooner(*record_));
}

void EventRecorder::RequireReady(std::chrono::nanoseconds timeout, SourceLocation where) const {
  bool failed = false;
  const auto is_decided = [&](const std::vector<SupervisorEvent>& events) {
    for (const SupervisorEvent& event : events) {
      if (event.kind == SupervisorEvent::Kind::kAllReady) return true;
      failed |= event.kind == SupervisorEvent::Kind::kStartupFailed;
    }
    return failed;
  };
  const bool decided = record_->Await(is_decided, timeout);
  if (decided && !failed) return;
  GiveUp("every node is ready", timeout, where,
         failed ? "start-up has failed" : WhySooner(*record_));
}

EventClaim::Finding EventRecorder::Check(const EventClaim& claim) const {
  for (const std::string& node : claim.nodes()) {
    if (const auto unknown = record_->Unknown(node)) return {.holds = false, .why = *unknown};
  }
  return claim.CheckOn(events());
}

std::ostream& operator<<(std::ostream& out, const EventRecorder& recorder) {
  for (const SupervisorEvent& event : recorder.events()) out << "\n  " << Describe(event);
  return out << "\n";
}

}  // namespace stemma
