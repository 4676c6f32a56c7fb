// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/supervisor.h"

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "spdlog/logger.h"
#include "spdlog/sinks/base_sink.h"
#include "spdlog/sinks/ostream_sink.h"
#include "stemma/supervisor/internal/test_service.h"

namespace stemma {
namespace {

using Catch::Matchers::ContainsSubstring;
using internal::Diary;
using internal::Part;
using internal::Service;
using namespace std::chrono_literals;

ComponentFactory Noop() {
  return []() -> absl::StatusOr<std::unique_ptr<Component>> {
    return ComponentManagerBuilder().AddWorker(&NoopWorker).Build();
  };
}

// What a supervisor has logged; to be read once its Run has returned.
struct Log {
  std::ostringstream text;
  std::shared_ptr<spdlog::logger> logger = std::make_shared<spdlog::logger>(
      "test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
};

TEST_CASE("all the problems of a declaration are refused in one error", "[supervisor][S1]") {
  const auto refused = Supervisor::Create(
      {{.name = "a", .dependencies = {"b"}, .factory = Noop()},
       {.name = "b", .dependencies = {"a", "gone"}, .factory = Noop()},
       {.name = "c", .restart = {.multiplier = 0.5}, .start_timeout = 0s, .watchdog = 0s}},
      {.shutdown_deadline = -1s, .shutdown_delay = -1ns});
  REQUIRE(refused.status().code() == absl::StatusCode::kInvalidArgument);
  const std::string message(refused.status().message());
  CHECK_THAT(message, ContainsSubstring("gone"));
  CHECK_THAT(message, ContainsSubstring("node 'c': has no factory"));
  CHECK_THAT(message, ContainsSubstring("start_timeout must be positive, is 0ns"));
  CHECK_THAT(message, ContainsSubstring("watchdog must be positive, is 0ns"));
  CHECK_THAT(message, ContainsSubstring("multiplier"));
  CHECK_THAT(message, ContainsSubstring("shutdown_deadline"));
  CHECK_THAT(message, ContainsSubstring("shutdown_delay must not be negative, is -1ns"));
}

TEST_CASE("a cycle is refused with its path", "[supervisor][S1][trap29]") {
  const auto refused =
      Supervisor::Create({{.name = "a", .dependencies = {"b"}, .factory = Noop()},
                          {.name = "b", .dependencies = {"a"}, .factory = Noop()}});
  CHECK_THAT(std::string(refused.status().message()), ContainsSubstring("a -> b -> a"));
}

TEST_CASE("an empty graph runs and returns at once", "[supervisor][S1]") {
  Service service({});
  CHECK(service.supervisor->Run().outcome == Outcome::kCompleted);
  CHECK(service.supervisor->Ended().IsSet());
}

TEST_CASE("a second Run is refused", "[supervisor][S1]") {
  Service service({});
  CHECK(service.supervisor->Run().ExitCode() == 0);
  const RunResult second = service.supervisor->Run();
  CHECK(second.outcome == Outcome::kRefused);
  CHECK(second.status.code() == absl::StatusCode::kFailedPrecondition);
  CHECK(second.ExitCode() == 70);
}

TEST_CASE("a chain starts in order and stops in reverse", "[supervisor][S2][S5][S11]") {
  Diary diary;
  Part db("db", diary), store("store", diary), api("api", diary);
  Service service({{.name = "api", .dependencies = {"store"}, .factory = api.Factory()},
                   {.name = "store", .dependencies = {"db"}, .factory = store.Factory()},
                   {.name = "db", .factory = db.Factory()}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  CHECK(service.supervisor->GetSnapshot().ready);
  const RunResult result = service.Stop();
  CHECK(result.outcome == Outcome::kStopRequested);
  CHECK(result.status.ok());
  CHECK(result.ExitCode() == 0);
  CHECK(diary.lines() == std::vector<std::string>{"make db", "make store", "make api",
                                                  "stopping api", "end api", "stopping store",
                                                  "end store", "stopping db", "end db"});
  for (const NodeReport& node : result.nodes) CHECK(node.state == NodeState::kStopped);
}

TEST_CASE("a stop requested before Run starts nothing", "[supervisor][S11]") {
  Diary diary;
  Part db("db", diary);
  Service service({{.name = "db", .factory = db.Factory()}});
  service.supervisor->RequestStop();
  service.Start();
  CHECK(service.Join().outcome == Outcome::kStopRequested);
  CHECK(diary.lines().empty());
  CHECK(service.supervisor->AwaitReady({}).code() == absl::StatusCode::kCancelled);
}

TEST_CASE("the stop token is as good as RequestStop", "[supervisor][S11]") {
  Service service({{.name = "db", .factory = Noop()}});
  std::stop_source stop;
  stop.request_stop();
  CHECK(service.supervisor->Run(stop.get_token()).outcome == Outcome::kStopRequested);
}

TEST_CASE("a restart makes a fresh incarnation after the backoff, and dependents keep running",
          "[supervisor][S4][S6][S8]") {
  Diary diary;
  Part db("db", diary), api("api", diary);
  Service service({{.name = "db", .factory = db.Factory()},
                   {.name = "api", .dependencies = {"db"}, .factory = api.Factory()}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  db.Fail();
  REQUIRE(service.supervisor->AwaitNode("db", NodeState::kBackingOff, {}).ok());
  CHECK(service.supervisor->GetSnapshot().nodes[1].state == NodeState::kReady);
  service.clock->Advance(1min);
  REQUIRE(service.supervisor->AwaitNode("db", NodeState::kReady, {}).ok());
  const RunResult result = service.Stop();
  CHECK(result.nodes[0].incarnations == 2);
  CHECK(result.nodes[0].failure_count == 1);
  CHECK(result.nodes[0].failures.at(0).component == "db");
  CHECK(result.nodes[0].failures.at(0).worker == "main");
  CHECK(result.nodes[1].incarnations == 1);
}

TEST_CASE("kStop takes the descendants down, dependents first, and leaves the rest",
          "[supervisor][S4][S5]") {
  Diary diary;
  Part db("db", diary), api("api", diary), metrics("metrics", diary);
  Service service(
      {{.name = "db", .factory = db.Factory(), .on_error = Always(ErrorHandlingBehavior::kStop)},
       {.name = "api", .dependencies = {"db"}, .factory = api.Factory()},
       {.name = "metrics", .factory = metrics.Factory()}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  db.Fail();
  REQUIRE(service.supervisor->AwaitNode("db", NodeState::kFailed, {}).ok());
  const Snapshot snapshot = service.supervisor->GetSnapshot();
  CHECK(snapshot.nodes[1].state == NodeState::kStopped);
  CHECK(snapshot.nodes[2].state == NodeState::kReady);
  CHECK_FALSE(snapshot.ready);
  const RunResult result = service.Stop();
  CHECK(result.outcome == Outcome::kStopRequested);
  CHECK(result.nodes[0].state == NodeState::kFailed);
}

TEST_CASE("a snapshot says whom a node waits for, in order to start and in order to end",
          "[supervisor][S16][S5]") {
  Diary diary;
  Part db("db", diary), api("api", diary), web("web", diary);
  EventSource end;
  api.on_stop = [&](const SignalerContext&) { end.event().Wait(); };
  Service service({{.name = "db", .factory = db.Factory()},
                   {.name = "api", .dependencies = {"db"}, .factory = api.Factory()},
                   {.name = "web", .soft_dependencies = {"db"}, .factory = web.Factory()}});
  const auto waits_for = [&](std::size_t node) {
    return service.supervisor->GetSnapshot().nodes[node].waits_for;
  };
  using Names = std::vector<std::string>;
  CHECK(waits_for(1) == Names{"db"});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  CHECK(waits_for(1) == Names{});
  CHECK(service.supervisor->StopNode("db").ok());
  diary.Await("stopping api");
  CHECK(waits_for(0) == Names{"api"});  // and not web, which goes on
  CHECK(waits_for(1) == Names{});
  service.supervisor->RequestStop();
  service.diary.Await("web -> stopped");
  CHECK(waits_for(0) == Names{"api"});
  end.Set();
  service.Join();
  CHECK(waits_for(0) == Names{});
}

TEST_CASE("kShutdown ends the run with the failure that caused it", "[supervisor][S4][S15]") {
  Diary diary;
  Part db("db", diary), api("api", diary);
  Service service({{.name = "db", .factory = db.Factory()},
                   {.name = "api",
                    .dependencies = {"db"},
                    .factory = api.Factory(),
                    .on_error = Always(ErrorHandlingBehavior::kShutdown)}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  api.Fail(absl::DataLossError("checksum"));
  const RunResult result = service.Join();
  CHECK(result.outcome == Outcome::kShutdown);
  CHECK(result.status == absl::DataLossError("checksum"));
  CHECK(result.ExitCode() == 70);
  CHECK(diary.Before("end api", "stopping db"));
}

TEST_CASE("a spin halt stays until it is ended, and ignores stop requests", "[supervisor][S14]") {
  Diary diary;
  Part db("db", diary);
  Service service({{.name = "db",
                    .factory = db.Factory(),
                    .on_error = Always(ErrorHandlingBehavior::kSpinHalt)}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  db.Fail();
  service.diary.Await("spin halt");
  service.supervisor->RequestStop();
  service.diary.Await("stop ignored");
  service.clock->Advance(1min);
  service.diary.Await("spin halt", 2);
  const Snapshot snapshot = service.supervisor->GetSnapshot();
  CHECK(snapshot.alive);
  CHECK_FALSE(snapshot.ready);
  CHECK(snapshot.spin_halted);
  service.supervisor->EndSpinHalt();
  const RunResult result = service.Join();
  CHECK(result.outcome == Outcome::kSpinHalt);
  CHECK(result.ExitCode() == 80);
}

TEST_CASE("factory and Start failures go to the handler, and dependents do not run",
          "[supervisor][S3][trap3]") {
  Diary diary;
  Part api("api", diary);
  const auto asked = std::make_shared<std::vector<Failure>>();
  const OnError handler = [asked](const Failure& failure) {
    asked->push_back(failure);
    return ErrorHandlingBehavior::kStop;
  };
  ComponentFactory factory;
  FailureKind kind = FailureKind::kFactory;
  SECTION("an error of the factory") {
    factory = [] { return absl::NotFoundError("no disk"); };
  }
  SECTION("null") {
    factory = [] { return std::unique_ptr<Component>(); };
  }
  SECTION("an exception of the factory") {
    factory = []() -> absl::StatusOr<std::unique_ptr<Component>> { throw std::string("no disk"); };
  }
  SECTION("an exception of a component's Ready") {
    struct NeverReady final : Component {
      absl::Status Start(SignalerContext) override { return absl::OkStatus(); }
      Event Ready() const override { throw 1; }
      Event Done() const override { return EventSource().event(); }
    };
    factory = [] { return std::make_unique<NeverReady>(); };
    kind = FailureKind::kStart;
  }
  SECTION("a component that ends before it is ready") {
    factory = []() -> absl::StatusOr<std::unique_ptr<Component>> {
      return ComponentManagerBuilder()
          .AddWorker([](const SignalerContext&, const ReadyFunc&) {})
          .Build();
    };
    kind = FailureKind::kEndedBeforeReady;
  }
  Service service({{.name = "db", .factory = factory, .on_error = handler},
                   {.name = "api", .dependencies = {"db"}, .factory = api.Factory()}});
  service.Start();
  CHECK_FALSE(service.supervisor->AwaitReady({}).ok());
  const RunResult result = service.Join();
  CHECK(result.outcome == Outcome::kFailed);
  CHECK(result.nodes[1].incarnations == 0);
  CHECK(diary.lines().empty());
  REQUIRE(asked->size() == 1);
  CHECK(asked->front().kind == kind);
  CHECK_FALSE(asked->front().status.ok());
}

TEST_CASE(
    "a node that is not ready in time has failed, and what its factory returns late is not started",
    "[supervisor][S3][trap18]") {
  Diary diary;
  Part db("db", diary);
  EventSource release;
  Service service(
      {{.name = "db",
        .factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
          diary.Write("in the factory");
          release.event().Wait();
          return ComponentManagerBuilder()
              .AddWorker([&](const SignalerContext&, const ReadyFunc&) { diary.Write("started"); })
              .Build();
        },
        .on_error = Always(ErrorHandlingBehavior::kStop),
        .start_timeout = 5s}});
  service.Start();
  diary.Await("in the factory");
  service.clock->Advance(5s);
  service.diary.Await("db verdict");
  release.Set();
  const RunResult result = service.Join();
  CHECK(result.outcome == Outcome::kFailed);
  CHECK(result.nodes[0].failures.at(0).kind == FailureKind::kStartTimeout);
  CHECK(diary.Find("started") == -1);
}

// A clock that goes on by 5 s the next time that it is read, just after `before` was called.
class Leaping final : public Clock {
 public:
  void LeapAfter(std::function<void()> before) {
    const std::lock_guard lock(mutex_);
    before_ = std::move(before);
  }
  std::chrono::nanoseconds Now() const override {
    const std::lock_guard lock(mutex_);
    if (before_) {
      std::exchange(before_, nullptr)();
      now_ += 5s;
    }
    return now_;
  }
  std::chrono::nanoseconds RealTimeUntil(std::chrono::nanoseconds) const override {
    return std::chrono::nanoseconds::max();
  }
  Subscription OnJump(std::function<void()>) override { return {}; }

 private:
  mutable std::mutex mutex_;
  mutable std::function<void()> before_;     // guarded by mutex_
  mutable std::chrono::nanoseconds now_{0};  // guarded by mutex_
};

TEST_CASE("what has happened in time counts, even when the supervisor wakes up late",
          "[supervisor][S3]") {
  EventSource started, go, reported;
  const auto clock = std::make_shared<Leaping>();
  const auto supervisor =
      *Supervisor::Create({{.name = "db",
                            .factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
                              return ComponentManagerBuilder()
                                  .AddWorker([&](const SignalerContext& context, const ReadyFunc&) {
                                    started.Set();
                                    go.event().Wait();
                                    context.Report(absl::DataLossError("in time"));
                                    reported.Set();
                                  })
                                  .Build();
                            },
                            .on_error = Always(ErrorHandlingBehavior::kStop),
                            .start_timeout = 5s}},
                          {.clock = clock});
  std::promise<RunResult> result;
  std::jthread run([&] { result.set_value(supervisor->Run()); });
  started.event().Wait();
  clock->LeapAfter([&] {
    go.Set();
    reported.event().Wait();
  });
  supervisor->EndSpinHalt();  // only to wake it
  const RunResult ended = result.get_future().get();
  REQUIRE(ended.nodes[0].failure_count == 1);
  CHECK(ended.nodes[0].failures[0].kind == FailureKind::kThrown);
}

TEST_CASE("a failure while stopping still asks its handler, and a severer verdict counts",
          "[supervisor][S7][trap1][trap2]") {
  Diary diary;
  Part db("db", diary);
  db.on_stop = [](const SignalerContext& context) { context.Throw(absl::DataLossError("flush")); };
  Service service({{.name = "db",
                    .factory = db.Factory(),
                    .on_error = Always(ErrorHandlingBehavior::kShutdown)}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  const RunResult result = service.Stop();
  CHECK(result.outcome == Outcome::kShutdown);
  CHECK(result.status == absl::DataLossError("flush"));
}

TEST_CASE("a handler that throws counts as kShutdown, and both errors are kept",
          "[supervisor][S9]") {
  Diary diary;
  Part db("db", diary);
  Service service({{.name = "db",
                    .factory = db.Factory(),
                    .on_error = [](const Failure&) -> ErrorHandlingBehavior { throw 1; }}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  db.Fail(absl::DataLossError("first"));
  const RunResult result = service.Join();
  CHECK(result.outcome == Outcome::kShutdown);
  CHECK(result.status == absl::DataLossError("first"));
  REQUIRE(result.nodes[0].failures.size() == 2);
  CHECK_THAT(std::string(result.nodes[0].failures[1].status.message()),
             ContainsSubstring("handler threw"));
}

TEST_CASE("a component may ask why it is being stopped", "[supervisor][S16]") {
  Diary diary;
  Part db("db", diary), api("api", diary);
  StopReason reason;
  api.on_stop = [&](const SignalerContext& context) { reason = context.stop_reason(); };
  Service service(
      {{.name = "db", .factory = db.Factory(), .on_error = Always(ErrorHandlingBehavior::kStop)},
       {.name = "api", .dependencies = {"db"}, .factory = api.Factory()}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  db.Fail(absl::DataLossError("checksum"));
  service.Join();
  CHECK(reason.kind == StopReason::Kind::kCascade);
  CHECK(reason.node == "db");
  CHECK_THAT(reason.text, ContainsSubstring("checksum"));
}

TEST_CASE("a failure that speaks of a cancellation is a failure, not a stop",
          "[supervisor][S4][trap4]") {
  Diary diary;
  Part db("db", diary);
  Service service({{.name = "db", .factory = db.Factory(), .on_error = [&](const Failure& failure) {
                      diary.Write("asked about " + failure.status.ToString());
                      return ErrorHandlingBehavior::kShutdown;
                    }}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  db.Fail(absl::CancelledError("the peer went away"));
  const RunResult result = service.Join();
  CHECK(diary.Find("asked about CANCELLED: the peer went away") >= 0);
  CHECK(result.outcome == Outcome::kShutdown);
}

TEST_CASE("Run returns after the last clean-up, and with every thread joined",
          "[supervisor][S15][trap20]") {
  Diary diary;
  struct Slow : Component {
    explicit Slow(Diary& the_diary) : diary(the_diary) {}
    ~Slow() override { diary.Write("cleaned up"); }
    absl::Status Start(SignalerContext context) override {
      return inner->Start(std::move(context));
    }
    Event Ready() const override { return inner->Ready(); }
    Event Done() const override { return inner->Done(); }
    Diary& diary;
    std::unique_ptr<Component> inner = ComponentManagerBuilder().AddWorker(&NoopWorker).Build();
  };
  Service service({{.name = "db", .factory = [&] { return std::make_unique<Slow>(diary); }}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  service.Stop();
  CHECK(diary.Find("cleaned up") >= 0);
}

TEST_CASE("any method may be called from user code", "[supervisor][S10][trap26]") {
  Diary diary;
  Part db("db", diary);
  Supervisor* supervisor = nullptr;
  Service service({{.name = "db", .factory = db.Factory(), .on_error = [&](const Failure&) {
                      supervisor->GetSnapshot();
                      const Subscription none =
                          supervisor->Subscribe([](const SupervisorEvent&) {});
                      CHECK(supervisor->AwaitNode("db", NodeState::kDeciding, {}).ok());
                      supervisor->RequestStop();
                      return ErrorHandlingBehavior::kStop;
                    }}});
  supervisor = service.supervisor.get();
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  db.Fail();
  CHECK(service.Join().outcome != Outcome::kRefused);
}

TEST_CASE("callbacks of Ready and Ended may take their time, and wait for the run",
          "[supervisor][S10]") {
  Diary diary;
  Service service({{.name = "db", .factory = Noop()}});
  const Subscription on_ready = service.supervisor->Ready().OnSet([&] {
    diary.Write("ready");
    if (service.supervisor->AwaitNode("db", NodeState::kStopped, {}).ok()) diary.Write("stopped");
  });
  const Subscription on_ended = service.supervisor->Ended().OnSet([&] {
    diary.Await("stopped");
    diary.Write("ended");
  });
  service.Start();
  diary.Await("ready");
  CHECK(service.supervisor->Ready().IsSet());
  service.Stop();
  CHECK(diary.lines() == std::vector<std::string>{"ready", "stopped", "ended"});
  service.diary.Await("ended");  // the last event
  CHECK_FALSE(service.supervisor->GetSnapshot().ready);
}

TEST_CASE("a listener that waits for what never comes is answered by the end, and Run waits for it",
          "[supervisor][S10][S15]") {
  Diary diary;
  Log log;
  Service service({{.name = "db", .factory = Noop()}}, {.logger = log.logger});
  const Subscription waiting = service.supervisor->Subscribe([&](const SupervisorEvent& event) {
    if (event.number != 1) return;
    diary.Write("waiting");
    const absl::Status answer = service.supervisor->AwaitNode("db", NodeState::kFailed, {});
    diary.Write(std::string(answer.message()));
  });
  service.Start();
  diary.Await("waiting");
  service.Stop();
  CHECK(diary.lines().back() == "the run is over, and 'db' ended as stopped, not as failed");
  CHECK_THAT(log.text.str(), !ContainsSubstring("left behind"));
}

TEST_CASE("a log that throws harms nothing", "[supervisor][S10]") {
  struct Throwing final : spdlog::sinks::base_sink<std::mutex> {
    void sink_it_(const spdlog::details::log_msg&) override { throw 1; }
    void flush_() override { throw 1; }
  };
  Service service(
      {{.name = "db", .factory = Noop()}},
      {.logger = std::make_shared<spdlog::logger>("throws", std::make_shared<Throwing>())});
  service.Start();
  CHECK(service.supervisor->AwaitReady({}).ok());
  CHECK(service.Stop().outcome == Outcome::kStopRequested);
}

TEST_CASE("a listener that throws stays subscribed, and the log is told", "[supervisor][S9]") {
  Log log;
  Diary diary;
  Service service({{.name = "db", .factory = Noop()}}, {.logger = log.logger});
  const Subscription throwing = service.supervisor->Subscribe([&](const SupervisorEvent& event) {
    diary.Write(std::to_string(event.number));
    throw 1;
  });
  service.Start();
  diary.Await("2");
  service.Stop();
  CHECK_THAT(log.text.str(), ContainsSubstring("a listener threw int"));
}

TEST_CASE("destroying a supervisor that runs stops it and waits", "[supervisor][S14]") {
  Diary diary;
  Part db("db", diary);
  std::promise<RunResult> result;
  {
    auto supervisor = *Supervisor::Create({{.name = "db", .factory = db.Factory()}});
    std::jthread thread([&, raw = supervisor.get()] { result.set_value(raw->Run()); });
    REQUIRE(supervisor->AwaitReady({}).ok());
    supervisor.reset();
    CHECK(diary.Find("end db") >= 0);
  }
  CHECK(result.get_future().get().outcome == Outcome::kStopRequested);
}

TEST_CASE("awaiting a node that does not exist names the nearest", "[supervisor]") {
  Service service({{.name = "store", .factory = Noop()}});
  const absl::Status status = service.supervisor->AwaitNode("sotre", NodeState::kReady, {});
  CHECK(status.code() == absl::StatusCode::kNotFound);
  CHECK_THAT(std::string(status.message()), ContainsSubstring("did you mean 'store'?"));
}

TEST_CASE("a component's end satisfies its dependents, or ends the service by choice",
          "[supervisor][S19]") {
  Diary diary;
  Part api("api", diary);
  OnCompletion choice = OnCompletion::kComplete;
  SECTION("complete") {}
  SECTION("shutdown") { choice = OnCompletion::kShutdown; }
  EventSource end;
  Service service({{.name = "migration",
                    .factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
                      return ComponentManagerBuilder()
                          .AddWorker([&](const SignalerContext&, const ReadyFunc& ready) {
                            ready();
                            end.event().Wait();
                          })
                          .Build();
                    },
                    .on_completion = choice},
                   {.name = "api", .dependencies = {"migration"}, .factory = api.Factory()}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  end.Set();
  REQUIRE(service.supervisor->AwaitNode("migration", NodeState::kCompleted, {}).ok());
  if (choice == OnCompletion::kComplete) {
    CHECK(service.supervisor->GetSnapshot().nodes[1].state == NodeState::kReady);
    service.supervisor->RequestStop();
  }
  const RunResult result = service.Join();
  CHECK(result.ExitCode() == 0);
  CHECK(result.nodes[0].state == NodeState::kCompleted);
  CHECK(result.nodes[1].state == NodeState::kStopped);
}

}  // namespace
}  // namespace stemma
