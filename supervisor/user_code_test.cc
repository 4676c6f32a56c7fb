// SPDX-License-Identifier: Apache-2.0
// User code at every point where a supervisor calls it: what it may call, and where it runs (S10).
#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "stemma/supervisor/internal/test_service.h"
#include "stemma/testing/scripted_component.h"

// Threads that are left behind are part of the last test, and no leak.
extern "C" const char* __tsan_default_options() { return "report_thread_leaks=0"; }

namespace stemma {
namespace {

using internal::Diary;
using internal::Service;
using namespace std::chrono_literals;

using Visit = std::function<void(const std::string& place)>;

// Calls `visit` wherever a component is called, and fails once it is told to.
class Visited final : public Component {
 public:
  Visited(Visit visit, Event fail) : visit_(std::move(visit)), fail_(std::move(fail)) {
    workers_ = ComponentManagerBuilder()
                   .AddWorker([this](const SignalerContext& context, const ReadyFunc& ready) {
                     const std::stop_callback on_stop(context.stop_token(),
                                                      [this] { visit_("a stop callback"); });
                     ready();
                     if (fail_.Wait(context.stop_token()).ok()) {
                       context.Throw(absl::DataLossError("told to"));
                     }
                   })
                   .Build();
  }
  ~Visited() override {
    workers_.reset();
    visit_("a destructor");
  }
  absl::Status Start(SignalerContext context) override {
    visit_("Start");
    return workers_->Start(std::move(context));
  }
  Event Ready() const override {
    visit_("Ready");
    return workers_->Ready();
  }
  Event Done() const override {
    visit_("Done");
    return workers_->Done();
  }

 private:
  const Visit visit_;
  const Event fail_;
  std::unique_ptr<Component> workers_;
};

TEST_CASE("user code may call any method of its supervisor, wherever it is called",
          "[supervisor][S10][trap26]") {
  Diary diary;
  EventSource fail;
  std::thread::id loop;
  std::atomic<Supervisor*> supervisor = nullptr;
  const Visit visit = [&](const std::string& place) {
    Supervisor& owner = *supervisor.load();
    std::stop_source stopped;
    stopped.request_stop();
    (void)owner.GetSnapshot();
    (void)owner.graph()->size();
    (void)owner.Ready().IsSet();
    (void)owner.Ended().IsSet();
    (void)owner.AwaitReady(stopped.get_token());
    (void)owner.AwaitNode("db", NodeState::kFailed, stopped.get_token());
    const bool refused = owner.Run().outcome == Outcome::kRefused;
    {
      const Subscription brief = owner.Subscribe([](const SupervisorEvent&) {});
    }
    if (fail.event().IsSet()) {  // else nothing would start
      owner.RequestStop();
      owner.EndSpinHalt();
    }
    diary.Write(refused && std::this_thread::get_id() != loop ? place : place + " on Run's thread");
  };
  Service service(
      {{.name = "db",
        .factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
          visit("a factory");
          return std::make_unique<Visited>(visit, fail.event());
        },
        .on_error =
            [&](const Failure&) {
              visit("a handler");
              return ErrorHandlingBehavior::kStop;
            }},
       {.name = "cache", .factory = [&]() -> absl::StatusOr<std::unique_ptr<Component>> {
          return std::make_unique<Visited>(visit, EventSource().event());
        }}});
  supervisor = service.supervisor.get();
  const Subscription listener =
      service.supervisor->Subscribe([&](const SupervisorEvent&) { visit("a listener"); });
  const Subscription ready =
      service.supervisor->Ready().OnSet([&] { visit("a callback of Ready"); });
  const Subscription ended =
      service.supervisor->Ended().OnSet([&] { visit("a callback of Ended"); });
  std::promise<RunResult> result;
  std::jthread run([&] {
    loop = std::this_thread::get_id();
    result.set_value(service.supervisor->Run());
  });
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  fail.Set();
  const RunResult outcome = result.get_future().get();
  CHECK(outcome.nodes[0].state == NodeState::kFailed);
  CHECK(outcome.nodes[1].state == NodeState::kStopped);
  const std::vector<std::string> lines = diary.lines();
  CHECK(std::set<std::string>(lines.begin(), lines.end()) ==
        std::set<std::string>{"a factory", "Start", "Ready", "Done", "a handler", "a listener",
                              "a callback of Ready", "a callback of Ended", "a stop callback",
                              "a destructor"});
}

TEST_CASE("a listener may end its own subscription", "[supervisor][S10]") {
  Diary diary;
  Service service({{.name = "db", .factory = []() -> absl::StatusOr<std::unique_ptr<Component>> {
                      return ComponentManagerBuilder().AddWorker(&NoopWorker).Build();
                    }}});
  std::optional<Subscription> subscription;
  const auto captured = std::make_shared<int>();
  const std::weak_ptr<int> watch = captured;
  subscription = service.supervisor->Subscribe([&, captured = captured](const SupervisorEvent&) {
    diary.Write("heard");
    subscription.reset();
  });
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  service.Stop();
  CHECK(diary.Count("heard") == 1);
  CHECK(watch.use_count() == 1);  // the test's own: what the listener captured has gone
}

TEST_CASE("what was left behind may have news after its supervisor has gone", "[supervisor][S12]") {
  const auto beat = [](const SignalerContext& context, const ReadyFunc&) { context.Heartbeat(); };
  ScriptedComponent deaf("deaf", {.work = {Step::Ready(), Step::Hang(), Step::Call(beat),
                                           Step::Report(absl::DataLossError("late")),
                                           Step::Report(absl::DataLossError("later")),
                                           Step::Throw(absl::DataLossError("latest"))}});
  Node node = deaf.node();
  node.stop_timeout = 1s;
  {
    Service service({node});
    service.Start();
    REQUIRE(service.supervisor->AwaitReady({}).ok());
    service.supervisor->RequestStop();
    service.diary.Await("deaf -> stopping");
    service.clock->Advance(1s);
    CHECK(service.Join().nodes[0].state == NodeState::kAbandoned);
  }
  deaf.LetGo();
  deaf.RequireEnded();
}

}  // namespace
}  // namespace stemma
