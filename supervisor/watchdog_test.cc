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

void Ends(const SignalerContext&, const ReadyFunc& ready) { ready(); }

void Sleeps(const SignalerContext& context, const ReadyFunc& ready) {
  ready();
  context.SleepFor(kNoTimeout);
}

TEST_CASE("a worker that is silent for the watchdog fails its node, and is named",
          "[supervisor][S22]") {
  Service service(
      {{.name = "db",
        .factory = Workers(
            {{"waits", &NoopWorker}, {"ends", &Ends}, {"silent", &Silent}, {"sleeps", &Sleeps}}),
        .on_error = Always(ErrorHandlingBehavior::kShutdown),
        .watchdog = 5s}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  service.clock->Advance(5s);
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

// Two nodes of which one is silent. Both are looked at by the same tick, the other one first: when
// the silent one has failed, the other one has been found alive.
class Pair : public Service {
 public:
  explicit Pair(const ComponentWorker& other)
      : Service({{.name = "other", .factory = Workers({{"main", other}}), .watchdog = 5s},
                 {.name = "silent",
                  .factory = Workers({{"main", &Silent}}),
                  .on_error = Always(ErrorHandlingBehavior::kStop),
                  .watchdog = 5s}}) {
    Start();
    REQUIRE(supervisor->AwaitReady({}).ok());
  }
  void CheckOtherAlive() {
    REQUIRE(supervisor->AwaitNode("silent", NodeState::kFailed, {}).ok());
    CHECK(supervisor->GetSnapshot().nodes[0].state == NodeState::kReady);
  }
};

TEST_CASE("a worker that waits for its stop is alive", "[supervisor][S22]") {
  Pair service(&NoopWorker);
  service.clock->Advance(5s);
  service.CheckOtherAlive();
  CHECK(service.Stop().nodes[0].failure_count == 0);
}

TEST_CASE("a worker that sleeps is alive", "[supervisor][S22]") {
  Pair service(&Sleeps);
  service.clock->Advance(5s);
  service.CheckOtherAlive();
  CHECK(service.Stop().nodes[0].failure_count == 0);
}

TEST_CASE("a worker that was heard of has its watchdog's time from then on", "[supervisor][S22]") {
  const EventSource beat, beaten;
  Pair service([&](const SignalerContext& context, const ReadyFunc& ready) {
    ready();
    beat.event().Wait();
    context.Heartbeat();
    beaten.Set();
    Silent(context, ready);
  });
  service.clock->Advance(3s);
  beat.Set();
  beaten.event().Wait();
  service.clock->Advance(2s);
  service.CheckOtherAlive();
  service.clock->Advance(3s);
  REQUIRE(service.supervisor->AwaitNode("other", NodeState::kBackingOff, {}).ok());
  CHECK(service.Stop().nodes[0].failures.at(0).kind == FailureKind::kWatchdog);
}

}  // namespace
}  // namespace stemma
