// SPDX-License-Identifier: Apache-2.0
// The questions that the command answers about a graph, as its user asks them.
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
using nlohmann::json;

// Where the test runs, these are beside it.
const std::string kService = std::filesystem::absolute("tools/stemma/sample_service");
const std::string kShop = std::filesystem::absolute("testing/data/shop.json");

// A chain of `size` nodes, n0 on n1 and so on, as a manifest.
std::string ChainManifest(std::size_t size) {
  std::string text = "{\"stemma_manifest\": 1, \"nodes\": [\n{\"name\": \"n0\"}";
  for (std::size_t i = 1; i < size; ++i) {
    text += ",\n{\"name\": \"n" + std::to_string(i) + "\", \"dependencies\": [\"n" +
            std::to_string(i - 1) + "\"]}";
  }
  return text + "]}";
}

TEST_CASE("check warns with the place, and only --strict makes that a no", "[stemma]") {
  const Terminal terminal;
  terminal.Write("odd.json", R"({"stemma_manifest": 1, "nodes": [
  {"name": "api", "dependencies": ["cache",
    "db"], "on_error": "stop", "restart": {"max_restarts": 1}},
  {"name": "cache", "dependencies": ["db"]},
  {"name": "db"}
]})");
  const std::string warnings =
      "odd.json:3:43: warning: node 'api': its restart policy is never used: on_error is always "
      "stop, on_completion complete [unused-restart]\n"
      "odd.json:3:5: warning: node 'api': the dependency on 'db' follows from api -> cache -> db "
      "[redundant-dependency]\n";
  const Result plain = terminal.Stemma({"check", "odd.json"});
  CHECK(plain.code == 0);
  CHECK(plain.out == "ok: 3 nodes, 3 edges, 2 warnings\n");
  CHECK(plain.err == warnings);

  const Result strict = terminal.Stemma({"check", "odd.json", "--strict"});
  CHECK(strict.code == 1);
  CHECK(strict.out == "not ok: 3 nodes, 3 edges, 2 warnings\n");

  const Result allowed = terminal.Stemma({"check", "odd.json", "--strict", "--allow",
                                          "unused-restart", "--allow", "redundant-dependency"});
  CHECK(allowed.code == 0);
  CHECK(allowed.out == "ok: 3 nodes, 3 edges\n");
  CHECK(allowed.err.empty());

  const Result unknown = terminal.Stemma({"check", "odd.json", "--allow", "orphans"});
  CHECK(unknown.code == 64);
  CHECK_THAT(unknown.err, ContainsSubstring("no warning 'orphans'; did you mean 'orphan'?"));

  const json told = json::parse(terminal.Stemma({"check", "odd.json", "--json"}).out);
  CHECK(told["result"]["warnings"] == json({{"redundant-dependency", 1}, {"unused-restart", 1}}));
  CHECK(told["diagnostics"][0]["severity"] == "warning");
  CHECK(told["diagnostics"][1]["column"] == 5);
}

TEST_CASE("check --grace says whether an ordered stop fits, and names the path", "[stemma][S5]") {
  const Terminal terminal;
  const Result no = terminal.Stemma({"check", kShop, "--grace", "30s"});
  CHECK(no.code == 1);
  CHECK_THAT(no.out, ContainsSubstring(
                         "does not fit into 30s: an ordered stop may take 1m35s, 1m5s too long:\n"
                         "  http      25s\n"
                         "  orders    10s\n"
                         "  payments  10s\n"
                         "  ledger    30s\n"
                         "  metrics   10s\n"
                         "  config    10s\n"));
  const Result yes = terminal.Stemma({"check", kShop, "--grace", "95s"});
  CHECK(yes.code == 0);
  CHECK_THAT(yes.out, ContainsSubstring("\nfits into 1m35s: an ordered stop may take 1m35s:\n"));
  const std::vector<std::string> with_delay = {
      "check", kShop, "--grace", "95s", "--shutdown-delay", "1s", "--json"};
  const json told = json::parse(terminal.Stemma(with_delay).out)["result"]["stop"];
  CHECK(told["fits"] == false);
  CHECK(told["total_ns"] == 96'000'000'000);
  CHECK(told["path"][0] == json({{"node", "http"}, {"stop_timeout_ns", 25'000'000'000}}));
  CHECK(terminal.Stemma({"check", kShop, "--grace", "soon"}).code == 64);
  CHECK(terminal.Stemma({"check", kShop, "--shutdown-delay", "1s"}).code == 64);
}

TEST_CASE("order tells who starts, and who stops, with whom", "[stemma][S2][S5]") {
  const Terminal terminal;
  const Result start = terminal.Stemma({"order", kShop});
  CHECK(start.code == 0);
  CHECK(start.out ==
        "1  config\n2  metrics\n3  ledger\n3  catalog\n4  payments\n5  orders\n6  mailer\n"
        "6  http\n");
  const Result stop = terminal.Stemma({"order", kShop, "--stop", "--focus", "ledger", "--json"});
  CHECK(json::parse(stop.out)["result"] ==
        json({{"order", "stop"},
              {"waves", json::parse(R"([["mailer", "http"], ["orders"], ["payments"], ["ledger"],
                                        ["metrics"], ["config"]])")}}));
}

TEST_CASE("the focus may have several globs", "[stemma]") {
  const Terminal terminal;
  const Result result = terminal.Stemma(
      {"order", kShop, "--focus", "met*", "--focus", "ledger", "--ancestors", "--depth", "0"});
  CHECK(result.out == "1  metrics\n2  ledger\n");
}

TEST_CASE("impact tells who goes down by each verdict", "[stemma][S4]") {
  const Terminal terminal;
  const Result table = terminal.Stemma({"impact", kShop, "ledger"});
  CHECK(table.code == 0);
  CHECK(table.out ==
        "'ledger' fails: what goes down of 8 nodes, by the verdict of its handler\n"
        "     verdict       down         who\n"
        "     restart          2   25 %  orders, ledger; come back\n"
        "     stop             4   50 %  http, orders, payments, ledger\n"
        "     stop_parents     8  100 %  every node\n"
        "     shutdown         8  100 %  every node\n"
        "  *  spin_halt        8  100 %  every node; the process stays\n"
        "  *  its on_error always answers spin_halt\n");
  const Result restart = terminal.Stemma({"impact", kShop, "ledger", "--verdict", "restart"});
  CHECK(restart.out ==
        "'ledger' fails, and the verdict is restart: 2 of 8 nodes go down (25 %), in this order\n"
        "  1  orders\n"
        "  2  ledger (it failed: its workers end at once)\n"
        "and come back, in this order\n"
        "  1  ledger (after its backoff)\n"
        "  2  orders\n"
        "6 go on: config, metrics, catalog, payments, mailer, http\n");
  const json told = json::parse(
      terminal.Stemma({"impact", kShop, "ledger", "--verdict", "stop", "--json"}).out)["result"];
  CHECK(told["goes_down"] == json::parse(R"([["http"], ["orders"], ["payments"], ["ledger"]])"));
  CHECK(told["comes_back"].empty());
  CHECK(json::parse(terminal.Stemma({"impact", kShop, "ledger", "--json"})
                        .out)["result"]["verdicts"][4]["count"] == 8);
}

TEST_CASE("a question names its node, of a file and of a service", "[stemma]") {
  const Terminal terminal;
  CHECK_THAT(terminal.Stemma({"impact", "db", "--verdict", "stop", "--", kService}).out,
             ContainsSubstring("2 of 3 nodes go down"));
  CHECK(terminal.Stemma({"why", "api", "db", "--", kService}).out ==
        "'api' depends on 'db' by 1 path\n  api -> db\n");
  const auto error_of = [&](const std::vector<std::string>& arguments) {
    const Result result = terminal.Stemma(arguments);
    CHECK(result.code == 64);
    CHECK(result.out.empty());
    return result.err;
  };
  CHECK_THAT(error_of({"impact", kShop}), ContainsSubstring("NODE is required"));
  CHECK_THAT(error_of({"impact", kShop, "ledgr"}),
             ContainsSubstring("no node 'ledgr'; did you mean 'ledger'?"));
  CHECK_THAT(error_of({"impact", kShop, "ledger", "--verdict", "stopp"}),
             ContainsSubstring("is 'stopp'; did you mean 'stop'?"));
  CHECK_THAT(error_of({"why", kShop, "http"}), ContainsSubstring("B is required"));
  CHECK_THAT(error_of({"spof", kShop, "--share", "2"}), ContainsSubstring("--share must be"));
}

TEST_CASE("why tells the paths, or that there is none", "[stemma]") {
  const Terminal terminal;
  const Result yes = terminal.Stemma({"why", kShop, "http", "config", "--limit", "2"});
  CHECK(yes.code == 0);
  CHECK(yes.out ==
        "'http' depends on 'config' by 4 paths\n"
        "  http -> catalog -> config\n"
        "  http -> orders -> ledger -> config\n"
        "  and 2 more, as long or longer; --limit N shows them\n");
  const auto no = [&](const char* from, const char* to) {
    const Result result = terminal.Stemma({"why", kShop, from, to});
    CHECK(result.code == 1);
    return result.out;
  };
  CHECK(no("config", "http") ==
        "no: 'config' does not depend on 'http'; it is the other way round\n"
        "  http -> catalog -> config\n");
  CHECK(no("mailer", "ledger") ==
        "no: 'mailer' does not depend on 'ledger'; it only starts after it and ends before it, by "
        "soft dependencies (~>)\n"
        "  mailer ~> orders -> ledger\n"
        "  mailer ~> orders -> payments -> ledger\n");
  CHECK(no("mailer", "mailer") == "no: no node depends on itself\n");
  CHECK(no("metrics", "ledger") ==
        "no: 'metrics' does not depend on 'ledger', nor 'ledger' on 'metrics'\n");
  const json told =
      json::parse(terminal.Stemma({"why", kShop, "config", "http", "--json"}).out)["result"];
  CHECK(told["depends"] == false);
  CHECK(told["reverse"][0] == json::parse(R"(["http", "catalog", "config"])"));
}

TEST_CASE("spof tells the worst first", "[stemma]") {
  const Terminal terminal;
  const Result result = terminal.Stemma({"spof", kShop, "--share", "40%"});
  CHECK(result.code == 0);
  CHECK(result.out ==
        "2 of 8 nodes each take down more than 40 % when they fail for good\n"
        "  node    down         only way of\n"
        "  config     8  100 %            7\n"
        "  ledger     4   50 %            1\n"
        "only way of: so many nodes reach all that is beyond it through it alone\n");
  CHECK(terminal.Stemma({"spof", kShop, "--share", "1"}).out ==
        "none: no node takes down more than 100 % of 8 nodes when it fails for good\n");
}

constexpr char kOld[] = R"({"stemma_manifest": 1, "nodes": [
  {"name": "api", "dependencies": ["db"]}, {"name": "db"}, {"name": "old"}]})";
constexpr char kNew[] = R"({"stemma_manifest": 1, "nodes": [
  {"name": "api", "dependencies": ["cache"]}, {"name": "cache", "dependencies": ["db"]},
  {"name": "db", "on_error": "shutdown"}]})";

TEST_CASE("diff tells what changed and what follows, and 1 if something did", "[stemma]") {
  const Terminal terminal;
  terminal.Write("old.json", kOld);
  terminal.Write("new.json", kNew);
  const std::string changes =
      "nodes\n"
      "  + cache\n"
      "  - old\n"
      "dependencies\n"
      "  + api on cache\n"
      "  + cache on db\n"
      "  - api on db\n"
      "policies\n"
      "  ~ db: on_error: restart to shutdown\n"
      "what a failure takes down\n"
      "  ~ db by its own verdict, restart before and now shutdown: 1 to 3 nodes\n"
      "  ~ stop at db: 2 to 3 nodes; now also cache\n"
      "  ~ stop_parents at api, db: now also cache\n"
      "how long an ordered stop may take\n"
      "  ~ 20s to 30s, 10s more: api, cache, db\n"
      "in all: 3 nodes, 1 to 2 edges\n";
  const Result text = terminal.Stemma({"diff", "old.json", "new.json"});
  CHECK(text.code == 1);
  CHECK(text.out == changes);
  CHECK(text.err.empty());
  CHECK(terminal.Stemma({"diff", "old.json", "-"}, kNew).out == changes);

  const Result same = terminal.Stemma({"diff", "old.json", "old.json"});
  CHECK(same.code == 0);
  CHECK(same.out == "no difference: 3 nodes, 1 edge\n");

  CHECK(terminal.Stemma({"diff", "old.json", "new.json", "-o", "review.md"}).code == 1);
  CHECK_THAT(Contents(terminal / "review.md"), ContainsSubstring("\n| added | cache |\n"));
  CHECK_THAT(terminal.Stemma({"diff", "old.json", "new.json", "--format", "dot"}).out,
             ContainsSubstring("label=\"+ cache\""));
  const json told =
      json::parse(terminal.Stemma({"diff", "old.json", "new.json", "--json"}).out)["result"];
  CHECK(told["same"] == false);
  CHECK(told["nodes"]["added"] == json({"cache"}));
  CHECK(told["edges"]["removed"] == json::parse(R"([{"from": "api", "to": "db", "soft": false}])"));
  CHECK(told["policies"][0]["after"] == "shutdown");
  CHECK(told["stop"]["after_ns"] == 30'000'000'000);
}

TEST_CASE("diff compares a file with a service", "[stemma]") {
  const Terminal terminal;
  terminal.Write("old.json", terminal.Stemma({"graph", "--format", "json", "--", kService}).out);
  const Result same = terminal.Stemma({"diff", "old.json", "--", kService});
  CHECK(same.code == 0);
  CHECK(same.out == "no difference: 3 nodes, 2 edges\n");
}

TEST_CASE("diff is drawn by Graphviz", "[stemma][graphviz]") {
  const Terminal terminal;
  terminal.Write("old.json", kOld);
  terminal.Write("new.json", kNew);
  const Result result = terminal.Stemma({"diff", "old.json", "new.json", "-o", "change.svg"});
  INFO(result.err);  // names the package when it is missing
  REQUIRE(result.code == 1);
  CHECK_THAT(Contents(terminal / "change.svg"), ContainsSubstring("+ cache</text>"));
  const Result without =
      terminal.Stemma({"diff", "old.json", "new.json", "--format", "svg"}, "", {"PATH=/none"});
  CHECK(without.code == 69);
  CHECK_THAT(without.err, ContainsSubstring("apt-get install graphviz"));
}

TEST_CASE("a wrong diff is told what is right", "[stemma]") {
  const Terminal terminal;
  terminal.Write("old.json", kOld);
  terminal.Write("bad.json", R"({"stemma_manifest": 1, "nodes": [{"name": ""}]})");
  const auto error_of = [&](const std::vector<std::string>& arguments, int code) {
    const Result result = terminal.Stemma(arguments);
    CHECK(result.code == code);
    CHECK(result.out.empty());
    return result.err;
  };
  CHECK_THAT(error_of({"diff"}, 64), ContainsSubstring("OLD is required"));
  CHECK_THAT(error_of({"diff", "old.json"}, 64), ContainsSubstring("NEW is required"));
  CHECK_THAT(error_of({"diff", "old.json", "old.json", "--", kService}, 64),
             ContainsSubstring("the source is what follows --"));
  CHECK_THAT(error_of({"diff", "-", "-"}, 64), ContainsSubstring("not both"));
  CHECK_THAT(error_of({"diff", "old.json", "old.json", "--format", "markdwn"}, 64),
             ContainsSubstring("did you mean 'markdown'?"));
  CHECK_THAT(error_of({"diff", "old.json", "none.json"}, 66), ContainsSubstring("none.json"));
  CHECK_THAT(error_of({"diff", "old.json", "bad.json"}, 1), ContainsSubstring("bad.json:1:"));
}

TEST_CASE("a chain of 5,000 nodes is asked, and answers stay short", "[stemma]") {
  const Terminal terminal;
  terminal.Write("chain.json", ChainManifest(5'000));
  CHECK(terminal.Stemma({"check", "chain.json"}).out == "ok: 5,000 nodes, 4,999 edges\n");
  for (const std::vector<std::string>& question :
       {std::vector<std::string>{"impact", "chain.json", "n0"},
        {"impact", "chain.json", "n0", "--verdict", "stop"},
        {"why", "chain.json", "n4999", "n0"},
        {"check", "chain.json", "--grace", "1h"}}) {
    const Result result = terminal.Stemma(question);
    CHECK((result.code == 0 || question[0] == "check"));
    CHECK(result.out.size() < 5000);
  }
}

TEST_CASE("what is hostile in a name stays a name", "[stemma]") {
  const Terminal terminal;
  terminal.Write("names.json", R"({"stemma_manifest": 1, "nodes": [
  {"name": "a\u001b[31m", "dependencies": ["b\n", "c"]},
  {"name": "b\n", "dependencies": ["c"]}, {"name": "c"}, {"name": ")" +
                                   std::string(1'000'000, 'x') + "\"}]}");
  for (const std::vector<std::string>& question :
       {std::vector<std::string>{"check", "names.json"},
        {"check", "names.json", "--grace", "1s"},
        {"order", "names.json", "--focus", "c"},
        {"impact", "names.json", "c"},
        {"impact", "names.json", "c", "--verdict", "stop"},
        {"why", "names.json", "a\x1b[31m", "c"},
        {"spof", "names.json"}}) {
    const Result result = terminal.Stemma(question);
    CHECK((result.code == 0 || question.size() == 4));
    const std::string all = result.out + result.err;
    CHECK(all.size() < 5000);
    CHECK_THAT(all, !ContainsSubstring("\x1b") && !ContainsSubstring("b\n,"));
  }
}

}  // namespace
}  // namespace stemma::tools
