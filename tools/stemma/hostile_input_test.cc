// SPDX-License-Identifier: Apache-2.0
// What a stranger, or a broken disk, may give the command to read: it answers, or tells what is
// wrong. It never crashes, and nothing in a name does anything but be shown.
#include <sys/resource.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "stemma/graph/printable.h"
#include "stemma/tools/sources/process.h"
#include "stemma/tools/stemma/in_process.h"
#include "stemma/tools/stemma/stemma_command.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

// Where the test begins, these are beside it.
const fs::path kData = fs::current_path() / "testing/data";

constexpr std::size_t kDeep = 30'000;

// While this lives, the stack is for kDeep what the usual 8 MiB are for a million: what calls
// itself for each node on a path does not come through.
class SmallStack {
 public:
  SmallStack() {
    REQUIRE(getrlimit(RLIMIT_STACK, &before_) == 0);
    rlimit small = before_;
    small.rlim_cur = 256 << 10;
    REQUIRE(setrlimit(RLIMIT_STACK, &small) == 0);
  }
  ~SmallStack() { setrlimit(RLIMIT_STACK, &before_); }
  SmallStack(const SmallStack&) = delete;
  SmallStack& operator=(const SmallStack&) = delete;

 private:
  rlimit before_ = {};
};

// Whether each line can be written to a terminal as it is.
bool IsSafe(const std::string& text) {
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::string_view piece(line.data(), line.size());
    if (Printable(piece) != piece) return false;
  }
  return true;
}

// Runs the command, which must end as a command does, and show nothing that acts.
Told Run(const Words& words) {
  Told told = RunInProcess(OnlyVerb(StemmaCommand(), words[0]), words);
  const bool is_json = words.back() == "--json";  // which tells errors, too, on standard output
  const std::string command = Printable(absl::StrJoin(words, " ").substr(0, 300));
  CAPTURE(command, Printable(told.err.substr(0, 1000)));
  const std::set<int> expected = {0, 1, 64, 65, 66, 74};
  CHECK(expected.contains(told.code));
  const bool is_streamed = words[0] == "replay";  // what was good is told before
  if (told.code > 1 && !is_streamed) CHECK(told.out.empty() == !is_json);
  if (told.code > 1) CHECK(told.err.empty() == is_json);
  CHECK(IsSafe(told.err));
  CHECK(IsSafe(told.out));
  return told;
}

// Each verb that reads a graph or a journal, as a question to `file` about `node`.
std::vector<Words> GraphQuestions(const std::string& file, const std::string& node) {
  return {{"check", file},
          {"order", file},
          {"impact", file, node},
          {"impact", file, node, "--verdict=restart"},
          {"why", file, node, node},
          {"spof", file},
          {"diff", file, kData / "shop.json"},
          {"diff", file, file, "--format=markdown"},
          {"simulate", file, "--stop"},
          {"graph", file},
          {"graph", file, "--drawing=tree"},
          {"graph", file, "--format=svg", "--layout=own"},
          {"graph", file, "--format=html"},
          {"graph", file, "--format=mermaid"},
          {"graph", file, "--format=dot"},
          {"graph", file, "--format=json"},
          {"order", file, "--json"}};
}

std::vector<Words> JournalQuestions(const std::string& file, const std::string& node) {
  return {{"replay", file},          {"replay", file, "--verify"},
          {"explain", file, node},   {"chain", file},
          {"blame", file},           {"timeline", file},
          {"trace", file},           {"timeline", file, "--format=svg"},
          {"replay", file, "--json"}};
}

json Manifest(const Words& names) {
  json manifest = {{"stemma_manifest", 1}, {"nodes", json::array()}};
  for (std::size_t i = 0; i < names.size(); ++i) {
    json& node = manifest["nodes"].emplace_back();
    node["name"] = names[i];
    if (i + 1 < names.size()) node["dependencies"] = {names[i + 1]};
    if (i + 2 < names.size()) node["soft_dependencies"] = {names[i + 2]};
  }
  return manifest;
}

Words HostileNames() {
  return {"\"",
          "'; rm -rf /;'",
          "\\",
          "\\N\\G",
          "a\nb\tc\rd",
          std::string("\0nul", 4),
          "\x1b[31mred\x1b]0;title\x07",
          "\x7f",
          "\u009b31m",  // the same for a terminal of C1 controls
          "\u202eright to left\u2066",
          "\u2028\u2029",
          "<script>alert(1)</script>",
          "</script><script>alert(1)</script>",
          "<img src=x onerror=alert(1)>",
          "--><!--",
          "]]>",
          "&lt;&amp;&#x3c;",
          "{a|b}",
          "end",
          "#quot;#59; %% click",
          "__proto__",
          "constructor",
          "-x",
          "--format",
          "%s%n",
          "*",
          " ",
          "\U0001f600\u0301\u200d"};
}

// Whether a parser of XML with nothing of ours in it reads the text.
bool IsXml(const std::string& text) {
  const absl::StatusOr<ProcessAnswer> answer = RunProcess(
      {.command = {"/usr/bin/python3", "-c",
                   "import sys, xml.etree.ElementTree as tree; tree.parse(sys.stdin.buffer)"},
       .input = text,
       .keeps_errors = true});
  REQUIRE(answer.ok());
  return answer->code == 0;
}

std::size_t Count(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) {
    ++count;
  }
  return count;
}

TEST_CASE("a name is shown, whatever is in it, and does nothing", "[hostile]") {
  const TestDirectory directory;
  const Words names = HostileNames();
  WriteFile("graph", Manifest(names).dump());
  REQUIRE(Run({"simulate", "graph", "--fail=" + names[4] + "=stop", "--stop@1m", "--journal",
               "journal"})
              .code == 64);  // --stop@1m is none
  REQUIRE(Run({"simulate", "graph", "--fail", names[4] + "@1s=stop", "--stop", "@1m", "--journal",
               "journal"})
              .code == 0);
  for (const std::string& name : names) {
    if (name.find('\0') != std::string::npos) continue;  // none on a command line
    CAPTURE(Printable(name));
    CHECK((Run({"explain", "journal", name}).code == 0 || name.starts_with('-')));
    for (const Words& question : GraphQuestions("graph", name)) {
      if (question[0] == "impact" || question[0] == "why") Run(question);
    }
  }
  for (const Words& question : JournalQuestions("journal", names[0]))
    CHECK(Run(question).code == 0);
  for (const Words& question : GraphQuestions("graph", names[0])) {
    for (const char* file : {"graph", "journal"}) {
      Words asked = question;
      asked[1] = file;
      CHECK(Run(asked).code < 2);
    }
  }
  for (const Words& picture : {Words{"graph", "graph", "--format=svg", "--layout=own"},
                               {"graph", "graph", "--format=svg", "--layout=dot"},
                               {"timeline", "journal", "--format=svg"}}) {
    CHECK(IsXml(Run(picture).out));
  }
  // What is written for programs has the same names in it.
  const auto names_in = [](const Words& question) {
    std::vector<std::string> found;
    const json told = json::parse(Run(question).out);
    for (const json& wave : told["result"]["waves"]) {
      found.insert(found.end(), wave.begin(), wave.end());
    }
    return found;
  };
  const std::vector<std::string> in_order = names_in({"order", "graph", "--json"});
  CHECK(in_order.size() == names.size());
  CHECK(in_order[0] == names.back());
  CHECK(names_in({"order", "journal", "--json"}) == in_order);
  WriteFile("again", Run({"graph", "graph", "--format=json"}).out);
  CHECK(names_in({"order", "again", "--json"}) == in_order);
  WriteFile("again", Run({"graph", "graph", "--format=dot"}).out);
  CHECK(names_in({"order", "again", "--json"}).size() == names.size());  // they are printable there
}

TEST_CASE("a page has no more markup for what is in the names", "[hostile]") {
  const TestDirectory directory;
  Words harmless;
  for (std::size_t i = 0; i < HostileNames().size(); ++i)
    harmless.push_back("node" + std::to_string(i));
  WriteFile("graph", Manifest(HostileNames()).dump());
  WriteFile("harmless", Manifest(harmless).dump());
  const std::string page = Run({"graph", "graph", "--format=html"}).out;
  const std::string other = Run({"graph", "harmless", "--format=html"}).out;
  for (const char* markup : {"<script", "</script", "<!--", "-->", "<img", "onerror", "</"}) {
    CAPTURE(markup);
    CHECK(Count(page, markup) <= Count(other, markup) + (std::string_view(markup) == "onerror"));
  }
}

TEST_CASE("bytes that are no text are refused, but in a journal, which has what there was",
          "[hostile]") {
  const TestDirectory directory;
  for (const char* name : {"\xff\xfe", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"}) {
    WriteFile("edges", std::string("a ") + name + "\n");
    for (const Words& question : GraphQuestions("edges", "a")) CHECK(Run(question).code == 65);
    CHECK_THAT(Run({"check", "edges"}).err, ContainsSubstring("edges:1:3: "));
  }
  WriteFile("edges", "a bytes\n");
  REQUIRE(Run({"simulate", "edges", "--stop", "--journal", "journal"}).code == 0);
  // As JsonBytes writes \xff\xfe.
  WriteFile("journal", absl::StrReplaceAll(ContentsOf("journal"), {{"bytes", R"(\\xff\\xfe)"}}));
  for (const Words& question : GraphQuestions("journal", "\xff\xfe")) CHECK(Run(question).code < 2);
  for (const Words& question : JournalQuestions("journal", "\xff\xfe"))
    CHECK(Run(question).code < 2);
}

TEST_CASE("a name may have a megabyte", "[hostile]") {
  const TestDirectory directory;
  const std::string longest(1 << 20, 'x');
  WriteFile("edges", "api " + longest + "\n" + longest + " db\n");
  for (const Words& question : GraphQuestions("edges", longest)) CHECK(Run(question).code < 2);
  // Each line of a journal has it again.
  const std::string long_enough(1 << 16, 'x');
  WriteFile("edges", "api " + long_enough + "\n" + long_enough + " db\n");
  REQUIRE(Run({"simulate", "edges", "--fail=api", "--stop", "--journal", "journal"}).code == 0);
  for (const Words& question : JournalQuestions("journal", long_enough)) {
    CHECK(Run(question).code < 2);
  }
  const Told unknown = Run({"impact", "edges", longest + "y"});
  CHECK(unknown.code == 64);
  const Told nothing = Run({"check", std::string(1 << 20, '*')});
  CHECK(nothing.code == 66);
  CHECK(Run({"graph", "edges", "--focus", std::string(1000, '*') + "z"}).code == 64);
  CHECK(Run({"graph", "edges", "--focus", "*" + std::string(1000, 'x') + "*y*"}).code == 64);
}

TEST_CASE("a chain may be as deep as it likes", "[hostile]") {
  const TestDirectory directory;
  const SmallStack stack;
  std::string edges;
  for (std::size_t i = 0; i < kDeep; ++i) {
    edges += std::to_string(i) + " " + std::to_string(i + 1) + "\n";
  }
  WriteFile("chain", edges);
  const std::string last = std::to_string(kDeep);
  CHECK(Run({"check", "chain"}).code == 0);
  CHECK(Count(Run({"order", "chain"}).out, "\n") == kDeep + 1);
  CHECK(Run({"impact", "chain", last}).code == 0);
  CHECK(Run({"why", "chain", "0", last}).code == 0);
  CHECK(Run({"graph", "chain"}).code == 0);
  CHECK(Run({"graph", "chain", "--focus", "7", "--depth", "2"}).code == 0);
  edges += last + " 0\n";
  WriteFile("cycle", edges);
  const Told cycle = Run({"check", "cycle"});
  CHECK(cycle.code == 1);
  CHECK_THAT(cycle.err, ContainsSubstring("cycle: 0 -> 1 -> "));
  CHECK(Run({"order", "cycle", "--condense"}).code == 0);
}

TEST_CASE("JSON may be nested as deeply as it likes", "[hostile]") {
  const TestDirectory directory;
  const SmallStack stack;
  for (const std::string begin : {"[", "{\"a\":", "{\"stemma_manifest\":1,\"nodes\":[{\"name\":"}) {
    std::string text;
    for (std::size_t i = 0; i < kDeep; ++i) text += begin;
    WriteFile("deep", text);
    CHECK(Run({"check", "deep"}).code == 65);
    WriteFile("deep", "{\"stemma_journal\":1,\"nodes\":" + text);
    CHECK(Run({"check", "deep"}).code == 65);
    CHECK(Run({"replay", "deep"}).code == 65);
    CHECK(Run({"explain", "deep", "x"}).code == 65);
  }
}

TEST_CASE("what is no manifest is told with its place", "[hostile]") {
  const TestDirectory directory;
  const auto node = [](const std::string& fields) {
    return "{\"stemma_manifest\": 1, \"nodes\": [{\"name\": \"a\"" + fields + "}]}";
  };
  for (const std::string& text :
       {node(", \"restart\": {\"multiplier\": NaN}"),
        node(", \"restart\": {\"multiplier\": Infinity}"),
        node(", \"restart\": {\"multiplier\": 1e999}"),
        node(", \"restart\": {\"jitter\": -1e-9}"),
        node(", \"restart\": {\"max_restarts\": 99999999999999999999}"),
        node(", \"start_timeout\": \"99999999999h\""),
        node(", \"name\": \"b\""),
        node("}, {\"name\": \"a\""),
        node(", \"dependencies\": [\"a\"]"),
        node(", \"dependencies\": {\"a\": null}"),
        node(", \"\": 0"),
        node(", \"x\": \"\\ud800\""),
        node(", \"dependencies\": [\"\x1b[31m\"]"),
        node(", \"dependencies\": [\"\\u001b[31m\"]"),
        "{\"stemma_manifest\": 1, \"stemma_manifest\": 1, \"nodes\": []}" + std::string("{}"),
        std::string("{\"stemma_manifest\": 1\0, \"nodes\": []}", 36),
        std::string("{}"),
        std::string("[]"),
        std::string("{\"stemma_manifest\": 2, \"nodes\": []}"),
        std::string("\xff\xfe{\0}\0", 6),
        std::string("\xef\xbb\xbf{")}) {
    WriteFile("bad", text);
    CAPTURE(text);
    const Told told = Run({"check", "bad"});
    CHECK((told.code == 1 || told.code == 65));
    CHECK_THAT(told.err, ContainsSubstring("bad:1:"));
    for (const Words& question : GraphQuestions("bad", "a")) CHECK(Run(question).code == told.code);
  }
}

TEST_CASE("a file may end anywhere", "[hostile]") {
  const TestDirectory directory;
  const auto cut = [](const std::string& text, const auto& try_it) {
    for (std::size_t size = 0; size < text.size(); ++size) {
      WriteFile("cut", text.substr(0, size));
      CAPTURE(size);
      try_it(size);
    }
  };
  const std::vector<Words> of_graph = GraphQuestions("cut", "a");
  const std::string manifest = Manifest({"a", "\u202e\"", "c"}).dump();
  cut(manifest, [&](std::size_t size) {
    CHECK(Run({"check", "cut"}).code == 65);
    Run(of_graph[size % of_graph.size()]);
  });
  WriteFile("whole", "a\n");
  REQUIRE(Run({"simulate", "whole", "--fail=a=stop", "--stop", "--journal", "journal"}).code == 0);
  const std::string journal = ContentsOf("journal");
  const std::size_t header = journal.find('\n');
  const std::vector<Words> of_journal = JournalQuestions("cut", "a");
  cut(journal, [&](std::size_t size) {
    // Past its first line a journal that is cut off is one, torn.
    const int code = Run(of_journal[size % of_journal.size()]).code;
    CHECK((code == 65) == (size < header));
    if (size % 3 == 0) Run(of_graph[size / 3 % of_graph.size()]);
  });
  cut("a -> \"b \\u202e\" # c\n\"d\" e\n", [&](std::size_t size) {
    Run({"check", "cut"});
    Run(of_graph[size % of_graph.size()]);
  });
  cut("strict digraph \"g\" { a -> b [label=\"x\\n\"]; /* y */ c <b> }\n", [&](std::size_t) {
    Run({"graph", "cut"});
  });
}

TEST_CASE("a journal with anything in the place of anything is shown, or refused with the place",
          "[hostile]") {
  const TestDirectory directory;
  const std::string journal = ContentsOf(kData / "shop.journal");
  const std::vector<Words> questions = JournalQuestions("bad", "api");
  const std::array<std::string, 8> others = {
      "NaN", "-1", "9223372036854775807", "1e999", "null", "\"\\u001b[31m\\u202e\"", "[]", "{}"};
  std::size_t tried = 0, refused = 0;
  // Each value: what stands after a colon, or in a list.
  for (std::size_t at = journal.find(':'); at != std::string::npos;
       at = journal.find_first_of(":[", at + 1)) {
    const std::size_t end = journal.find_first_of(",}]", at + 1);
    for (std::size_t i = tried % 3; i < others.size(); i += 3) {
      WriteFile("bad", journal.substr(0, at + 1) + others[i] + journal.substr(end));
      CAPTURE(at, others[i]);
      const Told told = Run(questions[++tried % questions.size()]);
      if (told.code != 65) continue;
      ++refused;
      CHECK_THAT(told.err + told.out, ContainsSubstring("bad:") || ContainsSubstring("\"bad\""));
    }
  }
  CHECK(tried > 300);
  CHECK(refused > tried / 2);
  // Lines that are there twice, not at all, or in another order.
  const std::vector<std::string> lines = absl::StrSplit(journal, '\n');
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    std::vector<std::string> changed = lines;
    changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    WriteFile("bad", absl::StrJoin(changed, "\n"));
    for (const Words& question : questions) Run(question);
    changed = lines;
    changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    WriteFile("bad", absl::StrJoin(changed, "\n"));
    for (const Words& question : questions) Run(question);
    changed = lines;
    std::swap(changed[i], changed[lines.size() / 2]);
    WriteFile("bad", absl::StrJoin(changed, "\n"));
    for (const Words& question : questions) Run(question);
  }
}

TEST_CASE("what is no file to read is told: loops, directories, what has no end", "[hostile]") {
  const TestDirectory directory;
  fs::create_symlink("loop", "loop");
  fs::create_symlink("there", "here");
  fs::create_symlink("here", "there");
  fs::create_directory("directory");
  WriteFile("graph", "a b\n");
  for (const char* file : {"loop", "here", "directory", "none", "graph/x"}) {
    for (const Words& question : GraphQuestions(file, "a")) CHECK(Run(question).code == 66);
    for (const Words& question : JournalQuestions(file, "a")) CHECK(Run(question).code == 66);
    CHECK(Run({"latch", "show", file}).code == 66);
    CHECK(Run({"latch", "clear", file}).code == 66);
    CHECK(Run({"simulate", "graph", "--script", file}).code == 66);
  }
  CHECK(Run({"check", "graph", "-o", "loop"}).code == 74);
  CHECK(Run({"check", "graph", "-o", "directory"}).code == 74);
  CHECK(Run({"check", "/dev/zero"}).code == 65);
  CHECK(Run({"replay", "/dev/zero"}).code == 65);
  CHECK(Run({"latch", "show", "/dev/zero"}).code == 66);
}

TEST_CASE("a script with anything in it is read, or refused with the line", "[hostile]") {
  const TestDirectory directory;
  WriteFile("graph", "api db\n");
  for (const std::string& script :
       {std::string("fail\n"), std::string("fail \x1b[31m\n"), std::string("fail db@NaN\n"),
        std::string("for -1s\n"), std::string("stop @99999999999h\n"),
        std::string("fail db=\u202e\n"), std::string("fail db\0\n", 9), std::string(1 << 20, 'x'),
        std::string("slow-start *=\n")}) {
    WriteFile("script", script);
    const Told told = Run({"simulate", "graph", "--script", "script"});
    CHECK(told.code == 65);
    CHECK_THAT(told.err, ContainsSubstring("script:1:"));
  }
}

}  // namespace
}  // namespace stemma::tools
