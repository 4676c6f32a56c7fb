// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/words.h"

#include <CLI/CLI.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace stemma::tools {
namespace {

// `tool ask SOURCE NODE`, `tool draw [--format text|dot] [--focus GLOB]... [-o FILE] [-v] [--json]
// SOURCE` and `tool latch show|clear FILE`
DeclaredVerb Tool() {
  static std::string text;
  static std::vector<std::string> texts;
  static bool flag = false;
  CLI::App app("", "tool");
  CLI::App& draw = *app.add_subcommand("draw", "Draws");
  draw.add_option("SOURCE", text)->type_name("");
  draw.add_option("--format", text)->type_name("text|dot");
  draw.add_option("--focus", texts)->type_name("GLOB");
  draw.add_option("--stop", texts)
      ->type_name("[@TIME]")
      ->expected(0, 1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  draw.add_option("-o,--output", text)->type_name("FILE");
  draw.add_flag("-v", flag);
  draw.add_flag("--json", flag);
  CLI::App& ask = *app.add_subcommand("ask", "Asks");
  ask.add_option("SOURCE", text)->type_name("");
  ask.add_option("NODE", text)->type_name("")->required();
  CLI::App& latch = *app.add_subcommand("latch", "Holds");
  for (const char* name : {"show", "clear"}) {
    latch.add_subcommand(name)->add_option("FILE", text)->type_name("")->required();
  }
  return Declared(app, "tool",
                  "  tool draw a     what a is\n"
                  "                  to b\n"
                  "  tool latch show halt\n"
                  "  tool latch clear halt\n");
}

std::string ErrorOf(const std::vector<std::string>& words) {
  const DeclaredVerb tool = Tool();
  return std::string(ReadWords(tool, words).status.message());
}

// "verb: option=value ... | argument ..."
std::string ReadAs(const std::vector<std::string>& words) {
  const DeclaredVerb tool = Tool();
  const CommandWords read = ReadWords(tool, words);
  CHECK(read.status.ok());
  std::string text = read.verb->path + ":";
  for (const GivenOption& given : read.options) {
    text += " " + given.option->name() + (given.value.empty() ? "" : "=" + given.value);
  }
  text += " |";
  for (const std::string& argument : read.arguments) text += " " + argument;
  return text;
}

TEST_CASE("what is declared is told as it is read", "[tools]") {
  const DeclaredVerb tool = Tool();
  const DeclaredVerb* const draw = tool.FindVerb("draw");
  REQUIRE(draw != nullptr);
  CHECK(draw->path == "tool draw");
  CHECK(draw->takes_program);
  CHECK(draw->examples == "  tool draw a     what a is\n                  to b\n");
  REQUIRE(draw->arguments.size() == 1);
  CHECK(draw->arguments[0].name() == "SOURCE");
  CHECK(draw->FindOption("--format")->choices() == std::vector<std::string>{"text", "dot"});
  CHECK_FALSE(draw->FindOption("--format")->repeats);
  CHECK(draw->FindOption("--focus")->repeats);
  CHECK(draw->FindOption("-o") == draw->FindOption("--output"));
  CHECK(draw->FindOption("-o")->value == "FILE");
  CHECK(draw->FindOption("-v")->value.empty());
  CHECK(draw->FindOption("--nope") == nullptr);
  const DeclaredVerb* const show = tool.FindVerb("latch")->FindVerb("show");
  REQUIRE(show != nullptr);
  CHECK_FALSE(show->takes_program);
  CHECK(show->arguments[0].required);
  CHECK(show->examples == "  tool latch show halt\n");
  CHECK(tool.FindVerb("latch")->FindVerb("draw") == nullptr);
}

TEST_CASE("values follow their option as the next word, after = or at once", "[tools]") {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"draw", "-o", "f", "-v", "s", "--format", "dot"},
        {"draw", "-of", "-v", "--format=dot", "s"},
        {"draw", "s", "-o=f", "-v", "--format=dot"},
        {"draw", "-vof", "s", "-v", "--format", "dot"},
        {"draw", "--output", "f", "s", "-v", "-v", "--format=dot"}}) {
    const std::string read = ReadAs(words);
    INFO(read);
    CHECK(read.ends_with("| s"));
    CHECK(read.find(" --output=f") != std::string::npos);
    CHECK(read.find(" --format=dot") != std::string::npos);
    CHECK(read.find(" -v") != std::string::npos);
    CHECK(read.find(" -v") == read.rfind(" -v"));
  }
}

TEST_CASE("an option that repeats has all its values in order", "[tools]") {
  CHECK(ReadAs({"draw", "--focus", "a", "--focus=b=c", "s"}) ==
        "tool draw: --focus=a --focus=b=c | s");
}

TEST_CASE("a value that may be left out is known by its sign", "[tools]") {
  CHECK(ReadAs({"draw", "--stop", "@1m", "--stop", "s"}) == "tool draw: --stop=@1m --stop | s");
  CHECK(ReadAs({"draw", "s", "--stop"}) == "tool draw: --stop | s");
}

TEST_CASE("a dash alone is an argument, and may be a value", "[tools]") {
  CHECK(ReadAs({"draw", "-"}) == "tool draw: | -");
  CHECK(ReadAs({"draw", "-o", "-"}) == "tool draw: --output=- |");
}

TEST_CASE("a value may look like an option that there is not", "[tools]") {
  CHECK(ReadAs({"draw", "--focus", "-x"}) == "tool draw: --focus=-x |");
}

TEST_CASE("a verb that is none is told with the nearest one, or with all", "[tools]") {
  CHECK(ErrorOf({"drw"}) == "no verb 'drw'; did you mean 'draw'?");
  CHECK(ErrorOf({"paint"}) == "no verb 'paint'; there are draw, ask, latch");
  CHECK(ErrorOf({"latch", "shw", "x"}) == "no verb 'shw'; did you mean 'show'?");
  CHECK(ErrorOf({""}) == "no verb ''; there are draw, ask, latch");
}

TEST_CASE("an option that is none is told with the nearest one", "[tools]") {
  CHECK(ErrorOf({"draw", "--fromat=dot"}) == "no option '--fromat'; did you mean '--format'?");
  CHECK(ErrorOf({"draw", "--paint"}) == "no option '--paint'");
  CHECK(ErrorOf({"draw", "-x"}) == "no option '-x'");
  CHECK(ErrorOf({"draw", "-f"}) == "no option '-f'; did you mean '--format' or '--focus'?");
  CHECK(ErrorOf({"draw", "-vj"}) == "no option '-j'; did you mean '--json'?");
  CHECK(ErrorOf({"draw", "-json"}) == "no option '-json'; did you mean '--json'?");
  CHECK(ErrorOf({"draw", "---"}) == "no option '---'");
  CHECK(ErrorOf({"--json", "draw"}) ==
        "the option '--json' belongs after the verb: tool VERB --json");
}

TEST_CASE("a value that is not there, or is none of the words that may be, is told", "[tools]") {
  CHECK(ErrorOf({"draw", "-o"}) == "--output needs a value: FILE");
  CHECK(ErrorOf({"draw", "--output="}) == "--output needs a value: FILE");
  CHECK(ErrorOf({"draw", "--output", ""}) == "--output needs a value: FILE");
  CHECK(ErrorOf({"draw", "--focus", "--json"}) == "--focus needs a value: GLOB");
  CHECK(ErrorOf({"draw", "--focus", "--format=dot"}) == "--focus needs a value: GLOB");
  CHECK(ErrorOf({"draw", "--format"}) == "--format needs a value: text or dot");
  CHECK(ErrorOf({"draw", "--format", "dit"}) ==
        "--format must be text or dot, is 'dit'; did you mean 'dot'?");
  CHECK(ErrorOf({"draw", "--json=yes"}) == "--json takes no value");
}

TEST_CASE("what is given too often is told with what was given", "[tools]") {
  CHECK(ErrorOf({"draw", "-o", "a", "--output=b"}) == "--output is given twice: 'a' and 'b'");
  CHECK(ErrorOf({"draw", "a", "b"}) == "one argument too many: 'b'");
  const DeclaredVerb tool = Tool();
  const std::vector<std::string> with_source = {"draw", "a"};
  CHECK(ReadWords(tool, with_source, true).status.message() ==
        "one argument too many: 'a'; the source is what follows --");
  CHECK(ErrorOf({"draw", ""}) == "SOURCE must not be empty");
}

TEST_CASE("of several things that are wrong the first is told", "[tools]") {
  CHECK(ErrorOf({"draw", "--one", "--two"}) == "no option '--one'");
}

TEST_CASE("what is told is one line, whatever the words have in them", "[tools]") {
  for (const char* word : {"a\x1b[31m\n\r", "\xff\xfe", "\xe2\x80\xae"}) {
    const std::string hostile = word;
    for (const std::vector<std::string>& words : {std::vector<std::string>{hostile},
                                                  {"draw", "--" + hostile},
                                                  {"draw", "-" + hostile},
                                                  {"draw", "x", hostile},
                                                  {"draw", "--format", hostile},
                                                  {"draw", "-o", hostile, "-o", hostile}}) {
      const std::string error = ErrorOf(words);
      CHECK_FALSE(error.empty());
      for (const char c : error) CHECK((c >= ' ' && c <= '~'));
    }
  }
}

TEST_CASE("a verb or an argument that is missing is named", "[tools]") {
  const DeclaredVerb tool = Tool();
  const auto missing = [&](const std::vector<std::string>& words, bool has_program = false) {
    return std::string(Missing(ReadWords(tool, words, has_program)).message());
  };
  CHECK(missing({}) == "no verb; there are draw, ask, latch");
  CHECK(missing({"latch"}) == "no verb; there are show, clear");
  CHECK(missing({"latch", "show"}) == "FILE is required");
  CHECK(missing({"latch", "show", "x"}).empty());
  CHECK(missing({"draw"}).empty());
  CHECK(missing({"ask"}) == "NODE is required");
  CHECK(missing({"ask", "a"}) == "NODE is required");
  CHECK(missing({"ask", "a"}, true).empty());
  CHECK(missing({"draw"}, true).empty());
  CHECK(missing({"latch", "show", "x"}, true) ==
        "'tool latch show' runs no program: nothing may follow --");
}

}  // namespace
}  // namespace stemma::tools
