// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/simulation.h"

#include <algorithm>
#include <csignal>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "stemma/graph/nearest_name.h"
#include "stemma/graph/printable.h"
#include "stemma/supervisor/internal/handler_answer.h"
#include "stemma/supervisor/internal/telling.h"
#include "stemma/supervisor/internal/validation.h"
#include "stemma/supervisor/journal_words.h"

namespace stemma {
namespace {

using std::chrono::nanoseconds;

nanoseconds After(nanoseconds at, nanoseconds delay) {  // saturating
  return delay > nanoseconds::max() - at ? nanoseconds::max() : at + delay;
}

// True for the states that a node leaves by itself, or when a timer says so.
bool IsMoving(NodeState state) {
  return state == NodeState::kStarting || state == NodeState::kDeciding ||
         state == NodeState::kStopping || state == NodeState::kBackingOff;
}

std::string Quoted(std::string_view name) { return absl::StrCat("'", Printable(name), "'"); }

// What is wrong with the nodes, the factories aside.
absl::Status Validate(const std::vector<Node>& nodes) {
  std::vector<std::string> texts;
  for (internal::NodeProblem& problem : internal::Problems(nodes)) {
    texts.push_back(std::move(problem.text));
  }
  if (texts.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrJoin(texts, "\n"));
}

}  // namespace

absl::StatusOr<Simulation> Simulation::Create(std::vector<Node> nodes, EngineOptions options) {
  if (absl::Status valid = Validate(nodes); !valid.ok()) return valid;
  absl::StatusOr<DependencyGraph> graph = DependencyGraph::Create(internal::Declarations(nodes));
  if (!graph.ok()) return graph.status();
  return Simulation(std::make_shared<const DependencyGraph>(*std::move(graph)), std::move(nodes),
                    options);
}

Simulation::Simulation(const std::shared_ptr<const DependencyGraph>& graph, std::vector<Node> nodes,
                       EngineOptions options)
    : engine_(graph, internal::PoliciesOf(nodes), options), header_(HeaderOf(engine_)) {
  for (Node& node : nodes) chronicle_.Add(std::move(node));
}

Failure Simulation::SimulatedFailure() {
  return {.kind = FailureKind::kThrown, .status = absl::InternalError("simulated")};
}

void Simulation::Behave(std::string_view node, Behavior behavior) {
  behaviors_.insert_or_assign(std::string(node), std::move(behavior));
}

const Behavior& Simulation::BehaviorOf(std::string_view node) const {
  static const Behavior* const flawless = new Behavior();
  if (behaviors_.empty()) return *flawless;
  const auto found = behaviors_.find(std::string(node));
  return found == behaviors_.end() ? *flawless : found->second;
}

std::optional<NodeState> Simulation::State(std::string_view node) const {
  const auto id = engine_.graph().Find(node);
  if (!id) return std::nullopt;
  return engine_.state(*id);
}

absl::StatusOr<NodeId> Simulation::Find(std::string_view node) const {
  if (const auto id = engine_.graph().Find(node)) return *id;
  const std::vector<std::string_view> names(engine_.graph().names().begin(),
                                            engine_.graph().names().end());
  return absl::NotFoundError(
      absl::StrCat("no node is named ", Quoted(node), DidYouMean(node, names)));
}

absl::StatusOr<Incarnation> Simulation::Running(std::string_view node) const {
  const absl::StatusOr<NodeId> id = Find(node);
  if (!id.ok()) return id.status();
  const auto life = lives_.find(engine_.incarnation(*id));
  if (over_ || !engine_.has_instance(*id) || life == lives_.end() || life->second.done) {
    return absl::FailedPreconditionError(absl::StrCat("no component of ", Quoted(node),
                                                      " runs: it is ",
                                                      std::string(ToString(engine_.state(*id)))));
  }
  return life->first;
}

// --- What happens

void Simulation::Begin() {
  if (std::exchange(begun_, true)) return;
  Handle({.kind = Input::Kind::kBegin});
}

absl::Status Simulation::CanFail(std::string_view node, FailureKind kind) const {
  const NodeId id = *Find(node);
  const NodeState state = engine_.state(id);
  const auto cannot = [&](std::string_view why) {
    return absl::FailedPreconditionError(absl::StrCat(
        Quoted(node), " cannot fail (", std::string(ToString(kind)), ") now: ", std::string(why)));
  };
  switch (kind) {
    case FailureKind::kFactory:
    case FailureKind::kStart:
    case FailureKind::kStartTimeout:
    case FailureKind::kEndedBeforeReady:
      if (state != NodeState::kStarting) {
        return cannot(absl::StrCat("it is ", std::string(ToString(state)), ", not starting"));
      }
      if (kind == FailureKind::kStartTimeout && NodeOf(id).start_timeout == kNoTimeout) {
        return cannot("it has no start timeout");
      }
      return absl::OkStatus();
    case FailureKind::kWatchdog:
      if (NodeOf(id).watchdog == kNoTimeout) return cannot("it has no watchdog");
      if (state != NodeState::kReady) {
        return cannot(absl::StrCat("it is ", std::string(ToString(state)), ", not ready"));
      }
      return absl::OkStatus();
    default:
      return absl::OkStatus();
  }
}

absl::Status Simulation::Fail(std::string_view node, std::optional<ErrorHandlingBehavior> verdict,
                              Failure failure) {
  const absl::StatusOr<Incarnation> incarnation = Running(node);
  if (!incarnation.ok()) return incarnation.status();
  if (absl::Status can = CanFail(node, failure.kind); !can.ok()) return can;
  lives_[*incarnation].verdict = verdict;
  switch (failure.kind) {
    case FailureKind::kStartTimeout:
      lives_[*incarnation].never_ready = true;
      return absl::OkStatus();
    case FailureKind::kEndedBeforeReady:
      return End(node);
    case FailureKind::kWatchdog:
      return FallSilent(node);
    default:
      Break(*incarnation, std::move(failure));
      return absl::OkStatus();
  }
}

void Simulation::Break(Incarnation incarnation, Failure failure) {
  const FailureKind kind = failure.kind;
  const bool stillborn = kind == FailureKind::kFactory || kind == FailureKind::kStart;
  if (stillborn) lives_[incarnation].ending = true;  // S3: Done is not awaited
  Report(Input::Kind::kFailed, incarnation, std::move(failure));
  if (stillborn) ReportDone(incarnation);
}

absl::Status Simulation::End(std::string_view node) {
  const absl::StatusOr<Incarnation> incarnation = Running(node);
  if (!incarnation.ok()) return incarnation.status();
  ReportDone(*incarnation);
  return absl::OkStatus();
}

absl::Status Simulation::FallSilent(std::string_view node) {
  const absl::StatusOr<Incarnation> incarnation = Running(node);
  if (!incarnation.ok()) return incarnation.status();
  Life& life = lives_[*incarnation];
  if (!life.silent_since) life.silent_since = now_;
  silent_.push_back(*incarnation);
  return absl::OkStatus();
}

absl::Status Simulation::Hang(std::string_view node) {
  const absl::StatusOr<Incarnation> incarnation = Running(node);
  if (!incarnation.ok()) return incarnation.status();
  lives_[*incarnation].hangs = true;
  return absl::OkStatus();
}

absl::Status Simulation::AddNode(Node node) {
  Node alone = node;
  alone.dependencies.clear();
  alone.soft_dependencies.clear();
  if (absl::Status valid = Validate({alone}); !valid.ok()) return valid;
  const auto addition = std::make_shared<const Addition>(Addition{
      .declaration = internal::Declarations({node}).front(), .policy = internal::PolicyOf(node)});
  const DependencyGraph& graph = engine_.graph();
  if (absl::Status fits = graph.With(addition->declaration).status(); !fits.ok()) return fits;
  added_ = std::move(node);
  return Answer({.kind = Input::Kind::kAddNode, .addition = addition});
}

absl::Status Simulation::Command(Input::Kind kind, std::string_view node) {
  const absl::StatusOr<NodeId> id = Find(node);
  if (!id.ok()) return id.status();
  return Answer({.kind = kind, .node = *id});
}

absl::Status Simulation::Answer(const Input& command) {
  if (over_) return absl::FailedPreconditionError("the run is over");
  refusal_ = Refusal::kNone;
  Handle(command);
  switch (refusal_) {
    case Refusal::kNone:
      return absl::OkStatus();
    case Refusal::kStopping:
      return absl::UnavailableError("everything is going down");
    default:
      return absl::FailedPreconditionError(
          absl::StrCat("refused: ", std::string(FormOf(refusal_).word)));
  }
}

void Simulation::Report(Input::Kind kind, Incarnation incarnation, std::optional<Failure> failure) {
  const auto life = lives_.find(incarnation);
  if (life == lives_.end() || life->second.node == kNoNode) return;
  Input input{.kind = kind, .node = life->second.node, .incarnation = incarnation};
  if (failure) input.failure = failure->kind;
  Handle(input, std::move(failure));
}

void Simulation::ReportDone(Incarnation incarnation) {
  Life& life = lives_[incarnation];
  if (std::exchange(life.done, true)) return;
  life.ending = true;
  const bool left_behind = life.node == kNoNode || !engine_.has_instance(life.node);
  Report(Input::Kind::kDone, incarnation);
  if (left_behind) lives_.erase(incarnation);  // of the others there is kGone to come
}

void Simulation::Handle(const Input& input, std::optional<Failure> failure) {
  if (over_) return;
  std::optional<FailureDetail> detail;
  if (failure) {
    failure->component = NodeOf(input.node).name;
    detail = DetailOf(*failure);
    chronicle_.Hear(input, *std::move(failure));
  }
  JournalEntry& entry =
      entries_.emplace_back(JournalEntry{.at = now_, .input = input, .detail = std::move(detail)});
  engine_.Handle(input, now_, entry.actions);
  for (const Action& action : entry.actions) {
    if (!over_) Perform(action);
  }
}

// --- What is decided

void Simulation::Perform(const Action& action) {
  switch (action.kind) {
    case Action::Kind::kLaunch:
      return Launch(action);
    case Action::Kind::kRequestStop:
      Expect(NodeOf(action.node).stop_timeout);
      return AskToEnd(action);
    case Action::Kind::kAskHandler:
      Expect(NodeOf(action.node).stop_timeout);
      return AskHandler(action);
    case Action::Kind::kCheckHeartbeat: {
      const std::optional<Time> silent_since = lives_[action.incarnation].silent_since;
      News beat = NewsOf(Input::Kind::kHeartbeat, action.incarnation);
      beat.input.at = silent_since.value_or(now_);
      return Bring({}, std::move(beat));
    }
    case Action::Kind::kDestroy:
      lives_[action.incarnation].destroying = true;
      ++destroying_;
      Expect(NodeOf(action.node).stop_timeout);
      return Bring(BehaviorOf(NodeOf(action.node).name).destroy,
                   NewsOf(Input::Kind::kGone, action.incarnation));
    case Action::Kind::kAbandon:
      if (std::exchange(lives_[action.incarnation].destroying, false)) --destroying_;
      return;
    case Action::Kind::kLeak:
      lives_.erase(action.incarnation);
      return;
    case Action::Kind::kLatch:
      return Bring({}, NewsOf(Input::Kind::kLatchWritten));
    case Action::Kind::kPublish:
      return Follow(action.event);
    case Action::Kind::kForceExit:
      return LeaveAtOnce(128 + (action.cause.kind == Cause::Kind::kTerminate ? SIGTERM : SIGINT));
    case Action::Kind::kAbort:
      return LeaveAtOnce(kExitAborted);
    case Action::Kind::kAnswer:
      refusal_ = action.refusal;
      return;
    case Action::Kind::kAdded:
      chronicle_.Add(*std::exchange(added_, std::nullopt));
      return TellOfNode(SupervisorEvent::Kind::kAdded, action.node);
    case Action::Kind::kRemoved:
      return Remove(action.node);
    case Action::Kind::kAnnounceSpinHalt:
      if (listener_) Tell(internal::SpinHaltEventOf(action, chronicle_));
      return;
    case Action::Kind::kTellOuter:
      return;
    case Action::Kind::kFinish:
      over_ = true;
      if (listener_) Tell(internal::EndEventOf(engine_, chronicle_));
      return;
  }
}

void Simulation::Launch(const Action& action) {
  ++chronicle_[action.node].incarnations;
  lives_[action.incarnation].node = action.node;
  const Behavior& behavior = BehaviorOf(NodeOf(action.node).name);
  Expect(NodeOf(action.node).start_timeout);
  News start = NewsOf(behavior.start_failure ? Input::Kind::kFailed : Input::Kind::kReady,
                      action.incarnation);
  start.failure = behavior.start_failure;
  start.by_itself = true;
  Bring(behavior.start, std::move(start));
}

void Simulation::AskToEnd(const Action& action) {
  if (std::exchange(lives_[action.incarnation].ending, true)) return;
  Bring(BehaviorOf(NodeOf(action.node).name).stop, NewsOf(Input::Kind::kDone, action.incarnation));
}

void Simulation::AskHandler(const Action& action) {
  chronicle_.FindFailure(action);
  if (listener_) Tell(internal::FailureEventOf(action, chronicle_));
  internal::HandlerAnswer said;
  if (const auto verdict = lives_[action.incarnation].verdict) {
    said.verdict = *verdict;
  } else {
    said =
        internal::AskHandler(NodeOf(action.node).on_error, chronicle_[action.node].failures->asked);
  }
  News answer = NewsOf(said.kind, action.incarnation);
  answer.input.verdict = said.verdict;
  answer.failure = std::move(said.fault);
  Bring(BehaviorOf(NodeOf(action.node).name).answer, std::move(answer));
}

void Simulation::Follow(const EngineEvent& event) {
  if (event.kind == EngineEvent::Kind::kHandlerFault) chronicle_.FindHandlerFault(event);
  if (listener_) Tell(internal::EventOf(event, chronicle_));
  switch (event.kind) {
    case EngineEvent::Kind::kTransition:
      moving_ += IsMoving(event.to) ? 1 : 0;
      moving_ -= IsMoving(event.from) ? 1 : 0;
      if (event.to == NodeState::kBackingOff) Expect(NodeOf(event.node).restart.max);
      return;
    case EngineEvent::Kind::kStopDelayed:
      delaying_ = true;
      Expect(engine_.options().shutdown_delay);
      return Expect(engine_.options().shutdown_deadline);
    case EngineEvent::Kind::kStopping:
      delaying_ = false;
      return Expect(engine_.options().shutdown_deadline);
    default:
      return;
  }
}

void Simulation::Remove(NodeId id) {
  TellOfNode(SupervisorEvent::Kind::kRemoved, id);
  chronicle_.Remove(id);
  for (auto& [incarnation, life] : lives_) {
    if (life.node == kNoNode || life.node < id) continue;
    life.node = life.node == id ? kNoNode : life.node - 1;
  }
}

void Simulation::LeaveAtOnce(int code) {
  over_ = true;
  immediate_exit_code_ = code;
}

void Simulation::TellOfNode(SupervisorEvent::Kind kind, NodeId id) {
  if (!listener_) return;
  SupervisorEvent event;
  event.kind = kind;
  event.node = NodeOf(id).name;
  Tell(std::move(event));
}

void Simulation::Tell(SupervisorEvent event) {
  event.number = ++events_;
  event.monotonic = now_;
  listener_(event);
}

// --- Time

// Not a designated initializer: with -O2, g++ 12 takes what that leaves out for uninitialized.
Simulation::News Simulation::NewsOf(Input::Kind kind, Incarnation incarnation) {
  News news;
  news.input.kind = kind;
  news.input.incarnation = incarnation;
  return news;
}

void Simulation::Bring(Time after, News news) {
  if (after == kNever) return;
  news.at = After(now_, after);
  news.number = ++news_count_;
  news_.push(std::move(news));
}

void Simulation::Expect(nanoseconds timer) {
  if (timer != kNoTimeout) restless_until_ = std::max(restless_until_, After(now_, timer));
}

void Simulation::Deliver(News news) {
  const Incarnation incarnation = news.input.incarnation;
  if (incarnation == 0) return Handle(news.input);
  const auto found = lives_.find(incarnation);
  if (found == lives_.end() || found->second.node == kNoNode) return;
  Life& life = found->second;
  if (news.by_itself && life.ending) return;  // it was asked to stop before that
  if (life.never_ready && news.input.kind == Input::Kind::kReady) return;
  if (life.hangs &&
      (news.input.kind == Input::Kind::kDone || news.input.kind == Input::Kind::kGone))
    return;
  Input input = news.input;
  input.node = life.node;
  switch (input.kind) {
    case Input::Kind::kReady: {
      const Behavior& behavior = BehaviorOf(NodeOf(life.node).name);
      News end =
          NewsOf(behavior.run_failure ? Input::Kind::kFailed : Input::Kind::kDone, incarnation);
      end.failure = behavior.run_failure;
      end.by_itself = true;
      Bring(behavior.run, std::move(end));
      return Handle(input);
    }
    case Input::Kind::kFailed:
      return Break(incarnation, *std::move(news.failure));
    case Input::Kind::kDone:
      return ReportDone(incarnation);
    case Input::Kind::kGone:
      if (life.destroying) --destroying_;
      Handle(input);
      lives_.erase(incarnation);
      return;
    default:
      if (news.failure) input.failure = news.failure->kind;
      return Handle(input, std::move(news.failure));
  }
}

bool Simulation::Step(Time until) {
  const Time deadline = engine_.next_deadline().value_or(kNever);
  const Time next = news_.empty() ? kNever : news_.top().at;
  if (over_ || std::min(next, deadline) > until || std::min(next, deadline) == kNever) return false;
  if (std::min(next, deadline) > now_) {
    now_ = std::min(next, deadline);
    before_now_ = entries_.size();
  }
  // What has happened in time is handled before what is due.
  if (next <= now_) {
    News news = news_.top();
    news_.pop();
    Deliver(std::move(news));
  } else {
    Handle({.kind = Input::Kind::kTick});
  }
  return true;
}

bool Simulation::settled() const {
  if (over_) return true;
  if (!news_.empty()) return false;
  const std::optional<Time> deadline = engine_.next_deadline();
  if (!deadline || *deadline > restless_until_) return true;
  return moving_ == 0 && destroying_ == 0 && !delaying_ &&
         std::none_of(silent_.begin(), silent_.end(), [&](Incarnation incarnation) {
           const auto life = lives_.find(incarnation);
           return life != lives_.end() && !life->second.ending && life->second.node != kNoNode;
         });
}

absl::Status Simulation::Advance(nanoseconds by) { return AdvanceTo(After(now_, by)); }

absl::Status Simulation::AdvanceTo(Time time) {
  while (Step(time)) {
    if (absl::Status round = GoesRound(); !round.ok()) return round;
  }
  if (!over_ && time != kNever) now_ = std::max(now_, time);
  return absl::OkStatus();
}

absl::Status Simulation::Settle(Time limit) {
  while (!settled()) {
    if (absl::Status round = GoesRound(); !round.ok()) return round;
    if (Step(limit)) continue;
    now_ = std::max(now_, limit);
    return absl::DeadlineExceededError("something is still going on");
  }
  return absl::OkStatus();
}

absl::Status Simulation::GoesRound() const {
  const std::size_t at_once = kMostInputsAtOnce * (engine_.graph().size() + 10);
  if (entries_.size() < kMostInputs && entries_.size() - before_now_ < at_once) {
    return absl::OkStatus();
  }
  return absl::ResourceExhaustedError(
      "something goes round without an end: restarts without a limit?");
}

}  // namespace stemma
