// SPDX-License-Identifier: Apache-2.0
// The whole command, as its user meets it: the binary itself, run on files and on a service.
#include <stdlib.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "stemma/supervisor/internal/latch.h"
#include "stemma/tools/stemma/terminal.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
namespace fs = std::filesystem;

// Where the test runs, these are beside it.
const std::string kService = fs::absolute("tools/stemma/sample_service");
const std::string kManifestPage = fs::absolute("docs/manifest.md");
const std::string kJournalPage = fs::absolute("docs/journal.md");
const std::string kShopJournal = fs::absolute("testing/data/shop.journal");
const std::string kShop = fs::absolute("testing/data/shop.json");

TEST_CASE("a manifest that a supervisor would accept is ok", "[stemma]") {
  const Terminal terminal;
  for (const Result& result :
       {terminal.Stemma({"check", kShop}), terminal.Stemma({"check", "-"}, Contents(kShop))}) {
    CHECK(result.code == 0);
    CHECK(result.out == "ok: 8 nodes, 14 edges, 2 warnings\n");
    CHECK_THAT(result.err, ContainsSubstring(":36:19: warning: ") &&
                               ContainsSubstring(":47:34: warning: ") &&
                               !ContainsSubstring("error"));
  }
}

TEST_CASE("all that a supervisor would refuse is told, each with its place", "[stemma][S1]") {
  const Terminal terminal;
  terminal.Write("bad.json", R"({"stemma_manifest": 1, "nodes": [
  {"name": "api", "dependencies": ["bd", "log"], "start_timeout": "0"},
  {"name": "db", "on_eror": "stop"},
  {"name": "log", "dependencies": ["api"], "restart": {"jitter": 2}}
]})");
  const std::string expected =
      "bad.json:2:3: 'api' has the unknown dependency 'bd'; did you mean 'db'?\n"
      "bad.json:2:3: cycle: api -> log -> api\n"
      "bad.json:2:67: node 'api': start_timeout must be positive, is 0ns\n"
      "bad.json:3:18: node 'db' has the unknown key 'on_eror'; did you mean 'on_error'?\n"
      "bad.json:4:55: node 'log': restart: jitter must be in [0, 1], is 2\n";
  for (const char* verb : {"check", "graph"}) {
    const Result result = terminal.Stemma({verb, "bad.json"});
    CHECK(result.code == 1);
    CHECK(result.out.empty());
    CHECK(result.err == expected);
  }
}

TEST_CASE("a graph is drawn as a tree", "[stemma]") {
  const Terminal terminal;
  const Result result = terminal.Stemma({"graph", kShop, "--drawing", "tree"});
  CHECK(result.code == 0);
  CHECK(result.err.empty());
  CHECK(result.out == R"(mailer                      stop
├── config                  shutdown
└╌╌ orders                  stop_parents
    ├── ledger              spin_halt
    │   ├── config (*)
    │   └╌╌ metrics
    │       └── config (*)
    ├── catalog
    │   ├── config (*)
    │   └╌╌ metrics (*)
    └── payments            handler
        └── ledger (*)
http
├── catalog (*)
├── orders (*)
└╌╌ metrics (*)
)");
}

TEST_CASE("a locale without UTF-8, and --ascii, give ASCII lines", "[stemma]") {
  const Terminal terminal;
  const Result tree = terminal.Stemma({"graph", kShop, "--drawing", "tree", "--ascii"});
  CHECK_THAT(tree.out, ContainsSubstring("\n|-- config ") && ContainsSubstring("\n`.. orders "));
  const Result ascii = terminal.Stemma({"graph", kShop, "--ascii"});
  CHECK_THAT(ascii.out, ContainsSubstring("| mailer |") && ContainsSubstring("~~~"));
  const Result posix =
      terminal.Run("/bin/sh", {"-c", "LC_ALL=POSIX exec \"$0\" graph \"$1\"", kStemma, kShop});
  CHECK(posix.out == ascii.out);
}

TEST_CASE("a graph is drawn for Graphviz, with each of its 14 edges", "[stemma]") {
  const Terminal terminal;
  const Result result = terminal.Stemma({"graph", kShop, "--format", "dot"});
  CHECK(result.code == 0);
  CHECK_THAT(result.out, StartsWith("digraph stemma {\n"));
  std::size_t edges = 0;
  for (std::size_t at = result.out.find(" -> "); at != std::string::npos;
       at = result.out.find(" -> ", at + 1)) {
    ++edges;
  }
  CHECK(edges == 14);
}

TEST_CASE("a graph is drawn as a picture, by Graphviz", "[stemma][graphviz]") {
  const Terminal terminal;
  const Result result = terminal.Stemma({"graph", kShop, "-o", "shop.svg"});
  INFO(result.err);  // names the package when it is missing
  REQUIRE(result.code == 0);
  CHECK(result.out.empty());
  const std::string svg = Contents(terminal / "shop.svg");
  for (const char* name :
       {"config", "metrics", "ledger", "catalog", "payments", "orders", "mailer", "http"}) {
    CHECK_THAT(svg, ContainsSubstring(std::string(">") + name + "</text>"));
  }
}

TEST_CASE("as JSON a graph is a manifest again, complete, and the same one", "[stemma]") {
  const Terminal terminal;
  REQUIRE(terminal.Stemma({"graph", kShop, "-o", "whole.json"}).code == 0);
  const std::string whole = Contents(terminal / "whole.json");
  CHECK_THAT(whole, ContainsSubstring("\"start_timeout\": \"5s\"") &&
                        ContainsSubstring("\"start_timeout\": \"30s\""));
  const Result again = terminal.Stemma({"graph", "whole.json", "--format", "json"});
  CHECK(again.code == 0);
  CHECK(again.out == whole);
}

TEST_CASE("a service tells its graph and is not started", "[stemma]") {
  const Terminal terminal;
  const Result check = terminal.Stemma({"check", "--", kService, "started"});
  CHECK(check.code == 0);
  CHECK(check.out == "ok: 3 nodes, 2 edges\n");
  CHECK(check.err.empty());
  const Result graph = terminal.Stemma({"graph", "--", kService, "started"});
  CHECK(graph.code == 0);
  CHECK_THAT(graph.out, ContainsSubstring("│ api │") && ContainsSubstring("│ shutdown │"));
  const Result tree = terminal.Stemma({"graph", "--drawing", "tree", "--", kService, "started"});
  CHECK(tree.out == "api\n├── db   shutdown\n└╌╌ log\n");
  CHECK_FALSE(fs::exists(terminal / "started"));

  // The same program, not asked, does start.
  CHECK(terminal.Run(kService, {"started"}).code == 0);
  CHECK(fs::exists(terminal / "started"));
}

TEST_CASE("a program that does not answer is named, with what happened", "[stemma]") {
  const Terminal terminal;
  const auto error_of = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "check");
    const Result result = terminal.Stemma(arguments);
    CHECK(result.code == 69);
    CHECK(result.out.empty());
    return result.err;
  };
  CHECK_THAT(error_of({"--", "/bin/true"}),
             ContainsSubstring("'/bin/true' ended with exit code 0 without answering") &&
                 ContainsSubstring("stemma::Main"));
  CHECK_THAT(error_of({"--", "/bin/sh", "-c", "kill -SEGV $$"}),
             ContainsSubstring("'/bin/sh' was ended by signal 11"));
  CHECK_THAT(error_of({"--timeout", "1ms", "--", "tail", "-f", "/dev/null"}),
             ContainsSubstring("'tail' did not answer within 1ms"));
  CHECK_THAT(error_of({"--", "./no-such-service"}),
             ContainsSubstring("cannot run the program './no-such-service': No such file"));
}

TEST_CASE("a program that answers with something else is told apart", "[stemma]") {
  const Terminal terminal;
  const Result result = terminal.Stemma({"check", "--", "/bin/sh", "-c", "echo hello >&3"});
  CHECK(result.code == 65);
  CHECK_THAT(result.err, StartsWith("/bin/sh: syntax error"));
}

TEST_CASE("without Graphviz stemma lays out a picture; one that it cannot make leaves no file",
          "[stemma]") {
  const Terminal terminal;
  const Result own = terminal.Stemma({"graph", kShop, "-o", "shop.svg"}, "", {"PATH=/nonexistent"});
  CHECK(own.code == 0);
  CHECK_THAT(own.err, ContainsSubstring("note: without Graphviz"));
  CHECK_THAT(Contents(terminal / "shop.svg"), ContainsSubstring(">ledger</text>"));
  const Result png = terminal.Stemma({"graph", kShop, "-o", "shop.png"}, "", {"PATH=/nonexistent"});
  CHECK(png.code == 69);
  CHECK_THAT(png.err, ContainsSubstring("apt-get install graphviz"));
  CHECK_FALSE(fs::exists(terminal / "shop.png"));
}

TEST_CASE("the options of a drawing go with its format", "[stemma]") {
  const Terminal terminal;
  CHECK(terminal.Stemma({"graph", kShop, "--drawing", "tree", "-o", "a.svg"}).code == 64);
  CHECK(terminal.Stemma({"graph", kShop, "--layout", "own"}).code == 64);
  const Result layers = terminal.Stemma({"graph", kShop, "--drawing", "layers", "--ascii"});
  CHECK(layers.code == 0);
  CHECK_THAT(layers.out, ContainsSubstring("| spin_halt |"));
  // Where a result goes, that is no terminal, it does not depend on one.
  CHECK(terminal.Stemma({"graph", kShop}, "", {"COLUMNS=20"}).out ==
        terminal.Stemma({"graph", kShop}).out);
}

TEST_CASE("a graph with a cycle is refused, and --condense offered", "[stemma][S1]") {
  const Terminal terminal;
  const Result result = terminal.Stemma({"graph", "-"}, "a b\nb a\n");
  CHECK(result.code == 1);
  CHECK(result.err ==
        "<standard input>:1:1: cycle: a -> b -> a\n"
        "<standard input>: note: with --condense the nodes of a cycle count as one\n");
  CHECK(terminal.Stemma({"graph", "-", "--condense"}, "a b\nb a\n").code == 0);
  CHECK_THAT(terminal.Stemma({"graph", "-", "--condense"}, "a b\nb a\nc c\n").err,
             !ContainsSubstring("--condense"));
}

TEST_CASE("a wrong command line is answered with what is right", "[stemma]") {
  const Terminal terminal;
  const auto error_of = [&](const std::vector<std::string>& arguments) {
    const Result result = terminal.Stemma(arguments);
    CHECK(result.code == 64);
    CHECK(result.out.empty());
    return result.err;
  };
  const std::string help = "Try 'stemma --help'.";
  CHECK_THAT(error_of({}), ContainsSubstring("Verbs: graph ") && ContainsSubstring(help));
  CHECK_THAT(error_of({"grap"}), ContainsSubstring("no verb 'grap'; did you mean 'graph'?"));
  CHECK_THAT(error_of({"graph", kShop, "--formt", "dot"}),
             ContainsSubstring("no option '--formt'; did you mean '--format'?") &&
                 ContainsSubstring("Try 'stemma graph --help'."));
  CHECK_THAT(
      error_of({"graph", kShop, "--format", "pdf"}),
      ContainsSubstring("--format must be text, dot, svg, png, mermaid, html or json, is 'pdf'"));
  CHECK_THAT(error_of({"graph", kShop, "-o", "shop.pdf"}), ContainsSubstring("'shop.pdf'"));
  CHECK_THAT(error_of({"latch"}), ContainsSubstring("no verb; there are show, clear"));
  CHECK_THAT(
      error_of({"latch", "remove", "x"}),
      ContainsSubstring("no verb 'remove'; there are show, clear\nTry 'stemma latch --help'."));
  CHECK_THAT(error_of({"latch", "show"}), ContainsSubstring("FILE is required"));
  CHECK_THAT(error_of({"latch", "show", "x", "y"}),
             ContainsSubstring("one argument too many: 'y'\nTry 'stemma latch show --help'."));
  CHECK_THAT(error_of({"latch", "clear", "x", "--", "y"}),
             ContainsSubstring("'stemma latch clear' runs no program"));
  CHECK_THAT(error_of({"check"}), ContainsSubstring("no source"));
  CHECK_THAT(error_of({"check", "--"}), ContainsSubstring("no program after --"));
  CHECK_THAT(error_of({"check", kShop, "--", kService}),
             ContainsSubstring("; the source is what follows --"));
  CHECK_THAT(error_of({"check", kShop, "--timeout", "soon"}), ContainsSubstring("'soon'"));
}

TEST_CASE("a latch is shown and cleared", "[stemma][S21]") {
  const Terminal terminal;
  const std::string text = internal::LatchText("db", "db/main failed: a\nb", {});
  REQUIRE(internal::WriteLatch(terminal / "halt", text).ok());
  for (int i = 0; i < 2; ++i) {
    const Result shown = terminal.Stemma({"latch", "show", "halt"});
    CHECK(shown.code == 0);
    CHECK(shown.out == text);
    CHECK(shown.err.empty());
  }
  const Result cleared = terminal.Stemma({"latch", "clear", "halt"});
  CHECK(cleared.code == 0);
  CHECK(cleared.out.empty());
  CHECK(cleared.err.empty());
  CHECK_FALSE(fs::exists(terminal / "halt"));
}

TEST_CASE("a latch that is none is neither shown nor cleared, and the reason is told",
          "[stemma][S21]") {
  const Terminal terminal;
  fs::create_directory(terminal / "directory");
  terminal.Write("notes", "my notes\n");
  for (const char* verb : {"show", "clear"}) {
    const Result missing = terminal.Stemma({"latch", verb, "halt"});
    CHECK(missing.code == 66);
    CHECK(missing.err == "stemma: there is no latch 'halt'\n");
    const Result directory = terminal.Stemma({"latch", verb, "directory"});
    CHECK(directory.code == 66);
    CHECK(directory.err == "stemma: the latch 'directory' cannot be read: Is a directory\n");
  }
  const Result notes = terminal.Stemma({"latch", "clear", "notes"});
  CHECK(notes.code == 65);
  CHECK_THAT(notes.err, ContainsSubstring("'notes' is not a latch"));
  CHECK(Contents(terminal / "notes") == "my notes\n");
}

TEST_CASE("an input that is not there and an output that cannot be are errors", "[stemma]") {
  const Terminal terminal;
  const Result missing = terminal.Stemma({"check", "shop.json"});
  CHECK(missing.code == 66);
  CHECK_THAT(missing.err, ContainsSubstring("cannot open 'shop.json': No such file"));
  const Result unwritten = terminal.Stemma({"graph", kShop, "-o", "no/such/dir.txt"});
  CHECK(unwritten.code == 74);
  CHECK_THAT(unwritten.err, ContainsSubstring("cannot write 'no/such/dir.txt'"));
}

// Of a service without nodes, which has ended at once.
constexpr char kJournal[] =
    R"({"stemma_journal":1,"at":0,"options":{"on_stuck":"abandon","shutdown_deadline":"none",)"
    R"("shutdown_delay":0,"spin_halt_reminder":60000000000,"jitter_seed":"1"},"nodes":[]})"
    "\n"
    R"({"at":0,"input":"begin","actions":[{"event":"all ready"},{"do":"finish"}]})"
    "\n";

TEST_CASE("a journal is shown and verified", "[stemma][S17]") {
  const Terminal terminal;
  terminal.Write("journal", kJournal);
  for (const Result& result :
       {terminal.Stemma({"replay", "journal"}), terminal.Stemma({"replay", "-"}, kJournal)}) {
    CHECK(result.code == 0);
    CHECK(result.out ==
          "0 nodes\n    0.000000  begin\n              all ready\n              finish\n");
    CHECK(result.err.empty());
  }
  const Result verified = terminal.Stemma({"replay", "journal", "--verify", "--until", "1s"});
  CHECK(verified.code == 0);
  CHECK(verified.out == "ok: 1 line, every decision is the same\n");
}

TEST_CASE("a journal with another decision, and what is no journal, have exit codes of their own",
          "[stemma][S17]") {
  const Terminal terminal;
  std::string other = kJournal;
  other.replace(other.find("finish"), 6, "force exit");
  const Result different = terminal.Stemma({"replay", "-", "--verify"}, other);
  CHECK(different.code == 1);
  CHECK(different.err ==
        "-:2:1: the journal has 'force exit' as decision 2 of this line, the replay 'finish'\n");
  const Result none = terminal.Stemma({"replay", kShop});
  CHECK(none.code == 65);
  CHECK_THAT(none.err, ContainsSubstring("shop.json:1:") && ContainsSubstring("not a journal"));
  CHECK(terminal.Stemma({"replay", "no-such-file"}).code == 66);
  CHECK(terminal.Stemma({"replay", "."}).code == 66);
  CHECK(terminal.Stemma({"replay"}).code == 64);
  CHECK(terminal.Stemma({"replay", "--", kService}).code == 64);
  const Result soon = terminal.Stemma({"replay", "-", "--until", "soon"}, kJournal);
  CHECK(soon.code == 64);
  CHECK_THAT(soon.err, ContainsSubstring("--until must be a duration"));
}

TEST_CASE("a reader that has seen enough is no error", "[stemma]") {
  const Terminal terminal;
  std::string nodes;  // more than a pipe holds, so that it is noticed
  for (int i = 0; i < 2000; ++i) {
    nodes +=
        (i == 0 ? "" : ",") + ("{\"name\": \"" + std::string(100, 'n')) + std::to_string(i) + "\"}";
  }
  terminal.Write("large.json", "{\"stemma_manifest\": 1, \"nodes\": [" + nodes + "]}");
  const Result result = terminal.Run(
      "/bin/sh", {"-c", "{ \"$0\" graph large.json; echo code $? >&2; } | :", kStemma});
  CHECK(result.err == "code 0\n");
}

// What stands between the lines `begin` and "```", of each place in the page that has it.
std::vector<std::string> BlocksOf(const std::string& page, const std::string& begin) {
  std::vector<std::string> blocks;
  for (std::size_t at = page.find(begin); at != std::string::npos; at = page.find(begin, at)) {
    at += begin.size();
    blocks.push_back(page.substr(at, page.find("```", at) - at));
  }
  return blocks;
}

TEST_CASE("the lines that docs/journal.md shows are those of a journal", "[stemma][docs][S17]") {
  const std::vector<std::string> lines = BlocksOf(Contents(kJournalPage), "```json\n");
  REQUIRE(lines.size() == 1);
  std::istringstream shown(lines[0]);
  for (std::string line; std::getline(shown, line);) {
    CHECK_THAT(Contents(kShopJournal), ContainsSubstring(line + "\n"));
  }
}

TEST_CASE("the example of docs/manifest.md is a manifest", "[stemma][docs]") {
  const Terminal terminal;
  const std::vector<std::string> examples = BlocksOf(Contents(kManifestPage), "```json\n");
  REQUIRE(examples.size() == 1);
  CHECK(terminal.Stemma({"check", "-"}, examples[0]).out == "ok: 3 nodes, 2 edges\n");
}

}  // namespace
}  // namespace stemma::tools
