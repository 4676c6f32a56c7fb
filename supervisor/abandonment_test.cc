// SPDX-License-Identifier: Apache-2.0
// S12: what becomes of a run when user code does not return.
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_vector.hpp"
#include "spdlog/logger.h"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/lifecycle/event.h"
#include "stemma/supervisor/supervisor.h"
#include "stemma/testing/catch2/event_matchers.h"
#include "stemma/testing/manual_clock.h"
#include "stemma/testing/require_set.h"
#include "stemma/testing/scripted_component.h"
#include "stemma/testing/service_under_test.h"

// Threads that are left behind are the point here, and no leak.
extern "C" const char* __tsan_default_options() { return "report_thread_leaks=0"; }

namespace stemma {
namespace {

using Catch::Matchers::VectorContains;
using catch2::Shows;
using Kind = SupervisorEvent::Kind;
using namespace std::chrono_literals;

// Does not hear of a stop.
Script Deaf() { return {.work = {Step::Ready(), Step::Hang()}, .worker = "deaf"}; }

// Depends on "db", and is given 3 s to stop.
Node DeafNode(const ScriptedComponent& deaf) {
  Node node = deaf.node({"db"});
  node.stop_timeout = 3s;
  return node;
}

TEST_CASE("a node that does not end is named, abandoned, and never destroyed",
          "[supervisor][S12][trap19]") {
  ScriptedComponent db("db"), api("api", Deaf());
  ServiceUnderTest service({db.node(), DeafNode(api)});
  service.RequireReady();
  service.supervisor().RequestStop();
  service.RequireState("api", NodeState::kStopping);
  service.clock().Advance(3s);
  const RunResult result = service.RequireEnd();
  CHECK_THAT(service.events(),
             Shows(On("api").Happened(Kind::kStuck).Before(On("api").Abandoned())));
  CHECK(result.outcome == Outcome::kStopRequested);
  CHECK(result.nodes[1].state == NodeState::kAbandoned);
  CHECK(result.nodes[0].state == NodeState::kStopped);
  CHECK(result.ExitCode() == kExitLeftBehind);
  // Its stop callbacks may be among them, too: nobody waited for those to return.
  CHECK_THAT(service.supervisor().GetSnapshot().nodes[1].still_running,
             VectorContains(std::string("worker deaf")));
  CHECK(api.destroyed() == 0);
}

TEST_CASE("whoever never stops to have news holds up neither the time nor a stop",
          "[supervisor][S11][S12]") {
  const EventSource enough;
  // Without a text, since Abseil counts references to one where ThreadSanitizer does not see it.
  const ComponentWorker reports = [enough](const SignalerContext& context, const ReadyFunc& ready) {
    ready();
    while (!enough.event().IsSet()) context.Report(absl::InternalError(""));
  };
  Node node{.name = "loud", .factory = [=]() -> absl::StatusOr<std::unique_ptr<Component>> {
              ComponentManagerBuilder crowd;
              for (int i = 0; i < 16; ++i) crowd.AddWorker(reports);
              return crowd.Build();
            }};
  node.stop_timeout = 3s;
  const auto clock = std::make_shared<ManualClock>();
  auto supervisor = Supervisor::Create(
      {node}, {.logger = std::make_shared<spdlog::logger>("silent"), .clock = clock});
  REQUIRE(supervisor.ok());
  RunResult result;
  {
    const std::jthread run([&] { result = (*supervisor)->Run(); });
    REQUIRE((*supervisor)->AwaitNode("loud", NodeState::kStopping, {}).ok());
    (*supervisor)->RequestStop();
    clock->Advance(3s);
    CHECK((*supervisor)->AwaitNode("loud", NodeState::kAbandoned, {}).ok());
  }
  enough.Set();
  CHECK(result.ExitCode() == kExitLeftBehind);
}

TEST_CASE("an abandoned node that ends after all is an event, and changes nothing",
          "[supervisor][S12]") {
  ScriptedComponent db("db"), api("api", Deaf()), other("other");
  std::vector<Node> nodes = {db.node(), DeafNode(api), other.node()};
  nodes[0].on_error = nodes[1].on_error = Always(ErrorHandlingBehavior::kStop);
  ServiceUnderTest service(nodes);
  service.RequireReady();
  db.Throw(absl::InternalError("told to fail"));
  service.RequireState("api", NodeState::kStopping);
  service.clock().Advance(3s);
  service.RequireState("api", NodeState::kAbandoned);
  CHECK(absl::IsFailedPrecondition(service.supervisor().StartNode("api")));  // it cannot come back
  api.LetGo();
  service.events().RequireSeen(On("api").Happened(Kind::kLateEnd));
  CHECK(service.supervisor().GetSnapshot().nodes[1].state == NodeState::kAbandoned);
  CHECK(service.Stop().ExitCode() == kExitLeftBehind);
  CHECK(api.destroyed() == 0);
}

TEST_CASE("with kWait a stuck node is named and waited for", "[supervisor][S12]") {
  ScriptedComponent db("db"), api("api", Deaf());
  ServiceUnderTest service({db.node(), DeafNode(api)}, {.on_stuck = OnStuck::kWait});
  service.RequireReady();
  service.supervisor().RequestStop();
  service.RequireState("api", NodeState::kStopping);
  service.clock().Advance(3s);
  service.events().RequireSeen(On("api").Happened(Kind::kStuck));
  CHECK(service.supervisor().GetSnapshot().nodes[1].stuck);
  CHECK(service.supervisor().GetSnapshot().nodes[0].state == NodeState::kReady);
  api.LetGo();
  const RunResult result = service.RequireEnd();
  CHECK(result.nodes[1].state == NodeState::kStopped);
  CHECK(result.ExitCode() == 0);
  CHECK(api.destroyed() == 1);
}

TEST_CASE("what was stuck and has ended after all is not stuck any more, completed ones included",
          "[supervisor][S12]") {
  ScriptedComponent db("db", {.work = {Step::Ready(), Step::End()}, .destructor = {Step::Hang()}});
  ServiceUnderTest service({db.node()}, {.on_stuck = OnStuck::kWait});
  db.RequireHanging();
  service.clock().Advance(10s);
  service.events().RequireSeen(On("db").Happened(Kind::kStuck));
  const NodeSnapshot snapshot = service.supervisor().GetSnapshot().nodes[0];
  CHECK(snapshot.state == NodeState::kCompleted);
  CHECK(snapshot.stuck);
  CHECK(snapshot.still_running == std::vector<std::string>{"its destructor"});
  db.LetGo();
  CHECK(service.RequireEnd().ExitCode() == 0);
  CHECK_FALSE(service.supervisor().GetSnapshot().nodes[0].stuck);
}

TEST_CASE("the shutdown deadline ends even what kWait waits for", "[supervisor][S12]") {
  ScriptedComponent db("db"), api("api", Deaf());
  ServiceUnderTest service({db.node(), DeafNode(api)},
                           {.on_stuck = OnStuck::kWait, .shutdown_deadline = 10s});
  service.RequireReady();
  service.supervisor().RequestStop();
  service.RequireState("api", NodeState::kStopping);
  service.clock().Advance(10s);
  const RunResult result = service.RequireEnd();
  CHECK(result.nodes[1].state == NodeState::kAbandoned);
  CHECK(result.ExitCode() == kExitLeftBehind);
}

TEST_CASE("a factory that does not return is abandoned with its thread, and the rest stops",
          "[supervisor][S3][S12][trap18]") {
  ScriptedComponent slow("slow", {.factory = {Step::Hang()}}), other("other");
  std::vector<Node> nodes = {slow.node(), other.node()};
  nodes[0].stop_timeout = 3s;
  ServiceUnderTest service(nodes);
  slow.RequireHanging();
  service.RequireState("other", NodeState::kReady);
  service.supervisor().RequestStop();
  service.RequireState("slow", NodeState::kStopping);
  service.clock().Advance(3s);
  const RunResult result = service.RequireEnd();
  CHECK(result.nodes[0].state == NodeState::kAbandoned);
  CHECK(result.nodes[1].state == NodeState::kStopped);
  CHECK_THAT(service.supervisor().GetSnapshot().nodes[0].still_running,
             VectorContains(std::string("its factory or Start")));
}

// A handler that is asked, does not answer, and returns in the end: it may outlive the test.
struct Silence {
  const EventSource asked, release, returned;
};
OnError Silent(const std::shared_ptr<Silence>& silence) {
  return [silence](const Failure&) {
    silence->asked.Set();
    silence->release.event().Wait();
    silence->returned.Set();
    return ErrorHandlingBehavior::kRestart;
  };
}

TEST_CASE("a handler that is silent counts as kShutdown, and both errors are kept",
          "[supervisor][S9]") {
  const auto silence = std::make_shared<Silence>();
  ScriptedComponent db("db");
  Node node = db.node();
  node.on_error = Silent(silence);
  node.stop_timeout = 3s;
  ServiceUnderTest service({node});
  service.RequireReady();
  db.Throw(absl::DataLossError("first"));
  RequireSet(silence->asked.event(), "the handler is asked");
  service.clock().Advance(3s);
  service.events().RequireSeen(On("db").Happened(Kind::kHandlerFault));
  silence->release.Set();
  service.clock().Advance(3s);
  const RunResult result = service.RequireEnd();
  CHECK(result.outcome == Outcome::kShutdown);
  CHECK(result.status == absl::DataLossError("first"));
  CHECK(result.nodes[0].failure_count == 2);
  RequireSet(silence->returned.event(), "the handler returns");
}

TEST_CASE("user code that holds up no node is waited for in the end, then named and left behind",
          "[supervisor][S10][S15]") {
  const auto silence = std::make_shared<Silence>();
  ScriptedComponent db("db");
  Node node = db.node();
  node.on_error = Silent(silence);
  // So that "db" is not abandoned, should it be still ending when the time is over.
  ServiceUnderTest service({node}, {.on_stuck = OnStuck::kWait});
  service.RequireReady();
  db.Throw(absl::InternalError("told to fail"));
  RequireSet(silence->asked.event(), "the handler is asked");
  service.clock().Advance(10s);  // the stop timeout: the handler has been silent for that long
  RequireSet(service.supervisor().Ended(), "the supervisor has ended");
  service.clock().Advance(10s);
  const RunResult result = service.RequireEnd();
  CHECK(result.nodes[0].state == NodeState::kFailed);
  // Its destructor's call, too, may just not have been over when the time was.
  CHECK_THAT(result.calls_left_behind, VectorContains(std::string("'db': its handler")));
  CHECK(result.left_behind());
  silence->release.Set();
  RequireSet(silence->returned.event(), "the handler returns");
}

}  // namespace
}  // namespace stemma
