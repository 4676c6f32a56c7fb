// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/simulation/script.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "stemma/supervisor/internal/validation.h"

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

const std::vector<Node> kNodes = {
    {.name = "web", .dependencies = {"api"}},
    {.name = "api",
     .dependencies = {"db"},
     .on_error = [](const Failure&) { return ErrorHandlingBehavior::kStop; }},
    {.name = "db"},
    {.name = "odd@1s=stop"}};

DependencyGraph Graph() { return DependencyGraph::Create(internal::Declarations(kNodes)).value(); }

Script Read(const std::string& text) {
  Script script;
  const absl::Status added = AddLinesToScript(text, Graph(), script);
  INFO(added);
  REQUIRE(added.ok());
  return script;
}

std::string Error(const std::string& text) {
  Script script;
  return std::string(AddLinesToScript(text, Graph(), script).message());
}

SimulatedRun Run(const std::string& text, EngineOptions options = {}) {
  return RunScript(kNodes, options, Read(text)).value();
}

TEST_CASE("a step names a node, a time and a verdict, of which the last two may be missing",
          "[simulation]") {
  const Script script = Read("fail db@1m30s=stop-parents\nfail db=spin_halt\nend web\nstop @2s\n");
  REQUIRE(script.steps.size() == 4);
  CHECK(script.steps[0].text == "fail db@1m30s=stop-parents");
  CHECK(script.steps[0].node == "db");
  CHECK(script.steps[0].at == 90s);
  CHECK(script.steps[0].verdict == ErrorHandlingBehavior::kStopParents);
  CHECK(script.steps[1].at == std::nullopt);
  CHECK(script.steps[1].verdict == ErrorHandlingBehavior::kSpinHalt);
  CHECK(script.steps[2].kind == Script::Step::Kind::kEnd);
  CHECK(script.steps[3].kind == Script::Step::Kind::kStop);
  CHECK(script.steps[3].at == 2s);
}

TEST_CASE("a node may have any signs in its name", "[simulation]") {
  const Script script = Read("fail odd@1s=stop\nfail odd@1s=stop@2s=shutdown\nhang odd@1s=stop\n");
  CHECK(script.steps[0].node == "odd@1s=stop");
  CHECK(script.steps[0].at == std::nullopt);
  CHECK(script.steps[1].node == "odd@1s=stop");
  CHECK(script.steps[1].at == 2s);
  CHECK(script.rules[0].nodes == std::vector<NodeId>{3});
}

TEST_CASE("comments and empty lines say nothing", "[simulation]") {
  const Script script = Read("# what if?\n\n  fail db   # the store\r\n\tfor 5s\n");
  CHECK(script.steps.size() == 1);
  CHECK(script.duration == 5s);
}

TEST_CASE("everything that is wrong is told with its line", "[simulation]") {
  CHECK(Error("fial db\nfail bd\nfail db=stpo\nfail db@x\nslow-start api\nslow-start api=x\n"
              "hang z*\nstop now\nfor ever\nfail\n") ==
        "1: no command 'fial'; did you mean 'fail'?\n"
        "2: fail bd: no node 'bd'; did you mean 'db'?\n"
        "3: fail db=stpo: no verdict 'stpo'; did you mean 'stop'?\n"
        "4: fail db@x: 'x' is no time, such as 500ms or 1m30s\n"
        "5: slow-start api: NODE=TIME is needed\n"
        "6: slow-start api=x: 'x' is no time, such as 500ms or 1m30s\n"
        "7: hang z*: no node matches 'z*'\n"
        "8: stop now: 'now' is no time, such as @500ms or @1m30s\n"
        "9: for: 'ever' is no duration, such as 500ms or 1m30s\n"
        "10: fail: which node?");
  CHECK_THAT(Error("fail db@-1s"), ContainsSubstring("'-1s' is no time"));
  CHECK_THAT(Error("fail db=never"), ContainsSubstring("there are restart, stop, stop_parents"));
  CHECK_THAT(Error("\x1b[31m x"), ContainsSubstring("no command '\\x1b[31m'"));
}

TEST_CASE("every word is known by its parser", "[simulation]") {
  for (const ScriptWord& word : ScriptWords()) {
    INFO(word.word);
    Script script;
    const absl::Status added = AddToScript(word.word, "", Graph(), script);
    CHECK_THAT(std::string(added.message()), !ContainsSubstring("no command"));
  }
}

TEST_CASE("what has no time happens when nothing else is going on", "[simulation]") {
  const SimulatedRun run = Run("slow-start *=1s\nfail db=stop\nstop\n");
  CHECK(run.remarks.empty());
  CHECK(run.simulation.over());
  CHECK(run.simulation.now() == 3s);
  CHECK(run.simulation.State("db") == NodeState::kFailed);
  CHECK(run.simulation.Result().outcome == Outcome::kStopRequested);
}

TEST_CASE("what has a time happens then, in order", "[simulation]") {
  const SimulatedRun run = Run("stop @10s\nslow-start db=2s\nfail db@1s\n");
  CHECK(run.simulation.now() == 10s);
  CHECK(run.simulation.Result().nodes[2].incarnations == 2);
  CHECK(run.simulation.Result().nodes[2].failures.size() == 1);
}

TEST_CASE("rules say how nodes behave, the last one that says something", "[simulation]") {
  SECTION("a node that hangs is abandoned") {
    const SimulatedRun run = Run("hang *\nslow-stop web=1s\nslow-stop api=2s\nstop");
    CHECK(run.simulation.State("web") == NodeState::kStopped);
    CHECK(run.simulation.State("db") == NodeState::kAbandoned);
    CHECK(run.simulation.now() == 13s);
  }
  SECTION("a node that is never ready fails every 30 s: too seldom for its restart limit") {
    const SimulatedRun run = Run("never-ready db\nfor 5m\n");
    CHECK(run.simulation.Result().nodes[2].failure_count == 9);
    CHECK_FALSE(run.simulation.over());
  }
  SECTION("a crash loop runs into it, too") {
    const SimulatedRun run = Run("crash db=1s\n");
    CHECK(run.simulation.Result().nodes[2].incarnations == 6);
  }
  SECTION("a mute handler counts as shutdown") {
    const SimulatedRun run = Run("mute web\nfail web\n");
    CHECK(run.simulation.Result().outcome == Outcome::kShutdown);
  }
}

TEST_CASE("what a handler of the service's own answers is assumed, and told", "[simulation]") {
  const SimulatedRun assumed = Run("fail api");
  REQUIRE(assumed.remarks.size() == 1);
  CHECK_THAT(assumed.remarks[0], ContainsSubstring("'api' is the service's own"));
  CHECK(assumed.simulation.State("api") == NodeState::kReady);
  const SimulatedRun told = Run("handler api=shutdown\nfail api");
  CHECK(told.remarks.empty());
  CHECK(told.simulation.Result().outcome == Outcome::kShutdown);
}

TEST_CASE("what cannot happen is told", "[simulation]") {
  const SimulatedRun run =
      Run("slow-start db=5s\nfail web@1s\nstop @6s\nend db@7s\nfail api\nend db\n");
  REQUIRE(run.remarks.size() == 3);
  CHECK(run.remarks[0] == "fail web@1s: no component of 'web' runs: it is waiting");
  CHECK_THAT(run.remarks[1], ContainsSubstring("end db@7s: the run is over before"));
}

TEST_CASE("a simulation ends when it is to, or at rest, or when patience does", "[simulation]") {
  CHECK(Run("for 5s").simulation.now() == 5s);
  CHECK(Run("slow-start db=9s\nfor 5s").simulation.State("db") == NodeState::kStarting);
  CHECK(Run("slow-start db=9s").simulation.now() == 9s);
  std::vector<Node> nodes = kNodes;
  nodes[2].restart = RestartPolicy::Unlimited();
  const SimulatedRun restless = RunScript(nodes, {}, Read("crash db=1s")).value();
  CHECK(restless.simulation.now() == kPatience);
  REQUIRE(restless.remarks.size() == 1);
  CHECK(restless.remarks[0] == "it does not come to rest within 1h");
}

}  // namespace
}  // namespace stemma::tools
