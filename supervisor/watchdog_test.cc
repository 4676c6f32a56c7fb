// SPDX-License-Identifier: Apache-2.0
// S22 with real workers: who is alive, and who is to blame.
#include <chrono>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "stemma/supervisor/internal/test_service.h"

namespace stemma {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;
using internal::Diary;
using internal::Service;

ComponentFactory Workers(std::vector<std::pair<std::string, ComponentWorker>> workers) {
  return [workers]() -> absl::StatusOr<std::unique_ptr<Component>> {
    ComponentManagerBuilder builder;
    for (const auto& [name, worker] : workers) builder.AddWorker(name, worker);
    return builder.Build();
  };
}

// Busy until it is told to stop, without a wait that the context knows of.
void Silent(const SignalerContext& context, const ReadyFunc& ready) {
  const EventSource stopped;
  const std::stop_callback on_stop(context.stop_token(), [&] { stopped.Set(); });
  ready();
  stopped.event().Wait();
}

TEST_CASE("the worker that has been silent for longest is named in the failure of its node",
          "[supervisor][S22]") {
  const EventSource beat, beaten;
  Service service(
      {{.name = "db",
        .factory = Workers({{"heard",
                             [&](const SignalerContext& context, const ReadyFunc& ready) {
                               ready();
                               beat.event().Wait();
                               context.Heartbeat();
                               beaten.Set();
                               Silent(context, ready);
                             }},
                            {"silent", &Silent}}),
        .on_error = Always(ErrorHandlingBehavior::kShutdown),
        .watchdog = 5s}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  service.clock->Advance(1s);
  beat.Set();
  beaten.event().Wait();
  service.clock->Advance(4s);
  const RunResult result = service.Join();
  CHECK(result.outcome == Outcome::kShutdown);
  const Failure& failure = result.nodes[0].failures.at(0);
  CHECK(failure.kind == FailureKind::kWatchdog);
  CHECK(failure.component == "db");
  CHECK(failure.worker == "silent");
  CHECK(failure.status.code() == absl::StatusCode::kDeadlineExceeded);
  CHECK_THAT(Describe(failure), ContainsSubstring("db/silent failed (Watchdog)"));
  CHECK_THAT(Describe(failure), ContainsSubstring("watchdog of 5 s"));
}

TEST_CASE("a worker that was heard of has its watchdog's time from then on", "[supervisor][S22]") {
  const EventSource beat, beaten;
  const ComponentWorker heard = [&](const SignalerContext& context, const ReadyFunc& ready) {
    ready();
    beat.event().Wait();
    context.Heartbeat();
    beaten.Set();
    Silent(context, ready);
  };
  Service service({{.name = "heard", .factory = Workers({{"main", heard}}), .watchdog = 5s},
                   {.name = "silent",
                    .factory = Workers({{"main", &Silent}}),
                    .on_error = Always(ErrorHandlingBehavior::kStop),
                    .watchdog = 5s}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  service.clock->Advance(3s);
  beat.Set();
  beaten.event().Wait();
  service.clock->Advance(2s);
  // One tick looks at both, and at this one first: when the other one has failed, it has not.
  REQUIRE(service.supervisor->AwaitNode("silent", NodeState::kFailed, {}).ok());
  CHECK(service.supervisor->GetSnapshot().nodes[0].state == NodeState::kReady);
  service.clock->Advance(3s);
  REQUIRE(service.supervisor->AwaitNode("heard", NodeState::kBackingOff, {}).ok());
  CHECK(service.Stop().nodes[0].failures.at(0).kind == FailureKind::kWatchdog);
}

}  // namespace
}  // namespace stemma
