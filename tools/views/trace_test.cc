// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/trace.h"

#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "stemma/graph/internal/seed.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/supervisor/simulation.h"
#include "stemma/tools/history/history.h"
#include "stemma/tools/simulation/random_run.h"

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using std::chrono::nanoseconds;

History HistoryOf(const Simulation& simulation) {
  History history(simulation.header());
  for (const JournalEntry& entry : simulation.entries()) history.Add(entry);
  history.Close();
  return history;
}

std::vector<Row> AllRows(const History& history) {
  std::vector<Row> rows(history.rows().size());
  std::iota(rows.begin(), rows.end(), Row{0});
  return rows;
}

// In nanoseconds, of a time in microseconds.
std::int64_t Nanoseconds(const json& micros) { return std::llround(micros.get<double>() * 1000); }

// What is wrong with a trace by the format that Chrome and Perfetto read; empty: nothing.
std::string Wrong(const json& trace) {
  std::set<int> tracks;
  for (const json& event : trace["traceEvents"]) {
    if (event["ph"] == "M" && event["name"] == "thread_name")
      tracks.insert(event["tid"].get<int>());
  }
  std::map<int, std::int64_t> slices_end;
  std::map<int, json> arrows;
  for (const json& event : trace["traceEvents"]) {
    const std::string phase = event["ph"];
    if (event["pid"] != 1 || !tracks.contains(event["tid"]))
      return "no such track: " + event.dump();
    if (phase == "M") continue;
    if (!event["name"].is_string() || !event["cat"].is_string()) return "no name: " + event.dump();
    if (!event["ts"].is_number() || event["ts"] < 0) return "no time: " + event.dump();
    const std::int64_t at = Nanoseconds(event["ts"]);
    if (phase == "X") {
      if (!event["dur"].is_number() || event["dur"] < 0) return "no duration: " + event.dump();
      std::int64_t& end = slices_end[event["tid"]];
      if (at < end) return "two slices overlap: " + event.dump();
      end = at + Nanoseconds(event["dur"]);
    } else if (phase == "i") {
      if (event["s"] != "t" && event["s"] != "p") return "no scope: " + event.dump();
    } else if (phase == "s") {
      if (!arrows.try_emplace(event["id"].get<int>(), event).second) return "an id twice";
    } else if (phase == "f") {
      const auto begin = arrows.find(event["id"]);
      if (begin == arrows.end()) return "an arrow from nowhere: " + event.dump();
      if (begin->second["ts"] > event["ts"]) return "an arrow into the past: " + event.dump();
      if (begin->second["name"] != event["name"]) return "an arrow changes: " + event.dump();
      arrows.erase(begin);
    } else {
      return "no such phase: " + event.dump();
    }
  }
  return arrows.empty() ? "" : "an arrow without an end";
}

TEST_CASE("a trace has a track for each node, and slices for its states, in microseconds",
          "[trace]") {
  Simulation simulation =
      Simulation::Create({{.name = "db"}, {.name = "a \"b\"\n", .dependencies = {"db"}}}).value();
  simulation.Behave("db", {.start = 1500us, .stop = 2ms});
  simulation.Begin();
  REQUIRE(simulation.Advance(10ms).ok());
  REQUIRE(simulation.Fail("db", ErrorHandlingBehavior::kStop).ok());
  REQUIRE(simulation.Settle().ok());
  const History history = HistoryOf(simulation);
  const json trace = json::parse(TraceJson(history, AllRows(history)));
  CHECK(Wrong(trace) == "");
  std::vector<std::string> names, told;
  for (const json& event : trace["traceEvents"]) {
    if (event["name"] == "thread_name") names.push_back(event["args"]["name"]);
    if (event["ph"] == "M" || event["tid"] != 2) continue;
    std::string text = event["ph"].get<std::string>() + " " + event["name"].get<std::string>();
    text += " at " + event["ts"].dump();
    if (event.contains("dur")) text += " for " + event["dur"].dump();
    told.push_back(text);
  }
  CHECK(names == std::vector<std::string>{"the run", "db", "a \"b\"\n"});
  CHECK(told == std::vector<std::string>{
                    "X waiting at 0.0 for 0.0", "X starting at 0.0 for 1500.0",
                    "X ready at 1500.0 for 8500.0", "X deciding at 10000.0 for 0.0",
                    "X stopping at 10000.0 for 2000.0", "i failed at 12000.0", "s ready at 1500.0",
                    "s failure at 10000.0", "i failed at 10000.0", "i verdict: stop at 10000.0"});
}

TEST_CASE("a trace shows what is in focus only", "[trace]") {
  Simulation simulation =
      Simulation::Create({{.name = "db"}, {.name = "api", .dependencies = {"db"}}}).value();
  simulation.Begin();
  REQUIRE(simulation.Fail("db", ErrorHandlingBehavior::kStop).ok());
  REQUIRE(simulation.Settle().ok());
  const History history = HistoryOf(simulation);
  const json trace = json::parse(TraceJson(history, {*history.Find("api")}));
  CHECK(Wrong(trace) == "");
  for (const json& event : trace["traceEvents"]) CHECK(event["tid"] <= 2);
}

TEST_CASE("the trace of any run is one that Chrome reads, and the states are those of the run",
          "[trace][random]") {
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int run = 0; run < 100; ++run) {
    CAPTURE(run);
    const History history = HistoryOf(RandomRun(random, 10));
    const std::vector<Row> rows = AllRows(history);
    const json trace = json::parse(TraceJson(history, rows));
    REQUIRE(Wrong(trace) == "");
    std::map<int, std::vector<json>> slices;  // by track
    for (const json& event : trace["traceEvents"]) {
      if (event["ph"] == "X") slices[event["tid"]].push_back(event);
    }
    for (const Row row : rows) {
      const std::vector<json>& shown = slices[static_cast<int>(row) + 2];
      std::size_t next = 0;
      for (const Span& span : history[row].spans) {
        if (IsTerminal(span.state)) continue;
        REQUIRE(next < shown.size());
        const json& slice = shown[next++];
        REQUIRE(slice["name"] == std::string(ToString(span.state)));
        REQUIRE(slice["args"]["incarnation"] == span.incarnation);
        REQUIRE(Nanoseconds(slice["ts"]) == span.begin.count());
        REQUIRE(Nanoseconds(slice["dur"]) == (span.end - span.begin).count());
      }
      REQUIRE(next == shown.size());
    }
  }
}

}  // namespace
}  // namespace stemma::tools
