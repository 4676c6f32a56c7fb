// SPDX-License-Identifier: Apache-2.0
// Graphs that nobody here wrote (testing/data/README.md), through the whole command.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <string>

#include "stemma/tools/stemma/terminal.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

const std::string kData = std::filesystem::absolute("testing/data").string() + "/";

// Debian's packages without those that they conflict with.
std::string Packages(const Terminal& terminal) {
  return terminal.Run("grep", {"-v", "springgreen", kData + "apt_redis.dot"}).out;
}

// The kernel's modules as an edge list: docs/sources.md shows how.
std::string Modules(const Terminal& terminal) {
  return terminal
      .Run("awk", {R"({gsub(/[^ ]*\/|\.ko/, ""); sub(/:/, ""); print $1;)"
                   R"( for (i = 2; i <= NF; i++) print $1, $i})",
                   kData + "modules.dep"})
      .out;
}

TEST_CASE("Debian's packages: the cycle of the C library is told, by its shortest path",
          "[stemma][S1]") {
  const Terminal terminal;
  const Result result = terminal.Stemma({"check", "-"}, Packages(terminal));
  CHECK(result.code == 1);
  CHECK(result.err == "<standard input>: cycle: libc6 -> libgcc-s1 -> libc6\n");
}

TEST_CASE("Debian's packages: with --condense the cycle is one node", "[stemma]") {
  const Terminal terminal;
  const Result result =
      terminal.Stemma({"graph", "-", "--condense", "--format", "dot"}, Packages(terminal));
  CHECK(result.code == 0);
  CHECK(result.err.empty());
  CHECK_THAT(result.out, ContainsSubstring("\"{libc6, libgcc-s1}") && ContainsSubstring("adduser"));
  // What was drawn is a source, too, and has no cycle any more.
  CHECK(terminal.Stemma({"check", "-"}, result.out).code == 0);
}

TEST_CASE("Debian's packages: conflicts make more cycles, each is told and condensed",
          "[stemma][S1]") {
  const Terminal terminal;
  const Result check = terminal.Stemma({"check", kData + "apt_redis.dot"});
  CHECK(check.code == 1);
  CHECK_THAT(check.err, ContainsSubstring("cycle: redis-server -> redis-tools -> redis-server\n") &&
                            ContainsSubstring("cycle: lsb-base -> sysvinit-utils -> lsb-base\n"));
  const Result graph =
      terminal.Stemma({"graph", kData + "apt_redis.dot", "--condense", "--format", "json"});
  CHECK(graph.code == 0);
  CHECK_THAT(graph.out, ContainsSubstring("\"name\":\"{redis-server, redis-tools}\"") ||
                            ContainsSubstring("\"name\": \"{redis-server, redis-tools}\""));
}

TEST_CASE("CMake's targets have their names, and the legend is none of them", "[stemma]") {
  const Terminal terminal;
  const Result result = terminal.Stemma({"check", kData + "cmake_brotli.dot"});
  CHECK(result.code == 0);
  CHECK_THAT(result.out, StartsWith("ok: 8 nodes, 14 edges"));
  CHECK_THAT(result.err,
             ContainsSubstring("the legend is left out: 8 nodes that no other is connected to\n"));
  const Result json = terminal.Stemma({"graph", kData + "cmake_brotli.dot", "--format", "json"});
  CHECK_THAT(json.out, ContainsSubstring("\"brotlicommon-static\"") &&
                           !ContainsSubstring("Executable") && !ContainsSubstring("node0"));
}

TEST_CASE("Bazel's targets are nodes by their labels", "[stemma]") {
  const Terminal terminal;
  const Result result = terminal.Stemma({"check", kData + "bazel_supervisor.dot"});
  CHECK(result.code == 0);
  CHECK_THAT(result.out, StartsWith("ok: 57 nodes, 163 edges"));
  const Result part = terminal.Stemma({"graph", kData + "bazel_supervisor.dot", "--format", "json",
                                       "--focus", "//graph:edge", "--ancestors"});
  CHECK_THAT(part.out, ContainsSubstring("//graph:node_id"));
}

TEST_CASE("the kernel's modules are an edge list after one line of awk", "[stemma]") {
  const Terminal terminal;
  const std::string modules = Modules(terminal);
  const Result result = terminal.Stemma({"check", "-"}, modules);
  CHECK(result.code == 0);
  CHECK_THAT(result.out, StartsWith("ok: 44 nodes, 105 edges"));
  // depmod writes all that a module needs; the edges that are left say the same.
  const Result reduced = terminal.Stemma({"graph", "-", "--reduce", "--format", "json"}, modules);
  CHECK(reduced.code == 0);
  const Result again = terminal.Stemma({"check", "-"}, reduced.out);
  CHECK_THAT(again.out, StartsWith("ok: 44 nodes, ") && !ContainsSubstring("105 edges"));
}

TEST_CASE("what `stemma graph` draws as DOT is the same graph again", "[stemma]") {
  const Terminal terminal;
  for (const char* const file : {"shop.json", "bazel_supervisor.dot", "cmake_brotli.dot"}) {
    const Result dot = terminal.Stemma({"graph", kData + file, "--format", "dot"});
    REQUIRE(dot.code == 0);
    const Result again = terminal.Stemma({"graph", "-", "--format", "dot"}, dot.out);
    CHECK(again.code == 0);
    const auto names_and_edges = [&terminal](const std::string& text) {
      return terminal.Run("grep", {"-oE", "^  n[0-9]+ (\\[label=\"[^\"\\]*|-> .*)"}, text).out;
    };
    CHECK(names_and_edges(again.out) == names_and_edges(dot.out));
    CHECK(names_and_edges(dot.out).size() > 50);
  }
}

TEST_CASE("files that are no graph are refused: directories, loops, what may not be read",
          "[stemma]") {
  const Terminal terminal;
  std::filesystem::create_symlink("loop", terminal / "loop");
  CHECK(terminal.Stemma({"check", "loop"}).code == 66);
  CHECK_THAT(terminal.Stemma({"check", "loop"}).err,
             ContainsSubstring("Too many levels of symbolic links"));
  CHECK(terminal.Stemma({"check", "."}).code == 66);
  CHECK(terminal.Stemma({"check", "none"}).code == 66);
  terminal.Write("empty", "");
  CHECK(terminal.Stemma({"check", "empty"}).code == 65);
  CHECK(terminal.Stemma({"check", kStemma}).code == 65);  // a program
  terminal.Write("torn.dot", "digraph { a -> b");
  CHECK(terminal.Stemma({"check", "torn.dot"}).code == 65);
  CHECK_THAT(terminal.Stemma({"check", "torn.dot"}).err,
             StartsWith("torn.dot:1:1: error: Graphviz: syntax error in line 1") ||
                 StartsWith("torn.dot:1:1: Graphviz: syntax error in line 1"));
}

TEST_CASE("names that are hostile are shown without harm", "[stemma]") {
  const Terminal terminal;
  terminal.Write("hostile",
                 "\"\\u001b[31mred\" -> \"<script>alert(1)</script>\"\n"
                 "\"\\u202eright to left\" -> \"quote \\\" back \\\\ slash\"\n");
  const Result text = terminal.Stemma({"graph", "hostile"});
  CHECK(text.code == 0);
  CHECK_THAT(text.out, ContainsSubstring("\\x1b[31mred") && ContainsSubstring("\\u{202e}right") &&
                           !ContainsSubstring("\x1b[31m") && !ContainsSubstring("\u202e"));
  const Result dot = terminal.Stemma({"graph", "hostile", "--format", "dot"});
  const Result again = terminal.Stemma({"check", "-"}, dot.out);
  CHECK_THAT(again.out, StartsWith("ok: 4 nodes, 2 edges"));
}

}  // namespace
}  // namespace stemma::tools
