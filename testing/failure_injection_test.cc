// SPDX-License-Identifier: Apache-2.0
#include "stemma/testing/failure_injection.h"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "catch2/catch_test_macros.hpp"
#include "catch2/matchers/catch_matchers_string.hpp"
#include "stemma/lifecycle/component_manager.h"
#include "stemma/supervisor/supervisor_component.h"
#include "stemma/testing/mock_signaler_context.h"
#include "stemma/testing/require_set.h"
#include "stemma/testing/scripted_component.h"
#include "stemma/testing/service_under_test.h"

// Threads that are left behind are the point of one of the tests, and no leak.
extern "C" const char* __tsan_default_options() { return "report_thread_leaks=0"; }

namespace stemma {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

// A node whose real component is scripted, so that one sees how it is treated.
Node Sabotaged(const ScriptedComponent& real, InjectedFailure failure) {
  Node node = real.node();
  node.factory = InjectFailure(std::move(node.factory), std::move(failure));
  node.on_error = Always(ErrorHandlingBehavior::kStop);
  return node;
}

Failure OnlyFailure(const RunResult& result) {
  REQUIRE(result.nodes.size() == 1);
  REQUIRE(result.nodes[0].failures.size() == 1);
  return result.nodes[0].failures[0];
}

TEST_CASE("in the factory: the real one is not called", "[testing]") {
  ScriptedComponent db("db");
  ServiceUnderTest service({Sabotaged(
      db, {.point = FailurePoint::kFactory, .error = absl::UnavailableError("no disk")})});
  const Failure failure = OnlyFailure(service.RequireEnd());
  CHECK(failure.kind == FailureKind::kFactory);
  CHECK(failure.status == absl::UnavailableError("no disk"));
  CHECK(db.launched() == 0);
}

TEST_CASE("in Start: the real one is made and not started", "[testing]") {
  ScriptedComponent db("db");
  ServiceUnderTest service({Sabotaged(db, {.point = FailurePoint::kStart})});
  const Failure failure = OnlyFailure(service.RequireEnd());
  CHECK(failure.kind == FailureKind::kStart);
  CHECK(failure.status == absl::InternalError("injected"));
  CHECK(db.launched() == 1);
  CHECK(db.started() == 0);
  CHECK(db.destroyed() == 1);
}

TEST_CASE("before ready: the real worker runs, and is stopped", "[testing]") {
  ScriptedComponent db("db");
  ServiceUnderTest service({Sabotaged(db, {.point = FailurePoint::kBeforeReady})});
  const Failure failure = OnlyFailure(service.RequireEnd());
  CHECK(failure.kind == FailureKind::kThrown);
  CHECK(failure.worker == "injected");
  CHECK(db.started() == 1);
  CHECK(db.ended() == 1);
  CHECK(service.events().Check(On("db").Ready().Never()).holds);
}

TEST_CASE("some time after it was ready: not before it is", "[testing]") {
  const EventSource now;
  ScriptedComponent db("db", {.work = {}});
  ServiceUnderTest service(
      {Sabotaged(db, {.point = FailurePoint::kAfter, .after = 1ms, .when = now.event()})});
  now.Set();
  service.RequireState("db", NodeState::kStarting);
  db.BecomeReady();
  const RunResult result = service.RequireEnd();
  CHECK(OnlyFailure(result).kind == FailureKind::kThrown);
  CHECK(service.events().Check(On("db").Failed().After(On("db").Ready())).holds);
  CHECK(db.ended() == 1);
}

TEST_CASE("when the test says so, and not before", "[testing]") {
  const EventSource now;
  ScriptedComponent db("db");
  ServiceUnderTest service({Sabotaged(db, {.when = now.event()})});
  service.RequireReady();
  CHECK(service.events().Check(On("db").Failed().Never()).holds);
  now.Set();
  CHECK(OnlyFailure(service.RequireEnd()).status == absl::InternalError("injected"));
}

TEST_CASE("while it stops: when others ask it to, and not when it fails by itself", "[testing]") {
  ScriptedComponent db("db");
  const Node node = Sabotaged(db, {.point = FailurePoint::kOnStop});
  {
    ServiceUnderTest service({node});
    service.RequireReady();
    CHECK(OnlyFailure(service.Stop()).worker == "injected");
    CHECK(service.events().Check(On("db").Failed().After(On("db").AskedToStop())).holds);
  }
  ServiceUnderTest service({node});
  service.RequireReady();
  db.Throw(absl::DataLossError("bad page"));
  CHECK(OnlyFailure(service.RequireEnd()).status == absl::DataLossError("bad page"));
}

// A component that ends while it is being told to stop, before anything else is told.
class EndsAtOnce final : public Component {
 public:
  explicit EndsAtOnce(std::function<void()> ended) : ended_(std::move(ended)) {}
  absl::Status Start(SignalerContext context) override {
    ready_.Set();
    on_stop_.emplace(context.stop_token(), [this] {
      done_.Set();
      ended_();
    });
    return absl::OkStatus();
  }
  Event Ready() const override { return ready_.event(); }
  Event Done() const override { return done_.event(); }

 private:
  const std::function<void()> ended_;
  const EventSource ready_, done_;
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
};

TEST_CASE("on stop: also when the real one has ended before the injected failure is told to stop",
          "[testing]") {
  std::optional<Event> both_done;
  const ComponentFactory factory = InjectFailure(
      [&] {
        return std::make_unique<EndsAtOnce>(
            [&] { RequireSet(*both_done, "the injected failure"); });
      },
      {.point = FailurePoint::kOnStop});
  MockSignalerContext mock;
  mock.ExpectFailure(absl::StatusCode::kInternal, "injected");
  const auto component = *factory();
  both_done = component->Done();
  REQUIRE(component->Start(mock.context()).ok());
  mock.RequestStop();
}

TEST_CASE("one that never stops is abandoned, though the real worker has ended", "[testing]") {
  const EventSource over;
  ScriptedComponent db("db");
  {
    ServiceUnderTest service(
        {Sabotaged(db, {.point = FailurePoint::kNeverStops, .until = over.event()})});
    service.RequireReady();
    service.supervisor().RequestStop();
    db.RequireEnded();
    service.clock().Advance(10s);
    const RunResult result = service.RequireEnd();
    CHECK(result.nodes[0].state == NodeState::kAbandoned);
    CHECK(result.ExitCode() == kExitLeftBehind);
  }
  over.Set();
}

TEST_CASE("so many incarnations fail, and those after them are real", "[testing]") {
  ScriptedComponent db("db");
  Node node = Sabotaged(db, {.point = FailurePoint::kFactory, .times = 2});
  node.on_error = {};
  node.restart = {.initial = 1s, .max = 1s, .jitter = 0};
  ServiceUnderTest service({node});
  for (int i = 1; i <= 2; ++i) {
    service.events().RequireSeen(On("db").BackedOff().Nth(i));
    service.clock().Advance(1s);
  }
  service.RequireReady();
  CHECK(db.launched() == 1);
  const RunResult result = service.Stop();
  CHECK(result.nodes[0].failure_count == 2);
}

TEST_CASE("what ends by itself ends, and is alive to its watchdog until then", "[testing][S22]") {
  for (const FailurePoint point :
       {FailurePoint::kAfter, FailurePoint::kOnStop, FailurePoint::kNeverStops}) {
    ScriptedComponent db("db");
    Node node = Sabotaged(db, {.point = point, .after = 24h});
    node.watchdog = 1s;
    ServiceUnderTest service({node});
    service.RequireReady();
    service.clock().Advance(1h);
    db.End();
    const RunResult result = service.RequireEnd();
    CHECK(result.outcome == Outcome::kCompleted);
    CHECK(result.nodes[0].failures.empty());
  }
}

TEST_CASE("a real factory that fails, or makes nothing, is left as it is", "[testing]") {
  const auto made = [](ComponentFactory factory) {
    return InjectFailure(std::move(factory), {.point = FailurePoint::kAfter})();
  };
  CHECK(made([] { return absl::UnavailableError("no disk"); }).status() ==
        absl::UnavailableError("no disk"));
  const auto nothing = made([] { return nullptr; });
  REQUIRE(nothing.ok());
  CHECK(*nothing == nullptr);
}

std::vector<Node> Shop(std::vector<ScriptedComponent*> real) {
  std::vector<Node> nodes;
  for (ScriptedComponent* component : real) nodes.push_back(component->node());
  return nodes;
}

TEST_CASE("the text says where which node fails, and how often", "[testing]") {
  ScriptedComponent db("db"), http("http"), cart("cart");
  std::vector<Node> nodes = Shop({&db, &http});
  nodes.push_back(SupervisorNode("shop", {cart.node()}));
  REQUIRE(InjectFailures(" http:on_stop , db : factory * 1,shop/cart:after=0s*1,", nodes).ok());
  nodes[0].restart = {.initial = 1s, .max = 1s, .jitter = 0};
  nodes[2].on_error = Always(ErrorHandlingBehavior::kStop);
  ServiceUnderTest service(nodes);
  service.RequireState("db", NodeState::kBackingOff);
  service.clock().Advance(1s);
  service.RequireState("db", NodeState::kReady);
  cart.RequireStarted(2);  // restarted by its own supervisor
  const RunResult result = service.Stop();
  CHECK(result.nodes[0].failure_count == 1);
  REQUIRE(result.nodes[1].failure_count == 1);
  CHECK(result.nodes[1].failures[0].worker == "injected");
}

TEST_CASE("what is wrong with the text is told, all of it, with what was expected", "[testing]") {
  ScriptedComponent db("db"), cart("cart");
  std::vector<Node> nodes = Shop({&db});
  nodes.push_back(SupervisorNode("shop", {cart.node()}));
  const auto wrong = [&](std::string_view text) {
    const absl::Status status = InjectFailures(text, nodes);
    CHECK(status.code() == absl::StatusCode::kInvalidArgument);
    return std::string(status.message());
  };
  CHECK(wrong("dv:start") == "'dv:start': there is no node 'dv'; did you mean 'db'?");
  CHECK(wrong("shop/card:start") ==
        "'shop/card:start': there is no node 'card'; did you mean 'cart'?");
  CHECK(wrong("shop:start") ==
        "'shop:start': 'shop' is a supervisor; inject into a node in it, such as 'shop/cart'");
  CHECK(wrong("db:on_sotp") ==
        "'db:on_sotp': no point 'on_sotp' at which to fail; did you mean 'on_stop'?");
  CHECK_THAT(wrong("db:whenever"), ContainsSubstring("expected NODE:factory, start, before_ready"));
  CHECK_THAT(wrong("db"), ContainsSubstring("'db': expected NODE:factory"));
  CHECK_THAT(wrong("db:after"), ContainsSubstring("after how long?"));
  CHECK_THAT(wrong("db:after=soon"), ContainsSubstring("'soon' is no duration"));
  CHECK_THAT(wrong("db:after=-1s"), ContainsSubstring("'-1s' is no duration"));
  CHECK_THAT(wrong("db:start=5s"), ContainsSubstring("start has no value"));
  CHECK_THAT(wrong("db:start*0"), ContainsSubstring("'0' is no number of times"));
  CHECK_THAT(wrong("db:start*x"), ContainsSubstring("'x' is no number of times"));
  CHECK(wrong("db:start,dv:start,db") ==
        "'dv:start': there is no node 'dv'; did you mean 'db'?\n" + wrong("db"));
  const ServiceUnderTest service(nodes);
  service.RequireReady();  // nothing was injected
}

// What a process does that calls WithInjectedFailures with this variable: how it ends, and what it
// writes to stderr.
std::string InAProcess(const char* variable, int& status) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDERR_FILENO);
    if (variable == nullptr) {
      ::unsetenv(kInjectVariable);
    } else {
      ::setenv(kInjectVariable, variable, 1);
    }
    Node db = {.name = "db", .factory = [] { return absl::UnavailableError("real"); }};
    const std::vector<Node> nodes = WithInjectedFailures({db});
    ::_exit(nodes[0].factory().status() == absl::InternalError("injected") ? 1 : 0);
  }
  ::close(ends[1]);
  std::string said;
  char buffer[256];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    said.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  REQUIRE(::waitpid(child, &status, 0) == child);
  status = WEXITSTATUS(status);
  return said;
}

TEST_CASE("the environment variable injects, is reported, and is refused when it is wrong",
          "[testing]") {
  int status = -1;
  CHECK(InAProcess(nullptr, status) == "");
  CHECK(status == 0);
  CHECK(InAProcess("", status) == "");
  CHECK(status == 0);
  CHECK(InAProcess("db:factory", status) ==
        "STEMMA_INJECT is set: failures are injected: db:factory\n");
  CHECK(status == 1);
  CHECK(InAProcess("dv:factory", status) ==
        "STEMMA_INJECT:\n'dv:factory': there is no node 'dv'; did you mean 'db'?\n");
  CHECK(status == 64);
}

}  // namespace
}  // namespace stemma
