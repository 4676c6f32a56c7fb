// SPDX-License-Identifier: Apache-2.0
// Operator commands through the supervisor: S24.
#include <memory>
#include <string>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "spdlog/logger.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/internal/run_together.h"
#include "stemma/supervisor/internal/test_service.h"

namespace stemma {
namespace {

using Catch::Matchers::ContainsSubstring;
using internal::Diary;
using internal::Part;
using internal::Service;

TEST_CASE("a node is stopped, started, restarted, added and removed while the service runs",
          "[supervisor][S24]") {
  Diary diary;
  Part db("db", diary), api("api", diary), extra("extra", diary);
  StopReason reason;
  api.on_stop = [&](const SignalerContext& context) { reason = context.stop_reason(); };
  Service service({{.name = "db", .factory = db.Factory()},
                   {.name = "api", .dependencies = {"db"}, .factory = api.Factory()}});
  Supervisor& supervisor = *service.supervisor;
  service.Start();
  REQUIRE(supervisor.AwaitReady({}).ok());

  CHECK(supervisor.StopNode("db").ok());
  CHECK(supervisor.AwaitNode("db", NodeState::kStopped, {}).ok());
  CHECK(diary.Before("end api", "stopping db"));
  CHECK(reason.kind == StopReason::Kind::kOperator);

  CHECK(supervisor.StartNode("api").ok());
  CHECK(supervisor.AwaitNode("api", NodeState::kReady, {}).ok());

  CHECK(supervisor.RestartNode("db").ok());
  diary.Await("make db", 3);
  CHECK(supervisor.AwaitNode("db", NodeState::kReady, {}).ok());

  CHECK(supervisor.AddNode({.name = "extra", .dependencies = {"api"}, .factory = extra.Factory()})
            .ok());
  CHECK(supervisor.graph()->size() == 3);
  CHECK(supervisor.AwaitNode("extra", NodeState::kReady, {}).ok());
  CHECK(supervisor.GetSnapshot().nodes.size() == 3);

  CHECK(supervisor.RemoveNode("extra").ok());
  service.diary.Await("extra removed");
  CHECK(supervisor.graph()->size() == 2);
  CHECK(supervisor.StopNode("extra").code() == absl::StatusCode::kNotFound);
  CHECK(diary.Find("end extra") >= 0);

  const RunResult result = service.Stop();
  CHECK(result.nodes.size() == 2);
  CHECK(result.ExitCode() == 0);
}

TEST_CASE("a component can tell an operator's restart of it from an operator's stop",
          "[supervisor][S16][S24]") {
  Diary diary;
  Part db("db", diary), api("api", diary);
  std::vector<StopReason::Kind> reasons;
  const auto ask = [&](const SignalerContext& context) {
    reasons.push_back(context.stop_reason().kind);
  };
  db.on_stop = ask;
  Service service({{.name = "db", .factory = db.Factory()},
                   {.name = "api", .dependencies = {"db"}, .factory = api.Factory()}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  CHECK(service.supervisor->RestartNode("db").ok());
  diary.Await("make db", 2);
  CHECK(service.supervisor->AwaitNode("db", NodeState::kReady, {}).ok());
  api.on_stop = ask;
  CHECK(service.supervisor->StopNode("db").ok());
  CHECK(service.supervisor->AwaitNode("db", NodeState::kStopped, {}).ok());
  service.Stop();
  using Kind = StopReason::Kind;
  CHECK(reasons == std::vector<Kind>{Kind::kRestart, Kind::kOperator, Kind::kOperator});
}

TEST_CASE("news of a node that moves up when another is removed reaches it", "[supervisor][S24]") {
  Diary diary;
  Part a("a", diary), b("b", diary);
  Service service({{.name = "a", .factory = a.Factory()},
                   {.name = "b",
                    .factory = b.Factory(),
                    .on_error = Always(ErrorHandlingBehavior::kShutdown)}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  REQUIRE(service.supervisor->RemoveNode("a").ok());
  service.diary.Await("a removed");
  b.Fail(absl::DataLossError("after the move"));
  const RunResult result = service.Join();
  CHECK(result.outcome == Outcome::kShutdown);
  CHECK(result.status == absl::DataLossError("after the move"));
  REQUIRE(result.nodes.size() == 1);
  CHECK(result.nodes[0].name == "b");
}

TEST_CASE("what goes down for a node that is removed meanwhile can say why",
          "[supervisor][S16][S24]") {
  Diary diary;
  Part db("db", diary);
  EventSource end_api, end_db;
  db.on_stop = [&](const SignalerContext&) { end_db.event().Wait(); };
  const auto end_by_itself = [&](const SignalerContext&, const ReadyFunc& ready) {
    ready();
    end_api.event().Wait();
  };
  RestartPolicy never;
  never.max_restarts = 0;
  never.on_limit = ErrorHandlingBehavior::kStopParents;
  Service service({{.name = "db", .factory = db.Factory()},
                   {.name = "api",
                    .dependencies = {"db"},
                    .factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
                      return ComponentManagerBuilder().AddWorker(end_by_itself).Build();
                    },
                    .restart = never,
                    .on_completion = OnCompletion::kRestart}});
  std::string why;  // written by the listener until the run is over
  const Subscription listener = service.supervisor->Subscribe([&](const SupervisorEvent& event) {
    if (event.node == "db" && event.to == NodeState::kStopped) why = event.text;
  });
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  end_api.Set();
  CHECK(service.supervisor->AwaitNode("api", NodeState::kFailed, {}).ok());
  diary.Await("stopping db");
  CHECK(service.supervisor->RemoveNode("api").ok());
  service.diary.Await("api removed");
  end_db.Set();
  CHECK(service.Join().outcome == Outcome::kCompleted);
  CHECK(why == "a node that has been removed since ended by itself");
}

TEST_CASE("commands are accepted before Run", "[supervisor][S24]") {
  Diary diary;
  Part db("db", diary), extra("extra", diary);
  Service service({{.name = "db", .factory = db.Factory()}});
  CHECK(service.supervisor->AddNode({.name = "extra", .factory = extra.Factory()}).ok());
  CHECK(service.supervisor->StopNode("db").ok());
  CHECK(service.supervisor->graph()->size() == 2);
  service.Start();
  CHECK(service.supervisor->AwaitNode("extra", NodeState::kReady, {}).ok());
  CHECK(service.supervisor->AwaitNode("db", NodeState::kStopped, {}).ok());
  CHECK(diary.Find("make db") == -1);
  service.Stop();
}

TEST_CASE("a command that is refused says why, and what is near", "[supervisor][S24]") {
  Diary diary;
  Part db("db", diary), api("api", diary);
  Service service({{.name = "store", .factory = db.Factory()},
                   {.name = "api", .dependencies = {"store"}, .factory = api.Factory()}});
  Supervisor& supervisor = *service.supervisor;
  service.Start();
  REQUIRE(supervisor.AwaitReady({}).ok());
  const auto message = [](const absl::Status& status) { return std::string(status.message()); };

  const absl::Status unknown = supervisor.StartNode("sotre");
  CHECK(unknown.code() == absl::StatusCode::kNotFound);
  CHECK_THAT(message(unknown), ContainsSubstring("did you mean 'store'?"));
  const absl::Status used = supervisor.RemoveNode("store");
  CHECK(used.code() == absl::StatusCode::kFailedPrecondition);
  CHECK_THAT(message(used), ContainsSubstring("'api' depends on 'store'"));
  const absl::Status bad = supervisor.AddNode({.name = "new"});
  CHECK(bad.code() == absl::StatusCode::kInvalidArgument);
  CHECK_THAT(message(bad), ContainsSubstring("'new': has no factory"));
  const absl::Status twice = supervisor.AddNode({.name = "api", .factory = api.Factory()});
  CHECK(twice.code() == absl::StatusCode::kInvalidArgument);
  CHECK_THAT(message(twice), ContainsSubstring("'api'"));

  api.on_stop = [&](const SignalerContext&) {
    CHECK(supervisor.StartNode("api").code() == absl::StatusCode::kUnavailable);
  };
  service.Stop();
  CHECK(supervisor.StartNode("api").code() == absl::StatusCode::kFailedPrecondition);
  CHECK_THAT(message(supervisor.StopNode("api")), ContainsSubstring("the run is over"));
}

TEST_CASE("a command that comes while the run ends is answered", "[supervisor][S24][race]") {
  Node db{.name = "db",
          .factory = [] { return ComponentManagerBuilder().AddWorker(&NoopWorker).Build(); }};
  for (int i = 0; i < 300; ++i) {
    auto made = Supervisor::Create({db}, {.logger = std::make_shared<spdlog::logger>("silent")});
    REQUIRE(made.ok());
    Supervisor& supervisor = **made;
    absl::Status answers[2];
    const auto command_until_refused = [&](absl::Status& answer) {
      return [&] {
        while (answer.ok()) answer = supervisor.StartNode("db");
      };
    };
    internal::RunTogether({[&] { supervisor.Run(); }, [&] { supervisor.RequestStop(); },
                           command_until_refused(answers[0]), command_until_refused(answers[1])});
    for (const absl::Status& answer : answers) {
      CAPTURE(answer.ToString());
      const bool refused = answer.code() == absl::StatusCode::kUnavailable ||  // it goes down
                           answer.message() == "the run is over";
      REQUIRE(refused);
    }
  }
}

TEST_CASE("while a node is being removed, a command about it is refused with that",
          "[supervisor][S24]") {
  Diary diary;
  Part db("db", diary), other("other", diary);
  Service service(
      {{.name = "db", .factory = db.Factory()}, {.name = "other", .factory = other.Factory()}});
  absl::Status refused;
  db.on_stop = [&](const SignalerContext&) { refused = service.supervisor->StartNode("db"); };
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  CHECK(service.supervisor->RemoveNode("db").ok());
  service.diary.Await("db removed");
  CHECK(refused == absl::FailedPreconditionError("'db' is about to be removed"));
  service.Stop();
}

}  // namespace
}  // namespace stemma
