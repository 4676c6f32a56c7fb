// SPDX-License-Identifier: Apache-2.0
// The habits of the command, with verbs made for the purpose.
#include "stemma/tools/stemma/command_line.h"

#include <stdlib.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "stemma/tools/stemma/in_process.h"

namespace stemma::tools {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;
namespace fs = std::filesystem;

struct Result : Told {
  nlohmann::json json() const { return nlohmann::json::parse(out); }
};

// A verb without options that does this.
Verb Doing(Runner runner) {
  return {.name = "do",
          .group = kAskAGraph,
          .summary = "Does it",
          .examples = "  stemma do it\n",
          .declare = [runner = std::move(runner)](CLI::App&) { return runner; }};
}

Result RunIt(const Command& command, const std::vector<std::string>& words) {
  return {RunInProcess(command, words)};
}

Result RunDoing(Runner runner, std::vector<std::string> options = {}) {
  options.insert(options.begin(), "do");
  return RunIt({.summary = "Test", .verbs = {Doing(std::move(runner))}}, std::move(options));
}

Runner Answering(Answer answer) {
  return [answer = std::move(answer)](Session&) { return answer; };
}

Runner Failing(absl::Status status) {
  return [status = std::move(status)](Session&) -> absl::StatusOr<Answer> { return status; };
}

TEST_CASE("an answer is written as text, or with --json in the envelope", "[tools]") {
  const Answer answer = {.text = "it is done\n", .json = {{"done", true}}};
  const Result text = RunDoing(Answering(answer));
  CHECK(text.code == 0);
  CHECK(text.out == "it is done\n");
  CHECK(text.err.empty());
  const Result json = RunDoing(Answering(answer), {"--json"});
  CHECK(json.code == 0);
  CHECK(json.json() == nlohmann::json({{"stemma", 1},
                                       {"verb", "do"},
                                       {"exit_code", 0},
                                       {"result", {{"done", true}}},
                                       {"diagnostics", nlohmann::json::array()}}));
}

TEST_CASE("the answer no is exit code 1, and no error", "[tools]") {
  const Result result = RunDoing(Answering({.text = "no\n", .json = false, .is_yes = false}));
  CHECK(result.code == 1);
  CHECK(result.out == "no\n");
  CHECK(result.err.empty());
  const Result json = RunDoing(Answering({.json = false, .is_yes = false}), {"--json"});
  CHECK(json.code == 1);
  CHECK(json.json()["exit_code"] == 1);
  CHECK(json.json()["result"] == false);
}

TEST_CASE("each error has its exit code, in both forms", "[tools]") {
  struct Expected {
    absl::Status status;
    int code;
  };
  for (const auto& [status, code] : {Expected{absl::FailedPreconditionError("because"), 1},
                                     {absl::InvalidArgumentError("because"), 64},
                                     {absl::DataLossError("because"), 65},
                                     {absl::NotFoundError("because"), 66},
                                     {absl::UnavailableError("because"), 69},
                                     {absl::InternalError("because"), 70},
                                     {absl::UnknownError("because"), 70},
                                     {absl::AbortedError("because"), 74}}) {
    const Result text = RunDoing(Failing(status));
    CHECK(text.code == code);
    CHECK(text.out.empty());
    CHECK_THAT(text.err, StartsWith("stemma: ") && ContainsSubstring("because\n"));
    CHECK((text.err.find("please report it") != std::string::npos) == (code == 70));
    CHECK((text.err.find("Try 'stemma do --help'.") != std::string::npos) == (code == 64));
    const Result json = RunDoing(Failing(status), {"--json"});
    CHECK(json.code == code);
    CHECK(json.err.empty());
    CHECK(json.json()["exit_code"] == code);
    CHECK(json.json()["error"] == "because");
    CHECK_FALSE(json.json().contains("result"));
  }
}

TEST_CASE("a verb that throws is a bug, and is told as one", "[tools]") {
  const Runner throwing = [](Session&) -> absl::StatusOr<Answer> {
    throw std::length_error("too long");
  };
  const Result text = RunDoing(throwing);
  CHECK(text.code == 70);
  CHECK(text.err == "stemma: a bug of stemma, please report it: too long\n");
  const Result json = RunDoing(throwing, {"--json"});
  CHECK(json.code == 70);
  CHECK(json.json()["error"] == "too long");
}

TEST_CASE("what is reported is on standard error, or with --json in the envelope", "[tools]") {
  const Runner reporting = [](Session& session) -> absl::StatusOr<Answer> {
    session.Report({.label = "a.json", .place = Place{.line = 2, .column = 3}, .text = "wrong"});
    session.Report({.severity = Diagnostic::Severity::kWarning, .label = "a.json", .text = "odd"});
    session.Report({.severity = Diagnostic::Severity::kNote, .label = "a.json", .text = "so"});
    return absl::DataLossError("");
  };
  const Result text = RunDoing(reporting);
  CHECK(text.code == 65);
  CHECK(text.err == "a.json:2:3: wrong\na.json: warning: odd\na.json: note: so\n");
  const Result json = RunDoing(reporting, {"--json"});
  CHECK(json.code == 65);
  CHECK(json.err.empty());
  CHECK(json.json()["error"] == "1 problem, see diagnostics");
  CHECK(json.json()["diagnostics"] == nlohmann::json::parse(R"([
    {"severity": "error", "source": "a.json", "line": 2, "column": 3, "text": "wrong"},
    {"severity": "warning", "source": "a.json", "text": "odd"},
    {"severity": "note", "source": "a.json", "text": "so"}])"));
  const Result painted = RunDoing(reporting, {"--color", "always"});
  CHECK(painted.err ==
        "\x1b[1ma.json:2:3:\x1b[0m wrong\n"
        "\x1b[1ma.json:\x1b[0m \x1b[33mwarning:\x1b[0m odd\n"
        "\x1b[1ma.json:\x1b[0m \x1b[36mnote:\x1b[0m so\n");
}

TEST_CASE("the envelope is JSON even of bytes that are no text", "[tools]") {
  const Result result = RunDoing(Answering({.json = std::string("\xff\0\x1b", 3)}), {"--json"});
  CHECK(result.json()["result"] == std::string("\xef\xbf\xbd\0\x1b", 5));
}

TEST_CASE("a verb learns how its answer may look", "[tools]") {
  Style style = {};
  const Runner looking = [&style](Session& session) -> absl::StatusOr<Answer> {
    style = session.style;
    return Answer{.text = "x\n"};
  };
  setenv("LC_ALL", "C.UTF-8", 1);
  RunDoing(looking);
  CHECK_FALSE(style.color);  // it goes into a file here
  CHECK(style.unicode);
  RunDoing(looking, {"--ascii"});
  CHECK_FALSE(style.unicode);
  RunDoing(looking, {"--color=always"});
  CHECK(style.color);
  setenv("CLICOLOR_FORCE", "1", 1);
  RunDoing(looking);
  CHECK(style.color);
  RunDoing(looking, {"--json"});
  CHECK_FALSE(style.color);
  RunDoing(looking, {"-o", "/dev/null"});
  CHECK_FALSE(style.color);
  RunDoing(looking, {"-o", "/dev/null", "--color=always"});
  CHECK(style.color);
  unsetenv("CLICOLOR_FORCE");
}

TEST_CASE("what follows -- is the program's", "[tools]") {
  std::vector<std::string> program;
  Verb verb = Doing({});
  verb.declare = [&program](CLI::App& app) -> Runner {
    const auto source = std::make_shared<std::string>();
    app.add_option("SOURCE", *source)->type_name("");
    return [&program, source](Session& session) -> absl::StatusOr<Answer> {
      program = session.program.value_or(std::vector<std::string>{"none"});
      return Answer{.text = *source};
    };
  };
  const Command command = {.summary = "Test", .verbs = {verb}};
  CHECK(RunIt(command, {"do", "--", "./shop", "--json", "--", "--help"}).code == 0);
  CHECK(program == std::vector<std::string>{"./shop", "--json", "--", "--help"});
  CHECK(RunIt(command, {"do", "a file"}).out == "a file");
  CHECK(program == std::vector<std::string>{"none"});
  // Words that CLI11 has a meaning of its own for.
  for (const char* word : {"do", "help", "++", "{}", "[a,b]", "%%", "-"}) {
    CHECK(RunIt(command, {"do", word}).out == word);
  }
}

TEST_CASE("a program takes the place of the SOURCE, and what follows that moves up", "[tools]") {
  Verb verb = Doing({});
  verb.declare = [](CLI::App& app) -> Runner {
    const auto source = std::make_shared<std::string>();
    const auto nodes = std::make_shared<std::vector<std::string>>();
    app.add_option("SOURCE", *source)->type_name("");
    app.add_option("NODE", *nodes)->type_name("")->required();
    return [source, nodes](Session& session) -> absl::StatusOr<Answer> {
      std::string text = session.program.has_value() ? session.program->front() : *source;
      for (const std::string& node : *nodes) text += " " + node;
      return Answer{.text = text};
    };
  };
  const Command command = {.summary = "Test", .verbs = {verb}};
  CHECK(RunIt(command, {"do", "file", "a", "b"}).out == "file a b");
  CHECK(RunIt(command, {"do", "a", "b", "--", "program"}).out == "program a b");
  CHECK_THAT(RunIt(command, {"do", "--", "program"}).err, ContainsSubstring("NODE is required"));
  CHECK_THAT(RunIt(command, {"do", "file"}).err, ContainsSubstring("NODE is required"));
}

TEST_CASE("values reach a verb as they are", "[tools]") {
  std::vector<std::string> globs;
  Verb verb = Doing({});
  verb.declare = [&globs](CLI::App& app) -> Runner {
    app.add_option("--focus", globs)->type_name("GLOB");
    return Answering({});
  };
  const std::vector<std::string> hostile = {"[a,b]", "[x]",   "-x",   "a b", "=",
                                            "{}",    "\"q\"", "a\nb", "'"};
  std::vector<std::string> words = {"do"};
  std::vector<std::string> expected;
  for (const std::string& glob : hostile) {
    words.push_back("--focus=" + glob);
    expected.push_back(glob);
  }
  CHECK(RunIt({.summary = "Test", .verbs = {verb}}, words).err.empty());
  CHECK(globs == expected);
}

TEST_CASE("a number that is none is told with its option", "[tools]") {
  Verb verb = Doing({});
  verb.declare = [](CLI::App& app) -> Runner {
    const auto depth = std::make_shared<std::size_t>();
    app.add_option("--depth", *depth)->type_name("NUMBER");
    return [depth](Session&) { return Answer{.text = std::to_string(*depth)}; };
  };
  const Command command = {.summary = "Test", .verbs = {verb}};
  CHECK(RunIt(command, {"do", "--depth", "7"}).out == "7");
  for (const char* value : {"x", "1x", "99999999999999999999999", "-1"}) {
    const Result result = RunIt(command, {"do", std::string("--depth=") + value});
    CHECK(result.code == 64);
    CHECK_THAT(result.err, StartsWith(std::string("stemma: --depth must be a whole number, is '") +
                                      value + "'\n"));
  }
}

TEST_CASE("a wrong command line is an envelope, too, when --json is on it", "[tools]") {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--json"},
                                                {"--json", "do"},
                                                {"dew", "--json"},
                                                {"do", "--json", "--nope"},
                                                {"do", "x", "--json"},
                                                {"do", "--color", "--json"}}) {
    const Result result =
        RunIt({.summary = "Test", .verbs = {Doing(Answering({.text = "x"}))}}, words);
    CHECK(result.code == 64);
    CHECK(result.err.empty());
    CHECK(result.json()["exit_code"] == 64);
    CHECK_FALSE(result.json()["error"].get<std::string>().empty());
    CHECK(result.json()["verb"] == (words.back() == "--json" && words[0] != "do" ? "" : "do"));
  }
}

TEST_CASE("an answer that cannot be written is an error where the user looks", "[tools]") {
  const Runner answering = Answering({.text = "x\n", .json = 1});
  const Result text = RunDoing(answering, {"-o", "/nonexistent/x"});
  CHECK(text.code == 74);
  CHECK(text.err == "stemma: cannot write '/nonexistent/x': No such file or directory\n");
  const Result json = RunDoing(answering, {"-o", "/nonexistent/x", "--json"});
  CHECK(json.code == 74);
  CHECK(json.json()["exit_code"] == 74);
  CHECK(RunDoing(answering, {"-o", "/dev/full"}).code == 74);
}

TEST_CASE("an error does not replace the file that was asked for", "[tools]") {
  std::string path = fs::temp_directory_path() / "stemma_command_line_XXXXXX";
  close(mkstemp(path.data()));
  std::ofstream(path) << "old";
  CHECK(RunDoing(Failing(absl::NotFoundError("x")), {"-o", path}).code == 66);
  CHECK(RunDoing(Failing(absl::NotFoundError("x")), {"-o", path, "--json"}).code == 66);
  CHECK(fs::file_size(path) == 3);
  CHECK(RunDoing(Answering({.text = "new text\n"}), {"-o", path}).out.empty());
  CHECK(fs::file_size(path) == 9);
  fs::remove(path);
}

TEST_CASE("without a word the usage is told, briefly", "[tools]") {
  const Result result = RunIt({.summary = "Test", .verbs = {Doing(Answering({}))}}, {});
  CHECK(result.code == 64);
  CHECK(result.out.empty());
  CHECK(result.err ==
        "Usage: stemma VERB [OPTION...] [ARGUMENT...]\n"
        "Verbs: do help completion\n"
        "Try 'stemma --help'.\n");
}

TEST_CASE("help is had in three ways, and is the same", "[tools]") {
  const Command command = {.summary = "Test", .verbs = {Doing(Answering({}))}};
  const Result help = RunIt(command, {"help", "do"});
  CHECK(help.code == 0);
  CHECK_THAT(help.out, StartsWith("Does it.\n\nExamples:\n  stemma do it\n\nUsage:\n"));
  CHECK(RunIt(command, {"do", "--help"}).out == help.out);
  CHECK(RunIt(command, {"do", "-h"}).out == help.out);
  // Whoever asks for help gets it.
  CHECK(RunIt(command, {"do", "--nope", "x", "--help"}).out == help.out);
  const Result overview = RunIt(command, {"--help"});
  CHECK(RunIt(command, {"help"}).out == overview.out);
  CHECK(RunIt(command, {"dew", "--help"}).out == overview.out);
  CHECK_THAT(overview.out,
             ContainsSubstring("\nAsk it:\n  do ") && ContainsSubstring("\nBesides:\n  help "));
}

TEST_CASE("help of a verb that is none names the nearest", "[tools]") {
  const Command command = {.summary = "Test", .verbs = {Doing(Answering({}))}};
  CHECK_THAT(RunIt(command, {"help", "du"}).err, ContainsSubstring("did you mean 'do'?"));
  CHECK_THAT(RunIt(command, {"help", "do", "it"}).err, ContainsSubstring("'it'"));
}

TEST_CASE("--version tells all versions", "[tools]") {
  const Command command = {.summary = "Test", .verbs = {Doing(Answering({}))}};
  const Result result = RunIt(command, {"--version"});
  CHECK(result.code == 0);
  CHECK_THAT(result.out, StartsWith("stemma ") && ContainsSubstring("manifest version") &&
                             ContainsSubstring("journal version"));
}

}  // namespace
}  // namespace stemma::tools
