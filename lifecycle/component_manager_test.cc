// SPDX-License-Identifier: Apache-2.0
#include "stemma/lifecycle/component_manager.h"

#include <pthread.h>

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <system_error>
#include <vector>

#include "stemma/lifecycle/internal/component_manager_access.h"
#include "stemma/lifecycle/internal/run_together.h"
#include "stemma/lifecycle/internal/thread_count.h"

namespace stemma {
namespace {

using internal::kRaces;
using internal::RunTogether;

// A context and its source for one manager, and the stop.
struct Owner {
  std::stop_source stop;
  std::pair<SignalerContext, FailureSource> ends =
      WithSignaler(stop.get_token(), {.component = "db"});
  const SignalerContext& context() const { return ends.first; }
  const FailureSource& source() const { return ends.second; }
};

// Runs one worker to its end; returns the failure, if any.
std::optional<Failure> RunOne(ComponentWorker worker) {
  const Owner owner;
  const auto manager = ComponentManagerBuilder().AddWorker("w", std::move(worker)).Build();
  REQUIRE(manager->Start(owner.context()).ok());
  manager->Done().Wait();
  return owner.source().first();
}

void ReturnAtOnce(const SignalerContext&, const ReadyFunc&) {}

// --- L1

TEST_CASE("ready is set when every worker has called its ReadyFunc, however often",
          "[lifecycle][L1]") {
  const Owner owner;
  const EventSource let_second;
  const EventSource first_called;
  const auto manager = ComponentManagerBuilder()
                           .AddWorker([&](const SignalerContext& context, const ReadyFunc& ready) {
                             ready();
                             ready();
                             first_called.Set();
                             context.WaitForStop();
                           })
                           .AddWorker([&](const SignalerContext& context, const ReadyFunc& ready) {
                             let_second.event().Wait();
                             NoopWorker(context, ready);
                           })
                           .Build();
  CHECK_FALSE(manager->Ready().IsSet());
  REQUIRE(manager->Start(owner.context()).ok());
  first_called.event().Wait();
  CHECK_FALSE(manager->Ready().IsSet());
  let_second.Set();
  manager->Ready().Wait();
  CHECK_FALSE(manager->ShutdownSignal().IsSet());
}

TEST_CASE("a ReadyFunc may be called from another thread", "[lifecycle][L1]") {
  const Owner owner;
  const auto manager = ComponentManagerBuilder()
                           .AddWorker([](const SignalerContext& context, const ReadyFunc& ready) {
                             const std::jthread other([&] { ready(); });
                             context.WaitForStop();
                           })
                           .Build();
  REQUIRE(manager->Start(owner.context()).ok());
  manager->Ready().Wait();
  CHECK(manager->Ready().IsSet());
}

TEST_CASE("a component without workers is ready and done as soon as it has started",
          "[lifecycle][L1]") {
  const Owner owner;
  const auto manager = ComponentManagerBuilder().Build();
  REQUIRE(manager->Start(owner.context()).ok());
  CHECK(manager->Ready().IsSet());
  CHECK(manager->Done().IsSet());
  CHECK(manager->ShutdownSignal().IsSet());
}

TEST_CASE("a worker that returns before it is ready keeps the component from ever being ready",
          "[lifecycle][L1]") {
  const Owner owner;
  std::optional<ReadyFunc> kept;
  const auto manager =
      ComponentManagerBuilder()
          .AddWorker(&NoopWorker)
          .AddWorker([&](const SignalerContext&, const ReadyFunc& ready) { kept = ready; })
          .Build();
  REQUIRE(manager->Start(owner.context()).ok());
  owner.source().RequestStop({.kind = StopReason::Kind::kRequested});
  manager->Done().Wait();
  CHECK_FALSE(manager->Ready().IsSet());
  (*kept)();  // too late
  CHECK_FALSE(manager->Ready().IsSet());
}

TEST_CASE("a ReadyFunc may outlive the component", "[lifecycle][L1]") {
  std::optional<ReadyFunc> kept;
  RunOne([&](const SignalerContext&, const ReadyFunc& ready) { kept = ready; });
  CHECK_NOTHROW((*kept)());
}

// --- L2

std::atomic<bool> g_thread_local_destroyed = false;

TEST_CASE("done is set after the thread_local destructors of the workers' threads",
          "[lifecycle][L2]") {
  struct Recorder {
    bool used = false;
    ~Recorder() { g_thread_local_destroyed = true; }
  };
  const Owner owner;
  g_thread_local_destroyed = false;
  const auto manager = ComponentManagerBuilder()
                           .AddWorker([](const SignalerContext&, const ReadyFunc&) {
                             thread_local Recorder recorder;
                             recorder.used = true;
                           })
                           .Build();
  bool destroyed_at_done = false;
  const EventSource recorded;
  const Subscription subscription = manager->Done().OnSet([&] {
    destroyed_at_done = g_thread_local_destroyed;
    recorded.Set();
  });
  REQUIRE(manager->Start(owner.context()).ok());
  recorded.event().Wait();
  CHECK(destroyed_at_done);
}

TEST_CASE("what a worker captured is destroyed before done", "[lifecycle][L2]") {
  const Owner owner;
  auto captured = std::make_shared<int>(1);
  const std::weak_ptr<int> weak = captured;
  auto manager = ComponentManagerBuilder()
                     .AddWorker([captured](const SignalerContext&, const ReadyFunc&) {})
                     .Build();
  captured.reset();
  REQUIRE(manager->Start(owner.context()).ok());
  manager->Done().Wait();
  CHECK(weak.expired());
}

TEST_CASE("the shutdown signal is set by the time of done, even when nobody asked for a stop",
          "[lifecycle][L2][trap6]") {
  const Owner owner;
  const auto manager = ComponentManagerBuilder().AddWorker(&ReturnAtOnce).Build();
  REQUIRE(manager->Start(owner.context()).ok());
  manager->Done().Wait();
  CHECK(manager->ShutdownSignal().IsSet());
  CHECK_FALSE(owner.context().stop_requested());
}

TEST_CASE("done waits for a failure that another thread is reporting", "[lifecycle][L2]") {
  const Owner owner;
  const EventSource delivering;
  const EventSource deliver;
  std::optional<SignalerContext> of_worker;
  const EventSource has_context;
  const EventSource may_return;
  const auto manager = ComponentManagerBuilder()
                           .AddWorker([&](const SignalerContext& context, const ReadyFunc&) {
                             of_worker = context;
                             has_context.Set();
                             may_return.event().Wait();
                           })
                           .Build();
  bool done_at_delivery = true;
  const Subscription subscription = owner.source().OnFailure([&](const Failure&) {
    delivering.Set();
    deliver.event().Wait();
    done_at_delivery = manager->Done().IsSet();
  });
  REQUIRE(manager->Start(owner.context()).ok());
  has_context.event().Wait();
  {
    const std::jthread reporter([&] { of_worker->Report(absl::AbortedError("x")); });
    delivering.event().Wait();
    may_return.Set();
    deliver.Set();
  }
  manager->Done().Wait();
  CHECK_FALSE(done_at_delivery);
}

// --- L3

TEST_CASE("a worker's throw carries the worker's name, and ends the worker", "[lifecycle][L3]") {
  bool went_on = false;
  const auto failure = RunOne([&](const SignalerContext& context, const ReadyFunc&) {
    context.Throw(absl::DataLossError("bad page"));
    went_on = true;
  });
  REQUIRE(failure.has_value());
  CHECK(failure->kind == FailureKind::kThrown);
  CHECK(failure->status == absl::DataLossError("bad page"));
  CHECK(failure->component == "db");
  CHECK(failure->worker == "w");
  CHECK_FALSE(went_on);
}

TEST_CASE("a worker that swallows the throw goes on, the failure stands, and stop is requested",
          "[lifecycle][L3]") {
  bool stop_was_requested = false;
  const auto failure = RunOne([&](const SignalerContext& context, const ReadyFunc&) {
    try {
      context.Throw(absl::AbortedError("x"));
    } catch (...) {
    }
    stop_was_requested = context.stop_requested();
  });
  REQUIRE(failure.has_value());
  CHECK(failure->status == absl::AbortedError("x"));
  CHECK(stop_was_requested);
}

TEST_CASE("workers without a name are numbered", "[lifecycle][L3]") {
  const Owner owner;
  const auto manager = ComponentManagerBuilder()
                           .AddWorker("first", &NoopWorker)
                           .AddWorker([](const SignalerContext& context, const ReadyFunc&) {
                             context.Report(absl::AbortedError("x"));
                           })
                           .Build();
  REQUIRE(manager->Start(owner.context()).ok());
  manager->Done().Wait();
  CHECK(owner.source().first()->worker == "worker-1");
}

// --- L4

TEST_CASE("an exception that escapes a worker is a failure with its type and message",
          "[lifecycle][L4]") {
  const auto failure = RunOne(
      [](const SignalerContext&, const ReadyFunc&) { throw std::out_of_range("no such key"); });
  REQUIRE(failure.has_value());
  CHECK(failure->kind == FailureKind::kException);
  CHECK(failure->status == absl::InternalError("std::out_of_range: no such key"));
  CHECK(failure->worker == "w");
}

TEST_CASE("an exception of any type that escapes a worker is a failure",
          "[lifecycle][L4][trap22]") {
  const auto failure = RunOne([](const SignalerContext&, const ReadyFunc&) { throw 42; });
  REQUIRE(failure.has_value());
  CHECK(failure->kind == FailureKind::kException);
  CHECK(failure->status == absl::InternalError("int"));
}

TEST_CASE("a throw of another context that arrives in a worker fails the worker's component too",
          "[lifecycle][L4]") {
  auto [other, other_source] = WithSignaler({});
  const auto failure = RunOne([other = other](const SignalerContext&, const ReadyFunc&) {
    other.Throw(absl::AbortedError("elsewhere"));
  });
  REQUIRE(failure.has_value());
  CHECK(failure->kind == FailureKind::kException);
  CHECK(failure->status.message().find("elsewhere") != absl::string_view::npos);
  CHECK(other_source.first().has_value());
}

TEST_CASE("a worker that ends its thread by pthread_exit has returned", "[lifecycle][L4]") {
  bool destroyed = false;
  struct Guard {
    bool& destroyed;
    ~Guard() { destroyed = true; }
  };
  const auto failure = RunOne([&](const SignalerContext&, const ReadyFunc&) {
    const Guard guard{destroyed};
    pthread_exit(nullptr);
  });
  CHECK_FALSE(failure.has_value());
  CHECK(destroyed);
}

// --- L5, S16, S22

TEST_CASE("the first failure of a worker stops the others, and they can learn why",
          "[lifecycle][L5]") {
  const Owner owner;
  const EventSource waiting;
  StopReason reason;
  const auto manager = ComponentManagerBuilder()
                           .AddWorker("victim",
                                      [&](const SignalerContext& context, const ReadyFunc&) {
                                        waiting.Set();
                                        context.WaitForStop();
                                        reason = context.stop_reason();
                                      })
                           .AddWorker("culprit",
                                      [&](const SignalerContext& context, const ReadyFunc&) {
                                        waiting.event().Wait();
                                        context.Throw(absl::DataLossError("bad page"));
                                      })
                           .Build();
  REQUIRE(manager->Start(owner.context()).ok());
  manager->Done().Wait();
  CHECK(reason.kind == StopReason::Kind::kFailure);
  CHECK(reason.text.find("db/culprit failed (Thrown): DATA_LOSS: bad page") == 0);
  CHECK(reason.node == "db");
  CHECK_FALSE(owner.stop.stop_requested());
}

TEST_CASE("a worker learns the reason that whoever stops it gives", "[lifecycle][S16]") {
  const Owner owner;
  StopReason reason;
  const auto manager = ComponentManagerBuilder()
                           .AddWorker([&](const SignalerContext& context, const ReadyFunc& ready) {
                             NoopWorker(context, ready);
                             reason = context.stop_reason();
                           })
                           .Build();
  REQUIRE(manager->Start(owner.context()).ok());
  owner.source().RequestStop({.kind = StopReason::Kind::kCascade, .text = "t", .node = "log"});
  manager->Done().Wait();
  CHECK(reason == StopReason{.kind = StopReason::Kind::kCascade, .text = "t", .node = "log"});
}

TEST_CASE("somebody's stop callback that blocks does not hold up the workers", "[lifecycle][L5]") {
  const Owner owner;
  const EventSource told;
  const auto manager = ComponentManagerBuilder()
                           .AddWorker([&](const SignalerContext& context, const ReadyFunc& ready) {
                             NoopWorker(context, ready);
                             told.Set();
                           })
                           .Build();
  REQUIRE(manager->Start(owner.context()).ok());
  const std::stop_callback blocks(owner.context().stop_token(), [&] { told.event().Wait(); });
  owner.source().RequestStop({.kind = StopReason::Kind::kRequested});  // hangs if it does
  CHECK(told.event().IsSet());
}

TEST_CASE("a context stops the components that live, however many come and go", "[lifecycle][L9]") {
  const Owner owner;
  std::vector<std::unique_ptr<ComponentManager>> living;
  for (int i = 0; i < 100; ++i) {
    auto manager = ComponentManagerBuilder().AddWorker(&NoopWorker).Build();
    REQUIRE(manager->Start(owner.context()).ok());
    if (i % 10 == 3) living.push_back(std::move(manager));
  }
  owner.source().RequestStop({.kind = StopReason::Kind::kCascade});
  for (const auto& manager : living) manager->Done().Wait();  // for ever if it was forgotten
  CHECK(living.size() == 10);
}

TEST_CASE("what was started last in a context is stopped first", "[lifecycle][L5]") {
  const Owner owner;
  std::vector<int> stopped;
  std::vector<std::unique_ptr<ComponentManager>> managers;
  std::vector<std::unique_ptr<std::stop_callback<std::function<void()>>>> callbacks;
  for (int i = 0; i < 3; ++i) {
    std::optional<SignalerContext> own;
    const EventSource ready;
    managers.push_back(
        ComponentManagerBuilder()
            .AddWorker([&own, ready](const SignalerContext& context, const ReadyFunc& done) {
              own = context;
              ready.Set();
              NoopWorker(context, done);
            })
            .Build());
    REQUIRE(managers.back()->Start(owner.context()).ok());
    ready.event().Wait();
    callbacks.push_back(std::make_unique<std::stop_callback<std::function<void()>>>(
        own->stop_token(), [&stopped, i] { stopped.push_back(i); }));
  }
  owner.source().RequestStop({.kind = StopReason::Kind::kRequested});
  CHECK(stopped == std::vector<int>{2, 1, 0});
}

TEST_CASE("the source sees which workers wait, which have ended, and their heartbeats",
          "[lifecycle][S22]") {
  const Owner owner;
  const EventSource beaten;
  const EventSource may_end;
  std::chrono::nanoseconds before{};
  const auto manager = ComponentManagerBuilder()
                           .AddWorker("beats",
                                      [&](const SignalerContext& context, const ReadyFunc&) {
                                        before =
                                            std::chrono::steady_clock::now().time_since_epoch();
                                        context.Heartbeat();
                                        beaten.Set();
                                        may_end.event().Wait();
                                      })
                           .AddWorker("waits", &NoopWorker)
                           .Build();
  REQUIRE(manager->Start(owner.context()).ok());
  beaten.event().Wait();
  auto workers = owner.source().workers();
  REQUIRE(workers.size() == 2);
  CHECK(workers[0].name == "beats");
  CHECK(workers[0].last_heartbeat >= before);
  CHECK_FALSE(workers[0].waiting);
  CHECK_FALSE(workers[0].ended);
  CHECK(workers[1].name == "waits");
  may_end.Set();
  owner.source().RequestStop({.kind = StopReason::Kind::kRequested});
  manager->Done().Wait();
  workers = owner.source().workers();
  CHECK(workers[0].ended);
  CHECK(workers[1].ended);
  CHECK_FALSE(workers[1].waiting);
}

// --- L6

TEST_CASE("a second start is refused and leaves the first unharmed", "[lifecycle][L6]") {
  const Owner owner;
  const Owner other;
  const auto manager = ComponentManagerBuilder().AddWorker(&NoopWorker).Build();
  REQUIRE(manager->Start(owner.context()).ok());
  CHECK(absl::IsFailedPrecondition(manager->Start(other.context())));
  manager->Ready().Wait();
  CHECK_FALSE(manager->ShutdownSignal().IsSet());
  other.source().RequestStop({.kind = StopReason::Kind::kRequested});
  CHECK_FALSE(manager->ShutdownSignal().IsSet());
  owner.source().RequestStop({.kind = StopReason::Kind::kRequested});
  manager->Done().Wait();
  CHECK(absl::IsFailedPrecondition(manager->Start(owner.context())));
}

TEST_CASE("one builder makes independent managers", "[lifecycle][L6]") {
  const Owner owner;
  const Owner other;
  ComponentManagerBuilder builder;
  builder.AddWorker(&NoopWorker);
  const auto first = builder.Build();
  const auto second = builder.Build();
  builder.AddWorker(&ReturnAtOnce);  // neither has it
  REQUIRE(first->Start(owner.context()).ok());
  REQUIRE(second->Start(other.context()).ok());
  second->Ready().Wait();
  owner.source().RequestStop({.kind = StopReason::Kind::kRequested});
  first->Done().Wait();
  CHECK_FALSE(second->ShutdownSignal().IsSet());
}

TEST_CASE("an empty worker function is refused by Start, by name", "[lifecycle][L6]") {
  const Owner owner;
  const auto manager = ComponentManagerBuilder().AddWorker("hollow", nullptr).Build();
  const absl::Status status = manager->Start(owner.context());
  CHECK(absl::IsInvalidArgument(status));
  CHECK(status.message().find("hollow") != absl::string_view::npos);
}

// --- L8

TEST_CASE(
    "a thread that cannot be had fails the start; the workers that did start are stopped and "
    "joined",
    "[lifecycle][L8]") {
  const Owner owner;
  std::atomic<int> returned = 0;
  const ComponentWorker worker = [&](const SignalerContext& context, const ReadyFunc& ready) {
    NoopWorker(context, ready);
    ++returned;
  };
  ComponentManagerBuilder builder;
  builder.AddWorker("a", worker).AddWorker("b", worker).AddWorker("c", worker);
  for (int threads_to_be_had = 0; threads_to_be_had < 3; ++threads_to_be_had) {
    returned = 0;
    int started = 0;
    const auto manager =
        internal::ComponentManagerAccess::Build(builder, [&](std::function<void()> run) {
          if (started == threads_to_be_had) {
            throw std::system_error(
                std::make_error_code(std::errc::resource_unavailable_try_again));
          }
          ++started;
          return std::thread(std::move(run));
        });
    const absl::Status status = manager->Start(owner.context());
    CHECK(status.code() == absl::StatusCode::kResourceExhausted);
    const std::string name = std::string("worker \"") + "abc"[threads_to_be_had] + "\"";
    CHECK(std::string(status.message()).find(name) != std::string::npos);
    CHECK(returned == threads_to_be_had);
    CHECK_FALSE(manager->Ready().IsSet());
    CHECK_FALSE(manager->Done().IsSet());
    CHECK_FALSE(owner.context().stop_requested());
  }
}

TEST_CASE("of threads that are reused, one that cannot be had fails the start before any begins",
          "[lifecycle][L8]") {
  const Owner owner;
  std::atomic<int> began = 0;
  const ComponentWorker worker = [&](const SignalerContext&, const ReadyFunc&) { ++began; };
  ComponentManagerBuilder builder;
  builder.AddWorker("a", worker).AddWorker("b", worker);
  int to_be_had = 1;
  const auto reserve = std::make_shared<internal::ThreadReserve>([&](std::function<void()> run) {
    if (to_be_had-- == 0) {
      throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again));
    }
    return std::thread(std::move(run));
  });
  const auto manager = internal::ComponentManagerAccess::BuildOnReserve(builder, reserve);
  const absl::Status status = manager->Start(owner.context());
  CHECK(status.code() == absl::StatusCode::kResourceExhausted);
  CHECK(std::string(status.message()).find("worker \"b\"") != std::string::npos);
  CHECK(began == 0);
  CHECK_FALSE(manager->Done().IsSet());
  for (const WorkerStatus& one : owner.source().workers()) CHECK(one.ended);
}

TEST_CASE("a component uses one thread for each worker, and none for waiting", "[lifecycle][L8]") {
  const Owner owner;
  const long before = internal::CountThreads();
  const auto manager =
      ComponentManagerBuilder().AddWorker(&NoopWorker).AddWorker(&NoopWorker).Build();
  const Subscription subscription =
      AllOf({manager->Ready(), manager->Done(), manager->ShutdownSignal()}).OnSet([] {});
  REQUIRE(manager->Start(owner.context()).ok());
  manager->Ready().Wait();
  CHECK(internal::CountThreads() <=
        before + 2);  // fewer, if a thread of another test was only just gone
}

// --- L9

TEST_CASE("a component that was never started may be destroyed, and is never done",
          "[lifecycle][L9]") {
  auto manager = ComponentManagerBuilder().AddWorker(&NoopWorker).Build();
  const Event done = manager->Done();
  const Event shutdown = manager->ShutdownSignal();
  manager.reset();
  CHECK_FALSE(done.IsSet());
  CHECK_FALSE(shutdown.IsSet());
}

TEST_CASE("destroying a running component stops its workers and waits for them",
          "[lifecycle][L9]") {
  const Owner owner;
  StopReason reason;
  auto manager = ComponentManagerBuilder()
                     .AddWorker([&](const SignalerContext& context, const ReadyFunc& ready) {
                       NoopWorker(context, ready);
                       reason = context.stop_reason();
                     })
                     .Build();
  const Event done = manager->Done();
  REQUIRE(manager->Start(owner.context()).ok());
  manager.reset();
  CHECK(done.IsSet());
  CHECK(reason.kind == StopReason::Kind::kDestroyed);
  CHECK_FALSE(owner.context().stop_requested());
}

TEST_CASE("a callback of done may destroy the component", "[lifecycle][L9]") {
  const Owner owner;
  std::unique_ptr<ComponentManager> manager =
      ComponentManagerBuilder().AddWorker(&NoopWorker).Build();
  const EventSource destroyed;
  const Subscription subscription = manager->Done().OnSet([&] {
    manager.reset();
    destroyed.Set();
  });
  REQUIRE(manager->Start(owner.context()).ok());
  owner.source().RequestStop({.kind = StopReason::Kind::kRequested});
  destroyed.event().Wait();
  CHECK(manager == nullptr);
}

TEST_CASE("a component without workers may be destroyed by done's callback, within Start",
          "[lifecycle][L9]") {
  const Owner owner;
  std::unique_ptr<ComponentManager> manager = ComponentManagerBuilder().Build();
  const Subscription subscription = manager->Done().OnSet([&] { manager.reset(); });
  CHECK(manager->Start(owner.context()).ok());
  CHECK(manager == nullptr);
}

// --- races

TEST_CASE("a failure against the end: the failure is delivered before done",
          "[lifecycle][L2][race]") {
  for (int i = 0; i < kRaces; ++i) {
    const Owner owner;
    bool delivered_at_done = false;
    {
      const auto manager = ComponentManagerBuilder()
                               .AddWorker(&ReturnAtOnce)
                               .AddWorker([](const SignalerContext& context, const ReadyFunc&) {
                                 context.Throw(absl::AbortedError("x"));
                               })
                               .Build();
      const EventSource recorded;
      const Subscription subscription = manager->Done().OnSet([&] {
        delivered_at_done = owner.source().first().has_value();
        recorded.Set();
      });
      REQUIRE(manager->Start(owner.context()).ok());
      recorded.event().Wait();
      REQUIRE(owner.source().first().has_value());
      REQUIRE(manager->ShutdownSignal().IsSet());
    }
    REQUIRE(delivered_at_done);
  }
}

TEST_CASE("a stop against ready: the component ends, and was ready if its worker said so",
          "[lifecycle][L1][race]") {
  for (int i = 0; i < kRaces; ++i) {
    Owner owner;
    const auto manager = ComponentManagerBuilder().AddWorker(&NoopWorker).Build();
    RunTogether({[&] { owner.stop.request_stop(); },
                 [&] {
                   if (manager->Start(owner.context()).ok()) manager->Done().Wait();
                 }});
    REQUIRE(manager->Done().IsSet());
    REQUIRE(manager->Ready().IsSet());
    REQUIRE(manager->ShutdownSignal().IsSet());
    REQUIRE_FALSE(owner.source().first().has_value());
  }
}

TEST_CASE("a throw against a throw: one is first, the other secondary", "[lifecycle][L3][race]") {
  for (int i = 0; i < kRaces; ++i) {
    const Owner owner;
    const ComponentWorker worker = [](const SignalerContext& context, const ReadyFunc&) {
      context.Throw(absl::AbortedError("x"));
    };
    const auto manager =
        ComponentManagerBuilder().AddWorker("a", worker).AddWorker("b", worker).Build();
    REQUIRE(manager->Start(owner.context()).ok());
    manager->Done().Wait();
    REQUIRE(owner.source().first().has_value());
    REQUIRE(owner.source().secondary().size() == 1);
    REQUIRE(owner.source().first()->worker != owner.source().secondary()[0].worker);
  }
}

TEST_CASE("a throw of a worker that is being stopped by another: both arrive",
          "[lifecycle][L5][race]") {
  for (int i = 0; i < kRaces; ++i) {
    const Owner owner;
    const auto manager = ComponentManagerBuilder()
                             .AddWorker([](const SignalerContext& context, const ReadyFunc&) {
                               context.WaitForStop();
                               context.Throw(absl::AbortedError("while stopping"));
                             })
                             .AddWorker([](const SignalerContext& context, const ReadyFunc&) {
                               context.Throw(absl::AbortedError("cause"));
                             })
                             .Build();
    REQUIRE(manager->Start(owner.context()).ok());
    manager->Done().Wait();
    REQUIRE(owner.source().first()->status.message() == "cause");
    REQUIRE(owner.source().secondary().size() == 1);
  }
}

TEST_CASE("destroying against a stop, a failure, and the end", "[lifecycle][L9][race]") {
  for (int i = 0; i < kRaces; ++i) {
    Owner owner;
    auto manager = ComponentManagerBuilder()
                       .AddWorker(&NoopWorker)
                       .AddWorker([](const SignalerContext& context, const ReadyFunc& ready) {
                         ready();
                         context.Report(absl::AbortedError("x"));
                       })
                       .AddWorker(&ReturnAtOnce)
                       .Build();
    const Event done = manager->Done();
    REQUIRE(manager->Start(owner.context()).ok());
    RunTogether({[&] { manager.reset(); }, [&] { owner.stop.request_stop(); },
                 [&] { owner.context().Report(absl::AbortedError("y")); }});
    REQUIRE(done.IsSet());
    REQUIRE(owner.source().first().has_value());
  }
}

TEST_CASE("destroying against a callback of done that runs", "[lifecycle][L9][race]") {
  for (int i = 0; i < kRaces; ++i) {
    const Owner owner;
    auto manager = ComponentManagerBuilder().AddWorker(&ReturnAtOnce).Build();
    std::atomic<int> calls = 0;
    const Event done = manager->Done();
    const Subscription subscription = done.OnSet([&] { ++calls; });
    REQUIRE(manager->Start(owner.context()).ok());
    manager.reset();
    REQUIRE(calls == 1);
  }
}

}  // namespace
}  // namespace stemma
