// SPDX-License-Identifier: Apache-2.0
// S10: user code that does not return holds up its own node and nothing else.
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "catch2/catch_test_macros.hpp"
#include "stemma/supervisor/internal/test_service.h"

namespace stemma {
namespace {

using internal::Diary;
using internal::Part;
using internal::Service;
using namespace std::chrono_literals;

// A component whose parts do what the test says; a worker of it waits for the stop.
class Scripted : public Component {
 public:
  struct Script {
    std::function<void()> on_stop = [] {};     // in a stop callback
    std::function<void()> on_destroy = [] {};  // in the destructor
    std::function<void(const SignalerContext&)> on_ready = [](const SignalerContext&) {};
  };

  explicit Scripted(Script script) : script_(std::move(script)) {}
  ~Scripted() override { script_.on_destroy(); }
  absl::Status Start(SignalerContext context) override { return inner_->Start(std::move(context)); }
  Event Ready() const override { return inner_->Ready(); }
  Event Done() const override { return inner_->Done(); }

 private:
  const Script script_;
  const std::unique_ptr<Component> inner_ =
      ComponentManagerBuilder()
          .AddWorker("main",
                     [this](const SignalerContext& context, const ReadyFunc& ready) {
                       const std::stop_callback on_stop(context.stop_token(), script_.on_stop);
                       ready();
                       script_.on_ready(context);
                       context.WaitForStop();
                     })
          .Build();
};

TEST_CASE("neither a cascade elsewhere nor a shutdown waits for user code that blocks",
          "[supervisor][S10][S12]") {
  Diary diary;
  EventSource release, fail;
  const auto block = [&] {
    diary.Write("blocked");
    release.event().Wait();
  };
  // On its own branch, with no time limit: it is there until it is released.
  Node slow{.name = "slow", .stop_timeout = kNoTimeout};
  Scripted::Script script;
  OnError& handler = slow.on_error;
  handler = Always(ErrorHandlingBehavior::kStop);
  std::function<void(const SupervisorEvent&)> listener = [](const SupervisorEvent&) {};
  const auto fails = [&](const SignalerContext& context) {
    fail.event().Wait();
    context.Throw(absl::InternalError("told to fail"));
  };
  bool starts = true;
  SECTION("a factory") {
    starts = false;
    slow.start_timeout = kNoTimeout;
    slow.factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
      block();
      return absl::UnavailableError("late");
    };
  }
  SECTION("a handler") {
    script.on_ready = fails;
    handler = [&](const Failure&) {
      block();
      return ErrorHandlingBehavior::kStop;
    };
  }
  SECTION("a stop callback") {
    script.on_ready = fails;
    script.on_stop = block;
  }
  SECTION("a destructor") {
    script.on_ready = fails;
    script.on_destroy = block;
  }
  SECTION("a listener") {
    listener = [&](const SupervisorEvent& event) {
      if (event.kind == SupervisorEvent::Kind::kAllReady) block();
    };
  }
  if (!slow.factory) slow.factory = [&] { return std::make_unique<Scripted>(script); };

  Part base("base", diary), leaf("leaf", diary), rest("rest", diary);
  Service service({slow,
                   {.name = "base",
                    .factory = base.Factory(),
                    .on_error = Always(ErrorHandlingBehavior::kStop)},
                   {.name = "leaf", .dependencies = {"base"}, .factory = leaf.Factory()},
                   {.name = "rest", .factory = rest.Factory()}});
  const Subscription subscription = service.supervisor->Subscribe(listener);
  service.Start();
  const Supervisor& supervisor = *service.supervisor;
  REQUIRE(supervisor.AwaitNode("leaf", NodeState::kReady, {}).ok());
  REQUIRE(supervisor.AwaitNode("rest", NodeState::kReady, {}).ok());
  if (starts) REQUIRE(supervisor.AwaitNode("slow", NodeState::kReady, {}).ok());
  fail.Set();
  diary.Await("blocked");

  base.Fail();
  REQUIRE(supervisor.AwaitNode("base", NodeState::kFailed, {}).ok());
  CHECK(supervisor.GetSnapshot().nodes[2].state == NodeState::kStopped);
  service.supervisor->RequestStop();
  REQUIRE(supervisor.AwaitNode("rest", NodeState::kStopped, {}).ok());
  CHECK_FALSE(release.event().IsSet());

  release.Set();
  CHECK(service.Join().outcome == Outcome::kStopRequested);
}

}  // namespace
}  // namespace stemma
