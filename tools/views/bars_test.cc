// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/views/bars.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <numeric>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stemma/graph/internal/seed.h"
#include "stemma/supervisor/node_state.h"
#include "stemma/supervisor/simulation.h"
#include "stemma/tools/history/history.h"
#include "stemma/tools/simulation/random_run.h"

namespace stemma::tools {
namespace {

using namespace std::chrono_literals;
using Catch::Matchers::ContainsSubstring;

History HistoryOf(const Simulation& simulation) {
  History history(simulation.header());
  for (const JournalEntry& entry : simulation.entries()) history.Add(entry);
  history.Close();
  return history;
}

BarRequest All(const History& history) {
  BarRequest request;
  request.rows.resize(history.rows().size());
  std::iota(request.rows.begin(), request.rows.end(), Row{0});
  return request;
}

// db is ready at 2 s, api at 4 s; db fails at 10 s and takes api down with it.
History ShortRun() {
  Simulation simulation =
      Simulation::Create({{.name = "db"}, {.name = "api", .dependencies = {"db"}}}).value();
  simulation.Behave("db", {.start = 2s, .stop = 6s});
  simulation.Behave("api", {.start = 2s, .stop = 4s});
  simulation.Begin();
  REQUIRE(simulation.AdvanceTo(10s).ok());
  REQUIRE(simulation.Fail("db", ErrorHandlingBehavior::kStop).ok());
  REQUIRE(simulation.Settle().ok());
  return HistoryOf(simulation);
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// In characters.
std::size_t WidthOf(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

TEST_CASE("bars show who was in which state when, as text", "[bars]") {
  const History history = ShortRun();
  CHECK(BarsText(history, All(history), {.width = 46, .unicode = true}) ==
        "     0                   10\n"
        "     |-------------------|----------|  16 s\n"
        "db   ░░░░████████████████!▒▒▒▒▒▒▒▒▒▒▒  failed\n"
        "api  ····░░░░████████████▒▒▒▒▒▒▒▒____  stopped\n"
        "\n"
        "· waiting   ░ starting   █ ready\n"
        "? deciding   ▒ stopping   _ stopped\n"
        "! fails\n");
  CHECK(LinesOf(BarsText(history, All(history), {.width = 46}))[2] ==
        "db   ----################!+++++++++++  failed");
}

TEST_CASE("bars show a part of the time, and of the nodes", "[bars]") {
  const History history = ShortRun();
  const std::string text =
      BarsText(history, {.rows = {*history.Find("api")}, .from = 3s, .until = 5s}, {.width = 40});
  CHECK(LinesOf(text)[2] == "api  --------------##############  ready");
  CHECK(LinesOf(text).size() == 5);
}

TEST_CASE("by lines each line of the journal has as much room, whenever it was", "[bars]") {
  Simulation simulation = Simulation::Create({{.name = "db"}}).value();
  simulation.Begin();
  simulation.RequestStop();
  REQUIRE(simulation.Settle().ok());
  const History history = HistoryOf(simulation);  // all of it at the same time
  const std::string text = BarsText(history, All(history), {.width = 40});
  CHECK_THAT(text, ContainsSubstring("by the lines of the journal, not by time"));
  CHECK_THAT(LinesOf(text)[2], ContainsSubstring("-") && ContainsSubstring("+"));
}

TEST_CASE("color comes on top of what the signs say", "[bars]") {
  const History history = ShortRun();
  const std::string plain = BarsText(history, All(history), {});
  std::string colored = BarsText(history, All(history), {.color = true});
  CHECK(colored != plain);
  for (std::size_t at = colored.find('\x1b'); at != std::string::npos; at = colored.find('\x1b')) {
    colored.erase(at, colored.find('m', at) - at + 1);
  }
  CHECK(colored == plain);
}

TEST_CASE("no text is wider than the terminal, whatever the run and the names", "[bars][random]") {
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int run = 0; run < 100; ++run) {
    CAPTURE(run);
    const History history = HistoryOf(RandomRun(random, 10));
    BarRequest request = All(history);
    request.by_lines = random() % 2 == 0;
    const std::size_t width = 70 + random() % 100;
    CAPTURE(width);
    for (const std::string& line :
         LinesOf(BarsText(history, request, {.width = width, .unicode = true}))) {
      INFO(line);
      REQUIRE(WidthOf(line) <= width);
    }
    const BarChart chart = MakeBars(history, request, width);
    for (const BarChart::Bar& bar : chart.bars) {
      std::size_t end = 0;
      for (const BarChart::Run& shown : bar.runs) {
        REQUIRE(shown.begin >= end);
        REQUIRE(shown.end > shown.begin);
        REQUIRE(history[bar.row].spans[shown.span].state == shown.state);
        end = shown.end;
      }
      REQUIRE(end <= chart.cells);
    }
  }
}

// What is wrong with a text as XML; empty: nothing. Enough for what has no entities of its own.
std::string WrongXml(std::string_view text) {
  std::vector<std::string> open;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '&') {
      const std::string_view entity = text.substr(at, text.find(';', at) - at);
      if (entity != "&amp" && entity != "&lt" && entity != "&gt" && entity != "&quot") {
        return "an entity: " + std::string(entity.substr(0, 10));
      }
    }
    if (text[at] == '>') return "a > outside of a tag";
    if (static_cast<unsigned char>(text[at]) < ' ' && text[at] != '\n')
      return "a control character";
    if (text[at++] != '<') continue;
    std::size_t end = at;
    for (bool quoted = false; end < text.size() && (quoted || text[end] != '>'); ++end) {
      if (text[end] == '"') quoted = !quoted;
      if (text[end] == '<') return "a tag in a tag";
    }
    const std::string tag(text.substr(at, end - at));
    const std::string name = tag.substr(0, tag.find_first_of(" \n/", 1));
    at = end + 1;
    if (tag.ends_with('/')) continue;
    if (!tag.starts_with('/')) {
      open.push_back(name);
      continue;
    }
    if (open.empty() || "/" + open.back() != tag) return "an end without a beginning: " + tag;
    open.pop_back();
  }
  return open.empty() ? "" : "a beginning without an end: " + open.back();
}

TEST_CASE("as a picture each state has a pattern, a name and a legend", "[bars]") {
  const History history = ShortRun();
  const std::string svg = BarsSvg(history, All(history));
  CHECK(WrongXml(svg) == "");
  CHECK_THAT(svg, ContainsSubstring("<title>db#1 ready from 2.000000 to 10.000000</title>"));
  CHECK_THAT(svg, ContainsSubstring("<title>api#2 stopped from 14.000000 to 16.000000</title>"));
  CHECK_THAT(svg, ContainsSubstring("<title>db fails</title>"));
  const std::string legend = svg.substr(svg.find("class=\"legend\""));
  for (const char* state : {"waiting", "starting", "ready", "deciding", "stopping", "stopped"}) {
    CHECK_THAT(legend, ContainsSubstring(std::string(">") + state + "</text>"));
    CHECK_THAT(svg, ContainsSubstring(std::string("\n  .") + state + " { fill: "));
  }
}

TEST_CASE("a name in a picture stays a name", "[bars]") {
  const std::string name =
      "<script>alert(\"1\")</script>&amp;\x1b]0;x\x07\xe2\x80\xae\xff" + std::string(1000, 'n');
  Simulation simulation = Simulation::Create({{.name = name}}).value();
  simulation.Begin();
  REQUIRE(simulation.Advance(1s).ok());
  REQUIRE(simulation.Fail(name, ErrorHandlingBehavior::kStop).ok());
  REQUIRE(simulation.Settle().ok());
  const History history = HistoryOf(simulation);
  const std::string svg = BarsSvg(history, All(history));
  CHECK(WrongXml(svg) == "");
  CHECK_THAT(svg, !ContainsSubstring("<script") && !ContainsSubstring("\xe2\x80\xae") &&
                      ContainsSubstring("&lt;script&gt;"));
  const std::string text = BarsText(history, All(history), {});
  CHECK_THAT(text, !ContainsSubstring("\x1b") && !ContainsSubstring("\xe2\x80\xae"));
  for (const std::string& line : LinesOf(text)) CHECK(WidthOf(line) <= 100);
}

TEST_CASE("the picture of any run is one", "[bars][random]") {
  const unsigned seed = internal::Seed();
  INFO("to run it again: --test_env=STEMMA_SEED=" << seed);
  std::mt19937 random(seed);
  for (int run = 0; run < 30; ++run) {
    CAPTURE(run);
    const History history = HistoryOf(RandomRun(random, 8));
    REQUIRE(WrongXml(BarsSvg(history, All(history))) == "");
  }
}

}  // namespace
}  // namespace stemma::tools
