// SPDX-License-Identifier: Apache-2.0
// S12: what becomes of a run when user code does not return.
#include <chrono>
#include <memory>
#include <string>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_vector.hpp"
#include "stemma/supervisor/internal/test_service.h"

// Threads that are left behind are the point here, and no leak.
extern "C" const char* __tsan_default_options() { return "report_thread_leaks=0"; }

namespace stemma {
namespace {

using Catch::Matchers::VectorContains;
using internal::Diary;
using internal::Part;
using internal::Service;
using namespace std::chrono_literals;

// What a component shares with a test that may be over before it is.
struct Shared {
  Diary diary;
  EventSource release;
};

// A component of one worker, "deaf", which does not hear of a stop.
class Deaf : public Component {
 public:
  explicit Deaf(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  ~Deaf() override { shared_->diary.Write("destroyed"); }
  absl::Status Start(SignalerContext context) override { return inner_->Start(std::move(context)); }
  Event Ready() const override { return inner_->Ready(); }
  Event Done() const override { return inner_->Done(); }

 private:
  const std::shared_ptr<Shared> shared_;
  const std::unique_ptr<Component> inner_ =
      ComponentManagerBuilder()
          .AddWorker("deaf",
                     [shared = shared_](const SignalerContext&, const ReadyFunc& ready) {
                       ready();
                       shared->release.event().Wait();
                       shared->diary.Write("returned");
                     })
          .Build();
};

Node DeafNode(const std::shared_ptr<Shared>& shared) {
  return {.name = "api",
          .dependencies = {"db"},
          .factory = [shared] { return std::make_unique<Deaf>(shared); },
          .stop_timeout = 3s};
}

TEST_CASE("a node that does not end is named, abandoned, and never destroyed",
          "[supervisor][S12][trap19]") {
  const auto shared = std::make_shared<Shared>();
  Part db("db", shared->diary);
  Service service({{.name = "db", .factory = db.Factory()}, DeafNode(shared)});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  service.supervisor->RequestStop();
  service.diary.Await("api -> stopping");
  service.clock->Advance(3s);
  const RunResult result = service.Join();
  CHECK(service.diary.Before("api stuck", "api -> abandoned"));
  CHECK(result.outcome == Outcome::kStopRequested);
  CHECK(result.nodes[1].state == NodeState::kAbandoned);
  CHECK(result.nodes[0].state == NodeState::kStopped);
  CHECK(result.ExitCode() == kExitLeftBehind);
  // Its stop callbacks may be among them, too: nobody waited for those to return.
  CHECK_THAT(service.supervisor->GetSnapshot().nodes[1].still_running,
             VectorContains(std::string("worker deaf")));
  CHECK(shared->diary.Find("destroyed") == -1);
  shared->release.Set();
  shared->diary.Await("returned");
}

TEST_CASE("an abandoned node that ends after all is an event, and changes nothing",
          "[supervisor][S12]") {
  const auto shared = std::make_shared<Shared>();
  Part db("db", shared->diary), other("other", shared->diary);
  Node deaf = DeafNode(shared);
  deaf.on_error = Always(ErrorHandlingBehavior::kStop);
  Service service(
      {{.name = "db", .factory = db.Factory(), .on_error = Always(ErrorHandlingBehavior::kStop)},
       deaf,
       {.name = "other", .factory = other.Factory()}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  db.Fail();
  service.diary.Await("api -> stopping");
  service.clock->Advance(3s);
  REQUIRE(service.supervisor->AwaitNode("api", NodeState::kAbandoned, {}).ok());
  shared->release.Set();
  service.diary.Await("api late end");
  CHECK(service.supervisor->GetSnapshot().nodes[1].state == NodeState::kAbandoned);
  CHECK(service.Stop().ExitCode() == kExitLeftBehind);
  CHECK(shared->diary.Find("destroyed") == -1);
}

TEST_CASE("with kWait a stuck node is named and waited for", "[supervisor][S12]") {
  const auto shared = std::make_shared<Shared>();
  Part db("db", shared->diary);
  Service service({{.name = "db", .factory = db.Factory()}, DeafNode(shared)},
                  {.on_stuck = OnStuck::kWait});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  service.supervisor->RequestStop();
  service.diary.Await("api -> stopping");
  service.clock->Advance(3s);
  service.diary.Await("api stuck");
  CHECK(service.supervisor->GetSnapshot().nodes[1].stuck);
  CHECK(service.supervisor->GetSnapshot().nodes[0].state == NodeState::kReady);
  shared->release.Set();
  const RunResult result = service.Join();
  CHECK(result.nodes[1].state == NodeState::kStopped);
  CHECK(result.ExitCode() == 0);
  CHECK(shared->diary.Find("destroyed") >= 0);
}

// Completes at once; its destructor waits for `release`.
class Clinging final : public Component {
 public:
  explicit Clinging(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  ~Clinging() override {
    shared_->diary.Write("destroying");
    shared_->release.event().Wait();
  }
  absl::Status Start(SignalerContext) override {
    ready_.Set();
    done_.Set();
    return absl::OkStatus();
  }
  Event Ready() const override { return ready_.event(); }
  Event Done() const override { return done_.event(); }

 private:
  const std::shared_ptr<Shared> shared_;
  EventSource ready_, done_;
};

TEST_CASE("what was stuck and has ended after all is not stuck any more, completed ones included",
          "[supervisor][S12]") {
  const auto shared = std::make_shared<Shared>();
  Service service(
      {{.name = "db", .factory = [shared] { return std::make_unique<Clinging>(shared); }}},
      {.on_stuck = OnStuck::kWait});
  service.Start();
  shared->diary.Await("destroying");
  service.clock->Advance(10s);
  service.diary.Await("db stuck");
  const NodeSnapshot db = service.supervisor->GetSnapshot().nodes[0];
  CHECK(db.state == NodeState::kCompleted);
  CHECK(db.stuck);
  CHECK(db.still_running == std::vector<std::string>{"its destructor"});
  shared->release.Set();
  CHECK(service.Join().ExitCode() == 0);
  CHECK_FALSE(service.supervisor->GetSnapshot().nodes[0].stuck);
}

TEST_CASE("the shutdown deadline ends even what kWait waits for", "[supervisor][S12]") {
  const auto shared = std::make_shared<Shared>();
  Part db("db", shared->diary);
  Service service({{.name = "db", .factory = db.Factory()}, DeafNode(shared)},
                  {.on_stuck = OnStuck::kWait, .shutdown_deadline = 10s});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  service.supervisor->RequestStop();
  service.diary.Await("api -> stopping");
  service.clock->Advance(10s);
  const RunResult result = service.Join();
  CHECK(result.nodes[1].state == NodeState::kAbandoned);
  CHECK(result.ExitCode() == kExitLeftBehind);
  shared->release.Set();
  shared->diary.Await("returned");
}

TEST_CASE("a factory that does not return is abandoned with its thread, and the rest stops",
          "[supervisor][S3][S12][trap18]") {
  const auto shared = std::make_shared<Shared>();
  Part other("other", shared->diary);
  Service service({{.name = "slow",
                    .factory = [shared]() -> absl::StatusOr<std::unique_ptr<Component>> {
                      shared->diary.Write("in the factory");
                      shared->release.event().Wait();
                      shared->diary.Write("returned");
                      return absl::UnavailableError("late");
                    },
                    .stop_timeout = 3s},
                   {.name = "other", .factory = other.Factory()}});
  service.Start();
  shared->diary.Await("in the factory");
  REQUIRE(service.supervisor->AwaitNode("other", NodeState::kReady, {}).ok());
  service.supervisor->RequestStop();
  service.diary.Await("slow -> stopping");
  service.clock->Advance(3s);
  const RunResult result = service.Join();
  CHECK(result.nodes[0].state == NodeState::kAbandoned);
  CHECK(result.nodes[1].state == NodeState::kStopped);
  CHECK_THAT(service.supervisor->GetSnapshot().nodes[0].still_running,
             VectorContains(std::string("its factory or Start")));
  shared->release.Set();
  shared->diary.Await("returned");
}

TEST_CASE("a handler that is silent counts as kShutdown, and both errors are kept",
          "[supervisor][S9]") {
  const auto shared = std::make_shared<Shared>();
  Part db("db", shared->diary);
  Service service({{.name = "db",
                    .factory = db.Factory(),
                    .on_error =
                        [shared](const Failure&) {
                          shared->diary.Write("asked");
                          shared->release.event().Wait();
                          shared->diary.Write("returned");
                          return ErrorHandlingBehavior::kRestart;
                        },
                    .stop_timeout = 3s}});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  db.Fail(absl::DataLossError("first"));
  shared->diary.Await("asked");
  service.clock->Advance(3s);
  service.diary.Await("db handler fault");
  shared->release.Set();
  service.clock->Advance(3s);
  const RunResult result = service.Join();
  CHECK(result.outcome == Outcome::kShutdown);
  CHECK(result.status == absl::DataLossError("first"));
  CHECK(result.nodes[0].failure_count == 2);
  shared->diary.Await("returned");
}

TEST_CASE("user code that holds up no node is waited for in the end, then named and left behind",
          "[supervisor][S10][S15]") {
  const auto shared = std::make_shared<Shared>();
  Part db("db", shared->diary);
  Service service({{.name = "db",
                    .factory = db.Factory(),
                    .on_error =
                        [shared](const Failure&) {
                          shared->diary.Write("asked");
                          shared->release.event().Wait();
                          shared->diary.Write("returned");
                          return ErrorHandlingBehavior::kRestart;
                        }}},
                  // So that "db" is not abandoned, should it be still ending when the time is over.
                  {.on_stuck = OnStuck::kWait});
  service.Start();
  REQUIRE(service.supervisor->AwaitReady({}).ok());
  db.Fail();
  shared->diary.Await("asked");
  service.clock->Advance(10s);  // the stop timeout: the handler has been silent for that long
  service.supervisor->Ended().Wait();
  service.clock->Advance(10s);
  const RunResult result = service.Join();
  CHECK(result.nodes[0].state == NodeState::kFailed);
  // Its destructor's call, too, may just not have been over when the time was.
  CHECK_THAT(result.calls_left_behind, VectorContains(std::string("'db': its handler")));
  CHECK(result.left_behind());
  shared->release.Set();
  shared->diary.Await("returned");
}

}  // namespace
}  // namespace stemma
