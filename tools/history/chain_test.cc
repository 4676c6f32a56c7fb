// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/history/chain.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <chrono>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "stemma/supervisor/simulation.h"
#include "stemma/tools/history/history.h"

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

// web depends on api, api on db; log stands alone.
Simulation Shop(EngineOptions options = {}) {
  return Simulation::Create({{.name = "db"},
                             {.name = "api", .dependencies = {"db"}},
                             {.name = "web", .dependencies = {"api"}},
                             {.name = "log"}},
                            options)
      .value();
}

History HistoryOf(const Simulation& simulation) {
  History history(simulation.header());
  for (const JournalEntry& entry : simulation.entries()) history.Add(entry);
  history.Close();
  return history;
}

struct Step {
  std::string name = {};
  nanoseconds idle = {}, begin = {}, own = {};
  friend bool operator==(const Step&, const Step&) = default;
};

std::vector<Step> StepsOf(const History& history, const std::optional<Chain>& chain) {
  std::vector<Step> steps;
  if (!chain.has_value()) return steps;
  for (const ChainStep& step : chain->steps) {
    steps.push_back({history[step.row].name, step.idle, step.begin, step.own});
  }
  return steps;
}

NodeTimes TimesOf(const std::vector<NodeTimes>& all, Row row) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [row](const NodeTimes& times) { return times.row == row; });
  REQUIRE(found != all.end());
  return *found;
}

std::vector<Row> AllRows(const History& history) {
  std::vector<Row> rows(history.rows().size());
  std::iota(rows.begin(), rows.end(), Row{0});
  return rows;
}

TEST_CASE("a start took as long as the nodes that waited for each other", "[chain][S2]") {
  Simulation simulation = Shop();
  simulation.Behave("db", {.start = 5s});
  simulation.Behave("api", {.start = 1s});
  simulation.Behave("web", {.start = 2s});
  simulation.Behave("log", {.start = 6s});
  simulation.Begin();
  REQUIRE(simulation.Settle().ok());
  const History history = HistoryOf(simulation);
  CHECK(StepsOf(history, StartChain(history)) ==
        std::vector<Step>{{"db", 0s, 0s, 5s}, {"api", 0s, 5s, 1s}, {"web", 0s, 6s, 2s}});
  CHECK(StepsOf(history, StartChain(history, history.Find("log"))) ==
        std::vector<Step>{{"log", 0s, 0s, 6s}});
  const std::vector<NodeTimes> all = StartTimes(history, AllRows(history));
  CHECK(history[all.front().row].name == "log");  // the slowest first
  const NodeTimes web = TimesOf(all, *history.Find("web"));
  CHECK(web.own == 2s);
  CHECK(web.waiting == 6s);
  CHECK(web.is_over);
}

TEST_CASE("a start that failed at first counts its launches and its pauses", "[chain][S8]") {
  std::vector<Node> nodes = {{.name = "db", .restart = {.initial = 2s, .jitter = 0}}};
  Simulation simulation = Simulation::Create(std::move(nodes)).value();
  simulation.Behave("db", {.start = 1s,
                           .start_failure = Failure{.kind = FailureKind::kStart,
                                                    .status = absl::UnavailableError("busy")}});
  simulation.Begin();
  REQUIRE(simulation.Advance(1500ms).ok());
  simulation.Behave("db", {.start = 1s});
  REQUIRE(simulation.Settle().ok());
  const History history = HistoryOf(simulation);
  const std::optional<Chain> chain = StartChain(history);
  REQUIRE(StepsOf(history, chain) == std::vector<Step>{{"db", 0s, 0s, 4s}});
  CHECK(chain->steps[0].launches == 2);
  CHECK(chain->steps[0].backing_off == 2s);
  const NodeTimes db = StartTimes(history, {0}).front();
  CHECK(db.own == 2s);
  CHECK(db.backing_off == 2s);
  CHECK(db.launches == 2);
}

TEST_CASE("of a dependency that was restarted, the start that counted is told", "[chain][S6]") {
  std::vector<Node> nodes = {{.name = "db", .restart = {.initial = 1s, .jitter = 0}}};
  Simulation simulation = Simulation::Create(std::move(nodes)).value();
  simulation.Behave("db", {.start = 2s});
  simulation.Begin();
  REQUIRE(simulation.Advance(10s).ok());
  REQUIRE(simulation.Fail("db", ErrorHandlingBehavior::kRestart).ok());
  REQUIRE(simulation.AddNode({.name = "api", .dependencies = {"db"}}).ok());
  REQUIRE(simulation.Settle().ok());
  const History history = HistoryOf(simulation);
  // It was launched again at 11 s. That it was ready from 2 s to 10 s is not time of a start.
  CHECK(StepsOf(history, StartChain(history)) ==
        std::vector<Step>{{"db", 11s, 11s, 2s}, {"api", 0s, 13s, 0s}});
}

TEST_CASE("what was never ready has no start, and one that nobody stopped no stop", "[chain]") {
  Simulation simulation = Shop();
  simulation.Behave("api", {.start = kNever});
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  const History history = HistoryOf(simulation);
  CHECK_FALSE(StartChain(history, history.Find("web")).has_value());
  CHECK_FALSE(StopChain(history).has_value());
  CHECK_FALSE(StopBegin(history).has_value());
  CHECK(StopTimes(history, AllRows(history)).empty());
  const NodeTimes web = TimesOf(StartTimes(history, AllRows(history)), *history.Find("web"));
  CHECK_FALSE(web.is_over);
  CHECK(web.launches == 0);
}

TEST_CASE("a stop took as long as the nodes that waited for each other, the other way round",
          "[chain][S5]") {
  Simulation simulation = Shop();
  simulation.Behave("web", {.stop = 3s});
  simulation.Behave("api", {.stop = 1s, .destroy = 1s});
  simulation.Behave("db", {.stop = 2s});
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  const History history = HistoryOf(simulation);
  CHECK(StepsOf(history, StopChain(history)) ==
        std::vector<Step>{{"web", 0s, 1s, 3s}, {"api", 0s, 4s, 2s}, {"db", 0s, 6s, 2s}});
  const NodeTimes db = TimesOf(StopTimes(history, AllRows(history)), *history.Find("db"));
  CHECK(db.own == 2s);
  CHECK(db.waiting == 5s);
}

TEST_CASE("the delay of a stop is idle time", "[chain][S11]") {
  Simulation simulation = Shop({.shutdown_delay = 4s});
  simulation.Behave("log", {.stop = 2s});
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  const History history = HistoryOf(simulation);
  CHECK(StepsOf(history, StopChain(history)) == std::vector<Step>{{"log", 4s, 5s, 2s}});
}

TEST_CASE("who has failed and waits for its dependents to end waits, and does not stop slowly",
          "[chain][S5]") {
  Simulation simulation = Shop();
  simulation.Behave("web", {.stop = 5s});
  simulation.Behave("db", {.stop = 1s, .destroy = 2s});
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  REQUIRE(simulation.Fail("db", ErrorHandlingBehavior::kShutdown).ok());
  REQUIRE(simulation.Settle().ok());
  const History history = HistoryOf(simulation);
  const NodeTimes db = TimesOf(StopTimes(history, AllRows(history)), *history.Find("db"));
  CHECK(db.own == 3s);  // its threads, and its destructor
  CHECK(db.waiting == 4s);
  CHECK(StepsOf(history, StopChain(history)) ==
        std::vector<Step>{{"web", 0s, 1s, 5s}, {"api", 0s, 6s, 0s}, {"db", 0s, 6s, 2s}});
}

TEST_CASE("a completed node ends when its instance does, and may be left behind then",
          "[chain][S5][S12]") {
  const bool hangs = GENERATE(false, true);
  Simulation simulation = Shop();
  simulation.Behave("web", {.stop = 3s});
  simulation.Behave("api", {.destroy = hangs ? kNever : nanoseconds(2s)});
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  REQUIRE(simulation.End("api").ok());
  REQUIRE(simulation.Advance(1s).ok());
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  const History history = HistoryOf(simulation);
  const NodeTimes api = TimesOf(StopTimes(history, AllRows(history)), *history.Find("api"));
  const nanoseconds own = hangs ? 10s : 2s;  // its stop timeout
  CHECK(api.own == own);
  CHECK(api.waiting == 3s);
  CHECK(api.is_over);
  CHECK(StepsOf(history, StopChain(history)) ==
        std::vector<Step>{{"web", 0s, 2s, 3s}, {"api", 0s, 5s, own}, {"db", 0s, 5s + own, 0s}});
}

TEST_CASE("what had ended before the stop is no part of it", "[chain]") {
  Simulation simulation = Shop();
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  REQUIRE(simulation.StopNode("log").ok());
  REQUIRE(simulation.Advance(1s).ok());
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  const History history = HistoryOf(simulation);
  const Row log = *history.Find("log");
  CHECK_FALSE(StopChain(history, log).has_value());
  CHECK(StopTimes(history, {log}).empty());
}

}  // namespace
}  // namespace stemma::tools
