// SPDX-License-Identifier: Apache-2.0
// The contract of one component (design.md, L1 to L9), of everything that is one: what users write,
// what is made of several, and the doubles that stand in for them.
#include <atomic>
#include <chrono>
#include <functional>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "catch2/generators/catch_generators.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "stemma/lifecycle/combinators.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/internal/thread_count.h"
#include "stemma/lifecycle/reusable_threads.h"
#include "stemma/lifecycle/run_component.h"
#include "stemma/supervisor/supervisor_component.h"
#include "stemma/testing/failure_injection.h"
#include "stemma/testing/require_set.h"
#include "stemma/testing/scripted_component.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Workers = std::vector<ComponentWorker>;

ComponentFactory ManagerOf(Workers workers) {
  return [workers = std::move(workers)] {
    ComponentManagerBuilder builder;
    for (const ComponentWorker& worker : workers) builder.AddWorker(worker);
    return builder.Build();
  };
}

ComponentFactory ReusingOf(Workers workers) {
  return [workers = std::move(workers), threads = ReusableThreads()] {
    ComponentManagerBuilder builder;
    for (const ComponentWorker& worker : workers) builder.AddWorker(worker);
    return builder.RunOn(threads).Build();
  };
}

ComponentFactory MergedOf(Workers workers) {
  return [workers = std::move(workers)]() -> absl::StatusOr<std::unique_ptr<Component>> {
    std::vector<std::unique_ptr<Component>> parts;
    for (const ComponentWorker& worker : workers) parts.push_back(*ManagerOf({worker})());
    return MergeComponents(std::move(parts));
  };
}

ComponentFactory InjectedOf(Workers workers) {
  return InjectFailure(ManagerOf(std::move(workers)), {.after = 24h});
}

// One script for one worker.
ComponentFactory ScriptedOf(Workers workers) {
  REQUIRE(workers.size() == 1);
  const auto scripted = std::make_shared<ScriptedComponent>(
      "scripted", Script{.work = {Step::Call(workers[0]), Step::End()}});
  return [scripted] { return scripted->factory()(); };
}

// A node for each worker; the failure of one is the failure of all.
ComponentFactory SupervisorOf(Workers workers) {
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < workers.size(); ++i) {
    nodes.push_back({.name = "node " + std::to_string(i),
                     .factory = ManagerOf({workers[i]}),
                     .on_error = Always(ErrorHandlingBehavior::kShutdown)});
  }
  return [nodes = std::move(nodes)]() -> absl::StatusOr<std::unique_ptr<Component>> {
    return SupervisorComponent::Create(nodes);
  };
}

struct Subject {
  std::string name = {};
  ComponentFactory (*of)(Workers) = nullptr;
  std::ptrdiff_t own_threads = 0;  // besides one for each worker (L8)
};
const Subject kManager = {"ComponentManager", &ManagerOf};
const Subject kReusing = {"ComponentManager on ReusableThreads", &ReusingOf};
const Subject kMerged = {"MergeComponents", &MergedOf};
const Subject kInjected = {"InjectFailure", &InjectedOf, 1};
const Subject kScripted = {"ScriptedComponent", &ScriptedOf};
// The inner supervisor, and one for user code; two are needed at times.
const Subject kSupervisor = {"SupervisorComponent", &SupervisorOf, 3};

// For clauses about one worker, and about several.
#define EVERY_SUBJECT() GENERATE(kManager, kReusing, kMerged, kInjected, kScripted, kSupervisor)
#define EVERY_SUBJECT_OF_WORKERS() GENERATE(kManager, kReusing, kMerged, kInjected, kSupervisor)
#define EVERY_SUBJECT_OF_FRESH_THREADS() \
  GENERATE(kManager, kMerged, kInjected, kScripted, kSupervisor)

// One that runs.
class Running {
 public:
  Running(const Subject& subject, Workers workers)
      : factory_(subject.of(std::move(workers))), component_(*factory_()) {
    REQUIRE(component_->Start(ends_.first).ok());
  }

  const SignalerContext& context() const { return ends_.first; }
  const FailureSource& source() const { return ends_.second; }
  Component& component() { return *component_; }
  void RequestStop() { source().RequestStop({.kind = StopReason::Kind::kRequested}); }
  void RequireDone() { RequireSet(component_->Done(), "the component has ended"); }
  void RequireReady() { RequireSet(component_->Ready(), "the component is ready"); }
  void Destroy() { component_.reset(); }

 private:
  const std::pair<SignalerContext, FailureSource> ends_ = WithSignaler({});
  const ComponentFactory factory_;
  std::unique_ptr<Component> component_;
};

TEST_CASE("ready when every worker has called its ReadyFunc, however often", "[testing][L1]") {
  const Subject subject = EVERY_SUBJECT_OF_WORKERS();
  INFO(subject.name);
  const EventSource let_second, first_called;
  Running running(subject, {[&](const SignalerContext& context, const ReadyFunc& ready) {
                              ready();
                              ready();
                              first_called.Set();
                              context.WaitForStop();
                            },
                            [&](const SignalerContext& context, const ReadyFunc& ready) {
                              let_second.event().Wait();
                              NoopWorker(context, ready);
                            }});
  first_called.event().Wait();
  CHECK_FALSE(running.component().Ready().IsSet());
  let_second.Set();
  running.RequireReady();
  CHECK_FALSE(running.component().Done().IsSet());
}

TEST_CASE("without workers: ready and done once it has started", "[testing][L1]") {
  const Subject subject = EVERY_SUBJECT_OF_WORKERS();
  INFO(subject.name);
  Running running(subject, {});
  running.RequireReady();
  running.RequireDone();
}

TEST_CASE("a ReadyFunc may be called from another thread, and outlive the component",
          "[testing][L1]") {
  const Subject subject = EVERY_SUBJECT();
  INFO(subject.name);
  std::optional<ReadyFunc> kept;
  {
    Running running(subject, {[&](const SignalerContext& context, const ReadyFunc& ready) {
                      kept = ready;
                      const std::jthread other([&] { ready(); });
                      context.WaitForStop();
                    }});
    running.RequireReady();
    running.RequestStop();
    running.RequireDone();
  }
  CHECK_NOTHROW((*kept)());
}

TEST_CASE("a worker that returns before it is ready: never ready", "[testing][L1]") {
  const Subject subject = EVERY_SUBJECT();
  INFO(subject.name);
  Running running(subject, {[](const SignalerContext&, const ReadyFunc&) {}});
  running.RequireDone();
  CHECK_FALSE(running.component().Ready().IsSet());
}

std::atomic<int> g_thread_locals = 0;

TEST_CASE("done comes after the workers have returned, thread_local destructors and all",
          "[testing][L2]") {
  const Subject subject = EVERY_SUBJECT_OF_FRESH_THREADS();
  INFO(subject.name);
  struct Recorder {
    Recorder() { ++g_thread_locals; }
    ~Recorder() { --g_thread_locals; }
    int used = 0;
  };
  Running running(subject, {[](const SignalerContext& context, const ReadyFunc& ready) {
                    thread_local Recorder recorder;
                    ++recorder.used;
                    NoopWorker(context, ready);
                  }});
  running.RequireReady();
  std::atomic<int> at_done = -1;
  const EventSource recorded;
  const Subscription subscription = running.component().Done().OnSet([&] {
    at_done = g_thread_locals.load();
    recorded.Set();
  });
  CHECK(g_thread_locals == 1);
  running.RequestStop();
  RequireSet(recorded.event(), "the callback of done");
  CHECK(at_done == 0);
}

TEST_CASE("every failure has been delivered by the time of done", "[testing][L2]") {
  const Subject subject = EVERY_SUBJECT();
  INFO(subject.name);
  Running running(subject, {[](const SignalerContext& context, const ReadyFunc& ready) {
                    ready();
                    context.Throw(absl::DataLossError("bad page"));
                  }});
  bool delivered = false;
  const EventSource recorded;
  const Subscription subscription = running.component().Done().OnSet([&] {
    delivered = running.source().first().has_value();
    recorded.Set();
  });
  RequireSet(recorded.event(), "the callback of done");
  CHECK(delivered);
}

TEST_CASE("a throw delivers the error, stops the context, and unwinds the worker",
          "[testing][L3]") {
  const Subject subject = EVERY_SUBJECT();
  INFO(subject.name);
  std::atomic<bool> destroyed = false, went_on = false, stopped = false;
  Running running(subject, {[&](const SignalerContext& context, const ReadyFunc& ready) {
                    struct Guard {
                      const SignalerContext& context;
                      std::atomic<bool>&destroyed, &stopped;
                      ~Guard() {
                        destroyed = true;
                        stopped = context.stop_requested();
                      }
                    } const guard{context, destroyed, stopped};
                    ready();
                    context.Throw(absl::DataLossError("bad page"));
                    went_on = true;
                  }});
  running.RequireDone();
  REQUIRE(running.source().first().has_value());
  CHECK(running.source().first()->status.code() == absl::StatusCode::kDataLoss);
  CHECK_THAT(std::string(running.source().first()->status.message()),
             ContainsSubstring("bad page"));
  CHECK(destroyed);
  CHECK(stopped);
  CHECK_FALSE(went_on);
  CHECK(running.context().stop_requested());
}

TEST_CASE("an exception that escapes a worker is a failure, and says what it was",
          "[testing][L4]") {
  const Subject subject = EVERY_SUBJECT();
  INFO(subject.name);
  Running running(subject, {[](const SignalerContext&, const ReadyFunc& ready) {
                    ready();
                    throw std::out_of_range("page 7");
                  }});
  running.RequireDone();
  REQUIRE(running.source().first().has_value());
  const std::string message(running.source().first()->status.message());
  CHECK_THAT(message, ContainsSubstring("out_of_range") && ContainsSubstring("page 7"));
}

TEST_CASE("the first failure of a worker stops the others", "[testing][L5]") {
  const Subject subject = EVERY_SUBJECT_OF_WORKERS();
  INFO(subject.name);
  std::atomic<int> stopped = 0;
  const ComponentWorker waits = [&](const SignalerContext& context, const ReadyFunc& ready) {
    NoopWorker(context, ready);
    ++stopped;
  };
  const EventSource fail;
  const ComponentWorker fails = [&](const SignalerContext& context, const ReadyFunc& ready) {
    ready();
    fail.event().Wait();
    context.Throw(absl::AbortedError("x"));
  };
  Running running(subject, {waits, fails, waits});
  running.RequireReady();
  fail.Set();
  running.RequireDone();
  CHECK(stopped == 2);
}

TEST_CASE("a second start is refused and leaves the first unharmed", "[testing][L6]") {
  const Subject subject = EVERY_SUBJECT();
  INFO(subject.name);
  const auto other = WithSignaler({});
  Running running(subject, {&NoopWorker});
  CHECK(absl::IsFailedPrecondition(running.component().Start(other.first)));
  running.RequireReady();
  other.second.RequestStop({.kind = StopReason::Kind::kRequested});
  CHECK_FALSE(running.context().stop_requested());
  CHECK_FALSE(running.component().Done().IsSet());
  running.RequestStop();
  running.RequireDone();
  CHECK(absl::IsFailedPrecondition(running.component().Start(running.context())));
}

TEST_CASE("one factory makes independent components", "[testing][L6]") {
  const Subject subject = EVERY_SUBJECT();
  INFO(subject.name);
  const ComponentFactory factory = subject.of({&NoopWorker});
  const auto one = WithSignaler({}), other = WithSignaler({});
  const std::unique_ptr<Component> first = *factory(), second = *factory();
  REQUIRE(first->Start(one.first).ok());
  REQUIRE(second->Start(other.first).ok());
  RequireSet(second->Ready(), "the second one is ready");
  one.second.RequestStop({.kind = StopReason::Kind::kRequested});
  RequireSet(first->Done(), "the first one has ended");
  CHECK_FALSE(second->Done().IsSet());
}

TEST_CASE("run by itself: a clean end is OK, a stop is Cancelled, a failure restarts afresh",
          "[testing][L7]") {
  const Subject subject = EVERY_SUBJECT();
  INFO(subject.name);
  const auto ends = [](const SignalerContext&, const ReadyFunc& ready) { ready(); };
  CHECK(RunComponent({}, subject.of({ends}), {}).ok());

  std::stop_source stop;
  const auto stops = [&](const SignalerContext& context, const ReadyFunc& ready) {
    ready();
    stop.request_stop();
    context.WaitForStop();
  };
  CHECK(absl::IsCancelled(RunComponent(stop.get_token(), subject.of({stops}), {})));

  std::atomic<int> incarnations = 0;
  const auto fails_twice = [&](const SignalerContext& context, const ReadyFunc& ready) {
    ready();
    if (++incarnations < 3) context.Throw(absl::AbortedError("x"));
  };
  CHECK(RunComponent({}, subject.of({fails_twice}), {}, {.initial = 0ns}).ok());
  CHECK(incarnations == 3);

  incarnations = 0;
  const absl::Status failed =
      RunComponent({}, subject.of({fails_twice}), Always(ErrorHandlingBehavior::kStop));
  CHECK(failed.code() == absl::StatusCode::kAborted);
  CHECK(incarnations == 1);
}

TEST_CASE("one thread for each worker, and no more than are known", "[testing][L8]") {
  const Subject subject = EVERY_SUBJECT();
  INFO(subject.name);
  const long before = internal::CountThreads();
  Running running(subject, {&NoopWorker});
  running.RequireReady();
  CHECK(internal::CountThreads() <= before + 1 + subject.own_threads);
}

TEST_CASE("it may be destroyed at any time: its workers are stopped and waited for",
          "[testing][L9]") {
  const Subject subject = EVERY_SUBJECT();
  INFO(subject.name);
  (void)*subject.of({&NoopWorker})();  // never started

  std::atomic<int> returned = 0;
  const ComponentWorker worker = [&](const SignalerContext& context, const ReadyFunc& ready) {
    NoopWorker(context, ready);
    ++returned;
  };
  {
    Running running(subject, {worker});
    running.RequireReady();
    const Event done = running.component().Done();
    running.Destroy();
    CHECK(done.IsSet());
    CHECK(returned == 1);
    CHECK_FALSE(running.context().stop_requested());
  }
  {
    Running running(subject, {worker});  // perhaps before it is ready
    running.Destroy();
  }
  Running running(subject, {worker});
  const EventSource destroyed;
  const Subscription subscription = running.component().Done().OnSet([&] {
    running.Destroy();
    destroyed.Set();
  });
  running.RequestStop();
  RequireSet(destroyed.event(), "a callback of done has destroyed it");
}

TEST_CASE("a worker learns why it is stopped", "[testing][S16]") {
  const Subject subject = EVERY_SUBJECT();
  INFO(subject.name);
  StopReason reason;
  Running running(subject, {[&](const SignalerContext& context, const ReadyFunc& ready) {
                    NoopWorker(context, ready);
                    reason = context.stop_reason();
                  }});
  running.RequireReady();
  running.source().RequestStop({.kind = StopReason::Kind::kOperator, .text = "for a change"});
  running.RequireDone();
  CHECK(reason.kind == StopReason::Kind::kOperator);
  CHECK(reason.text == "for a change");
}

}  // namespace
}  // namespace stemma
