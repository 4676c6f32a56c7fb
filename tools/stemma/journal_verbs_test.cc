// SPDX-License-Identifier: Apache-2.0
// What the command tells of a run, as its user meets it.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "stemma/tools/stemma/terminal.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using nlohmann::json;

const std::string kNight = std::filesystem::absolute("testing/data/night.journal");
const std::string kShop = std::filesystem::absolute("testing/data/shop.json");
const std::string kScript = std::filesystem::absolute("testing/data/night.script");

json ResultOf(const Terminal& terminal, std::vector<std::string> arguments) {
  arguments.push_back("--json");
  const Result result = terminal.Stemma(arguments);
  REQUIRE(result.code == 0);
  return json::parse(result.out)["result"];
}

TEST_CASE("explain tells why a node is down, back to the line of code", "[explain]") {
  const Terminal terminal;
  const Result result = terminal.Stemma({"explain", kNight, "http"});
  CHECK(result.code == 0);
  CHECK(result.err.empty());
  CHECK(result.out ==
        "http#8 is stopped since 6507.050000\n"
        "  because the restart of payments#15 was refused at 6488.050000 (at most 3 in 5m): stop, "
        "and http depends on payments by way of orders\n"
        "  because the handler of payments answered restart\n"
        "  because payments#15 failed at 6488.050000 (Thrown): UNAVAILABLE: the bank has closed "
        "the connection (worker main) [payments/bank.cc:88]\n"
        "note: 6488.050000 was 2026-03-01 04:00:11 UTC\n");
  const json told = ResultOf(terminal, {"explain", kNight, "http"});
  CHECK(told["state"] == "stopped");
  CHECK(told["since"] == 6'507'050'000'000);
  CHECK(told["is_current"] == true);
  REQUIRE(told["chain"].size() == 4);
  CHECK(told["chain"][1]["kind"] == "restart refused");
  CHECK(told["chain"][3]["kind"] == "failure");
  CHECK(told["chain"][3]["node"] == "payments");
  CHECK(told["chain"][3]["incarnation"] == 15);
  CHECK(told["chain"][3]["at"] == 6'488'050'000'000);
}

TEST_CASE("explain tells of another time, and of another incarnation", "[explain]") {
  const Terminal terminal;
  const Result at = terminal.Stemma({"explain", kNight, "catalog", "--at", "35m13s"});
  CHECK(at.code == 0);
  CHECK_THAT(at.out, StartsWith("catalog#9 was starting from 2112.540164 to 2114.040164\n") &&
                         ContainsSubstring("[catalog/index.cc:204]\n"));
  const Result incarnation = terminal.Stemma({"explain", kNight, "orders", "--incarnation", "6"});
  CHECK_THAT(incarnation.out,
             StartsWith("orders#6 was stopping from 2112.000000 to 2112.450000\n"
                        "  because orders is restarted whenever its dependency catalog is "
                        "(on_dependency_restart), and catalog#4 was\n"));
}

TEST_CASE("explain takes the journal first, and says so to who does it the other way round",
          "[explain]") {
  const Terminal terminal;
  terminal.Write("night.journal", Contents(kNight));
  const auto error_of = [&](const std::vector<std::string>& arguments, int code = 64) {
    const Result result = terminal.Stemma(arguments);
    CHECK(result.code == code);
    CHECK(result.out.empty());
    return result.err;
  };
  CHECK_THAT(error_of({"explain", "http", "night.journal"}),
             StartsWith("stemma: the journal comes first; did you mean 'stemma explain "
                        "night.journal http'?\n"));
  CHECK_THAT(error_of({"explain", "night.journal"}), ContainsSubstring("NODE is required"));
  CHECK_THAT(error_of({"explain", "night.journal", "htpp"}),
             ContainsSubstring("no node 'htpp'; did you mean 'http'?"));
  CHECK_THAT(error_of({"explain", "night.journal", "http", "--at", "noon"}),
             ContainsSubstring("--at must be a duration"));
  CHECK_THAT(error_of({"explain", "night.journal", "http", "--incarnation", "3"}),
             ContainsSubstring("http has no incarnation 3: there are 8"));
  CHECK_THAT(error_of({"explain", "day.journal", "http"}, 66),
             ContainsSubstring("cannot open 'day.journal': No such file"));
  CHECK_THAT(error_of({"explain", kShop, "http"}, 65), ContainsSubstring("not a journal"));
}

TEST_CASE("chain tells what a start, and a stop, waited for", "[chain]") {
  const Terminal terminal;
  const Result start = terminal.Stemma({"chain", kNight});
  CHECK(start.code == 0);
  CHECK(start.out ==
        "everything was ready at 42.140000, 42.140000 s after the beginning\n"
        "   @0.000000   +0.020000    0%  config\n"
        "   @0.020000   +0.120000    0%  metrics\n"
        "   @0.140000  +41.000000   97%  ledger\n"
        "  @41.140000   +0.800000    2%  payments\n"
        "  @41.940000   +0.000000    0%  orders\n"
        "  @41.940000   +0.200000    0%  http\n");
  const Result stop = terminal.Stemma({"chain", kNight, "--stop"});
  CHECK(stop.out ==
        "everything had ended at 7117.000000, 6.000000 s after the stop began\n"
        "  @7111.000000     +6.000000  100%  ledger\n"
        "  @7117.000000     +0.000000    0%  metrics\n"
        "  @7117.000000     +0.000000    0%  config\n");
  const json told = ResultOf(terminal, {"chain", kNight, "--node", "catalog"});
  CHECK(told["of"] == "start");
  CHECK(told["end"] == 1'640'000'000);
  CHECK(told["steps"].size() == 3);
  CHECK(told["steps"][2] == json({{"node", "catalog"},
                                  {"idle", 0},
                                  {"begin", 140'000'000},
                                  {"own", 1'500'000'000},
                                  {"backing_off", 0},
                                  {"launches", 1}}));
}

TEST_CASE("what there is no chain of is told, and the exit code is 1", "[chain]") {
  const Terminal terminal;
  REQUIRE(terminal
              .Stemma({"simulate", kShop, "--never-ready", "config", "--for", "1s", "--journal",
                       "stuck.journal"})
              .code == 0);
  const auto no = [&](const std::vector<std::string>& arguments) {
    const Result result = terminal.Stemma(arguments);
    CHECK(result.code == 1);
    CHECK(result.out.empty());
    return result.err;
  };
  CHECK_THAT(no({"chain", "stuck.journal"}), ContainsSubstring("nothing was ever ready"));
  CHECK_THAT(no({"chain", "stuck.journal", "--node", "http"}),
             ContainsSubstring("it was never ready; 'stemma explain' tells why"));
  CHECK_THAT(no({"chain", "stuck.journal", "--stop"}), ContainsSubstring("nobody has stopped"));
  CHECK_THAT(no({"blame", "stuck.journal", "--stop"}), ContainsSubstring("nobody has stopped"));
  CHECK_THAT(no({"chain", kNight, "--stop", "--node", "http"}),
             ContainsSubstring("or all had before"));
}

TEST_CASE("blame tells who took its time, apart from waiting", "[blame]") {
  const Terminal terminal;
  const Result start = terminal.Stemma({"blame", kNight, "--focus", "payments", "--ancestors"});
  CHECK(start.code == 0);
  CHECK(start.out ==
        "        own      waiting  backing off        total  node\n"
        "  41.000000     0.140000     0.000000    41.140000  ledger\n"
        "   0.800000    41.140000     0.000000    41.940000  payments\n"
        "   0.120000     0.020000     0.000000     0.140000  metrics\n"
        "   0.020000     0.000000     0.000000     0.020000  config\n");
  const json told = ResultOf(terminal, {"blame", kNight, "--stop"});
  CHECK(told["of"] == "stop");
  REQUIRE(told["nodes"].size() == 5);  // three had ended before
  CHECK(told["nodes"][0] == json({{"node", "ledger"},
                                  {"own", 6'000'000'000},
                                  {"waiting", 0},
                                  {"backing_off", 0},
                                  {"total", 6'000'000'000},
                                  {"launches", 0},
                                  {"is_over", true}}));
}

TEST_CASE("timeline draws a run as text and as a picture", "[timeline]") {
  const Terminal terminal;
  const std::vector<std::string> part = {"timeline",      kNight,     "--since", "1h47m50s",
                                         "--until",       "1h48m30s", "--focus", "payments",
                                         "--descendants", "--width",  "60"};
  const Result text = terminal.Stemma(part);
  CHECK(text.code == 0);
  CHECK(text.out ==
        "                    6480                6500\n"
        "          ----------|-------------------|---------|  6510 s\n"
        "payments  ██████!░██!░█!~~░█!▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒×××  failed\n"
        "orders    ██████▒·░█▒·░▒··░████████████████████▒___  stopped\n"
        "mailer    █████████████████████████████████████████  ready\n"
        "http      ██████████████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒___  stopped\n"
        "\n"
        "· waiting   ░ starting   █ ready   ? deciding\n"
        "▒ stopping   ~ backing off   _ stopped   × failed\n"
        "! fails\n");
}

TEST_CASE("timeline takes its format from the file", "[timeline]") {
  const Terminal terminal;
  CHECK(terminal.Stemma({"timeline", kNight, "-o", "night.svg"}).code == 0);
  const std::string svg = Contents(terminal / "night.svg");
  CHECK_THAT(svg, StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"") &&
                      ContainsSubstring("<title>payments#15 failed from "));
  CHECK(terminal.Stemma({"timeline", kNight, "--format", "svg"}).out == svg);
  CHECK(terminal.Stemma({"timeline", kNight, "-o", "night.txt"}).code == 0);
  CHECK(Contents(terminal / "night.txt") == terminal.Stemma({"timeline", kNight}).out);
  const Result unknown = terminal.Stemma({"timeline", kNight, "-o", "night.pdf"});
  CHECK(unknown.code == 64);
  CHECK_THAT(unknown.err, ContainsSubstring("'night.pdf': .txt or .svg"));
  const json told = ResultOf(terminal, {"timeline", kNight, "--focus", "payments", "--depth", "0"});
  CHECK(told["nodes"].size() == 1);
  CHECK(told["nodes"][0]["spans"].back()["state"] == "failed");
  CHECK(terminal.Stemma({"timeline", kNight, "--since", "soon"}).code == 64);
}

TEST_CASE("trace writes what Perfetto opens", "[trace]") {
  const Terminal terminal;
  REQUIRE(terminal.Stemma({"trace", kNight, "-o", "night.json"}).code == 0);
  const json trace = json::parse(Contents(terminal / "night.json"));
  CHECK(trace["displayTimeUnit"] == "ms");
  std::vector<std::string> tracks;
  for (const json& event : trace["traceEvents"]) {
    if (event["name"] == "thread_name") tracks.push_back(event["args"]["name"]);
    if (event["name"] == "failed" && event["cat"] == "event" && event["tid"] == 5) {
      CHECK(event["ts"] == 2'112'000'000.0);  // 35 m 12 s, in microseconds
      CHECK_THAT(event["args"]["failure"].get<std::string>(),
                 ContainsSubstring("[catalog/index.cc:204]"));
    }
  }
  CHECK(tracks == std::vector<std::string>{"the run", "config", "metrics", "ledger", "catalog",
                                           "payments", "orders", "mailer", "http"});
  CHECK(ResultOf(terminal, {"trace", kNight}) == trace);
}

TEST_CASE("each of them takes a journal from standard input, and a torn one", "[stemma][S17]") {
  const Terminal terminal;
  const std::string journal = Contents(kNight);
  const std::string torn = journal.substr(0, journal.size() - 100);
  for (const std::vector<std::string>& verb : {std::vector<std::string>{"explain", "-", "http"},
                                               {"chain", "-"},
                                               {"blame", "-"},
                                               {"timeline", "-"},
                                               {"trace", "-"}}) {
    CAPTURE(verb[0]);
    CHECK(terminal.Stemma(verb, journal).code == 0);
    const Result result = terminal.Stemma(verb, torn);
    CHECK(result.code == 0);
    CHECK(result.err ==
          "-:65:1: note: the last line is torn: the process ended, or still runs; what stands "
          "before is good\n");
  }
}

TEST_CASE("the journal of the night is what the script of the night makes", "[simulate]") {
  const Terminal terminal;
  const Result made = terminal.Stemma(
      {"simulate", kShop, "--script", kScript, "--seed", "4", "--journal", "made.journal"});
  REQUIRE(made.code == 0);
  CHECK(terminal.Stemma({"replay", kNight, "--verify"}).out ==
        terminal.Stemma({"replay", "made.journal", "--verify"}).out);
  CHECK(terminal.Stemma({"timeline", kNight}).out ==
        terminal.Stemma({"timeline", "made.journal"}).out);
}

}  // namespace
}  // namespace stemma::tools
