// SPDX-License-Identifier: Apache-2.0
// What docs/stemma_command.md promises of every verb, tried on every verb. A verb that is added is
// missing in Samples(), and the first test says so.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "stemma/tools/sources/process.h"
#include "stemma/tools/stemma/in_process.h"
#include "stemma/tools/stemma/stemma_command.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
using nlohmann::json;
using Words = std::vector<std::string>;
namespace fs = std::filesystem;

// Where the test begins, these are beside it.
const fs::path kRunfiles = fs::current_path();
const std::string kService = kRunfiles / "tools/stemma/sample_service";

enum class Reads { kGraph, kJournal, kLatch, kNothing };

// What a verb answers, with yes.
struct Sample {
  std::string verb = {};  // "latch show"
  Words arguments = {};   // first what it reads
  Reads reads = Reads::kNothing;
  std::size_t node = 0;  // which of `arguments` names a node; 0: none
};

std::vector<Sample> Samples() {
  return {{"blame", {"run.journal"}, Reads::kJournal},
          {"chain", {"run.journal", "--node=http"}, Reads::kJournal, 1},
          {"check",
           {"shop.json", "--allow=redundant-dependency", "--allow=stop-parents-is-shutdown"},
           Reads::kGraph},
          {"completion", {"zsh"}},
          {"diff", {"shop.json", "shop.json"}, Reads::kGraph},
          {"explain", {"run.journal", "http"}, Reads::kJournal, 1},
          {"graph", {"shop.json"}, Reads::kGraph},
          {"help", {"latch", "show"}},
          {"impact", {"shop.json", "ledger"}, Reads::kGraph, 1},
          {"latch clear", {"halt"}, Reads::kLatch},
          {"latch show", {"halt"}, Reads::kLatch},
          {"order", {"shop.json"}, Reads::kGraph},
          {"replay", {"run.journal"}, Reads::kJournal},
          {"simulate", {"shop.json", "--fail=ledger"}, Reads::kGraph, 1},
          {"spof", {"shop.json"}, Reads::kGraph},
          {"timeline", {"run.journal"}, Reads::kJournal},
          {"trace", {"run.journal"}, Reads::kJournal},
          {"why", {"shop.json", "http", "config"}, Reads::kGraph, 2}};
}

Words Split(const std::string& words) { return absl::StrSplit(words, ' ', absl::SkipEmpty()); }

Words operator+(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Words WordsOf(const Sample& sample) { return Split(sample.verb) + sample.arguments; }

// A directory with what the samples read.
class Desk {
 public:
  Desk() {
    fs::copy(kRunfiles / "testing/data/shop.json", "shop.json");
    fs::copy(kRunfiles / "testing/data/night.journal", "run.journal");
  }
  Told Run(const Words& words, int out = -1) const {
    // `latch clear` removes it each time.
    fs::copy(kRunfiles / "testing/data/halt", "halt", fs::copy_options::overwrite_existing);
    const bool is_verb = !words.empty() && words[0] != "help";
    return RunInProcess(is_verb ? OnlyVerb(StemmaCommand(), words[0]) : StemmaCommand(), words,
                        out);
  }

 private:
  const TestDirectory directory_;
};

// A variable of the environment while this lives.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  ~Variable() { unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* const name_;
};

// What `--help --json` tells of all verbs that have none below.
std::vector<json> DeclaredVerbs(const Desk& desk) {
  std::vector<json> found;
  std::vector<json> left = {json::parse(desk.Run({"--help", "--json"}).out)["result"]};
  while (!left.empty()) {
    const json verb = left.back();
    left.pop_back();
    if (verb["verbs"].empty()) found.push_back(verb);
    left.insert(left.end(), verb["verbs"].begin(), verb["verbs"].end());
  }
  return found;
}

std::string NameOf(const json& verb) {
  return verb["path"].get<std::string>().substr(std::string_view("stemma ").size());
}

std::set<std::string> OptionsOf(const json& verb) {
  std::set<std::string> names;
  for (const json& option : verb["options"]) {
    for (const std::string name : option["names"]) names.insert(name);
  }
  return names;
}

TEST_CASE("every verb that there is, is tried here", "[habits]") {
  const Desk desk;
  std::set<std::string> declared, tried;
  for (const json& verb : DeclaredVerbs(desk)) declared.insert(NameOf(verb));
  for (const Sample& sample : Samples()) {
    tried.insert(sample.verb);
    CAPTURE(sample.verb);
    const Told told = desk.Run(WordsOf(sample));
    CHECK(told.code == 0);
    CHECK(told.err.empty());
    CHECK(told.out.empty() == (sample.verb == "latch clear"));
  }
  CHECK(declared == tried);
}

TEST_CASE("help of a verb begins with what it is for and with examples", "[habits]") {
  const Desk desk;
  for (const Sample& sample : Samples()) {
    CAPTURE(sample.verb);
    const Told help = desk.Run(Words{"help"} + Split(sample.verb));
    CHECK(help.code == 0);
    CHECK(help.err.empty());
    CHECK(desk.Run(Split(sample.verb) + Words{"--help"}).out == help.out);
    CHECK(desk.Run(Split(sample.verb) + Words{"-h"}).out == help.out);
    const std::size_t examples = help.out.find("\n\nExamples:\n  ");
    const std::size_t usage = help.out.find("\n\nUsage:\n  stemma " + sample.verb);
    CHECK(examples < usage);
    CHECK(usage != std::string::npos);
    for (const absl::string_view line : absl::StrSplit(help.out, '\n')) CHECK(line.size() <= 80);
  }
}

// The commands in the examples of a help.
std::vector<Words> ExamplesOf(const std::string& help) {
  constexpr std::size_t kText = 39;  // the column of what they tell
  const std::size_t begin = help.find("Examples:\n") + 10;
  const std::vector<std::string> lines =
      absl::StrSplit(help.substr(begin, help.find("\n\n", begin) - begin), '\n');
  std::vector<Words> commands;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with("  stemma ")) continue;
    const bool continues = i + 1 < lines.size() && lines[i + 1].starts_with("    ");
    std::string command = continues ? lines[i] : lines[i].substr(0, kText);
    std::erase(command, '\'');
    commands.push_back(Split(command));
    commands.back().erase(commands.back().begin());
  }
  return commands;
}

TEST_CASE("no example in the help is a wrong command line", "[habits]") {
  const Desk desk;
  for (const Sample& sample : Samples()) {
    const std::vector<Words> examples =
        ExamplesOf(desk.Run(Words{"help"} + Split(sample.verb)).out);
    CHECK((!examples.empty() || sample.verb == "completion"));  // that is one for the shell
    for (const Words& example : examples) {
      const Told told = desk.Run(example);
      CAPTURE(absl::StrJoin(example, " "), told.err);
      // What it reads may be missing here; and the nodes of shop.json are others.
      const bool is_node = told.err.starts_with("stemma: no node ");
      CHECK((told.code != 64 || is_node));
      CHECK(told.code != 70);
    }
  }
}

// A command line that ends otherwise than with yes.
struct Misuse {
  Words words = {};
  std::set<int> codes = {};
};

std::vector<Misuse> MisusesOf(const Sample& sample) {
  const Words good = WordsOf(sample);
  const auto reading = [&](const char* file) {
    Words words = good;
    words[Split(sample.verb).size()] = file;
    return words;
  };
  std::vector<Misuse> misuses = {{good + Words{"--no-such-option"}, {64}},
                                 {good + Words{"--color"}, {64}},
                                 {good + Words{"--color=blue"}, {64}},
                                 {good + Words{"surplus", "surplus"}, {64}}};
  if (sample.verb != "help") misuses.push_back({Split(sample.verb), {64}});
  if (sample.verb != "latch clear") {
    misuses.push_back({good + Words{"-o", "none/answer"}, {74}});
    misuses.push_back({good + Words{"-o", "/dev/full"}, {74}});
  }
  if (sample.reads == Reads::kNothing) return misuses;
  misuses.push_back({reading("none"), {66}});
  misuses.push_back({reading("loop"), {66}});
  misuses.push_back({reading("."), {66}});
  // Whatever a latch says, it is shown.
  misuses.push_back({reading("bad"), {sample.verb == "latch show" ? 0 : 65}});
  if (sample.reads == Reads::kLatch) return misuses;
  misuses.push_back({reading("nothing"), {65}});
  if (sample.reads == Reads::kGraph) {
    misuses.push_back({reading("cycle"), {1}});
    Words program = reading("cycle");
    program.erase(program.begin() + 1);
    if (sample.verb == "diff") return misuses;
    misuses.push_back({program + Words{"--", "./none"}, {69}});
    misuses.push_back({program + Words{"--", "/bin/true"}, {69}});
    misuses.push_back({program + Words{"--"}, {64}});
  }
  return misuses;
}

// What is wrong with each of these envelopes by the published schema; nothing: "".
std::vector<std::string> Judgements(const std::vector<json>& envelopes) {
  constexpr char kScript[] = R"(
import json, sys
from jsonschema import Draft202012Validator as Validator
schema = json.load(open(sys.argv[1]))
Validator.check_schema(schema)
validator = Validator(schema)
for line in sys.stdin:
  error = next(validator.iter_errors(json.loads(line)), None)
  print('' if error is None else repr(error.message)[:300])
)";
  std::string input;
  for (const json& envelope : envelopes) input += envelope.dump() + "\n";
  const absl::StatusOr<ProcessAnswer> answer = RunProcess(
      {.command = {"/usr/bin/python3", "-c", kScript, kRunfiles / "docs/envelope.schema.json"},
       .input = input});
  REQUIRE(answer.ok());
  REQUIRE(answer->code == 0);
  std::vector<std::string> judgements = absl::StrSplit(answer->text, '\n');
  judgements.pop_back();
  REQUIRE(judgements.size() == envelopes.size());
  return judgements;
}

TEST_CASE("each answer and each error has its exit code, and an envelope by the schema",
          "[habits]") {
  const Desk desk;
  WriteFile("bad", "{\"stemma_journal\": 1, \"stemma_manifest\": 1, ");
  WriteFile("nothing", "");
  WriteFile("cycle", "a b\nb a\n");
  fs::create_symlink("loop", "loop");
  std::vector<Words> commands;
  std::vector<json> envelopes;
  const auto take = [&](const Words& words, const std::set<int>& codes) {
    CAPTURE(absl::StrJoin(words, " "));
    const Told text = desk.Run(words);
    CAPTURE(text.err);
    CHECK(codes.contains(text.code));
    if (text.code > 1) {
      CHECK(text.out.empty());
      CHECK(text.err.ends_with('\n'));
      CHECK((text.err.find("Try 'stemma ") != std::string::npos) == (text.code == 64));
    }
    Words asking = words;
    asking.insert(std::find(asking.begin(), asking.end(), "--"), "--json");
    const Told told = desk.Run(asking);
    CHECK(told.code == text.code);
    CHECK(told.err.empty());
    REQUIRE(json::accept(told.out));
    commands.push_back(asking);
    envelopes.push_back(json::parse(told.out));
    CHECK(envelopes.back()["exit_code"] == told.code);
  };
  for (const Sample& sample : Samples()) {
    take(WordsOf(sample), {0});
    take(Split(sample.verb) + Words{"--help"}, {0});
    CHECK(envelopes.back()["verb"] == sample.verb);
    for (const Misuse& misuse : MisusesOf(sample)) take(misuse.words, misuse.codes);
  }
  WriteFile("edges", "http config\n");
  // Forms of their own, and those of no verb.
  for (const auto& [words, code] : std::vector<std::pair<std::string, int>>{
           {"--help", 0},
           {"--version", 0},
           {"no-such-verb", 64},
           {"latch", 64},
           {"latch --help", 0},
           {"help --man", 0},
           {"check shop.json --grace 30s", 1},
           {"check shop.json --grace 1h --strict", 1},
           {"impact shop.json ledger --verdict restart", 0},
           {"order shop.json --stop --focus orders --depth 1", 0},
           {"why shop.json config http", 1},
           {"why shop.json mailer ledger", 1},
           {"spof shop.json --share 99%", 0},
           {"diff edges shop.json", 1},
           {"diff run.journal shop.json", 0},
           {"simulate shop.json --fail ledger=stop --stop --for 1h", 0},
           {"simulate shop.json --hang http --stop", 0},
           {"replay run.journal --verify", 0},
           {"replay run.journal --until 1m", 0},
           {"explain run.journal payments --at 1m", 0},
           {"chain run.journal --stop --node http", 1},
           {"blame run.journal --stop", 0},
           {"timeline run.journal --focus http --depth 0", 0},
           {"trace run.journal --focus http", 0}}) {
    take(Split(words), {code});
  }
  const std::vector<std::string> judgements = Judgements(envelopes);
  for (std::size_t i = 0; i < judgements.size(); ++i) {
    CAPTURE(absl::StrJoin(commands[i], " "));
    CHECK(judgements[i].empty());
  }
}

TEST_CASE("the schema of the envelope refuses what is none", "[habits]") {
  const Desk desk;
  const json good = json::parse(desk.Run({"order", "shop.json", "--json"}).out);
  std::vector<json> wrong(7, good);
  wrong[0].erase("stemma");
  wrong[1]["stemma"] = 2;
  wrong[2]["error"] = "and a result, too";
  wrong[3]["exit_code"] = 64;
  wrong[4]["result"]["waves"][0] = "config";
  wrong[5]["verb"] = "ordre";
  wrong[6]["diagnostics"] = {{{"severity", "error"}, {"source", "x"}, {"text", "y"}, {"line", 1}}};
  wrong.push_back(good);
  const std::vector<std::string> judgements = Judgements(wrong);
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    CAPTURE(i);
    CHECK(judgements[i].empty() == (i == 7));
  }
}

TEST_CASE("what is misspelt is told the nearest: verbs, options, nodes", "[habits]") {
  const Desk desk;
  const auto misspelt = [](std::string word) {
    word.insert(word.size() / 2 + 1, 1, 'x');
    return word;
  };
  const auto check = [&](const Words& words, const std::string& right) {
    CAPTURE(absl::StrJoin(words, " "));
    const Told told = desk.Run(words);
    CHECK(told.code == 64);
    CHECK_THAT(told.err, ContainsSubstring("; did you mean '" + right + "'?"));
  };
  for (const json& verb : DeclaredVerbs(desk)) {
    const std::string name = NameOf(verb);
    Words words = Split(name);
    const std::string last = words.back();
    for (const std::string& option : OptionsOf(verb)) {
      if (option.size() > 5) check(words + Words{misspelt(option)}, option);
    }
    words.back() = misspelt(last);
    if (last != "show" && last != "why") check(words, last);  // too short to be known again
  }
  for (const Sample& sample : Samples()) {
    if (sample.node == 0) continue;
    Sample wrong = sample;
    std::string& argument = wrong.arguments[sample.node];
    const std::string node = argument.substr(argument.find('=') + 1);  // npos + 1 is 0
    argument = argument.substr(0, argument.size() - node.size()) + misspelt(node);
    check(WordsOf(wrong), node);
  }
}

// Without the escape sequences of colors.
std::string Plain(std::string text) {
  for (std::size_t at = 0; (at = text.find("\x1b[", at)) != std::string::npos;) {
    text.erase(at, text.find('m', at) + 1 - at);
  }
  return text;
}

bool HasColor(const std::string& text) { return text.find('\x1b') != std::string::npos; }

TEST_CASE("colors are for a terminal, or for who asks, and say nothing of their own", "[habits]") {
  const Desk desk;
  const Variable terminal("TERM", "xterm-256color");
  std::set<std::string> colored;
  for (const Sample& sample : Samples()) {
    CAPTURE(sample.verb);
    const Words words = WordsOf(sample);
    const std::string plain = desk.Run(words).out;
    CHECK_FALSE(HasColor(plain));
    const std::string always = desk.Run(words + Words{"--color=always"}).out;
    CHECK(Plain(always) == plain);
    if (HasColor(always)) colored.insert(sample.verb);
    CHECK_FALSE(HasColor(desk.Run(words + Words{"--color", "always", "--json"}).out));
    CHECK_FALSE(HasColor(desk.Run(words + Words{"--nope"}).err));
    CHECK_FALSE(HasColor(desk.Run(words + Words{"--color=always", "--nope"}).out));
    const Variable force("CLICOLOR_FORCE", "1");
    CHECK(desk.Run(words).out == always);
    CHECK(desk.Run(words + Words{"--color=never"}).out == plain);
    CHECK(HasColor(desk.Run(words + Words{"--nope"}).err));
    const Variable no_color("NO_COLOR", "1");
    CHECK(desk.Run(words).out == plain);
    CHECK_FALSE(HasColor(desk.Run(words + Words{"--nope"}).err));
    CHECK(desk.Run(words + Words{"--color=always"}).out == always);
  }
  CHECK(colored.contains("impact"));
  CHECK(colored.contains("timeline"));
}

TEST_CASE("a pipe that was closed ends a verb without a word", "[habits]") {
  const Desk desk;
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  close(ends[0]);
  for (const Sample& sample : Samples()) {
    for (const Words& more : {Words{}, Words{"--json"}}) {
      CAPTURE(sample.verb, more.size());
      const Told told = desk.Run(WordsOf(sample) + more, ends[1]);
      CHECK(told.code == 0);
      CHECK(told.err.empty());
    }
  }
  close(ends[1]);
}

TEST_CASE("-o has the same bytes as standard output, and nothing is left beside", "[habits]") {
  const Desk desk;
  for (const Sample& sample : Samples()) {
    for (const Words& more : {Words{}, Words{"--json"}}) {
      CAPTURE(sample.verb, more.size());
      const Words words = WordsOf(sample) + more;
      const std::string out = desk.Run(words).out;
      if (out.empty()) continue;
      CHECK(desk.Run(words).out == out);
      WriteFile("answer", "old");
      fs::create_directory("into");
      fs::create_symlink("../answer", "into/link");
      const Told told = desk.Run(words + Words{"-o", "into/link"});
      CHECK(told.code == 0);
      CHECK(told.out.empty());
      CHECK(told.err.empty());
      CHECK(ContentsOf("answer") == out);
      CHECK(fs::is_symlink("into/link"));
      CHECK(std::distance(fs::directory_iterator("into"), {}) == 1);
      CHECK(desk.Run(words + Words{"-o", "-"}).out == out);
      // An error leaves what was there.
      CHECK(desk.Run(words + Words{"-o", "answer", "--nope"}).code == 64);
      CHECK(ContentsOf("answer") == out);
      fs::remove_all("into");
    }
  }
}

TEST_CASE("--json goes into a file of any name", "[habits]") {
  const Desk desk;
  for (const Sample& sample : Samples()) {
    CAPTURE(sample.verb);
    CHECK(desk.Run(WordsOf(sample) + Words{"--json", "-o", "answer.v1.data"}).code == 0);
    CHECK(json::accept(ContentsOf("answer.v1.data")));
  }
}

TEST_CASE("every verb that takes a graph takes every source, and answers the same", "[habits]") {
  const Desk desk;
  // The same graph as each kind of source. A journal and a service have policies, the others not.
  REQUIRE(desk.Run({"graph", "--format", "json", "-o", "service.json", "--", kService}).code == 0);
  REQUIRE(desk.Run({"simulate", "service.json", "--journal", "service.journal"}).code == 0);
  REQUIRE(desk.Run({"graph", "service.json", "-o", "service.dot"}).code == 0);
  WriteFile("edges", "api -> db\nlog\n");
  for (const Sample& sample : Samples()) {
    if (sample.reads != Reads::kGraph) continue;
    Words rest;
    if (sample.verb == "impact") rest = {"db"};
    if (sample.verb == "why") rest = {"api", "db"};
    if (sample.verb == "simulate") rest = {"--fail=db"};
    for (const char* source :
         {"service.json", "service.journal", "service.dot", "edges", "shop.json", "run.journal"}) {
      CAPTURE(sample.verb, source);
      const bool is_other = std::string_view(source).find("service") == std::string_view::npos &&
                            std::string_view(source) != "edges";
      if (is_other && !rest.empty()) continue;
      Words words = Words{sample.verb, source} + rest;
      if (sample.verb == "diff") words.push_back(source);
      const Told told = desk.Run(words);
      CAPTURE(told.err);
      CHECK(told.code == 0);
      CHECK(desk.Run(words).out == told.out);
      if (sample.verb == "diff" || is_other) continue;
      // What is asked of standard input is answered likewise.
      const int descriptor = open(source, O_RDONLY);
      const Redirected redirected(STDIN_FILENO, descriptor);
      close(descriptor);
      words[1] = "-";
      CHECK(desk.Run(words).out == told.out);
    }
    Words words = Words{sample.verb} + rest;
    if (sample.verb == "diff") words.push_back("service.json");
    const Told told = desk.Run(words + Words{"--", kService});
    CHECK(told.code == 0);
    words.insert(words.begin() + (sample.verb == "diff" ? 2 : 1), "service.json");
    CHECK(desk.Run(words).out == told.out);
  }
  for (const char* source : {"service.journal", "service.dot"}) {
    CHECK(desk.Run({"order", source}).out == desk.Run({"order", "service.json"}).out);
  }
}

TEST_CASE("every view looks at a part of the graph in the same words", "[habits]") {
  const Desk desk;
  const std::set<std::string> views = {"blame", "graph", "order", "spof", "timeline", "trace"};
  const Words focus = {"--focus", "--around", "--ancestors", "--descendants", "--depth",
                       "--from",  "--to",     "--reduce",    "--condense"};
  for (const json& verb : DeclaredVerbs(desk)) {
    CAPTURE(verb["path"]);
    const std::set<std::string> options = OptionsOf(verb);
    for (const std::string& option : focus) {
      CHECK(options.contains(option) == views.contains(NameOf(verb)));
    }
  }
  for (const Sample& sample : Samples()) {
    if (!views.contains(sample.verb)) continue;
    CAPTURE(sample.verb);
    const Words words = WordsOf(sample);
    const Told all = desk.Run(words);
    const Told part = desk.Run(words + Words{"--focus", "orders", "--depth", "1"});
    CHECK(part.code == 0);
    CHECK(part.out != all.out);
    CHECK(desk.Run(words + Words{"--around", "orders", "--depth", "1"}).out == part.out);
    CHECK(desk.Run(words + Words{"--from", "http", "--to", "ledger"}).code == 0);
    CHECK(desk.Run(words + Words{"--reduce"}).code == 0);
    const Told none = desk.Run(words + Words{"--to", "ldger"});
    CHECK(none.code == 64);
    CHECK_THAT(none.err, ContainsSubstring("did you mean 'ledger'?"));
    CHECK(desk.Run(words + Words{"--depth", "1"}).code == 64);
  }
}

TEST_CASE("the man page and the completions have every verb and option", "[habits]") {
  const Desk desk;
  const std::string page = desk.Run({"help", "--man"}).out;
  const auto in_roff = [](const std::string& text) {
    return absl::StrJoin(absl::StrSplit(text, '-'), "\\-");
  };
  for (const json& verb : DeclaredVerbs(desk)) {
    const Words words = Split(NameOf(verb));
    CAPTURE(NameOf(verb));
    CHECK_THAT(page, ContainsSubstring(".SS \"" + in_roff(verb["path"]) + "\"\n"));
    const Words before(words.begin(), words.end() - 1);
    CHECK_THAT(desk.Run(Words{"__complete"} + before + Words{""}).out,
               ContainsSubstring("\n" + words.back() + "\t"));
    const std::string offered = desk.Run(Words{"__complete"} + words + Words{"--"}).out;
    for (const json& option : verb["options"]) {
      const std::string name = option["names"].back();
      CAPTURE(name);
      CHECK_THAT(page, ContainsSubstring(in_roff(name)));
      CHECK_THAT(offered, ContainsSubstring("\n" + name + "\t"));
      if (!option.contains("value") || option["value"].get<std::string>().find('|') > 100) continue;
      const std::vector<std::string> words_of_it =
          absl::StrSplit(option["value"].get<std::string>(), '|');
      for (const std::string& word : words_of_it) {
        CHECK_THAT(desk.Run(Words{"__complete"} + words + Words{name, ""}).out,
                   ContainsSubstring("\n" + word + "\t"));
      }
    }
  }
  // Nodes are completed wherever one is asked for.
  for (const Sample& sample : Samples()) {
    if (sample.node == 0) continue;
    Sample begun = sample;
    begun.arguments.resize(sample.node + 1);
    std::string& last = begun.arguments.back();
    last.resize(last.size() - 2);
    CAPTURE(sample.verb);
    CHECK_THAT(desk.Run(Words{"__complete"} + WordsOf(begun)).out,
               ContainsSubstring("\n" + sample.arguments[sample.node] + "\t"));
  }
  for (const char* shell : {"bash", "zsh", "fish"}) {
    CHECK_THAT(desk.Run({"completion", shell}).out, ContainsSubstring("__complete"));
  }
}

}  // namespace
}  // namespace stemma::tools
