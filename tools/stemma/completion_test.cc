// SPDX-License-Identifier: Apache-2.0
#include "stemma/tools/stemma/completion.h"

#include <CLI/CLI.hpp>
#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

namespace stemma::tools {
namespace {

// `tool ask SOURCE NODE... [--verdict stop|restart] [--focus GLOB]... [-o FILE]`,
// `tool latch show|clear FILE` and `tool help VERB...`
DeclaredVerb Tool() {
  static std::string text;
  static std::vector<std::string> texts;
  CLI::App app("", "tool");
  CLI::App& ask = *app.add_subcommand("ask", "Asks");
  ask.add_option("SOURCE", text)->type_name("");
  ask.add_option("NODE", texts)->type_name("");
  ask.add_option("--verdict", text, "What\nif")->type_name("stop|restart");
  ask.add_option("--focus", texts)->type_name("GLOB");
  ask.add_option("-o,--output", text)->type_name("FILE");
  CLI::App& latch = *app.add_subcommand("latch", "Holds");
  for (const char* name : {"show", "clear"}) {
    latch.add_subcommand(name)->add_option("FILE", text)->type_name("");
  }
  app.add_subcommand("help", "Helps")->add_option("VERB", texts)->type_name("");
  return Declared(app, "tool", "");
}

const NodeNames kNodeNames = [](const std::string& file) {
  return file == "shop" ? std::vector<std::string>{"db", "disk", "my store"}
                        : std::vector<std::string>{};
};

// "word word", and " +files" if files are wanted.
std::string Offered(const std::vector<std::string>& words) {
  const DeclaredVerb tool = Tool();
  const Completion completion = Complete(tool, words, kNodeNames);
  std::string text;
  for (const Completion::Candidate& candidate : completion.candidates) {
    text += (text.empty() ? "" : " ") + candidate.word;
  }
  return text + (completion.files ? " +files" : "");
}

TEST_CASE("verbs are completed, below verbs too", "[tools]") {
  CHECK(Offered({""}) == "ask latch help");
  CHECK(Offered({"l"}) == "latch");
  CHECK(Offered({"latch", ""}) == "show clear");
  CHECK(Offered({"latch", "show", ""}) == " +files");
  CHECK(Offered({"help", ""}) == "ask latch help");
  CHECK(Offered({"help", "latch", "s"}) == "show");
  CHECK(Offered({"nope", ""}) == "ask latch help");
}

TEST_CASE("options are completed, but for those that are given", "[tools]") {
  CHECK(Offered({"ask", "-"}) == "--help --verdict --focus --output --");
  CHECK(Offered({"ask", "--v"}) == "--verdict");
  CHECK(Offered({"ask", "--verdict", "stop", "--focus", "x", "-"}) == "--help --focus --output --");
  CHECK(Offered({"latch", "show", "-"}) == "--help");
}

TEST_CASE("values are completed: words, files and nodes", "[tools]") {
  CHECK(Offered({"ask", "--verdict", ""}) == "stop restart");
  CHECK(Offered({"ask", "--verdict=r"}) == "--verdict=restart");
  CHECK(Offered({"ask", "-o", ""}) == " +files");
  CHECK(Offered({"ask", "shop", "--focus", "d"}) == "db disk");
  CHECK(Offered({"ask", "shop", "--focus=di"}) == "--focus=disk");
}

TEST_CASE("arguments are completed by their place", "[tools]") {
  CHECK(Offered({"ask", ""}) == " +files");
  CHECK(Offered({"ask", "shop", ""}) == "db disk my store");
  CHECK(Offered({"ask", "--verdict", "stop", "shop", "db", "m"}) == "my store");
  CHECK(Offered({"ask", "none", ""}).empty());
  CHECK(Offered({"ask", "-", ""}).empty());
  CHECK(Offered({"latch", "show", "halt", ""}).empty());
}

TEST_CASE("after -- there is a program, which is not run", "[tools]") {
  CHECK(Offered({"ask", "--", ""}) == " +files");
  CHECK(Offered({"ask", "--", "./shop", "--f"}) == " +files");
}

TEST_CASE("the shells read a line for each word, with its description", "[tools]") {
  const Completion completion = {
      .files = true,
      .candidates = {{"a b", "what it is"}, {"evil\nline", ""}, {"tab\t", ""}, {"ü", "x\ny"}}};
  CHECK(ToString(completion) == "files\na b\twhat it is\nü\tx\\ny\n");
  CHECK(ToString({}) == "words\n");
}

}  // namespace
}  // namespace stemma::tools
