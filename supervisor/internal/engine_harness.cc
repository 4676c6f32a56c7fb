// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/engine_harness.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <utility>

namespace stemma::internal {
namespace {

Engine MakeEngine(std::vector<TestNode> nodes, EngineOptions options) {
  std::vector<DependencyGraph::Declaration> declarations;
  std::vector<NodePolicy> policies;
  for (TestNode& node : nodes) {
    declarations.push_back({.name = std::move(node.name),
                            .dependencies = std::move(node.dependencies),
                            .soft_dependencies = std::move(node.soft_dependencies)});
    policies.push_back(node.policy);
  }
  auto graph = DependencyGraph::Create(std::move(declarations));
  if (!graph.ok()) {  // a mistake in the test
    std::fprintf(stderr, "%s\n", graph.status().ToString().c_str());
    std::abort();
  }
  return Engine(std::make_shared<const DependencyGraph>(*std::move(graph)), std::move(policies),
                options);
}

std::string Named(std::string_view what, const DependencyGraph& graph, NodeId id,
                  Incarnation incarnation) {
  if (id == kNoNode) return std::string(what);
  if (id >= graph.size()) return std::string(what) + " of none#" + std::to_string(incarnation);
  return std::string(what) + " " + graph.name(id) + "#" + std::to_string(incarnation);
}

void Append(Lines& to, Lines lines) {
  to.insert(to.end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
}

}  // namespace

std::vector<TestNode> Chain() {
  return {{.name = "db"},
          {.name = "api", .dependencies = {"db"}},
          {.name = "web", .dependencies = {"api"}}};
}

std::vector<TestNode> Diamond() {
  return {{.name = "base"},
          {.name = "left", .dependencies = {"base"}},
          {.name = "right", .dependencies = {"base"}},
          {.name = "top", .dependencies = {"left", "right"}}};
}

std::vector<TestNode> M() {
  return {{.name = "left", .dependencies = {"a", "b"}},
          {.name = "right", .dependencies = {"b", "c"}},
          {.name = "a"},
          {.name = "b"},
          {.name = "c"}};
}

std::vector<TestNode> Star() {
  return {{.name = "hub"},
          {.name = "s1", .dependencies = {"hub"}},
          {.name = "s2", .dependencies = {"hub"}},
          {.name = "s3", .dependencies = {"hub"}}};
}

NodePolicy& PolicyOf(std::vector<TestNode>& nodes, std::string_view name) {
  return std::find_if(nodes.begin(), nodes.end(),
                      [&](const TestNode& node) { return node.name == name; })
      ->policy;
}

RestartPolicy Steady() {
  RestartPolicy policy;
  policy.initial = std::chrono::seconds(1);
  policy.jitter = 0;
  return policy;
}

std::string ToString(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone:
      return "accepted";
    case Refusal::kStopping:
      return "stopping";
    case Refusal::kUnknown:
      return "unknown";
    case Refusal::kAbandoned:
      return "abandoned";
    case Refusal::kHasDependents:
      return "has dependents";
    case Refusal::kRemoving:
      return "removing";
    case Refusal::kInvalid:
      return "invalid";
    case Refusal::kOverLimit:
      return "over limit";
  }
  return "unknown refusal";
}

std::string Describe(const DependencyGraph& graph, const Action& action) {
  const auto named = [&](std::string_view what) {
    return Named(what, graph, action.node, action.incarnation);
  };
  switch (action.kind) {
    case Action::Kind::kLaunch:
      return named("launch");
    case Action::Kind::kRequestStop:
      return named("ask");
    case Action::Kind::kAskHandler:
      return named("consult") + " " + std::string(ToString(action.failure));
    case Action::Kind::kCheckHeartbeat:
      return named("check");
    case Action::Kind::kDestroy:
      return named("destroy");
    case Action::Kind::kAbandon:
      return named("abandon");
    case Action::Kind::kLeak:
      return named("leak");
    case Action::Kind::kPublish:
      return Describe(graph, action.event);
    case Action::Kind::kTellOuter:
      return "tell outer " + std::string(ToString(action.failure));
    case Action::Kind::kLatch:
      return "latch";
    case Action::Kind::kAnnounceSpinHalt:
      return "announce spin halt";
    case Action::Kind::kForceExit:
      return "force exit";
    case Action::Kind::kAbort:
      return named("abort");
    case Action::Kind::kAnswer:
      return named("answer") + " " + ToString(action.refusal);
    case Action::Kind::kAdded:
      return "added " + graph.name(action.node);
    case Action::Kind::kRemoved:
      return "removed " + graph.name(action.node);
    case Action::Kind::kFinish:
      return "finish";
  }
  return "unknown action";
}

std::string Describe(const DependencyGraph& graph, const EngineEvent& event) {
  const auto named = [&](std::string_view what) {
    return Named(what, graph, event.node, event.incarnation);
  };
  const std::string verdict(ToString(event.verdict));
  switch (event.kind) {
    case EngineEvent::Kind::kTransition:
      return graph.name(event.node) + ": " + std::string(ToString(event.from)) + " -> " +
             std::string(ToString(event.to));
    case EngineEvent::Kind::kVerdict:
      return named("verdict") + " " + verdict;
    case EngineEvent::Kind::kHandlerFault:
      return named("handler fault");
    case EngineEvent::Kind::kRestartRefused:
      return named("restart refused") + " " + verdict + ": " + ToString(event.refusal);
    case EngineEvent::Kind::kSecondaryFailure:
      return named("secondary failure");
    case EngineEvent::Kind::kStuck:
      return named("stuck");
    case EngineEvent::Kind::kLateEnd:
      return named("late end");
    case EngineEvent::Kind::kAllReady:
      return "all ready";
    case EngineEvent::Kind::kStartupFailed:
      return "startup failed " + graph.name(event.node);
    case EngineEvent::Kind::kStopDelayed:
      return "stop delayed";
    case EngineEvent::Kind::kStopping:
      return "stopping";
    case EngineEvent::Kind::kStopIgnored:
      return "stop ignored";
    case EngineEvent::Kind::kSpinHaltEnding:
      return "spin halt ending";
    case EngineEvent::Kind::kLatchFailed:
      return "latch failed";
  }
  return "unknown event";
}

std::string Describe(const DependencyGraph& graph, const Input& input) {
  const auto named = [&](std::string_view what) {
    return Named(what, graph, input.node, input.incarnation);
  };
  switch (input.kind) {
    case Input::Kind::kBegin:
      return "begin";
    case Input::Kind::kReady:
      return named("ready");
    case Input::Kind::kFailed:
      return named("failed") + " " + std::string(ToString(input.failure));
    case Input::Kind::kDone:
      return named("done");
    case Input::Kind::kGone:
      return named("gone");
    case Input::Kind::kVerdict:
      return named("verdict") + " " + std::string(ToString(input.verdict));
    case Input::Kind::kHandlerThrew:
      return named("handler threw");
    case Input::Kind::kHeartbeat:
      return named("heartbeat");
    case Input::Kind::kLeftBehind:
      return named("left behind");
    case Input::Kind::kStopRequested:
      return "stop requested";
    case Input::Kind::kInterrupt:
      return "interrupt";
    case Input::Kind::kTerminate:
      return "terminate";
    case Input::Kind::kEndSpinHalt:
      return "end spin halt";
    case Input::Kind::kLatchWritten:
      return "latch written";
    case Input::Kind::kLatchFailed:
      return "latch failed";
    case Input::Kind::kTick:
      return "tick";
    case Input::Kind::kStopNode:
      return named("stop");
    case Input::Kind::kStartNode:
      return named("start");
    case Input::Kind::kRestartNode:
      return named("restart");
    case Input::Kind::kAddNode:
      return "add " + input.addition->declaration.name;
    case Input::Kind::kRemoveNode:
      return named("remove");
  }
  return "unknown input";
}

EngineHarness::EngineHarness(std::vector<TestNode> nodes, EngineOptions options)
    : engine_(MakeEngine(std::move(nodes), options)) {}

Lines EngineHarness::Send(Input::Kind kind, std::string_view name) {
  Input input{.kind = kind};
  if (!name.empty()) {
    input.node = id(name);
    input.incarnation = incarnation(name);
  }
  return Send(input);
}

Lines EngineHarness::Send(const Input& input) {
  last_actions_.clear();
  const auto before = engine_.shared_graph();
  engine_.Handle(input, now_, last_actions_);
  // A removal comes last: what is said before it is said of the old graph.
  const auto& graph = engine_.graph().size() > before->size() ? engine_.graph() : *before;
  Lines lines;
  for (const Action& action : last_actions_) {
    if (action.kind == Action::Kind::kPublish) {
      events_.push_back(Describe(graph, action.event));
      continue;
    }
    if (action.kind == Action::Kind::kLaunch) launched_.push_back(action);
    if (action.kind == Action::Kind::kRequestStop || action.kind == Action::Kind::kDestroy) {
      owed_.push_back(action);
    }
    lines.push_back(Describe(graph, action));
  }
  return lines;
}

Lines EngineHarness::Command(Input::Kind kind, std::string_view name) {
  return Send({.kind = kind, .node = engine_.graph().Find(name).value_or(kNoNode)});
}

Lines EngineHarness::Add(TestNode node) {
  return Send({.kind = Input::Kind::kAddNode,
               .addition = std::make_shared<const Addition>(
                   Addition{.declaration = {node.name, node.dependencies, node.soft_dependencies},
                            .policy = node.policy})});
}

Lines EngineHarness::Fail(std::string_view name, FailureKind failure) {
  return Send({.kind = Input::Kind::kFailed,
               .failure = failure,
               .node = id(name),
               .incarnation = incarnation(name)});
}

Lines EngineHarness::Verdict(std::string_view name, ErrorHandlingBehavior verdict) {
  return Send({.kind = Input::Kind::kVerdict,
               .verdict = verdict,
               .node = id(name),
               .incarnation = incarnation(name)});
}

Lines EngineHarness::Heartbeat(std::string_view name, Engine::Time at) {
  return Send({.kind = Input::Kind::kHeartbeat,
               .node = id(name),
               .incarnation = incarnation(name),
               .at = at});
}

Lines EngineHarness::Advance(std::chrono::nanoseconds by) {
  const Engine::Time until = now_ + by;
  Lines lines;
  for (auto next = engine_.next_deadline(); next && *next <= until;
       next = engine_.next_deadline()) {
    now_ = std::max(now_, *next);
    Append(lines, Send(Input::Kind::kTick));
  }
  now_ = until;
  return lines;
}

Lines EngineHarness::Start() {
  Lines lines = Begin();
  while (!launched_.empty()) {
    const Action launch = launched_.front();
    launched_.pop_front();
    Append(lines, Send({.kind = Input::Kind::kReady,
                        .node = launch.node,
                        .incarnation = launch.incarnation}));
  }
  return lines;
}

Lines EngineHarness::FailWith(std::string_view name, ErrorHandlingBehavior verdict) {
  Lines lines = Fail(name);
  Append(lines, Verdict(name, verdict));
  return lines;
}

Lines EngineHarness::End(std::string_view name) {
  Lines lines = Done(name);
  Append(lines, Gone(name));
  return lines;
}

Lines EngineHarness::Cooperate() {
  Lines lines;
  while (!owed_.empty()) {
    const Action action = owed_.front();
    owed_.pop_front();
    const bool destroy = action.kind == Action::Kind::kDestroy;
    Append(lines, Send({.kind = destroy ? Input::Kind::kGone : Input::Kind::kDone,
                        .node = action.node,
                        .incarnation = action.incarnation}));
  }
  return lines;
}

Lines EngineHarness::TakeEvents() { return std::exchange(events_, {}); }

const Action& EngineHarness::last(Action::Kind kind) const {
  return *std::find_if(last_actions_.rbegin(), last_actions_.rend(),
                       [&](const Action& action) { return action.kind == kind; });
}

}  // namespace stemma::internal
