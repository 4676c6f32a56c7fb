// SPDX-License-Identifier: Apache-2.0
// S18 with real threads: supervisors in supervisors.
#include "stemma/supervisor/supervisor_component.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "spdlog/logger.h"
#include "spdlog/sinks/base_sink.h"
#include "stemma/supervisor/internal/test_service.h"
#include "stemma/testing/scripted_component.h"

// Threads that are left behind are the point of one of the tests, and no leak.
extern "C" const char* __tsan_default_options() { return "report_thread_leaks=0"; }

namespace stemma {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using internal::Diary;
using internal::Part;
using internal::Service;
using enum ErrorHandlingBehavior;

// Writes the log to a diary, each line up to its text.
class DiarySink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit DiarySink(Diary& diary) : diary_(diary) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string line(message.payload.data(), message.payload.size());
    diary_.Write(line.substr(0, line.find(" text=")));
  }
  void flush_() override {}

  Diary& diary_;
};

std::shared_ptr<spdlog::logger> LoggerTo(Diary& diary) {
  return std::make_shared<spdlog::logger>("test", std::make_shared<DiarySink>(diary));
}

std::string Message(const Failure& failure) { return std::string(failure.status.message()); }

TEST_CASE("a nested supervisor starts after what it depends on, and stops before it",
          "[supervisor][S18][S5]") {
  Diary diary;
  Part db("db", diary), store("store", diary), api("api", diary), web("web", diary);
  Node shop = SupervisorNode(
      "shop", {{.name = "store", .factory = store.Factory()},
               {.name = "api", .dependencies = {"store"}, .factory = api.Factory()}});
  shop.dependencies = {"db"};
  Service service({{.name = "db", .factory = db.Factory()},
                   shop,
                   {.name = "web", .dependencies = {"shop"}, .factory = web.Factory()}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  const RunResult result = service.Stop();
  CHECK(result.outcome == Outcome::kStopRequested);
  CHECK(result.ExitCode() == 0);
  CHECK(result.nodes[1].state == NodeState::kStopped);
  CHECK(diary.lines() == std::vector<std::string>{"make db", "make store", "make api", "make web",
                                                  "stopping web", "end web", "stopping api",
                                                  "end api", "stopping store", "end store",
                                                  "stopping db", "end db"});
}

TEST_CASE("a nested shutdown is a failure once everything has stopped, and a restart is afresh",
          "[supervisor][S18][trap15]") {
  Diary diary;
  Part store("store", diary), api("api", diary);
  Node shop = SupervisorNode(
      "shop", {{.name = "store", .factory = store.Factory(), .on_error = Always(kShutdown)},
               {.name = "api", .dependencies = {"store"}, .factory = api.Factory()}});
  shop.on_error = [&](const Failure& failure) {
    diary.Write("asked " + std::string(ToString(failure.kind)));
    return kRestart;
  };
  Service service({shop});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  store.Fail(absl::DataLossError("told to fail"));
  REQUIRE(service.supervisor->AwaitNode("shop", NodeState::kBackingOff, {}).ok());
  CHECK(diary.Before("end api", "asked NestedShutdown"));
  CHECK(diary.Before("end store", "asked NestedShutdown"));
  service.clock->Advance(1min);
  diary.Await("make api", 2);
  REQUIRE(service.supervisor->AwaitNode("shop", NodeState::kReady, {}).ok());
  diary.Await("make store", 2);
  const RunResult result = service.Stop();
  CHECK(result.outcome == Outcome::kStopRequested);
  CHECK(result.nodes[0].incarnations == 2);
  REQUIRE(result.nodes[0].failures.size() == 1);
  const Failure& failure = result.nodes[0].failures[0];
  CHECK(failure.kind == FailureKind::kNestedShutdown);
  CHECK(failure.component == "shop");
  CHECK(failure.worker.empty());
  CHECK(failure.status.code() == absl::StatusCode::kDataLoss);
  CHECK_THAT(Message(failure), StartsWith("store/main failed (Thrown): DATA_LOSS: told to fail"));
}

TEST_CASE("nested limits multiply: each restart of the outer node brings a fresh inner budget",
          "[supervisor][S18][S8][trap9]") {
  std::atomic<int> launches = 0;
  const auto policy = [](int restarts) {
    RestartPolicy limited;
    limited.initial = 0s;
    limited.max_restarts = restarts;
    limited.window = kNoTimeout;
    limited.on_limit = kShutdown;
    return limited;
  };
  Node shop =
      SupervisorNode("shop", {{.name = "store",
                               .factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
                                 ++launches;
                                 return absl::UnavailableError("no disk");
                               },
                               .restart = policy(3)}});
  shop.restart = policy(2);
  Service service({shop});
  service.Start();
  CHECK(service.Join().outcome == Outcome::kShutdown);
  CHECK(launches == (3 + 1) * (2 + 1));
}

TEST_CASE("a nested supervisor of which a node failed for good fails when all have ended",
          "[supervisor][S18]") {
  Diary diary;
  Part store("store", diary);
  Node shop = SupervisorNode(
      "shop", {{.name = "store", .factory = store.Factory(), .on_error = Always(kStop)}});
  shop.on_error = Always(kStop);
  Service service({shop});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  store.Fail();
  const RunResult result = service.Join();
  CHECK(result.outcome == Outcome::kFailed);
  CHECK(result.nodes[0].failures.at(0).kind == FailureKind::kNestedShutdown);
}

TEST_CASE("a clean end of a nested supervisor is one of its node", "[supervisor][S18][S19]") {
  const ComponentFactory brief = []() -> absl::StatusOr<std::unique_ptr<Component>> {
    return ComponentManagerBuilder()
        .AddWorker([](auto&, const ReadyFunc& ready) { ready(); })
        .Build();
  };
  Service service({SupervisorNode("brief", {{.name = "inner", .factory = brief}}),
                   SupervisorNode("empty", {})});
  service.Start();
  const RunResult result = service.Join();
  CHECK(result.outcome == Outcome::kCompleted);
  CHECK(result.nodes[0].state == NodeState::kCompleted);
  CHECK(result.nodes[1].state == NodeState::kCompleted);
}

TEST_CASE("a nested spin halt is told up to the outermost at once, whatever the handlers say",
          "[supervisor][S18][S14]") {
  Diary diary;
  EventSource release;
  Part deep("deep", diary), slow("slow", diary);
  slow.on_stop = [&](const SignalerContext&) { release.event().Wait(); };
  const auto handler = [&](const char* name) {
    return [&diary, name](const Failure& failure) {
      diary.Write(std::string("asked ") + name + " " + std::string(ToString(failure.kind)));
      return kRestart;
    };
  };
  Node inner = SupervisorNode(
      "inner", {{.name = "deep", .factory = deep.Factory(), .on_error = Always(kSpinHalt)},
                {.name = "slow", .factory = slow.Factory(), .stop_timeout = kNoTimeout}});
  inner.on_error = handler("inner");
  Node middle = SupervisorNode("middle", {inner});
  middle.on_error = handler("middle");
  Service service({middle});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  deep.Fail(absl::DataLossError("told to fail"));
  service.diary.Await("stopping");  // the outermost, while the innermost still stops
  CHECK(diary.Find("end slow") == -1);
  CHECK(diary.Before("asked inner NestedSpinHalt", "asked middle NestedSpinHalt"));
  release.Set();
  service.diary.Await("spin halt");  // which only the outermost waits in
  service.supervisor->RequestStop();
  service.diary.Await("stop ignored");
  service.supervisor->EndSpinHalt();
  const RunResult result = service.Join();
  CHECK(result.outcome == Outcome::kSpinHalt);
  CHECK(result.ExitCode() == kExitSpinHalt);
  const Failure& failure = result.nodes[0].failures.at(0);
  CHECK(failure.kind == FailureKind::kNestedSpinHalt);
  CHECK_THAT(Message(failure), StartsWith("inner failed (NestedSpinHalt): DATA_LOSS: deep/main "
                                          "failed (Thrown): DATA_LOSS: told to fail"));
  CHECK(result.nodes[0].failure_count == 1);
}

TEST_CASE("what is wrong with a nested supervisor is refused by the outermost's Create",
          "[supervisor][S18][S1]") {
  Diary diary;
  Part part("part", diary);
  const std::vector<Node> inner = {
      {.name = "a", .dependencies = {"gone"}, .factory = part.Factory(), .start_timeout = 0s}};
  const SupervisorOptions options = {.handle_signals = true, .spin_halt_latch = "latch"};
  const absl::Status itself = SupervisorComponent::Create(inner, options).status();
  const absl::Status outermost =
      Supervisor::Create({SupervisorNode("outer", {SupervisorNode("middle", inner, options)})})
          .status();
  for (const absl::Status& status : {itself, outermost}) {
    CHECK(absl::IsInvalidArgument(status));
    const std::string message(status.message());
    CHECK_THAT(message, ContainsSubstring("'gone'"));
    CHECK_THAT(message, ContainsSubstring("node 'a': start_timeout must be positive"));
    CHECK_THAT(message, ContainsSubstring("handle_signals is for the outermost supervisor"));
    CHECK_THAT(message, ContainsSubstring("spin_halt_latch is for the outermost supervisor"));
  }
  CHECK_THAT(
      std::string(outermost.message()),
      ContainsSubstring("node 'outer': in it: node 'middle': in it: node 'a': start_timeout"));
}

TEST_CASE("one clock and one log do for all, and the log tells which supervisor speaks",
          "[supervisor][S18][S16]") {
  Diary diary, log;
  const auto clock = std::make_shared<ManualClock>();
  const SupervisorOptions options = {.logger = LoggerTo(log), .clock = clock};
  Part store("store", diary);
  Service service(
      {SupervisorNode(
          "shop",
          {SupervisorNode("back", {{.name = "store", .factory = store.Factory()}}, options)},
          options)},
      options, clock);
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  store.Fail();
  log.Await(
      "event=\"transition\" supervisor=\"shop/back\" node=\"store\" incarnation=1 "
      "from=\"stopping\" to=\"backing off\"");
  clock->Advance(1min);
  log.Await(
      "event=\"transition\" supervisor=\"shop/back\" node=\"store\" incarnation=2 "
      "from=\"starting\" to=\"ready\"");
  CHECK(service.Stop().nodes[0].incarnations == 1);
  CHECK(log.Find("event=\"all ready\"") != -1);
  CHECK(log.Find("event=\"all ready\" supervisor=\"shop\"") != -1);
  CHECK(log.Find("event=\"all ready\" supervisor=\"shop/back\"") != -1);
}

TEST_CASE("a component in a nested supervisor is told why the outer one stops it",
          "[supervisor][S18][S16]") {
  Diary diary;
  Part db("db", diary), store("store", diary);
  StopReason reason;
  store.on_stop = [&](const SignalerContext& context) { reason = context.stop_reason(); };
  Node shop = SupervisorNode("shop", {{.name = "store", .factory = store.Factory()}});
  shop.dependencies = {"db"};
  Service service({{.name = "db", .factory = db.Factory(), .on_error = Always(kStop)}, shop});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  db.Fail();
  service.Join();
  CHECK(reason.kind == StopReason::Kind::kCascade);
  CHECK(reason.node == "db");
  CHECK_THAT(reason.text, StartsWith("db/main failed"));
}

TEST_CASE("what a nested supervisor leaves behind keeps what it may use from being destroyed",
          "[supervisor][S18][S12]") {
  ScriptedComponent db("db"), deaf("deaf", {.work = {Step::Ready(), Step::Hang()}});
  Diary log;
  const auto clock = std::make_shared<ManualClock>();
  Node inner = deaf.node();
  inner.stop_timeout = 3s;
  Node shop = SupervisorNode("shop", {inner}, {.logger = LoggerTo(log), .clock = clock});
  shop.dependencies = {"db"};
  Service service({db.node(), shop}, {}, clock);
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  service.supervisor->RequestStop();
  log.Await(
      "event=\"transition\" supervisor=\"shop\" node=\"deaf\" incarnation=1 from=\"ready\" "
      "to=\"stopping\"");
  clock->Advance(3s);
  const RunResult result = service.Join();
  CHECK(result.outcome == Outcome::kStopRequested);
  CHECK(result.nodes[1].state == NodeState::kAbandoned);
  CHECK(result.ExitCode() == kExitLeftBehind);
  CHECK(db.ended() == 1);
  CHECK(db.destroyed() == 0);
}

// Fails and ends by the test's hand, on the test's thread.
class ByHand final : public Component {
 public:
  explicit ByHand(Event over) : over_(std::move(over)) {}
  absl::Status Start(SignalerContext context) override {
    on_over_ = over_.OnSet([this, context] {
      context.Report(absl::DataLossError("told to fail"));
      done_.Set();
    });
    ready_.Set();
    return absl::OkStatus();
  }
  Event Ready() const override { return ready_.event(); }
  Event Done() const override { return done_.event(); }

 private:
  const Event over_;
  const EventSource ready_, done_;
  Subscription on_over_;
};

TEST_CASE("a nested supervisor that had no time to destroy an instance has no successor",
          "[supervisor][S18][S5][S12]") {
  // Whose handler answers only when the time to stop is over. Found by chaos: two instances alive.
  EventSource over, answer;
  std::atomic<int> made = 0;
  Node store{.name = "store", .factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
               ++made;
               return std::make_unique<ByHand>(over.event());
             }};
  store.on_error = [&](const Failure&) {
    answer.event().Wait();
    return kRestart;
  };
  Diary log;
  const auto clock = std::make_shared<ManualClock>();
  Service service(
      {SupervisorNode("shop", {store},
                      {.shutdown_deadline = 5s, .logger = LoggerTo(log), .clock = clock})},
      {}, clock);
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  over.Set();
  log.Await("event=\"failure\" supervisor=\"shop\" node=\"store\" incarnation=1");
  REQUIRE(service.supervisor->RestartNode("shop").ok());
  log.Await("event=\"stopping\" supervisor=\"shop\"");
  clock->Advance(5s);
  log.Await("event=\"ended\" supervisor=\"shop\"");
  answer.Set();
  CHECK(service.supervisor->AwaitNode("shop", NodeState::kAbandoned, {}).ok());
  CHECK(service.Stop().ExitCode() == 70);  // it could not come back
  CHECK(made == 1);
}

TEST_CASE("a nested supervisor is alive to the watchdog of its node", "[supervisor][S18][S22]") {
  Diary diary;
  Part store("store", diary);
  const ComponentFactory silent = []() -> absl::StatusOr<std::unique_ptr<Component>> {
    return ComponentManagerBuilder()
        .AddWorker([](const SignalerContext& context, const ReadyFunc& ready) {
          const EventSource stopped;
          const std::stop_callback on_stop(context.stop_token(), [&] { stopped.Set(); });
          ready();
          stopped.event().Wait();
        })
        .Build();
  };
  Node shop = SupervisorNode("shop", {{.name = "store", .factory = store.Factory()}});
  shop.watchdog = 5s;
  Service service(
      {shop, {.name = "silent", .factory = silent, .on_error = Always(kStop), .watchdog = 5s}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  service.clock->Advance(5s);
  // One tick looks at both, and at this one first.
  REQUIRE(service.supervisor->AwaitNode("silent", NodeState::kFailed, {}).ok());
  CHECK(service.supervisor->GetSnapshot().nodes[0].state == NodeState::kReady);
  service.Stop();
}

TEST_CASE("a nested supervisor may be destroyed while it runs, and starts once",
          "[supervisor][S18][L6][L9]") {
  Diary diary;
  Part store("store", diary);
  auto component = SupervisorComponent::Create({{.name = "store", .factory = store.Factory()}});
  REQUIRE(component.ok());
  const auto [context, failures] = WithSignaler({});
  REQUIRE((*component)->Start(context).ok());
  CHECK(absl::IsFailedPrecondition((*component)->Start(context)));
  (*component)->Ready().Wait();
  component->reset();
  CHECK(diary.Find("end store") != -1);
  CHECK_FALSE(failures.first().has_value());
}

}  // namespace
}  // namespace stemma
