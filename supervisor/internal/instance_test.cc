// SPDX-License-Identifier: Apache-2.0
#include "stemma/supervisor/internal/instance.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "stemma/lifecycle/component_manager.h"

namespace stemma::internal {
namespace {

TEST_CASE("an instance may be destroyed as soon as its end is known, even while it is launched",
          "[supervisor][S5]") {
  // The component may end while Launch still puts its subscriptions in place: ThreadSanitizer tells
  // when Destroy meets those.
  for (int i = 0; i < 200; ++i) {
    EventSource done, gone;
    const auto instance = std::make_shared<Instance>(
        std::make_shared<const ComponentFactory>(
            []() -> absl::StatusOr<std::unique_ptr<Component>> {
              return ComponentManagerBuilder().Build();  // no workers: ready and done at once
            }),
        ContextOptions{.component = "brief"}, [&](Input::Kind kind, const std::optional<Failure>&) {
          if (kind == Input::Kind::kDone) done.Set();
          if (kind == Input::Kind::kGone) gone.Set();
        });
    std::jthread destroyer([&] {
      done.event().Wait();
      instance->Destroy();
    });
    instance->Launch();
    gone.event().Wait();
  }
}

TEST_CASE("it is ready before it fails, however soon after that it does", "[supervisor][S2][S8]") {
  // Is ready and has failed before its Start returns.
  class FailsAtOnce final : public Component {
   public:
    absl::Status Start(SignalerContext context) override {
      ready_.Set();
      context.Report(absl::AbortedError("x"));
      return absl::OkStatus();
    }
    Event Ready() const override { return ready_.event(); }
    Event Done() const override { return ready_.event(); }

   private:
    const EventSource ready_;
  };
  std::vector<Input::Kind> reports;
  const auto instance = std::make_shared<Instance>(
      std::make_shared<const ComponentFactory>([]() -> absl::StatusOr<std::unique_ptr<Component>> {
        return std::make_unique<FailsAtOnce>();
      }),
      ContextOptions{.component = "brief"},
      [&](Input::Kind kind, const std::optional<Failure>&) { reports.push_back(kind); });
  instance->Launch();
  CHECK(reports == std::vector{Input::Kind::kReady, Input::Kind::kFailed, Input::Kind::kDone});
  instance->Destroy();
}

TEST_CASE("a worker that waits, sleeps or has ended need not give a sign of life",
          "[supervisor][S22]") {
  EventSource done, beat, beaten;
  std::atomic<std::int64_t> now = 7;
  const auto instance = std::make_shared<Instance>(
      std::make_shared<const ComponentFactory>([&]() -> absl::StatusOr<std::unique_ptr<Component>> {
        return ComponentManagerBuilder()
            .AddWorker("ends", [](const SignalerContext&, const ReadyFunc&) {})
            .AddWorker("waits", &NoopWorker)
            .AddWorker("sleeps",
                       [](const SignalerContext& context, const ReadyFunc&) {
                         context.SleepFor(std::chrono::nanoseconds::max());
                       })
            .AddWorker("works",
                       [&](const SignalerContext& context, const ReadyFunc&) {
                         beat.event().Wait();
                         context.Heartbeat();
                         beaten.Set();
                         context.WaitForStop();
                       })
            .Build();
      }),
      ContextOptions{.component = "db", .now = [&] { return std::chrono::nanoseconds(now); }},
      [&](Input::Kind kind, const std::optional<Failure>&) {
        if (kind == Input::Kind::kDone) done.Set();
      });
  instance->Launch();
  // Until the others have come to where they need not: there is no event for that.
  while (instance->QuietestWorker()->name != "works") std::this_thread::yield();
  CHECK(instance->QuietestWorker()->last_heartbeat == std::chrono::nanoseconds(7));
  now = 9;
  beat.Set();
  beaten.event().Wait();
  while (instance->QuietestWorker()) std::this_thread::yield();
  instance->RequestStop(std::make_shared<const StopReason>(
      StopReason{.kind = StopReason::Kind::kRequested, .text = "enough"}));
  done.event().Wait();
}

}  // namespace
}  // namespace stemma::internal
